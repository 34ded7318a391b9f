"""Somebody who writes facts down while time goes on: the hand that the random logs are made with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from gkevents.oracle.world import BEIJING, REVERSALS, Fact

from .figures import SCHEMES

if TYPE_CHECKING:
    import random


@dataclass
class Case:
    """One random log with the question to ask of it."""

    scheme: str
    year: int
    units: dict[str, str]
    overlay: dict[str, Any] | None
    facts: list[Fact]
    as_of: date | None = None
    known_at: int | None = None


@dataclass
class Writer:
    """Somebody who writes down one fact after another while time goes on.

    `settled` leaves no item undecided; one with `cases` says who recorded each fact, so that another may endorse it.
    """

    case: Case
    rng: random.Random
    now: datetime
    settled: bool = False
    cases: bool = False
    keys: int = 0
    awkward: set[date] = field(default_factory=set)

    def write(self, kind: str, unit: str, when: date | datetime, /, **fields: Any) -> None:  # noqa: ANN401
        """Add one fact to the log, recorded now."""
        position = len(self.case.facts) + 1
        fact: Fact = {"ref": fields.pop("ref", f"f{position}"), "type": kind, "unit": unit, "position": position}
        if isinstance(when, datetime):
            zone = BEIJING if self.rng.random() < 0.8 else UTC
            fact["effective_at"] = when.replace(tzinfo=BEIJING).astimezone(zone).isoformat()
        else:
            fact["effective_on"] = when.isoformat()
        fact["recorded_at"] = self.now.replace(tzinfo=BEIJING).isoformat()
        if self.cases:
            fact["recorded_by"] = "登记人"
        self.case.facts.append(fact | {name: value for name, value in fields.items() if value is not None})

    def next_ref(self) -> str:
        """Give the number that the next fact gets where nothing else is said."""
        return f"f{len(self.case.facts) + 1}"

    def maybe(self, chance: float) -> bool:
        """Tell whether to do something, that often."""
        return self.rng.random() < chance

    def between(self, first: date, last: date) -> date:
        """Give some day from the first to the last, the last more often than others."""
        return last if self.maybe(0.2) else first + timedelta(days=self.rng.randint(0, (last - first).days))

    def in_year(self) -> date:
        """Give some day of the year that is already here, more often a recent one."""
        last = min(self.now.date(), date(self.case.year, 12, 31))
        first = date(self.case.year, 1, 1)
        return self.between(max(first, last - timedelta(days=12)) if self.maybe(0.6) else first, last)

    def happened(self) -> date | datetime:
        """Give a day of the year, or now and then an instant in it, that is already here."""
        day = self.in_year()
        if self.maybe(0.75) or day == self.now.date():
            return day
        return datetime.combine(day, time(self.rng.randint(0, 23), self.rng.choice((0, 30, 59))))

    def decided(self) -> date:
        """Give a day for a decision: in the year or after its end, never before it."""
        first = date(self.case.year, 1, 1)
        recent = max(first, self.now.date() - timedelta(days=5))
        return self.between(recent if self.maybe(0.7) else first, self.now.date())

    def matter(self) -> str | None:
        """Give the name of a matter, from few, so that several facts share one."""
        return self.rng.choice((None, None, "M1", "M2", "M3", "M4"))

    def count(self) -> int | None:
        """Give a number of times, mostly not said."""
        return self.rng.choice((None, None, None, 1, 2, 3))

    def standing(self) -> list[Fact]:
        """Give the facts that nothing known now takes back."""
        gone: set[str] = set()
        for fact in reversed(self.case.facts):
            if fact["type"] in REVERSALS and fact["ref"] not in gone:
                gone.add(fact["of"])
        return [fact for fact in self.case.facts if fact["ref"] not in gone]

    def unit(self) -> str:
        """Give one of the units."""
        return self.rng.choice(list(self.case.units))

    def codes(self, unit: str, *kinds: str) -> list[str]:
        """Give the codes of the items of these kinds that fit the unit."""
        scheme = SCHEMES[self.case.scheme]
        category = self.case.units[unit]
        return [c for c, i in scheme.items.items() if i[1] in kinds and scheme.only.get(c, category) == category]

    def limit_codes(self, unit: str) -> list[str]:
        """Give the codes on which a limit may begin whose end costs or earns something clear."""
        apart = [
            code
            for code, (side, kind, params) in SCHEMES[self.case.scheme].adjustments.items()
            if side == "deduction" and kind == "events" and not isinstance(params.get("price"), dict)
        ]
        return self.codes(unit, "events", "grade-events") + apart

    def miss_codes(self, unit: str) -> list[str]:
        """Give the codes on which a miss may be said by hand."""
        return self.limit_codes(unit)

    def limit_matter(self) -> str | None:
        """Give the matter of a limit: none here, where no rule of messages or duties looks at it."""
        return None

    def other_unit(self, unit: str, code: str, *more: str) -> str | None:
        """Give the other unit that a limit names: none here, where no rule charges one."""
        del unit, code, more
        return None

    def own_limit(self, code: str) -> str | None:
        """Give the limit that an item states for its messages."""
        return self._params(code).get("messages")

    def of_messages(self, code: str) -> bool:
        """Tell whether an item hears messages."""
        return "messages" in self._params(code)

    def asks(self, code: str) -> bool:
        """Tell whether an item's price depends on an excuse or on gravity."""
        return "when" in self._params(code)

    def _params(self, code: str) -> dict[str, Any]:
        return SCHEMES[self.case.scheme].items.get(code, (None, "", {}))[2]

    def worth(self, code: str) -> Fraction | None:
        """Give the greatest points of an item, or None where it has none."""
        points = (self.case.overlay or {}).get("points", {}).get(code, SCHEMES[self.case.scheme].items[code][0])
        return None if points is None else Fraction(points)
