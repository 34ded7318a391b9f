"""What earlier bulletins printed beside what holds now for the same day: a published bulletin is never rewritten.

What was last printed of a bulletin stands in it, or in a later one that corrected it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from gkevents.reports.answers import Answer, points
from gkevents.reports.bulletin.case import Cause, Earlier, Held, Reckoned
from gkevents.scoring.peers import rank
from gkevents.scoring.score import Score
from gkevents.terms import exact_share
from gkevents.words import say


def ranked(standing: Reckoned, excluded: Collection[str] = ()) -> dict[str, list[tuple[Score, int | None]]]:
    """The table by category, without those that are not ranked this time."""
    kept = {name: score for name, score in standing.scores.items() if name not in excluded}
    return rank(standing.edition, kept)


def held(standing: Reckoned, excluded: Collection[str] = ()) -> dict[str, Held]:
    """What a standing says of each unit that is ranked in it: all that is kept of it for a correction."""
    return {
        score.unit: Held(score.total, score.low, score.high, place)
        for rows in ranked(standing, excluded).values()
        for score, place in rows
    }


def excluded_by(figures: Mapping[str, Any]) -> frozenset[str]:
    """The units that a bulletin did not rank."""
    return frozenset(left_out["unit"] for left_out in figures["excluded"])


class Printed(NamedTuple):
    """What was last printed of a unit in a bulletin, and in which bulletin that was."""

    held: Held
    bulletin: str


def last_printed(earlier: Sequence[Earlier], place: int) -> dict[str, Printed]:
    """What was last printed of the bulletin at `place`, by unit: in it, or where a later one corrected it."""
    of = earlier[place]
    printed = {unit: Printed(_read(said), of.id) for unit, said in of.figures["units"].items()}
    for later in earlier[place + 1 :]:
        for correction in later.figures["corrections"]:
            if correction["bulletin"] == of.id:
                printed[correction["unit"]] = Printed(_read(correction["now"]), later.id)
    return printed


def differing(earlier: Sequence[Earlier]) -> dict[str, list[str]]:
    """The units of each earlier bulletin that no longer stand as was last printed; only bulletins that have any."""
    found = {}
    for place, of in enumerate(earlier):
        printed = last_printed(earlier, place)
        units = [unit for unit, said in printed.items() if unit in of.now and of.now[unit] != said.held]
        if units:
            found[of.id] = units
    return found


def corrections(earlier: Sequence[Earlier], lang: str = "zh") -> list[Answer]:
    """The corrections of earlier bulletins, for programs: what was printed, what holds now, and why."""
    units = differing(earlier)
    return [
        {
            "bulletin": of.id,
            "unit": unit,
            "printed": _written(printed[unit].held),
            "printed_in": printed[unit].bulletin,
            "now": _written(of.now[unit]),
            "causes": [_cause(cause, lang) for cause in of.causes.get(unit, ())],
        }
        for place, of in enumerate(earlier)
        if of.id in units and (printed := last_printed(earlier, place))
        for unit in units[of.id]
    ]


def _cause(cause: Cause, lang: str) -> Answer:
    return {
        "cause": cause.cause,
        "ref": cause.ref,
        "item": cause.item,
        "points": points(cause.points),
        "why": say(cause.why, lang) if cause.why is not None else None,
    }


def _written(said: Held) -> Answer:
    return {"total": points(said.total), "low": points(said.low), "high": points(said.high), "rank": said.rank}


def _read(said: Mapping[str, Any]) -> Held:
    return Held(exact(said["total"]), exact(said["low"]), exact(said["high"]), said["rank"])


def exact(written: str | None) -> Fraction | None:
    """Points as a content holds them."""
    if written is None:
        return None
    sign, digits = (-1, written[1:]) if written.startswith("-") else (1, written)
    return sign * exact_share(digits)
