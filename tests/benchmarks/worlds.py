"""Made-up years of made-up districts: a log of any size with a realistic mix, the same one every time.

`make(url, ...)` makes a store with it, appended straight through the log in portions. `adopt(url, plan(...))` makes the
store with the adoptions alone, and `facts(...)` gives the facts as somebody would write them, to be logged by the use
cases. The rules are those of published schemes; every district, unit and fact is sample data.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, Final, NamedTuple

from gkevents.aggregates.stored import due_text
from gkevents.aggregates.vocabulary import FACT_TYPES
from gkevents.app import Gk
from gkevents.calendar import Calendar, Notice
from gkevents.schemes import catalog
from gkevents.schemes.compiling import edition_of
from gkevents.schemes.edition import Edition, digest_of
from gkevents.schemes.reading import read
from gkevents.scoring.fact import OPENINGS
from gkevents.scoring.limits import end_of_limit
from gkevents.store.archive import CALENDAR_STREAM, scheme_stream, unit_stream
from gkevents.store.engine import Store
from gkevents.store.log import NewEvent, writing
from gkevents.terms import BEIJING, exact, show
from gkevents.upcasts import EDITION_ADOPTED, NOTICE_ADOPTED, UNIT_YEAR_OPENED

SCHEMES: Final = ("luancheng-2020", "beilun-2019", "hebei-stats-2018")
YEARS: Final = (2017, 2018, 2019, 2020)
ADOPTED: Final = dt.datetime(2021, 3, 1, 9, tzinfo=BEIJING)
"""When everything is adopted and recorded: after the years are over, so that no fact is of the future."""
TOGETHER: Final = 8
"""So many scheme-years are logged at the same time, their facts mixed by day."""
PORTION: Final = 10_000
DAYS: Final = 350

Fields = dict[str, Any]


class Year(NamedTuple):
    """One scheme-year: a district's own scheme (a published one under another name), its units with categories."""

    scheme: str
    year: int
    published: str
    units: dict[str, str]
    per_unit: int

    @property
    def text(self) -> str:
        """The scheme file."""
        text, family = catalog.text_of(self.published), self.published.rpartition("-")[0]
        text = text.replace(f"scheme: {self.published}", f"scheme: {self.scheme}", 1)
        return text.replace(f"family: {family}", f"family: {self.scheme}", 1)

    @property
    def content(self) -> Fields:
        """What the file says."""
        return {**_content(self.published), "scheme": self.scheme, "family": self.scheme}

    @property
    def edition(self) -> Edition:
        """The edition that is adopted."""
        return edition_of(self.content, digest=digest_of(self.text, None))


@cache
def _content(published: str) -> Fields:
    content = read(catalog.text_of(published)).content
    assert content is not None
    return content


def plan(
    *, events: int = 200_000, units: int = 2_000, per_unit: int | None = None, size: tuple[int, int] = (34, 60)
) -> list[Year]:
    """So many unit-years in scheme-years of 34 to 60 units (`size`), up to four years a district.

    `events`: the facts in all, shared out evenly (what is over is left out). With `per_unit` facts to a unit-year,
    `units` is not looked at.
    """
    units = events // per_unit if per_unit is not None else units
    each, left, dice = events // units, units, random.Random(units)
    years: list[Year] = []
    for district in range(units):
        published, number = SCHEMES[district % len(SCHEMES)], dice.randint(*size)
        for year in YEARS:
            names = [f"样本{place}{'局' if place % 3 else '镇'}" for place in range(1, min(number, left) + 1)]
            if names:
                held = {name: _category(published, name) for name in names}
                years.append(Year(f"district{district}", year, published, held, each))
            left -= len(names)
        if not left:
            break
    return years


def _category(published: str, unit: str) -> str:
    if published != "luancheng-2020":
        return ""
    return "乡镇" if unit.endswith("镇") else "部门"


def make(
    url: str,
    *,
    events: int = 200_000,
    units: int = 2_000,
    per_unit: int | None = None,
    size: tuple[int, int] = (34, 60),
    simulated: bool = True,
) -> list[Year]:
    """A new store with so many facts (see `plan`); its scheme-years."""
    years = plan(events=events, units=units, per_unit=per_unit, size=size)
    adopt(url, years, simulated=simulated)
    store, coming = Store(url), recorded(years)
    while portion := list(islice(coming, PORTION)):
        with writing(store) as write:
            write.append(portion)
    store.close()
    return years


