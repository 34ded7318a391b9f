"""Random logs under any scheme: every type of fact that its rules take, and what eases them or takes them back.

Time runs on as in `random_logs`; which facts a code takes is told by its rules alone.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Any

from gkevents.oracle.heard import number

from .log_cases import CASES
from .log_limits import answer, begin_limit, miss, scan
from .random_logs import SETTLED, evidence, plain, take_back
from .scheme_writer import random_scheme, text_of
from .wide_writer import WideCase, WideWriter

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

Item = dict[str, Any]
Act = tuple["Callable[[WideWriter], None]", int]


def mark(log: WideWriter, unit: str, item: Item) -> None:
    """Write an assessor's mark on an item, or on one of its unit's sub-units."""
    rule = item["rule"]
    most = number(rule.get("scale") or item["points"])
    hundredths = int(most * 100)
    free = log.rng.choice((hundredths, hundredths, 0, log.rng.randint(0, hundredths), hundredths // 20 * 15))
    allowed = [choice["points"] for choice in rule.get("allowed", ())]
    subs: list[str | None] = [None]
    if rule.get("over") == "sub-units":
        if log.maybe(0.8):
            count_sub_units(log, unit, item["code"])
        every: list[str | None] = [f"所{n}" for n in range(1, log.many[unit] + 1)]
        subs = every if log.settled or log.maybe(0.5) else [log.rng.choice(every)]
    for sub in subs:
        points = log.rng.choice(allowed or [plain(Fraction(free, 100)), plain(Fraction(hundredths, 100))])
        source = "样函〔1〕号" if rule.get("source") == "required" else None
        log.write("grade", unit, log.decided(), item=item["code"], points=points, sub_unit=sub, source=source)


def figure_day(log: WideWriter) -> date:
    """Give a day for a figure: in the year, and now and then outside it."""
    if not log.settled and log.maybe(0.1):
        outside = date(log.case.year + log.rng.choice((-1, 1)), 1, 1) + timedelta(days=log.rng.randint(0, 30))
        return min(outside, log.now.date())
    return log.in_year()


def report_figure(log: WideWriter, unit: str, code: str, rule: Item) -> None:
    """Write a reported figure."""
    worth = rule.get("worth", {})
    day = figure_day(log)
    line = str(worth.get("above", worth.get("below", "")))
    own_line = line.endswith("previous") and log.maybe(0.3)
    if "fall" in worth or own_line:
        whole = rule.get("reads") in ("whole", "positive")
        before = log.rng.choice(("4", "5", "10", "20") if whole else ("4", "5", "9.5", "20"))
        current = log.figure(rule)
        log.write("metric", unit, day, item=code, previous=before, current=current)
        return
    value = log.figure(rule)
    of_mean = line.endswith("mean") and not log.is_item(code)
    if rule.get("reads") is None and "below" not in rule and not of_mean and log.maybe(0.2):
        log.write("metric", unit, day, item=code, numerator=str(log.rng.randint(0, 10)), denominator="10")
        return
    log.write("metric", unit, day, item=code, value=value)


def lines_of(rule: Item) -> list[dict[str, Any]]:
    """Give the figures for comparison that a rule's line is taken from, without their values."""
    worth = rule.get("worth", {})
    words = str(worth.get("above", worth.get("below", ""))).rsplit(" of ", maxsplit=1)[-1]
    if words in ("parent", "target"):
        return [{"about": words}]
    if words == "previous":
        return [{"for_year": 1}]
    return [{"for_year": back} for back in range(1, int(words.split(maxsplit=1)[0]) + 1)] if "year" in words else []


def compare(log: WideWriter, unit: str, code: str, rule: Item) -> None:
    """Write the figures that an item's own figure is held against, mostly all of them."""
    for each in lines_of(rule):
        if log.maybe(0.9):
            write_line(log, unit, code, rule, each)


def write_line(log: WideWriter, unit: str, code: str, rule: Item, each: dict[str, Any]) -> None:
    """Write one figure for comparison."""
    said = {"for_year": log.case.year - each["for_year"]} if "for_year" in each else each
    value = log.figure(rule)
    log.write("metric", unit, log.before(), item=code, value=value, source="样报表", **said)


def decide(log: WideWriter, unit: str, item: Item) -> None:
    """Write whatever settles an item: a report where it takes one, or a mark."""
    rule, code = item["rule"], item["code"]
    start = rule["start"]
    if start in ("full", "zero") or (start == "rank" and rule["of"] != ["figure"]):
        return
    if start in ("metric", "rank"):
        compare(log, unit, code, rule)
    if start == "grade" or (start != "rank" and log.maybe(0.25)):
        mark(log, unit, item)
    elif start == "count":
        log.write("confirmation", unit, log.decided(), item=code)
    elif start == "checklist":
        name, many = log.rng.choice(("met", "missing")), log.rng.randint(0, rule["worth"]["of"])
        log.write("checklist", unit, log.in_year(), item=code, **{name: many})
    else:
        report_figure(log, unit, code, rule)


