"""A year of sample facts on a published scheme: Luancheng 2020 and its 34 units; and the life of one contested card.

The schemes are the published ones, and so are the units of the first; every fact is made up by a fixed recipe and says
so in its note. It is no office's real record.
"""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from gkevents.aggregates.bulletin import Options, bulletin_id, period_of
from gkevents.app import Gk
from gkevents.app.bulletins import Asking
from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Item
from gkevents.terms import BEIJING, ZERO, instant, show
from gkevents.words import Message

SCHEME: Final = "luancheng-2020"
YEAR: Final = 2020
NOTE: Final = "示例数据，非真实考核记录"
UNIT: Final = "区气象局"
"""The unit whose ledger the demo shows: it has items that do not concern it, and a fact that was taken back."""
_UNGRADED: Final = ("装管办", "L16")


CARD_SCHEME: Final = "hebei-stats-2018"
CARD_YEAR: Final = 2018
CARD_UNITS: Final = ("示例甲局", "示例乙局", "示例丙局")
CARD: Final = "示例卡-4"
CARD_UNIT: Final = CARD_UNITS[1]
"""The card that the demo follows, and the unit that contests it."""
CARD_DAYS: Final = (dt.date(2018, 6, 30), dt.date(2018, 7, 10), dt.date(2018, 7, 20))
"""Before it is contested, while it is, and once it has been overturned."""


class SampleRow(NamedTuple):
    """One row of the sample log."""

    number: int
    fields: dict[str, Any]
    fault: Message | None = None


class Prepared(NamedTuple):
    """A store with the sample year in it; `bulletins`: the ids of those issued in it, oldest first."""

    url: str
    folder: Path
    units: int
    facts: int
    missed: int
    bulletins: tuple[str, ...]


ISSUED: Final = (
    (dt.date(2020, 7, 13), 2, "示例〔2020〕2号"),
    (dt.date(2020, 10, 12), 3, "示例〔2020〕3号"),
    (dt.date(2021, 1, 20), 4, "示例〔2021〕1号"),
)
"""On which day which quarter's bulletin is issued, and its number."""
_OFFICE: Final = "示例政务公开办公室"