def adopt(url: str, years: Sequence[Year], *, simulated: bool = True) -> None:
    """Make a store, with the calendar and every scheme-year adopted."""
    gk = Gk(url)
    gk.init(simulated_clock=simulated)
    with writing(gk.store) as write:
        write.append([NewEvent(CALENDAR_STREAM, NOTICE_ADOPTED, notice.to_dict(), ADOPTED) for notice in notices()])
        for year in years:
            write.append(list(_adoption(year)))
    gk.store.close()


def _adoption(year: Year) -> Iterator[NewEvent]:
    text, units = year.text, [list(pair) for pair in year.units.items()]
    digest = digest_of(text, None)
    body = {
        "scheme": year.scheme, "year": year.year, "digest": digest, "text": text, "content": year.content,
        "overlay": None, "units": units,
    }  # fmt: skip
    yield NewEvent(scheme_stream(year.scheme, year.year), EDITION_ADOPTED, body, ADOPTED)
    for unit, category in year.units.items():
        opened = {"scheme": year.scheme, "year": year.year, "unit": unit, "category": category, "edition": digest}
        yield NewEvent(unit_stream(year.scheme, year.year, unit), UNIT_YEAR_OPENED, opened, ADOPTED)


@cache
def notices() -> tuple[Notice, ...]:
    """The calendar notices that had been issued when everything was adopted."""
    return tuple(notice for notice in catalog.calendar_notices() if notice.issued_on <= ADOPTED.date())


def recorded(years: Iterable[Year]) -> Iterator[NewEvent]:
    """The events of all facts in the order of the log, as they are stored."""
    calendar, moment = Calendar.of(notices()), ADOPTED
    for year, fact in facts(years):
        moment += dt.timedelta(milliseconds=1)
        stream = unit_stream(year.scheme, year.year, fact["unit"])
        body = _opened(fact, calendar) if fact["type"] in OPENINGS else fact
        yield NewEvent(stream, FACT_TYPES[fact["type"]].event, body, moment, fact["ref"])


def _opened(fact: Fields, calendar: Calendar) -> Fields:
    day = dt.date.fromisoformat(fact["effective_on"])
    due = end_of_limit(day, None, fact["limit"], calendar)
    return {**fact, "due": due_text(due), "calendar": calendar.digest}


def facts(years: Iterable[Year]) -> Iterator[tuple[Year, Fields]]:
    """Every fact as somebody writes it, in its canonical form: some scheme-years at a time, mixed by day."""
    coming = iter(sorted(years, key=lambda year: year.year))
    while together := list(islice(coming, TOGETHER)):
        mixed = [
            (fact["effective_on"], year, fact)
            for year in together
            for place, unit in enumerate(year.units)
            for fact in unit_facts(year, unit, place)
        ]
        mixed.sort(key=lambda row: row[0])
        for _, year, fact in mixed:
            yield year, fact


def unit_facts(year: Year, unit: str, place: int) -> Iterator[Fields]:
    """The facts of one unit-year, by day: marks, happenings, limits with their answers, figures, second thoughts."""
    dice = random.Random(f"{year.scheme} {year.year} {place}")
    first, said = dt.date(year.year, 1, 4).toordinal(), _Unit(year.published, year.units[unit], dice)
    for number, day in enumerate(sorted(dice.randrange(DAYS) for _ in range(year.per_unit))):
        fact = {"ref": f"{year.scheme}/{year.year}/{place}/{number}", "unit": unit}
        fact["effective_on"] = dt.date.fromordinal(first + day).isoformat()
        yield said.next(fact)


