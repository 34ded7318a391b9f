"""Rows against the log: what a fresh replay gives, and what a second reckoning that shares nothing with it gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, Table, select

from gkevents.oracle import Answer, CannotReckon, ItemAnswer, reckon_log
from gkevents.projections.building import left_over
from gkevents.projections.scores import ScoresView
from gkevents.projections.tables import item_scores, unit_scores
from gkevents.projections.told import points
from gkevents.projections.view import Portion, Scope, View, existing, in_year, key_places
from gkevents.store import archive
from gkevents.store.reading import Event, Reader
from gkevents.terms import show
from gkevents.words import N_, Message, message

REPLAY: Final = "replay"
ORACLE: Final = "oracle"
_BY: Final = {REPLAY: N_("replay"), ORACLE: N_("oracle")}


class Difference(NamedTuple):
    """One row that is not what it should be: where, by whose word, and what is there and should be, by column.

    `there` is None where a row is missing, `should` where there is one too many. `said`: why nothing can be compared.
    """

    table: str
    scheme: str = ""
    year: int | None = None
    unit: str = ""
    key: str = ""
    by: str = REPLAY
    there: Mapping[str, Any] | None = None
    should: Mapping[str, Any] | None = None
    said: Message | None = None

    @property
    def place(self) -> str:
        """Which row it is."""
        parts = [self.scheme, str(self.year or ""), self.unit, self.key]
        return f"{self.table}: {' '.join(part for part in parts if part)}"

    @property
    def what(self) -> Message:
        """What is wrong, as a sentence."""
        if self.said is not None:
            return message(N_("{place}: {why}"), place=self.place, why=self.said)
        if self.there is None:
            return message(N_("{place}: the row is missing ({by})"), place=self.place, by=message(_BY[self.by]))
        if self.should is None:
            return message(N_("{place}: there is no such row ({by})"), place=self.place, by=message(_BY[self.by]))
        pairs = [f"{name} {_shown(self.there[name])} ≠ {_shown(self.should.get(name))}" for name in self.there]
        text = N_("{place}: the row is not what the log gives ({by}): {columns}")
        return message(text, place=self.place, by=message(_BY[self.by]), columns=", ".join(pairs))


def _shown(value: object) -> str:
    text = "–" if value is None else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


_SHOWN: Final = 80


def compared(reader: Reader, view: View, build: int, known_at: int) -> Iterator[Difference]:
    """Every row of a build that is not what a replay of the log gives, as known at the build's position."""
    years = view.years(reader, known_at)
    for scheme, year in years:
        units: set[str] = set()
        for portion in view.replayed(reader, build, Scope(scheme, year), known_at):
            units.update(portion.units)
            for table, rows in portion.rows.items():
                yield from _differing(reader, table, build, portion._replace(rows={table: rows}))
        yield from _of_nobody(reader, view, build, Scope(scheme, year, frozenset(units)))
    yield from _of_other_years(reader, view, build, set(years))


def strays(reader: Reader, view: View) -> list[int]:
    """The builds that are gone and of which rows still lie there: nobody reads those."""
    return sorted({build for _, build in left_over(reader.connection, view)})


def _differing(reader: Reader, table: Table, build: int, portion: Portion) -> Iterator[Difference]:
    there = existing(reader.connection, table, build, portion)
    keys = key_places(table)
    should = {tuple(row[place] for place in keys): row for row in portion.rows[table]}
    for key in sorted({*there, *should}, key=lambda key: [str(part) for part in key]):
        if there.get(key) != should.get(key):
            yield _difference(table, there.get(key), should.get(key))


def _difference(table: Table, there: Sequence[Any] | None, should: Sequence[Any] | None) -> Difference:
    names = table.c.keys()
    row = dict(zip(names, there or should or (), strict=True))
    further = [str(row[name]) for name in ("item", "number", "key") if name in table.primary_key.columns]
    place = Difference(table.name, row["scheme"], row["year"], row.get("unit", ""), " ".join(further))
    pairs = list(zip(names, there or (None,) * len(names), should or (None,) * len(names), strict=True))
    differing = [name for name, one, other in pairs if one != other]
    return place._replace(
        there=None if there is None else {name: one for name, one, _ in pairs if name in differing},
        should=None if should is None else {name: other for name, _, other in pairs if name in differing},
    )


def _of_nobody(reader: Reader, view: View, build: int, scope: Scope) -> Iterator[Difference]:
    """Rows of a scheme-year for units that it does not have."""
    for table in view.tables:
        of = in_year(table, build, scope.scheme, scope.year)
        for unit in reader.connection.execute(select(table.c.unit).where(of).distinct()).scalars():
            if unit not in (scope.units or ()):
                yield Difference(table.name, scope.scheme, scope.year, unit, there={})


