"""Random logs of facts that the contract would accept, for holding two reckonings of the same rules together.

Why like this: time runs forward from January of the year to the next spring, and at each moment somebody writes down
something that happened then or earlier. So late entries, late decisions, misses found by a scan and facts taken back
come about by themselves, and the record is in order by construction.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from gkevents.oracle.world import MISSES, OPENINGS, ORDERED, REVERSALS

from .figures import SCHEMES
from .log_cases import CASES, lives_of, may_take_back
from .log_limits import answer, begin_limit, miss, scan
from .log_writer import Case, Writer
from .pricing import HAPPENINGS

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

__all__ = ["Case", "lively", "random_log"]

DECISIONS = ("grade", "ratio", "surplus", "fall", "checklist", "count", "grade-events")
SETTLED = 0.4
RULED = tuple(name for name in OPENINGS if name != ORDERED)
SETTLING = ("grade", "metric", "checklist", "confirmation")
TOWN, DEPARTMENT = "乡镇", "部门"
STREET, OFFICE = "街道办事处", "区级有关单位（含驻区单位）"
UNITS: dict[str, tuple[tuple[str, str], ...]] = {
    "hebei-stats-2018": (("河北省统计局", ""), ("单位甲", "")),
    "luancheng-2020": (
        ("栾城镇", TOWN), ("区财政局", DEPARTMENT), ("区气象局", DEPARTMENT), ("冶河镇", TOWN),
        ("区审计局", DEPARTMENT),
    ),
    "sanmenxia-departments-2017": tuple((name, "") for name in ("市教育局", "市科技局", "市公安局")),
    "sanmenxia-counties-2017": tuple((name, "") for name in ("县A", "县B", "县C")),
    "beilun-2019": (
        ("新碶街道", STREET), ("财政局", OFFICE), ("小港街道", STREET), ("民政局", OFFICE), ("审计局", OFFICE),
    ),
}  # fmt: skip
PLAIN = tuple((f"单位{letter}", "") for letter in "甲乙丙丁戊")


def plain(points: Fraction) -> str:
    """Give points of at most two decimals as text."""
    whole, rest = divmod(int(points * 100), 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".")


def grade(log: Writer, unit: str, code: str) -> None:
    """Write an assessor's mark on an item."""
    most = log.worth(code)
    if most is None:
        return
    allowed = SCHEMES[log.case.scheme].items[code][2].get("allowed")
    hundredths = int(most * 100)
    free = log.rng.choice((hundredths, hundredths, 0, log.rng.randint(0, hundredths), hundredths // 20 * 15))
    log.write("grade", unit, log.decided(), item=code, points=log.rng.choice(allowed or [plain(Fraction(free, 100))]))


def report(log: Writer, unit: str, code: str) -> None:
    """Write a reported figure, checklist or confirmation, whichever the item takes."""
    _, kind, params = SCHEMES[log.case.scheme].items[code]
    if kind == "count":
        log.write("confirmation", unit, log.decided(), item=code)
        return
    day = log.in_year()
    if kind == "checklist":
        name = log.rng.choice(("met", "missing"))
        log.write("checklist", unit, day, item=code, **{name: log.rng.randint(0, params["of"])})
        return
    if not log.settled and log.maybe(0.12):
        outside = date(log.case.year + log.rng.choice((-1, 1)), 1, 1) + timedelta(days=log.rng.randint(0, 30))
        day = min(outside, log.now.date())
    if kind == "surplus":
        log.write("metric", unit, day, item=code, value=str(log.rng.randint(1, 7)))
    elif kind == "fall":
        before = log.rng.choice((100, 200, 210, 37))
        after = max(0, before * log.rng.randint(80, 112) // 100 - log.rng.randint(0, 2))
        log.write("metric", unit, day, item=code, previous=str(before), current=str(after))
    elif log.maybe(0.5):
        of = log.rng.choice((10, 80, 30000))
        log.write("metric", unit, day, item=code, numerator=str(log.rng.randint(0, of)), denominator=str(of))
    else:
        shares = ("79.996%", "80%", "0.8", "70%", "0.6999", "9.99%", "10%", "0.1", "100%", "0", "55.5%")
        log.write("metric", unit, day, item=code, value=log.rng.choice(shares))


def decide(log: Writer, unit: str, code: str) -> None:
    """Write whatever settles an item: a report where it takes one, or a grade."""
    kind = SCHEMES[log.case.scheme].items[code][1]
    if kind in ("grade", "grade-events") or log.maybe(0.4):
        grade(log, unit, code)
    else:
        report(log, unit, code)


def decide_any(log: Writer) -> None:
    """Write a grade or report on any item that takes one, over earlier ones too."""
    unit = log.unit()
    lively = log.codes(unit, *DECISIONS[1:])
    if codes := lively if lively and log.maybe(0.6) else log.codes(unit, *DECISIONS):
        decide(log, unit, log.rng.choice(codes))


def happen(log: Writer) -> None:
    """Write something that happened on an item that counts or prices happenings."""
    unit = log.unit()
    codes = log.codes(unit, "events", "cards", "amounts", "count", "grade-events")
    if not codes:
        return
    code = log.rng.choice(codes)
    _, kind, params = SCHEMES[log.case.scheme].items[code]
    when = log.happened()
    if kind == "cards":
        problems: list[str] = log.rng.sample(("P1", "P2", "P3", "P4"), log.rng.choice((1, 1, 1, 2, 3)))
        log.write("supervision-card", unit, when, item=code, problem=problems if len(problems) > 1 else problems[0])
    elif kind == "amounts":
        amount = log.rng.choice(("0.5", "1", "2.25", "4"))
        log.write("occurrence", unit, when, item=code, amount=amount, reason="未按时完成", matter=log.matter())
    elif kind == "count":
        form = log.rng.choice(("通气会", "集体采访", "网上访谈")) if params.get("forms") else None
        log.write("occurrence", unit, when, item=code, form=form, count=None if form else log.count())
    elif "when" in params and log.maybe(0.9):
        said = {name: log.rng.choice((None, True, wanted, wanted)) for name, wanted in params["when"].items()}
        log.write("occurrence", unit, when, item=code, count=log.count(), **said)
    elif "messages" in params:
        name = log.rng.choice((None, "W1", "W2"))
        log.write("reply-timeout", unit, when, item=code, count=log.count(), message=name)
    else:
        level = log.rng.choice((None, "county", "city", "provincial", "national"))
        kind = log.rng.choice(("occurrence", "criticism"))
        log.write(kind, unit, when, item=code, count=log.count(), matter=log.matter(), level=level)


def adjust(log: Writer) -> None:
    """Write something that happened on a bonus or a deduction beyond the items."""
    adjustments = SCHEMES[log.case.scheme].adjustments
    if not adjustments:
        return
    unit, code = log.unit(), log.rng.choice(list(adjustments))
    side, kind, params = adjustments[code]
    when = log.happened()
    if kind == "below-mean":
        late = date(log.case.year + 1, 1, 3)
        day = late if log.maybe(0.1) and log.now.date() >= late else log.in_year()
        log.write("metric", unit, day, item=code, value=str(log.rng.choice((0, 10, 20, 40, 60, 120, 121))))
    elif kind == "needs":
        name = log.rng.choice(tuple(params["needs"]))
        many = 13 if log.maybe(0.3) else log.count()
        log.write("occurrence", unit, when, item=code, kind=name, count=many if name == "report" else None)
    else:
        levels = ["city", "provincial", "national"]
        if isinstance(params.get("price"), dict):
            levels = ["national", "provincial", "provincial", "city"]
        level: str | None = log.rng.choice(levels)
        if "level_min" in params:
            level = log.rng.choice((None, "county", *levels))
        name = log.rng.choice(("occurrence", "praise" if side == "bonus" else "criticism"))
        log.write(name, unit, when, item=code, count=log.count(), matter=log.matter(), level=level)


def take_back(log: Writer) -> None:
    """Write that an earlier fact is withdrawn, or only repeats another; withdrawals may be withdrawn too."""
    left = [fact for fact in log.standing() if not log.settled or fact["type"] not in SETTLING]
    if log.cases:
        lives = lives_of(log)
        left = [fact for fact in left if fact["ref"] not in lives.fallen]
    if not left:
        return
    undoing = [fact for fact in left if fact["type"] in REVERSALS]
    if undoing and log.maybe(0.3):
        target = log.rng.choice(undoing)
    else:
        target = log.rng.choice(left[-25:] if log.maybe(0.7) else left)
    if log.cases and not may_take_back(log, target):
        return
    ruling = target["type"] in (*HAPPENINGS, *RULED, *MISSES) and log.maybe(0.35)
    name = "duplicate-ruling" if ruling else "retraction"
    log.write(name, target["unit"], log.decided(), of=target["ref"], reason="核实")
    if ruling and log.maybe(0.1):
        log.write("retraction", target["unit"], log.decided(), of=target["ref"])


def exempt(log: Writer) -> None:
    """Write that an item, or now and then an adjustment, does not concern a unit."""
    scheme, unit = SCHEMES[log.case.scheme], log.unit()
    if log.settled and not scheme.peers_mean:
        return
    codes = [code for code in log.codes(unit, *DECISIONS, "events", "cards", "amounts") if log.worth(code) is not None]
    if log.maybe(0.1):
        codes = [code for code, rule in scheme.adjustments.items() if rule[1] == "events"] or codes
    lively = [fact["item"] for fact in log.standing() if fact["type"] == "not-applicable" and fact["item"] in codes]
    if codes and any(log.worth(code) is not None for code in log.codes(unit, *DECISIONS)):
        log.write(
            "not-applicable", unit, log.decided(), item=log.rng.choice(lively if log.maybe(0.4) and lively else codes)
        )


def evidence(log: Writer) -> None:
    """Write something on a graded item, which the assessor may look at and no rule prices."""
    unit = log.unit()
    codes = log.codes(unit, "grade")
    if not codes:
        return
    code, kind = log.rng.choice(codes), log.rng.choice((*HAPPENINGS, "metric", "checklist"))
    if kind == "metric":
        log.write(kind, unit, log.in_year(), item=code, numerator="4", denominator="100", threshold="4%")
    elif kind == "checklist":
        log.write(kind, unit, log.in_year(), item=code, met=1)
    elif kind == "supervision-card":
        log.write(kind, unit, log.happened(), item=code, problem="P1")
    else:
        log.write(kind, unit, log.happened(), item=code, matter=log.matter(), level="city", count=log.count())


def cheat(log: Writer) -> None:
    """Write that a unit made things up, where the scheme has an answer to it."""
    if SCHEMES[log.case.scheme].zero_out and log.maybe(0.4):
        log.write("fraud", log.unit(), log.decided(), reason="查实")


def made_up_points(scheme: str, rng: random.Random) -> dict[str, Any] | None:
    """Give made-up points for a scheme that prints none, adding up to 100, or nothing so that it stays without."""
    rules = SCHEMES[scheme]
    codes = [code for code, item in rules.items.items() if item[:2] == (None, "grade")]
    if not codes or rng.random() < 0.2:
        return None
    rng.shuffle(codes)
    points = {code: Fraction(1 + (place < 100 - len(codes))) for place, code in enumerate(codes)}
    for one, other in zip(codes[:6:2], codes[1:6:2], strict=True):
        points[one] += Fraction(1, 4)
        points[other] -= Fraction(1, 4)
    prices = {code: rng.choice(("1", "0.5", "2")) for code in rules.adjustments}
    caps = {code: rng.choice(("1", "1.5", "3")) for code in (*rules.adjustments, rules.group) if rng.random() < 0.15}
    overlay: dict[str, Any] = {"points": {code: plain(worth) for code, worth in sorted(points.items())}}
    return overlay | {"adjustments": prices, "caps": caps, "source": "test", "decided_on": f"{rules.year}-01-01"}


WEIGHTS: tuple[tuple[Callable[[Writer], None], int], ...] = (
    (happen, 26),
    (adjust, 16),
    (decide_any, 14),
    (begin_limit, 12),
    (answer, 14),
    (miss, 5),
    (scan, 6),
    (take_back, 9),
    (exempt, 4),
    (evidence, 3),
    (cheat, 2),
)


def plan(log: Writer, facts: int) -> list[Callable[[Writer], None]]:
    """Give what to do, in order: decisions on nearly all items or few, early, late or in between, and the rest."""
    share = 1.0 if log.settled else log.rng.choice((1.0, 0.97, 0.6, 0.1))
    base = [
        partial(decide_one, unit=unit, code=code)
        for unit in log.case.units
        for code in log.codes(unit, *DECISIONS)
        if log.maybe(share)
    ]
    rest = [action for action, weight in (*WEIGHTS, *(CASES if log.cases else ())) for _ in range(weight)]
    steps: list[Callable[[Writer], None]] = log.rng.choices(rest, k=facts * 3 // 4 if log.cases else facts)
    order = 0 if log.settled else log.rng.randint(0, 2)
    steps = [*base, *steps] if order == 0 else [*steps, *base]
    if order == 1:
        log.rng.shuffle(steps)
    return steps


def decide_one(log: Writer, unit: str, code: str) -> None:
    """Write what settles one given item of one unit."""
    decide(log, unit, code)


def lively(number: int) -> bool:
    """Tell whether the log of a number has steps of cases: every third."""
    return number % 3 == 0


def random_log(
    scheme: str, rng: random.Random, *, units: int | None = None, facts: int | None = None, cases: bool = False
) -> Case:
    """Give a random log that the contract accepts, for so many units and about so many facts besides the decisions.

    With `cases`: some facts with steps of their cases.
    """
    rules = SCHEMES[scheme]
    known = UNITS.get(scheme, PLAIN)
    chosen = dict(known[: units or rng.choice((1, 1, 2, 2, 3, 4, 5))])
    case = Case(scheme, rules.year, chosen, made_up_points(scheme, rng), [])
    start = datetime(rules.year, 1, 2, 8)  # noqa: DTZ001 - Beijing wall clock
    log = Writer(case, rng, start, settled=rng.random() < SETTLED, cases=cases)
    steps = plan(log, facts or rng.randint(20, 60))
    seconds = sorted(rng.randint(0, 420 * 86400) for _ in steps)
    for step, second in zip(steps, seconds, strict=True):
        log.now = start + timedelta(seconds=second)
        step(log)
    if rng.random() < 0.35:
        case.as_of = date(rules.year, 1, 10) + timedelta(days=rng.randint(0, 420))
        while case.as_of in log.awkward:
            case.as_of += timedelta(days=1)
    if case.facts and rng.random() < 0.35:
        case.known_at = rng.randint(1, len(case.facts))
    return case
