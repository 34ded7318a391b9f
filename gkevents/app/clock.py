"""Whose clock says `recorded_at`: the store's. A simulated store is told the time; it never runs backwards."""

from __future__ import annotations

import datetime as dt

from gkevents.aggregates import refusals as no
from gkevents.terms import BEIJING, instant


class Clock:
    """The clock of one write: the next record is never before the last one."""

    def __init__(self, last: str, *, simulated: bool, now: dt.datetime | None) -> None:
        """Start from the log's newest record ("" where there is none); only a simulated clock is told the time."""
        self.simulated = simulated
        self.last = instant(last) if last else None
        self._told = now
        self._real = dt.datetime.now(BEIJING)

    def now(self) -> dt.datetime:
        """The moment of a record that says none: as told, else (simulated) the last one, else the real time."""
        if self._told is not None:
            return self.at(self._told)
        if self.simulated and self.last is not None:
            return self.last
        return self.last if self.last is not None and self.last > self._real else self._real

    def at(self, moment: dt.datetime) -> dt.datetime:
        """A moment said for a record. Raises ClockGoesBack before the last record."""
        moment = moment.astimezone(BEIJING)
        if self.last is not None and moment < self.last:
            raise no.ClockGoesBack(recorded_at=moment.isoformat(), last=self.last.isoformat())
        return moment

    def said(self, recorded_at: str | None) -> dt.datetime:
        """The moment of a fact that may say its own. Raises ClockIsTheStores where the clock is a real one."""
        if recorded_at is None:
            return self.now()
        if not self.simulated:
            raise no.ClockIsTheStores
        return self.at(instant(recorded_at))

    def tick(self, moment: dt.datetime) -> None:
        """A record was made at this moment."""
        self.last = moment
