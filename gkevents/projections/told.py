"""Scores and ledgers read back from rows, as good as worked out anew: what questions about now are answered from."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import Connection, Row, select

from gkevents.aggregates.stored import due_of_text
from gkevents.projections.tables import item_scores, ledger_entries, unit_scores
from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Veto
from gkevents.scoring.flags import Flag
from gkevents.scoring.outcome import Moved
from gkevents.scoring.whole import PartScore, measure_of
from gkevents.words import Message

if TYPE_CHECKING:
    from gkevents.scoring.ledger import Entry, Ledger


class Place(NamedTuple):
    """Where the rows of a scheme-year lie: in which build of the view, of which scheme and year."""

    build: int
    scheme: str
    year: int


class ToldItem(NamedTuple):
    """One item of a unit, from its row."""

    score: Fraction | None
    low: Fraction | None
    high: Fraction | None
    points_max: Fraction | None
    state: str


class ToldLimit(NamedTuple):
    """One limit of a unit, from its unit's row."""

    item: str | None
    due: dt.date | dt.datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Told:
    """One unit's score, from its rows. An `Outcome`; `rank` and `start` are kept with it."""

    unit: str
    category: str
    rank: int | None
    total: Fraction | None
    low: Fraction | None
    high: Fraction | None
    base: Fraction | None
    bonus: Fraction | None
    deduction: Fraction | None
    zeroed: bool
    band: str | None
    eligible: bool | None
    deducted_by_quarter: Mapping[str, Fraction]
    start: Fraction | None
    items: Mapping[str, ToldItem]
    moved: Mapping[str, Moved]
    parts: Mapping[str, PartScore]
    vetoes: Sequence[Veto]
    limits: Mapping[str, ToldLimit]
    flags: Sequence[Flag]
    measures: Mapping[str, Fraction]
    edition: Edition = field(repr=False)

    @property
    def provisional(self) -> bool:
        """Whether anything is still undetermined."""
        return self.total is None

    def measure(self, name: str) -> Fraction:
        """The score that a rule on ties names."""
        return measure_of(self.measures, name)


@lru_cache(maxsize=4096)
def points(text: str | None) -> Fraction | None:
    """Points from their text; None stays None."""
    return None if text is None else Fraction(text)


@lru_cache(maxsize=4096)
def _number(text: str) -> Fraction:
    return Fraction(text)


def scores(connection: Connection, place: Place, edition: Edition, unit: str | None = None) -> dict[str, Told]:
    """Every unit's score in the order of the roster, or that of one; nothing for a unit without a row."""
    items: dict[str, dict[str, ToldItem]] = {}
    for row in connection.execute(_of(item_scores, place, unit, _ITEM_COLUMNS).order_by(item_scores.c.number)):
        name, code, score, low, high, most, state = row
        held = ToldItem(points(score), points(low), points(high), points(most), state)
        items.setdefault(name, {})[code] = held
    rows = connection.execute(_of(unit_scores, place, unit, unit_scores.c).order_by(unit_scores.c.number))
    return {row.unit: _told(row, items.get(row.unit, {}), edition) for row in rows}


_ITEM_COLUMNS: Final = tuple(item_scores.c[name] for name in ("unit", "item", "score", "low", "high", "max", "state"))
_ENTRY_COLUMNS: Final = tuple(
    column for column in ledger_entries.c if column.name not in ("build", "scheme", "year", "unit")
)


def _of(table: Any, place: Place, unit: str | None, columns: Iterable[Any]) -> Any:  # noqa: ANN401 - SQLAlchemy's own
    query = select(*columns).where(
        table.c.build == place.build, table.c.scheme == place.scheme, table.c.year == place.year
    )
    return query if unit is None else query.where(table.c.unit == unit)


def _told(row: Row[Any], items: Mapping[str, ToldItem], edition: Edition) -> Told:
    vetoes = {veto.code: veto for veto in edition.vetoes}
    return Told(
        unit=row.unit,
        category=row.category,
        rank=row.rank,
        total=points(row.total),
        low=points(row.low),
        high=points(row.high),
        base=points(row.base),
        bonus=points(row.bonus),
        deduction=points(row.deduction),
        zeroed=bool(row.zeroed),
        band=row.band,
        eligible=None if row.eligible is None else bool(row.eligible),
        deducted_by_quarter={f"Q{number}": _number(row._mapping[f"deducted_q{number}"]) for number in (1, 2, 3, 4)},  # noqa: SLF001
        start=points(row.start),
        items=items,
        moved={code: Moved(facts, _number(said)) for code, (facts, said) in json.loads(row.moved).items()},
        parts={name: _part(name, *said) for name, said in json.loads(row.parts).items()},
        vetoes=tuple(vetoes[code] for code in json.loads(row.vetoes)),
        limits={
            key: ToldLimit(item, due_of_text(due), state) for key, (item, due, state) in json.loads(row.limits).items()
        },
        flags=tuple(Flag(code, said_message(said), tuple(refs)) for code, said, refs in json.loads(row.flags)),
        measures={name: _number(said) for name, said in json.loads(row.measures).items()},
        edition=edition,
    )


def _part(name: str, weight: str, score: str | None, low: str, high: str, weighted: str | None) -> PartScore:
    return PartScore(name, _number(weight), points(score), _number(low), _number(high), points(weighted))


def said_message(said: Any) -> Message:  # noqa: ANN401 - a template and its values, some of them messages themselves
    """A message read back from its JSON."""
    template, values = said
    return Message(
        template, {name: said_message(one) if isinstance(one, list) else one for name, one in values.items()}
    )


def ledger(connection: Connection, place: Place, told: Told) -> Ledger:
    """A unit's ledger."""
    from gkevents.scoring.ledger import Ledger  # noqa: PLC0415 - a score alone does not need it

    rows = connection.execute(
        _of(ledger_entries, place, told.unit, _ENTRY_COLUMNS).order_by(ledger_entries.c.number)
    ).all()
    carried = frozenset(row.position for row in rows if row.carried)
    return Ledger(told.start, tuple(map(_entry, rows)), carried)


def _entry(row: Row[Any]) -> Entry:
    from gkevents.scoring.ledger import Entry  # noqa: PLC0415

    return Entry(
        position=row.position,
        ref=row.ref,
        type=row.type,
        effective_on=None if row.effective_on is None else dt.date.fromisoformat(row.effective_on),
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        item=row.item,
        clause=row.clause,
        raw=points(row.raw),
        applied=_number(row.applied),
        item_score_after=points(row.item_score_after),
        total_after=points(row.total_after),
        why=said_message(json.loads(row.why)),
        caused_by=() if row.caused_by is None else tuple(json.loads(row.caused_by)),
    )
