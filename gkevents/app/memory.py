"""What a process remembers of the log from one write to the next, so that the next need not read it again.

Everything in it is as the log was at one position. A write looks, behind the lock, at what others have written since
and forgets every stream that they touched; if the log is not the one it knew (a backup was restored), it forgets
everything. What was lent to a write that fails is not given back: see `Gk`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from gkevents.aggregates.unit_year import Fits, UnitYear
from gkevents.app.notices import brought
from gkevents.calendar import Calendar, Notice
from gkevents.store import archive
from gkevents.store.outline import digest_at, outlines, touched
from gkevents.store.reading import GENESIS, Reader

FACTS_MOST: Final = 500_000
"""Of so many facts the numbers are kept between two writes; beyond it all units are forgotten."""
_CAUGHT_UP_MOST: Final = 2_000


class Head(NamedTuple):
    """The newest event of a log."""

    position: int
    recorded_at: str
    digest: str


class Days(NamedTuple):
    """The calendar as the log has it, and the notices that this program brings and the log has not adopted yet.

    Of those that do not go with the log none waits.
    """

    known: list[Notice]
    waiting: list[Notice]
    calendar: Calendar


class Memory:
    """The calendar, the scheme-years and the state of unit-years, as of one position of the log."""

    def __init__(self) -> None:
        """Nothing is remembered."""
        self.head = Head(0, "", GENESIS)
        self.versions: dict[str, int] = {}
        self.units: dict[str, UnitYear] = {}
        """By their stream."""
        self.simulated: bool | None = None
        """Whether the store's clock is simulated, where that is known."""
        self._days: Days | None = None
        self._scheme_years: dict[tuple[str, int], archive.SchemeYear] = {}
        self._fits: dict[tuple[str, int], Fits] = {}
        self._facts = 0

    def look(self, reader: Reader) -> Head:
        """The newest event; what the log no longer agrees with is forgotten."""
        head, before = Head(*reader.head()), self.head
        if head[::2] != before[::2]:
            changed = None
            if head.position > before.position and digest_at(reader, before.position) == before.digest:
                changed = touched(reader, before.position, most=_CAUGHT_UP_MOST)
            self.forget(changed)
        self.head = head
        return head

    def forget(self, streams: Iterable[str] | None) -> None:
        """Forget some streams, and of a scheme-year its units; None: everything."""
        if streams is None:
            self.versions.clear()
            self.units.clear()
            self._scheme_years.clear()
            self._fits.clear()
            self._days, self.simulated, self._facts = None, None, 0
            return
        for stream in streams:
            self.versions.pop(stream, None)
            if stream == archive.CALENDAR_STREAM:
                self._days = None
            elif stream.startswith("scheme-year/"):
                scheme, year, _ = archive.parts_of(stream)
                self._scheme_years.pop((scheme, year), None)
                self._fits.pop((scheme, year), None)
                for unit in [unit for unit in self.units if unit.startswith(archive.unit_stream(scheme, year, ""))]:
                    del self.units[unit]
            else:
                self.units.pop(stream, None)

    def days(self, reader: Reader, published: Callable[[], Iterable[Notice]]) -> Days:
        """The calendar, and what is `published` beyond it."""
        if self._days is None:
            known = archive.notices(reader)
            self._days = Days(known, brought(published(), known).fitting, Calendar.of(known))
        return self._days

    def scheme_year(self, reader: Reader, scheme: str, year: int) -> archive.SchemeYear:
        """The scheme-year as it is now. Raises NotAdopted."""
        if (scheme, year) not in self._scheme_years:
            self._scheme_years[scheme, year] = archive.scheme_year(reader, scheme, year)
        return self._scheme_years[scheme, year]

    def load(self, reader: Reader, adopted: archive.SchemeYear, units: Iterable[str]) -> None:
        """Read the states of some unit-years, where they are not remembered."""
        scheme, year = adopted.scheme, adopted.year
        named = {archive.unit_stream(scheme, year, unit): unit for unit in units}
        missing = [stream for stream in named if stream not in self.units]
        if not missing:
            return
        fits = self._fits.setdefault((scheme, year), {})
        for stream, outline in outlines(reader, missing).items():
            unit = named[stream]
            state = UnitYear(scheme, year, unit, adopted.units[unit], adopted.edition, adopted.rules, fits)
            for body in outline.facts:
                state.remember(body)
            self.units[stream], self.versions[stream] = state, outline.version
            self._facts += len(outline.facts)

    def settle(self, head: Head, facts: int) -> None:
        """A write has ended well: the log has come so far, by so many facts, with the states that were lent to it."""
        self.head = head
        self._facts += facts
        if self._facts > FACTS_MOST:
            self.forget(None)