def _of_other_years(reader: Reader, view: View, build: int, years: set[tuple[str, int]]) -> Iterator[Difference]:
    """Rows of scheme-years that there are not."""
    for table in (*view.tables, *view.of_years):
        query = select(table.c.scheme, table.c.year).where(table.c.build == build).distinct()
        for scheme, year in reader.connection.execute(query):
            if (scheme, year) not in years:
                yield Difference(table.name, scheme, year, there={})


# ---------------------------------------------------------------------- the second reckoning


def reckoned(reader: Reader, build: int, known_at: int) -> Iterator[Difference]:
    """Where the rows of scores say something else than the oracle, which has its own reading of log and edition."""
    for scheme, year in ScoresView().years(reader, known_at):
        try:
            events = _events(reader, scheme, year, known_at)
            answers = reckon_log(events, scheme=scheme, year=year, known_at=known_at)
        except CannotReckon as error:
            said = message(N_("the oracle cannot reckon it ({why})"), why=error.why)
            yield Difference("unit_scores", scheme, year, by=ORACLE, said=said)
            continue
        yield from _reckoned(reader, Scope(scheme, year), build, answers)


def _events(reader: Reader, scheme: str, year: int, known_at: int) -> Iterator[Event]:
    """What a scheme-year's reckoning needs of the log: the calendar, adoptions, unit-years, earlier years."""
    yield from reader.stream(archive.CALENDAR_STREAM)
    for stream in reader.named("scheme-year/"):
        if archive.parts_of(stream)[1] <= year:
            yield from reader.stream(stream)
    adopted = archive.scheme_year(reader, scheme, year, known_at)
    for of, during in (*archive.earlier_years(reader, adopted, known_at), (scheme, year)):
        for _, events in reader.unit_years(of, during, up_to=known_at):
            yield from events


def _reckoned(reader: Reader, scope: Scope, build: int, answers: Sequence[tuple[str, Answer]]) -> Iterator[Difference]:
    units = _rows(reader, unit_scores, build, scope)
    items = _rows(reader, item_scores, build, scope)
    for unit, answer in answers:
        place = Difference("unit_scores", scope.scheme, scope.year, unit, by=ORACLE)
        rows = units.get(unit)
        if not rows:
            yield place
            continue
        yield from _pairs(place, rows[0], _unit_of(answer))
        there = {row.item: row for row in items.get(unit, ())}
        for code, item in answer.items.items():
            at = place._replace(table="item_scores", key=code)
            if code in there:
                yield from _pairs(at, there[code], _item_of(item))
            else:
                yield at


def _rows(reader: Reader, table: Table, build: int, scope: Scope) -> dict[str, list[Row[Any]]]:
    found: dict[str, list[Row[Any]]] = {}
    for row in reader.connection.execute(select(*table.c).where(in_year(table, build, scope.scheme, scope.year))):
        found.setdefault(row.unit, []).append(row)
    return found


def _pairs(place: Difference, row: Row[Any], should: Mapping[str, Any]) -> Iterator[Difference]:
    """Where a row says something else; points by their value."""
    there = {name: _value(row._mapping[name], wanted) for name, wanted in should.items()}  # noqa: SLF001
    differing = [name for name, wanted in should.items() if there[name] != wanted]
    if differing:
        yield place._replace(
            there={name: _text(there[name]) for name in differing},
            should={name: _text(should[name]) for name in differing},
        )


def _value(value: Any, wanted: object) -> Any:  # noqa: ANN401 - what a column holds
    if isinstance(value, str) and (isinstance(wanted, Fraction) or wanted is None):
        try:
            return points(value)
        except (ValueError, ZeroDivisionError):
            return value
    return bool(value) if isinstance(wanted, bool) and value is not None else value


def _text(value: object) -> object:
    return show(value) if isinstance(value, Fraction) else value


def _unit_of(answer: Answer) -> dict[str, Any]:
    names = ("category", "total", "low", "high", "base", "bonus", "deduction", "zeroed", "rank")
    said = {name: getattr(answer, name) for name in names}
    if answer.priced:
        said |= {"eligible": answer.eligible, "band": answer.band}
        costs = answer.deducted_by_quarter
        said |= {f"deducted_q{number}": costs.get(f"Q{number}", Fraction(0)) for number in (1, 2, 3, 4)}
    return said


def _item_of(item: ItemAnswer) -> dict[str, Any]:
    return {"score": item.score, "low": item.low, "high": item.high, "max": item.max, "state": item.state}
