"""What can never move a point: rules that no fact reaches, items that nobody can lose or win points in. By trying."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from gkevents.schemes.model import Item
from gkevents.terms import ZERO, show
from gkevents.trials.bench import logged
from gkevents.trials.capacity import capacity
from gkevents.trials.oddity import Survey
from gkevents.trials.probes import WITHOUT_LEVEL, Probe, setting, sketched
from gkevents.trials.ruled import (
    OnItem,
    Ruled,
    accepted,
    best_of,
    every_rule,
    form,
    item_rules,
    many,
    shown,
    takes,
)
from gkevents.trials.showing import of_item
from gkevents.words import N_, message

_REPEATS_MAX: Final = 8


def rules_that_move_nothing(survey: Survey) -> None:
    """Every rule by which nothing an office could record moves a point; where it has no others, the item."""
    idle = [one for one in every_rule(survey.edition) if not _moves(survey, one)]
    whole: set[str] = set()
    for one in idle:
        mates = [mate for mate in idle if mate.target.code == one.target.code]
        if isinstance(one, OnItem) and one.item.start in ("full", "zero") and len(mates) == _rules_of(one.item):
            if one.item.code not in whole:
                whole.add(one.item.code)
                _nobody(survey, one)
            continue
        said = N_(
            "This rule moves nothing: no fact that can be recorded on {code} changes a point by it. Mend its price and "
            "conditions, or leave it out."
        )
        survey.add(
            one.path,
            "rule-without-effect",
            message(said, code=one.target.code),
            shown(survey, one, accepted(survey, one)[:1]),
        )


def _rules_of(item: Item) -> int:
    return len(item.deduct) + len(item.add)


def _nobody(survey: Survey, one: OnItem) -> None:
    said = N_(
        "Nobody can lose points on {code}: nothing that can be recorded takes any away. Mend the price, the condition "
        "or the floor."
    )
    code = "nothing-to-lose"
    if one.item.start == "zero":
        said = N_(
            "Nobody can win points on {code}: nothing that can be recorded gives any. Mend the price or the condition."
        )
        code = "nothing-to-win"
    survey.add(one.path[:3], code, message(said, code=one.item.code), shown(survey, one, accepted(survey, one)[:1]))


def _moves(survey: Survey, one: Ruled) -> bool:
    """Whether some log moves points by this rule alone; rules written alike are tried once."""
    known: dict[object, bool] = survey.memory.setdefault("moves", {})
    kind = (one.path[0], getattr(one, "key", ""), repr(one.rule), one.whole, one.room, _start(one))
    if kind not in known:
        known[kind] = any(_differs(survey, one, probes) for probes in _logs(survey, one))
    return known[kind]


def _start(one: Ruled) -> str:
    return one.item.start if isinstance(one, OnItem) else one.adjustment.side


def _logs(survey: Survey, one: Ruled) -> list[list[Probe]]:
    """What to try: each happening alone and as often as the rule tells apart; what it needs, all at once."""
    times = min(max(len(one.rule.nth), len(one.rule.totals), 2), _REPEATS_MAX)
    probes = accepted(survey, one)
    if one.rule.needs:
        unit, category = form(survey, one)
        needed = [_needed(one.target.code, one.role, kind, number) for kind, number in one.rule.needs.items()]
        return [[probe for probe in needed if takes(survey, probe, unit=unit, category=category)]]
    return [[probe] * number for probe in probes if probe.role != "easing" for number in (1, times)]


def _needed(code: str, role: str, kind: str, number: int) -> Probe:
    return Probe(code, ((("type", "occurrence"), ("kind", kind), ("count", number)),), role)


def _differs(survey: Survey, one: Ruled, probes: Sequence[Probe]) -> bool:
    """Whether happenings move the points of the item or group that has this rule alone."""
    unit, category = form(survey, one)
    year = survey.edition.year
    facts = setting([one.target], year=year, unit=unit)
    before = logged(facts)
    for place, probe in enumerate(probes):
        facts += sketched(probe, place, year=year, unit=unit, number=len(facts) + 1)
    log = logged(facts)
    if isinstance(one, OnItem):
        alone = only_rule(survey, one)
        return survey.bench.item(alone, before, unit, category) != survey.bench.item(alone, log, unit, category)
    alone_group = survey.keep(("group", one.path), one.group._replace(rules=(one.adjustment,)))
    return survey.bench.group(alone_group, before) != survey.bench.group(alone_group, log)


def hits(survey: Survey, one: OnItem, probe: Probe) -> bool:
    """Whether a happening moves points by this rule alone."""
    known: dict[object, bool] = survey.memory.setdefault("hits", {})
    name = (one.path, probe)
    if name not in known:
        known[name] = _differs(survey, one, [probe])
    return known[name]


def only_rule(survey: Survey, one: OnItem) -> Item:
    """The item with this rule alone, from full points or from none."""
    start = "full" if one.key == "deduct" else "zero"
    deduct, add = ((one.rule,), ()) if one.key == "deduct" else ((), (one.rule,))
    bare = one.item._replace(start=start, worth=None, ranking=None, averaged=False, rounding=None)
    return survey.keep(("item", one.path), bare._replace(deduct=deduct, add=add))


def levels_without_use(survey: Survey) -> None:
    """A lowest level on a rule that hears what carries no level."""
    for one in every_rule(survey.edition):
        if one.rule.level_min and one.rule.on in WITHOUT_LEVEL:
            said = N_(
                "level_min says nothing here: what this rule hears carries no level, and is priced all the same. Leave "
                "it out."
            )
            example = shown(survey, one, accepted(survey, one)[:1])
            survey.add((*one.path, "level_min"), "condition-without-use", message(said), example)


def full_points_out_of_reach(survey: Survey) -> None:
    """Items from zero whose rules together never give the full points."""
    for place, item in enumerate(survey.edition.items.values()):
        if item.points is None or item.start != "zero":
            continue
        mosts = [capacity(rule, item.points) for rule in item.add]
        known = sum(most for most in mosts if most is not None)
        if None in mosts or not 0 < known < item.points:
            continue
        said = N_("Nobody can get the {points} points of {code}: its rules give at most {most}.")
        told = message(said, points=show(item.points), code=item.code, most=show(known + ZERO))
        known_rules = [one for one in item_rules(survey.edition) if one.item is item]
        best = [(one.rule, best_of(survey, one)) for one in known_rules]
        probes = [made for rule, probe in best if probe is not None for made in (probe, many(rule, probe))]
        example = of_item(survey, item, probes)
        survey.add(("items", place, "points"), "full-unreachable", told, example)


LOOKS: Final[tuple[Callable[[Survey], None], ...]] = (
    rules_that_move_nothing,
    levels_without_use,
    full_points_out_of_reach,
)
