"""What is said of a movement, apart from how it looks: each line with its reason, and the answer for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from gkevents.reports.answers import Answer, points
from gkevents.scoring.fact import REVERSALS, Fact
from gkevents.scoring.ledger import Entry, ledger
from gkevents.scoring.movement import Movement, Stand, Step
from gkevents.terms import ZERO
from gkevents.words import N_, Message, message, say

if TYPE_CHECKING:
    from gkevents.reports.bulletin.case import Reckoned

CAUSES: Final = {
    "reversals": N_("Taken back or decided anew"),
    "late": N_("Logged late"),
    "grades": N_("Marks and figures"),
    "new": N_("New facts"),
    "others": N_("Other units"),
    "edition": N_("Another edition of the scheme"),
    "calendar": N_("Another calendar"),
    "ties": N_("Order among equal totals"),
}
"""What each cause of a movement is called."""


class Comparison(NamedTuple):
    """Two standings of one scheme-year, and the movements between them by unit."""

    before: Reckoned
    after: Reckoned
    movements: Mapping[str, Movement]


class Line(NamedTuple):
    """What one fact, or one cause that no single fact stands for, brought to a unit, under which clause and why.

    `facts` are several where there were too many to be priced one by one.
    """

    cause: str
    facts: tuple[Fact, ...]
    item: str | None
    clause: str
    points_low: Fraction
    points_high: Fraction
    rank: int | None
    why: Message | None

    @property
    def refs(self) -> tuple[str, ...]:
        """The numbers of the facts."""
        return tuple(fact.ref for fact in self.facts)


def because(found: Comparison, movement: Movement) -> list[Line]:
    """The lines of a unit's movement in the order of its steps; they add up to it as the steps do."""
    book = _Book(found, movement.unit) if movement.steps else None
    return [line for step in movement.steps for line in _lines(step, book)] if book is not None else []


class _Book:
    """What the ledgers of a unit say of its facts, each on the side that counts it."""

    def __init__(self, found: Comparison, unit: str) -> None:
        """Write up both ledgers."""
        self._after = found.after
        self._old, self._new = _entries(found.before, unit), _entries(found.after, unit)

    def of(self, fact: Fact) -> Entry | None:
        """The entry of a fact."""
        known_at, as_of = self._after.known_at, self._after.as_of
        known = known_at is None or fact.position <= known_at
        counted = known and (as_of is None or fact.day <= as_of or fact.type in REVERSALS)
        return (self._new if counted else self._old).get(fact.ref)


def _entries(standing: Reckoned, unit: str) -> dict[str, Entry]:
    """The first entry of every fact."""
    found: dict[str, Entry] = {}
    for entry in ledger(standing.scores[unit]).entries:
        if entry.ref is not None:
            found.setdefault(entry.ref, entry)
    return found


def _lines(step: Step, book: _Book) -> Iterator[Line]:
    """The lines of one step."""
    for share in step.facts:
        entries = [entry for fact in share.facts if (entry := book.of(fact)) is not None]
        clause = next((entry.clause for entry in entries if entry.clause), "")
        why = _why(share.facts[0], entries[0]) if len(share.facts) == 1 and entries else None
        yield Line(
            step.cause, share.facts, share.item, clause, share.points_low, share.points_high, share.rank, why
        )  # fmt: skip
    if not step.facts:
        why = message(_ON, items=", ".join(step.items)) if step.items else None
        yield Line(step.cause, (), None, "", step.points_low, step.points_high, step.rank, why)


_ON: Final = N_("Moved: {items}.")
_REASON: Final = N_("{why} {reason}")


def _why(fact: Fact, entry: Entry) -> Message:
    """What the ledger says of a fact, with the reason that was given for it."""
    return entry.why if not fact.reason else message(_REASON, why=entry.why, reason=fact.reason)


def comparison_answer(
    found: Comparison, lang: str, unit: str | None = None, labels: tuple[str | None, str | None] = (None, None)
) -> Answer:
    """Every unit's movement, or that of the one asked for; `labels`: what the sides are called, such as bulletins."""
    head: Answer = {
        "scheme": found.after.edition.scheme,
        "year": found.after.year,
        "from": _side(found.before, labels[0]),
        "to": _side(found.after, labels[1]),
    }
    if found.after.simulated:
        head["simulated_clock"] = True
    said = {name: _movement(found, movement, lang) for name, movement in found.movements.items()}
    return {**head, "unit": unit, **said[unit]} if unit is not None else {**head, "units": said}


def _side(standing: Reckoned, label: str | None) -> Answer:
    day = standing.as_of.isoformat() if standing.as_of is not None else None
    side = {"edition": standing.edition.digest, "as_of": day, "known_at": standing.known_at}
    return side if label is None else {"label": label, **side}


def _movement(found: Comparison, movement: Movement, lang: str) -> Answer:
    lines = because(found, movement)
    return {
        "before": _stand(movement.before),
        "after": _stand(movement.after),
        "change": _change(movement),
        "steps": [
            {
                "cause": step.cause,
                **_moved(step.points_low, step.points_high, step.rank),
                "facts": [_line(line, lang) for line in lines if line.cause == step.cause and line.facts],
                "items": list(step.items),
            }
            for step in movement.steps
        ],
    }


def _stand(stand: Stand | None) -> Answer | None:
    if stand is None:
        return None
    return {
        "category": stand.category,
        "total": points(stand.total),
        "low": points(stand.low),
        "high": points(stand.high),
        "rank": stand.rank,
    }


def _change(movement: Movement) -> Answer | None:
    """What the steps add up to; None for a unit that is on one side only."""
    old, new = movement.before, movement.after
    if old is None or new is None:
        return None
    rank = new.rank - old.rank if new.rank is not None and old.rank is not None else None
    return _moved((new.low or ZERO) - (old.low or ZERO), (new.high or ZERO) - (old.high or ZERO), rank)


def _moved(low: Fraction, high: Fraction, rank: int | None) -> Answer:
    return {"points_low": points(low), "points_high": points(high), "rank": rank}


def _line(line: Line, lang: str) -> Answer:
    first = line.facts[0]
    return {
        "refs": list(line.refs),
        "type": first.type,
        "of": first.of,
        "effective_on": first.day.isoformat(),
        "recorded_at": first.recorded_at,
        "item": line.item,
        "clause": line.clause,
        **_moved(line.points_low, line.points_high, line.rank),
        "why": say(line.why, lang) if line.why is not None else None,
    }
