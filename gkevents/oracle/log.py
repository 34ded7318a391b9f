"""The reckoning of a log: from its plain events, as they are stored, to an answer for every unit of a scheme-year.

Which edition holds, who is assessed, which facts are known and which calendar tells the working days: all of it is read
from the events alone, up to the position asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

from .answers import Answer, ItemAnswer, LimitAnswer, PartAnswer
from .days import WorkingDays
from .reckoning import Sheet, reckon
from .refusal import CannotReckon
from .world import Fact

CALENDAR: Final = "calendar"
OF_SCHEMES: Final = "scheme-year"
OF_UNITS: Final = "unit-year"
ADOPTED: Final = "edition-adopted"
JOINED: Final = "units-joined"
RULES: Final = "case-rules-adopted"
OPENED: Final = "unit-year-opened"
NOTICE: Final = "calendar-notice-adopted"
UNREADABLE: Final = (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError, StopIteration)

SchemeYear = tuple[str, int]


class Recorded(Protocol):
    """An event as it lies in the log, its body in today's shape; `name` carries its version ("grade-given.1")."""

    @property
    def position(self) -> int:
        """Its place in the log."""

    @property
    def stream(self) -> str:
        """The stream that it belongs to."""

    @property
    def name(self) -> str:
        """What it is called, with its version."""

    @property
    def body(self) -> Mapping[str, Any]:
        """What it says."""


@dataclass
class Adoptions:
    """What was adopted for a scheme-year: the edition in force, and the category of every unit."""

    edition: Mapping[str, Any] | None = None
    units: dict[str, str] = field(default_factory=dict)

    @property
    def family(self) -> object:
        """The family of schemes that the edition belongs to."""
        return None if self.edition is None else self.edition["content"]["family"]


@dataclass
class Shelf:
    """The events of a log put where they belong: adoptions, notices, and facts by unit-year."""

    adopted: dict[SchemeYear, Adoptions] = field(default_factory=dict)
    notices: list[Mapping[str, Any]] = field(default_factory=list)
    facts: dict[SchemeYear, dict[str, list[Fact]]] = field(default_factory=dict)

    def put(self, event: Recorded) -> None:
        """Put one event where it belongs; those of streams that are none of the above are not looked at."""
        kind, _, rest = event.stream.partition("/")
        name = event.name.rpartition(".")[0]
        if kind == CALENDAR and name == NOTICE:
            self.notices.append(event.body)
        elif kind in (OF_SCHEMES, OF_UNITS):
            scheme, year, *unit = rest.split("/", 2)
            if kind == OF_SCHEMES:
                self.adopt((scheme, int(year)), name, event.body)
            elif name != OPENED:
                fact = {**event.body, "unit": unit[0], "position": event.position}
                self.facts.setdefault((scheme, int(year)), {}).setdefault(unit[0], []).append(fact)

    def adopt(self, where: SchemeYear, name: str, body: Mapping[str, Any]) -> None:
        """Take in that an edition was adopted, or that units joined; the last edition adopted is in force."""
        if name == RULES:
            return  # they say which steps are taken, not what a step is worth
        if name not in (ADOPTED, JOINED):
            raise CannotReckon(f"{name} is no event of a scheme-year that is known here")
        found = self.adopted.setdefault(where, Adoptions())
        found.units |= {str(unit): str(category) for unit, category in body["units"]}
        if name == ADOPTED:
            found.edition = body

    def before(self, where: SchemeYear) -> list[SchemeYear]:
        """Give the earlier scheme-years of the same family, in the order in which they were adopted."""
        family = self.adopted[where].family
        return [one for one, each in self.adopted.items() if one[1] < where[1] and each.family == family]


def reckon_log(
    events: Iterable[Recorded],
    *,
    scheme: str,
    year: int,
    as_of: date | None = None,
    known_at: int | None = None,
) -> list[tuple[str, Answer]]:
    """Give the answer for every unit of a scheme-year, in the order in which the units joined it.

    `events` are those of a log, in any order, all of them or at least: the calendar's, the scheme-year's and its
    unit-years', and the same of earlier years of the family, whose limits may run out in this one. What belongs to
    other schemes does no harm. `known_at` is a position, included.

    Raises:
        CannotReckon: where the scheme was not adopted by then, or the log holds what the reckoning has no rule for.
    """
    shelf = Shelf()
    where = (scheme, year)
    try:
        for event in sorted(events, key=lambda one: one.position):
            if known_at is None or event.position <= known_at:
                shelf.put(event)
        found = shelf.adopted.get(where, Adoptions())
        if found.edition is None:
            raise CannotReckon(f"{scheme} is not adopted for {year}")
        facts = shelf.facts.get(where, {})
        sheets = reckon(
            found.edition["content"],
            year,
            found.units,
            [fact for unit in found.units for fact in facts.get(unit, ())],
            calendar=WorkingDays.of(shelf.notices),
            overlay=found.edition.get("overlay"),
            earlier=earlier_of(shelf, where),
            as_of=as_of,
        )
        return [(unit, answer_of(unit, found.units[unit], sheet)) for unit, sheet in sheets.items()]
    except UNREADABLE as error:
        raise CannotReckon(f"something in it has a shape that is not known here ({error!r})") from error


def earlier_of(shelf: Shelf, where: SchemeYear) -> dict[str, Sequence[tuple[int, Sequence[Fact]]]]:
    """Give the facts of each unit's earlier years in the family, with the year."""
    before = shelf.before(where)
    return {
        unit: [(one[1], shelf.facts[one][unit]) for one in before if unit in shelf.facts.get(one, {})]
        for unit in shelf.adopted[where].units
    }


def answer_of(unit: str, category: str, sheet: Sheet) -> Answer:
    """Give a sheet as an answer."""
    return Answer(
        unit=unit,
        category=category,
        priced=sheet["ties"] is not None,
        **{name: sheet[name] for name in PLAIN},
        vetoes=tuple(sheet["vetoes"]),
        contested=tuple(sheet["contested"]),
        items={code: ItemAnswer(**item) for code, item in sheet["items"].items()},
        parts={name: PartAnswer(**part) for name, part in sheet["parts"].items()},
        deducted_by_quarter=sheet["deducted_by_quarter"],
        deadlines={key: LimitAnswer(**limit) for key, limit in sheet["deadlines"].items()},
    )


PLAIN: Final = (
    "total", "low", "high", "base", "bonus", "deduction", "zeroed", "band", "rank", "eligible", "confirmed",
    "confirmed_low", "confirmed_high",
)  # fmt: skip