def decide_any(log: WideWriter) -> None:
    """Write a mark or a report on any item, over earlier ones too."""
    unit = log.unit()
    decide(log, unit, log.rng.choice(log.items(unit)))


def kind_of(log: WideWriter, rule: Item) -> str | None:
    """Give a kind that a rule hears."""
    kinds = (rule["when"] or {}).get("kind") or list(rule["needs"] or ())
    return log.rng.choice(kinds) if kinds else None


def happen(log: WideWriter) -> None:
    """Write something that some rule hears."""
    unit = log.unit()
    rules = log.event_rules(unit)
    if not rules:
        return
    code, rule = log.rng.choice(rules)
    on, when = rule["on"], log.happened()
    fields: dict[str, Any] = {"item": code, "kind": kind_of(log, rule), "matter": log.matter()}
    if rule["whom"] == "other" and log.maybe(0.85):
        others = [other for other in log.units_with(code) if other != unit]
        fields["other_unit"] = log.rng.choice(others) if others else None
    if on == "cards":
        problems: list[str] = log.rng.sample(("P1", "P2", "P3", "P4"), log.rng.choice((1, 1, 1, 2, 3)))
        fields |= {"problem": problems if len(problems) > 1 else problems[0], "kind": None}
        log.write("supervision-card", unit, when, **fields)
    elif on == "amounts":
        fields |= {"amount": log.rng.choice(("1", "2.25", "4", "3.5")), "reason": "样例", "level": log.level(code)}
        log.write("occurrence", unit, when, **fields)
    elif on == "messages":
        said = {"justified": log.rng.choice((None, False, True)), "serious": log.rng.choice((None, True, False))}
        fields = {"item": code, "matter": log.matter(), "other_unit": log.other_unit(unit, code)}
        log.write("reply-timeout", unit, log.in_year(), count=log.count(), **fields, **said)
    elif on != "kept":
        note(log, unit, rule, when, fields)


def note(log: WideWriter, unit: str, rule: Item, when: date | datetime, fields: dict[str, Any]) -> None:
    """Write an occurrence, a criticism or a praise."""
    fields |= {"count": log.count(), "level": log.level(fields["item"])}
    asked = set(rule["when"] or {}) & {"justified", "serious"}
    if not log.only_praise(fields["item"], rule) and (rule["needs"] or asked or log.maybe(0.5)):
        said = {name: log.rng.choice((None, True, rule["when"][name], rule["when"][name])) for name in sorted(asked)}
        amount = log.amount(fields)
        log.write("occurrence", unit, when, **fields, **said, **amount)
    else:
        log.write("criticism" if rule["on"] == "happenings" else "praise", unit, when, **fields)


def ease(log: WideWriter) -> None:
    """Write what makes an earlier charge of the same matter cheaper."""
    unit = log.unit()
    rules = [(code, rule) for code, rule in log.event_rules(unit) if rule["eased"]]
    if rules:
        code, rule = log.rng.choice(rules)
        kind = log.rng.choice(rule["eased"])["kind"]
        matter = log.rng.choice(("M1", "M2", "M3", "M4"))
        fields = {"item": code, "kind": kind, "matter": matter, "level": log.level(code)}
        if rule["whom"] == "other" and log.maybe(0.5):
            fields["other_unit"] = log.rng.choice([other for other in log.units_with(code) if other != unit] or [None])
        amount = log.amount(fields)
        log.write("occurrence", unit, log.happened(), **fields, **amount)


def count_one(log: WideWriter) -> None:
    """Write something that a counted item counts."""
    unit = log.unit()
    items = [item for item in log.items(unit) if item["rule"]["start"] == "count"]
    if not items:
        return
    item = log.rng.choice(items)
    rule = item["rule"]
    kind = log.rng.choice(rule["kind"]) if rule["kind"] else None
    form = log.rng.choice(("通气会", "访谈", "直播")) if rule["count"] == "form" else None
    count = None if form else log.count()
    level = log.level(item["code"])
    log.write("occurrence", unit, log.happened(), item=item["code"], kind=kind, form=form, count=count,
              matter=log.matter(), level=level)  # fmt: skip


def figure_beyond(log: WideWriter) -> None:
    """Write a figure on a ± rule that reads one."""
    rules = [each for each in log.adjustments() if "each" not in each["rule"]]
    if rules:
        each, unit = log.rng.choice(rules), log.unit()
        compare(log, unit, each["code"], each["rule"])
        report_figure(log, unit, each["code"], each["rule"])


def line_again(log: WideWriter) -> None:
    """Write a figure for comparison over earlier ones."""
    unit = log.unit()
    rules = [(item["code"], item["rule"]) for item in log.items(unit)]
    rules += [(each["code"], each["rule"]) for each in log.adjustments()]
    rules = [(code, rule) for code, rule in rules if lines_of(rule)]
    if rules and not log.settled:
        code, rule = log.rng.choice(rules)
        write_line(log, unit, code, rule, log.rng.choice(lines_of(rule)))


def count_sub_units(log: WideWriter, unit: str, code: str) -> None:
    """Write how many sub-units a unit has."""
    log.write("metric", unit, log.before(), item=code, value=str(log.many[unit]), about="sub-units", source="样名册")