class _Unit:
    """What is said of one unit, one fact after the other."""

    def __init__(self, published: str, category: str, dice: random.Random) -> None:
        self.dice, self.published = dice, published
        self.marks = _marks(published, category)
        self.waiting: list[str] = []
        self.plain: list[str] = []
        self.opened = 0

    def next(self, fact: Fields) -> Fields:
        """The fact with all its fields."""
        dice, lot = self.dice, self.dice.random()
        said: Fields
        if lot < 0.02 and self.plain:
            of = self.plain.pop(dice.randrange(len(self.plain)))
            said = {"type": dice.choice(("retraction", "retraction", "duplicate-ruling")), "of": of, "reason": "样本"}
        elif lot < 0.10 and self.waiting:
            said = self._answer()
        elif lot < 0.20:
            said = self._opening()
        else:
            self.plain.append(fact["ref"])
            said = self._mark() if lot < 0.45 else _HAPPENINGS[self.published](dice)
        fact |= said
        if dice.random() < 0.3:
            fact |= {
                "recorded_by": "样本登记人",
                "source": f"样本文件〔{fact['effective_on'][:4]}〕{dice.randrange(200)}号",
            }
        return fact

    def _mark(self) -> Fields:
        code, points = self.dice.choice(self.marks)
        return {"type": "grade", "item": code, "points": self.dice.choice(points), "by": "样本考核组"}

    def _opening(self) -> Fields:
        self.opened += 1
        key, messages = f"样本{self.opened}", self.published == "hebei-stats-2018"
        self.waiting.append(key)
        item = "H21" if messages else self.marks[0][0]
        limit = self.dice.choice(("3 working days", "5 working days", "15 working days"))
        return {"type": "netizen-message" if messages else "deadline-opened", "item": item, "key": key, "limit": limit}

    def _answer(self) -> Fields:
        key, messages = self.waiting.pop(0), self.published == "hebei-stats-2018"
        said: Fields = {"type": "netizen-reply" if messages else "deadline-met", "key": key}
        return {**said, "justified": True} if self.dice.random() < 0.1 else said


@cache
def _marks(published: str, category: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The marked items of a form, each with marks that it allows; first one that takes any evidence."""
    edition = edition_of(_content(published), digest="")
    shares = (100, 100, 90, 80, 50, 0)
    return tuple(
        (
            code,
            tuple(map(show, item.allowed)) or tuple(show(exact(show(item.points)) * share / 100) for share in shares),
        )
        for code, item in edition.items_for(category).items()
        if item.start == "grade" and item.points is not None
    )


def _luancheng(dice: random.Random) -> Fields:
    if dice.random() < 0.6:
        level, matter = dice.choice(("county", "city", "city", "provincial")), f"样本通报{dice.randrange(40)}"
        return {"type": "criticism", "item": "L17", "level": level, "matter": matter}
    return {
        "type": "occurrence",
        "item": "L22",
        "amount": dice.choice(("0.1", "0.2", "0.5")),
        "reason": "样本：材料迟报",
    }


def _beilun(dice: random.Random) -> Fields:
    lot, matter = dice.random(), f"样本事项{dice.randrange(30)}"
    if lot < 0.3:
        return {"type": "criticism", "item": "B-D1"}
    if lot < 0.55:
        return {"type": "occurrence", "item": "B-D4", "matter": matter}
    if lot < 0.75:
        return {"type": "praise", "item": "B-P1", "level": dice.choice(("city", "provincial")), "matter": matter}
    if lot < 0.9:
        kind = dice.choice(("press-conference-with-feature", "briefing-with-feature"))
        return {"type": "occurrence", "item": "B-P2", "kind": kind}
    return {"type": "metric", "item": "B-D3", "value": str(dice.randrange(40, 400))}


def _hebei(dice: random.Random) -> Fields:
    lot = dice.random()
    if lot < 0.35:
        return {"type": "supervision-card", "item": "H19", "problem": [f"样本问题{dice.randrange(50)}"]}
    if lot < 0.55:
        return {"type": "reply-timeout", "item": "H21"}
    if lot < 0.8:
        return {"type": "occurrence", "item": dice.choice(("H14a", "H25a", "H32"))}
    if lot < 0.9:
        return {"type": "metric", "item": "H20", "value": str(dice.randrange(1, 9))}
    return {"type": "checklist", "item": "H22a", "met": dice.randrange(2)}


_HAPPENINGS: Final = {"luancheng-2020": _luancheng, "beilun-2019": _beilun, "hebei-stats-2018": _hebei}
