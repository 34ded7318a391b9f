"""A stored fact -> the scoring core's view of it. The reading side: it was checked when it was recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from gkevents.scoring.fact import Fact
from gkevents.terms import BEIJING, instant, microseconds


def fact_of(body: Mapping[str, Any], *, position: int, recorded_at: str) -> Fact:
    """The scoring core's view of a stored fact."""
    at = instant(body["effective_at"]) if "effective_at" in body else None
    day = at.date() if at is not None else dt.date.fromisoformat(body["effective_on"])
    get = body.get
    return Fact(
        position=position,
        ref=body["ref"],
        type=body["type"],
        day=day,
        when=microseconds(day, at),
        at=at,
        recorded_at=recorded_at,
        recorded_by=get("recorded_by"),
        item=get("item"),
        times=get("count", 1),
        matter=get("matter"),
        level=get("level"),
        problems=tuple(get("problem", ())),
        kind=get("kind"),
        form=get("form"),
        message=get("message"),
        amount=_fraction(get("amount")),
        points=_fraction(get("points")),
        by=get("by"),
        reason=get("reason"),
        key=get("key"),
        limit=get("limit"),
        due=_due(get("due")),
        calendar=get("calendar"),
        scanned=get("scanned", False),
        justified=get("justified"),
        serious=get("serious"),
        value=_fraction(get("value")),
        numerator=_fraction(get("numerator")),
        denominator=_fraction(get("denominator")),
        previous=_fraction(get("previous")),
        current=_fraction(get("current")),
        threshold=get("threshold"),
        met=get("met"),
        missing=get("missing"),
        of=get("of"),
        other_unit=get("other_unit"),
        sub_unit=get("sub_unit"),
        for_year=get("for_year"),
        about=get("about"),
        source=get("source"),
    )


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _due(text: str | None) -> dt.date | dt.datetime | None:
    if text is None:
        return None
    return instant(text) if "T" in text else dt.date.fromisoformat(text)


def due_text(due: dt.date | dt.datetime | None) -> str | None:
    """A due day or instant as the store and the answers write it."""
    if isinstance(due, dt.datetime):
        return due.astimezone(BEIJING).isoformat()
    return due.isoformat() if due is not None else None