def prepare(folder: Path | None = None, *, issuing: bool = True) -> Prepared:
    """Make a store in `folder` (a new temporary one, if none is given) and log the sample year, once.

    `issuing`: issue the bulletins of its quarters on their days.
    """
    folder = folder if folder is not None else Path(tempfile.mkdtemp(prefix="gk-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{folder / 'gkevents.db'}"
    fresh = Gk(url).init(simulated_clock=True).created
    if fresh:
        Gk(url, now=_at(dt.date(YEAR, 3, 16), 9)).adopt(SCHEME, year=YEAR)
    edition = Gk(url).score(scheme=SCHEME, year=YEAR).edition
    rows = [SampleRow(number, fact) for number, fact in enumerate(sample_facts(edition), 1)]
    missed, bulletins, done = 0, [], 0
    for day, quarter, number in ISSUED:
        end = _at(day, 9)
        upto = sum(instant(row.fields["recorded_at"]) < end for row in rows)
        Gk(url).log_facts(rows[done:upto], scheme=SCHEME, year=YEAR)
        done = upto
        asked = _asking(quarter, number, day)
        name = bulletin_id(SCHEME, YEAR, asked.period)
        if name not in {one.form.id for one in Gk(url).bulletins()}:
            gk = Gk(url, now=end)
            missed += len(gk.scan(as_of=asked.period.until).missed)
            if issuing:
                gk.issue_bulletin(asked)
        bulletins += [name] if issuing else []
    return Prepared(url, folder, len(edition.roster), len(rows), missed, tuple(bulletins))


def _asking(quarter: int, number: str, day: dt.date) -> Asking:
    """The bulletin of a quarter, as the sample office issues it."""
    options = Options(number, "各示例单位：", _OFFICE, rectify_by=day + dt.timedelta(days=30))
    return Asking(SCHEME, YEAR, period_of(YEAR, quarter=quarter), options)


def _at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=BEIJING)


def sample_facts(edition: Edition) -> list[dict[str, Any]]:
    """The sample year's facts in the order of recording; the same ones every time."""
    dice = random.Random(YEAR)
    written = [*_set_aside(edition), *_bulletins(edition, dice), *_daily(edition, dice), *_limits(edition, dice)]
    written += _marks(edition, dice)
    written += _second_thoughts()
    written.sort(key=lambda pair: pair[0])
    facts: list[dict[str, Any]] = []
    minute = dt.timedelta()
    for moment, fact in written:
        minute += dt.timedelta(seconds=1)
        named = {"ref": f"示例-{len(facts) + 1:04}", **fact, "recorded_at": (moment + minute).isoformat()}
        facts.append({**named, "recorded_by": "示例登记人", "note": NOTE})
    return facts


_Written = tuple[dt.datetime, dict[str, Any]]


def _open_to(edition: Edition, unit: str, category: str) -> list[Item]:
    """Items with an open list of units that does not name this one."""
    items = edition.items_for(category).values()
    return [item for item in items if item.others and unit not in item.named and category not in item.always]


def _set_aside(edition: Edition) -> Iterator[_Written]:
    """At the year's start the office says which items do not concern a unit that the paper does not name."""
    day = dt.date(YEAR, 3, 30)
    for unit in edition.roster:
        for item in _open_to(edition, unit.name, unit.category):
            if sum(map(ord, unit.name + item.code)) % 3:
                fact = {"type": "not-applicable", "unit": unit.name, "item": item.code, "effective_on": day.isoformat()}
                yield _at(day, 10), fact


def _bulletins(edition: Edition, dice: random.Random) -> Iterator[_Written]:
    """Bulletins about government media accounts (L17); district ones are below what the scheme prices."""
    for number in range(1, 25):
        day = dt.date(YEAR, 1, 6) + dt.timedelta(days=dice.randrange(300))
        fact = {
            "type": "criticism", "unit": dice.choice(edition.roster).name, "item": "L17",
            "effective_on": day.isoformat(), "matter": f"示例通报{number}",
            "level": dice.choice(("city", "city", "provincial", "county")),
        }  # fmt: skip
        late = dice.choice((1, 2, 3, 40))
        yield _at(max(day + dt.timedelta(days=late), dt.date(YEAR, 3, 17)), 11), fact


def _daily(edition: Edition, dice: random.Random) -> Iterator[_Written]:
    """Findings about daily work (L22), priced by the assessor with a reason."""
    for _ in range(60):
        day = dt.date(YEAR, 3, 18) + dt.timedelta(days=dice.randrange(260))
        fact = {
            "type": "occurrence", "unit": dice.choice(edition.roster).name, "item": "L22",
            "effective_on": day.isoformat(), "amount": dice.choice(("0.2", "0.5", "0.5", "1")),
            "reason": dice.choice(("示例：材料报送迟", "示例：台账不全", "示例：未按要求反馈")),
        }  # fmt: skip
        yield _at(day + dt.timedelta(days=1), 9), fact


def _limits(edition: Edition, dice: random.Random) -> Iterator[_Written]:
    """Dated duties on the platform item (L15): most are kept, some late, some never; advice to the assessor."""
    for number, unit in enumerate(dice.sample(edition.roster, 12), 1):
        key, opened = f"示例改版{number}", dt.date(YEAR, 9, 14)
        fact = {"type": "deadline-opened", "unit": unit.name, "item": "L15", "key": key, "limit": "15 working days"}
        yield _at(opened, 14), {**fact, "effective_on": opened.isoformat()}
        done = opened + dt.timedelta(days=dice.choice((9, 15, 22, 23, 30, 40)))
        if number % 4:
            met = {"type": "deadline-met", "unit": unit.name, "key": key, "effective_on": done.isoformat()}
            yield _at(done + dt.timedelta(days=1), 15), met


def _marks(edition: Edition, dice: random.Random) -> Iterator[_Written]:
    """The assessors' marks of November and December; one is left open."""
    for unit in edition.roster:
        day = dt.date(YEAR, 11, 16) + dt.timedelta(days=dice.randrange(24))
        aside = {fact["item"] for _, fact in _set_aside(edition) if fact["unit"] == unit.name}
        for item in edition.items_for(unit.category).values():
            if item.start != "grade" or item.code in aside or (unit.name, item.code) == _UNGRADED or not item.points:
                continue
            share = dice.choice((100, 100, 95, 90, 85, 75))
            points = show(item.points * share / 100)
            fact = {"type": "grade", "unit": unit.name, "item": item.code, "points": points, "by": "示例考核组"}
            yield _at(day, 16), {**fact, "effective_on": day.isoformat()}


def _second_thoughts() -> Iterator[_Written]:
    """A finding that was taken back, a duplicate, and a bulletin of spring that became known in January."""
    found = {"type": "occurrence", "unit": UNIT, "item": "L22", "amount": "1", "reason": "示例：未参加会议"}
    yield _at(dt.date(YEAR, 6, 2), 9), {**found, "ref": "示例-误记", "effective_on": "2020-06-01"}
    back = {"type": "retraction", "unit": UNIT, "of": "示例-误记", "reason": "示例：核实为请假"}
    yield _at(dt.date(YEAR, 6, 9), 9), {**back, "effective_on": "2020-06-09"}
    bulletin = {"type": "criticism", "unit": UNIT, "item": "L17", "level": "city", "matter": "示例账号停更"}
    yield _at(dt.date(YEAR, 5, 12), 9), {**bulletin, "ref": "示例-通报", "effective_on": "2020-05-11"}
    yield _at(dt.date(YEAR, 5, 20), 9), {**bulletin, "ref": "示例-转发", "effective_on": "2020-05-19"}
    ruling = {"type": "duplicate-ruling", "unit": UNIT, "of": "示例-转发", "reason": "示例：同一通报的转发"}
    yield _at(dt.date(YEAR, 5, 27), 9), {**ruling, "effective_on": "2020-05-27"}
    late = {**bulletin, "matter": "示例季度检查", "effective_on": "2020-04-15"}
    yield _at(dt.date(YEAR + 1, 1, 8), 9), late


def prepare_card(folder: Path) -> str:
    """Make a second store in `folder`, with three sample units and a card that is contested and overturned; its URL."""
    url = f"sqlite:///{folder / 'gkevents-card.db'}"
    if Gk(url).init(simulated_clock=True).created:
        units = [(unit, None) for unit in CARD_UNITS]
        Gk(url, now=_at(dt.date(CARD_YEAR, 3, 1), 9)).adopt(CARD_SCHEME, year=CARD_YEAR, units=units)
    edition = Gk(url).score(scheme=CARD_SCHEME, year=CARD_YEAR).edition
    rows = [SampleRow(number, fact) for number, fact in enumerate(card_facts(edition), 1)]
    Gk(url).log_facts(rows, scheme=CARD_SCHEME, year=CARD_YEAR)
    return url


def card_facts(edition: Edition) -> list[dict[str, Any]]:
    """Marks for everything, so that totals exist; four cards; and the steps of the case of the last one."""
    facts = [
        {"type": "grade", "unit": unit, "item": item.code, "points": _most(item), "effective_on": "2018-03-02"}
        for unit in CARD_UNITS
        for item in edition.items.values()
        if item.start not in ("full", "zero", "elsewhere") and item.points
    ]
    first, second, third = CARD_UNITS
    cards = ((first, "示例问题一"), (third, "示例问题二"), (third, "示例问题三"), (second, "示例问题四"))
    for number, (unit, problem) in enumerate(cards, 1):
        card = {"type": "supervision-card", "unit": unit, "item": "H19", "problem": problem}
        facts += [{**card, "ref": f"示例卡-{number}", "effective_on": f"2018-05-{number + 10}"}]
    again = {"type": "supervision-card", "unit": second, "item": "H19", "problem": "示例问题四"}
    facts[-1:] = [{**again, "ref": "示例卡-0", "effective_on": "2018-05-13"}, facts[-1]]
    said = (
        ("case-notified", "2018-07-02", {"by": "示例督办员"}),
        ("case-contested", "2018-07-05", {"by": "示例联络员", "reason": "示例：问题已在上一张卡整改，系重复督办"}),
        ("case-overturned", "2018-07-16", {"by": "示例负责人", "reason": "示例：经核实，系重复督办"}),
        ("case-closed", "2018-07-17", {"by": "示例督办员"}),
    )
    facts += [{"type": kind, "unit": second, "of": CARD, "effective_on": day, **more} for kind, day, more in said]
    return [
        {
            "ref": f"示例案-{number:04}",
            **fact,
            "recorded_at": (
                _at(dt.date.fromisoformat(fact["effective_on"]), 17) + dt.timedelta(seconds=number)
            ).isoformat(),
            "recorded_by": "示例登记人",
            "note": NOTE,
        }
        for number, fact in enumerate(facts, 1)
    ]


def _most(item: Item) -> str:
    """The best mark that an item allows."""
    return show(max(item.allowed) if item.allowed else item.scale or item.points or ZERO)