def any_sub_units(log: WideWriter) -> None:
    """Write how many sub-units a unit has, on a code that averages over them."""
    unit = log.unit()
    codes = [item["code"] for item in log.items(unit) if item["rule"].get("over") == "sub-units"]
    codes += [code for code, rule in log.event_rules(unit) if rule["over"] == "sub-units"]
    if codes:
        count_sub_units(log, unit, log.rng.choice(codes))


def bar(log: WideWriter) -> None:
    """Write what a veto waits for, or the figure of an earlier year that it asks for."""
    if not log.content["vetoes"] or log.maybe(0.4):
        return
    veto, unit = log.rng.choice(log.content["vetoes"]), log.unit()
    if veto["item"] is not None:
        return
    if veto["low"] is None:
        level = log.rng.choice((None, "county", "city", "provincial", "national"))
        name = log.rng.choice(("occurrence", "criticism"))
        log.write(name, unit, log.happened(), item=veto["code"], count=log.count(), level=level, matter=log.matter())
    elif veto["low"]["years"] > 1:
        year = log.case.year - log.rng.randint(1, veto["low"]["years"] - 1)
        value = log.rng.choice(("0", veto["low"]["below"], "1"))
        log.write("metric", unit, log.before(), item=veto["code"], value=value, for_year=year, source="样通报")


def exempt(log: WideWriter) -> None:
    """Write that an item, or now and then a ± rule, does not concern a unit."""
    unit = log.unit()
    codes = [
        item["code"]
        for item in log.items(unit)
        if not log.settled or item["not_applicable"] or log.content["not_applicable"]
    ]
    if log.maybe(0.1):
        codes = [each["code"] for each in log.adjustments()]
    lively = [fact["item"] for fact in log.standing() if fact["type"] == "not-applicable" and fact["item"] in codes]
    if codes:
        code = log.rng.choice(lively if log.maybe(0.4) and lively else codes)
        log.write("not-applicable", unit, log.decided(), item=code)


def cheat(log: WideWriter) -> None:
    """Write that a unit made things up, where the scheme has an answer to it."""
    if log.content["zero_out"] and log.maybe(0.4):
        log.write("fraud", log.unit(), log.decided(), reason="查实")


ACTS: tuple[Act, ...] = (
    (happen, 40),
    (ease, 6),
    (count_one, 8),
    (decide_any, 10),
    (figure_beyond, 5),
    (line_again, 3),
    (any_sub_units, 3),
    (begin_limit, 8),
    (answer, 10),
    (miss, 4),
    (scan, 5),
    (bar, 6),
    (take_back, 7),
    (exempt, 4),
    (evidence, 2),
    (cheat, 1),
)


def plan(log: WideWriter, facts: int) -> list[Callable[[WideWriter], None]]:
    """Give what to do, in order: what settles nearly all items or few, early, late or in between, and the rest."""
    share = 1.0 if log.settled else log.rng.choice((1.0, 0.97, 0.6, 0.1))
    base: list[Callable[[WideWriter], None]] = []
    for unit in log.case.units:
        base += [partial(decide, unit=unit, item=item) for item in log.items(unit) if log.maybe(share)]
    acts = (*ACTS, *(CASES if log.cases else ()))
    steps: list[Callable[[WideWriter], None]] = log.rng.choices(
        [act for act, _ in acts], weights=[weight for _, weight in acts], k=facts * 3 // 4 if log.cases else facts
    )
    order = 0 if log.settled else log.rng.randint(0, 2)
    steps = [*base, *steps] if order == 0 else [*steps, *base]
    if order == 1:
        log.rng.shuffle(steps)
    return steps


def random_case(rng: random.Random, content_of: Callable[[str], dict[str, Any]], *, cases: bool = False) -> WideCase:
    """Give a random scheme with a random log on it; `content_of` reads the scheme's text.

    With `cases`: some facts with steps of their cases.
    """
    scheme, units = random_scheme(rng)
    text = text_of(scheme)
    content = content_of(text)
    case = WideCase("sample", content["year"], units, None, [], text=text, content=content)
    start = datetime(case.year, 1, 2, 8)  # noqa: DTZ001 - Beijing wall clock
    log = WideWriter(case, rng, start, settled=rng.random() < SETTLED, cases=cases)
    listed = {row["name"]: row["sub_units"] for row in content["roster"]}
    log.many = {unit: rng.randint(1, listed[unit] or 3) for unit in units}
    steps = plan(log, rng.choice((0, 10, 30, 60, 120)))
    seconds = sorted(rng.randint(0, 420 * 86400) for _ in steps)
    for step, second in zip(steps, seconds, strict=True):
        log.now = start + timedelta(seconds=second)
        step(log)
    if rng.random() < 0.3:
        case.as_of = date(case.year, 1, 10) + timedelta(days=rng.randint(0, 420))
        while case.as_of in log.awkward:
            case.as_of += timedelta(days=1)
    if case.facts and rng.random() < 0.3:
        case.known_at = rng.randint(1, len(case.facts))
    return case
