"""Whether the parts of a rule fit each other and its item: points, floors, marks, and what comes on and off."""

from __future__ import annotations

from fractions import Fraction

from gkevents.schemes.faults import Findings
from gkevents.schemes.format import Adjustment, Group, Item
from gkevents.schemes.pricing_format import DownPrice, OrdinalPrices, Pricing
from gkevents.schemes.rule_format import (
    ChecklistRule,
    CountRule,
    ElsewhereRule,
    FigureRule,
    GradeRule,
    MetricRule,
    PlaceRule,
    RankRule,
    RelationRule,
    Scored,
)
from gkevents.schemes.sense_pricing import PLACES, pricing_fits
from gkevents.schemes.sense_worths import checklist_fits, count_fits, figure_fits, place_fits, ranked_by_scores, within
from gkevents.schemes.tree import Path
from gkevents.terms import exact
from gkevents.words import N_, message


def rules_fit(findings: Findings) -> None:
    """Put down what does not fit in every item and every ± rule."""
    for place, item in enumerate(findings.scheme.items):
        _points(findings, ("items", place), item)
        _item_rule(findings, ("items", place, "rule"), item)
    for place, group in enumerate(findings.scheme.adjustments):
        for inner, rule in enumerate(group.rules):
            _adjustment(findings, ("adjustments", place, "rules", inner), rule, group)
        _group(findings, ("adjustments", place), group)


def _points(findings: Findings, path: Path, item: Item) -> None:
    if item.rule.start == "elsewhere":
        if item.points is not None:
            said = N_("{code} only points elsewhere and has no points: delete them.")
            findings.add((*path, "points"), message(said, code=item.code))
    elif findings.scheme.points == "overlay":
        if item.points is not None and findings.intact("points"):
            said = N_("{code} has points, but this scheme takes its points from an overlay: delete them.")
            findings.add((*path, "points"), message(said, code=item.code))
    elif item.points is None and findings.intact("points"):
        findings.add(path, message(N_("{code} has no points. Write its maximum: points: …"), code=item.code))
        return
    if item.implied is not None and item.points is None:
        findings.add((*path, "implied"), message(N_("implied explains points, and there are none here.")))


def _item_rule(findings: Findings, path: Path, item: Item) -> None:
    rule = item.rule
    most = None if item.points is None else exact(item.points)
    match rule:
        case GradeRule():
            _grade(findings, path, rule, most)
        case MetricRule():
            figure_fits(findings, path, rule, most)
        case ChecklistRule():
            checklist_fits(findings, path, rule, most)
        case CountRule():
            count_fits(findings, path, rule, most)
            _apart(findings, path, rule)
        case RankRule():
            place_fits(findings, path, rule, most)
            ranked_by_scores(findings, (*path, "of"), rule.of, item.code)
        case _:
            pass
    if not isinstance(rule, ElsewhereRule):
        _scored(findings, path, rule, most)


def _grade(findings: Findings, path: Path, rule: GradeRule, most: Fraction | None) -> None:
    scale = None if rule.scale is None else exact(rule.scale)
    if scale is not None and not scale:
        findings.add((*path, "scale"), message(N_("A scale of 0 has no marks. Write its full mark, such as 100.")))
        return
    seen: set[Fraction] = set()
    for place, choice in enumerate(rule.allowed):
        where, points = (*path, "allowed", place, "points"), exact(choice.points)
        if scale is None:
            within(findings, where, points, most)
        elif points > scale:
            said = N_("{points} is more than the scale of {scale}; the marks of the list are marks on that scale.")
            findings.add(where, message(said, points=choice.points, scale=rule.scale))
        if points in seen:
            findings.add(where, message(N_("{points} points stand in the list twice."), points=choice.points))
        seen.add(points)


def _scored(findings: Findings, path: Path, rule: Scored, most: Fraction | None) -> None:
    if rule.floor != "none":
        within(findings, (*path, "floor"), exact(rule.floor), most)
    for key, parts in (("deduct", rule.deduct), ("add", rule.add)):
        for place, part in enumerate(parts):
            where = (*path, key, place)
            pricing_fits(findings, where, part, PLACES[key])
            if isinstance(part.price, DownPrice):
                within(findings, (*where, "price", "down_to"), exact(part.price.down_to), most)
    _one_limit(findings, path, rule)


def _one_limit(findings: Findings, path: Path, rule: Scored) -> None:
    """A message's limit comes from its item, which must state one only."""
    first: str | None = None
    for key, parts in (("deduct", rule.deduct), ("add", rule.add)):
        for place, part in enumerate(parts):
            first = first or part.limit
            if part.limit is not None and part.limit != first:
                said = N_("An item has one limit for its messages: {limit} is not {first}.")
                findings.add((*path, key, place, "limit"), message(said, limit=part.limit, first=first))


def _apart(findings: Findings, path: Path, rule: CountRule) -> None:
    """What is counted and what comes on or off are told apart by their kinds."""
    parts: list[tuple[Path, Pricing]] = [((*path, "deduct", place), part) for place, part in enumerate(rule.deduct)]
    parts += [((*path, "add", place), part) for place, part in enumerate(rule.add)]
    if parts and rule.kind is None:
        said = N_("What is counted must be told from what comes on or off: write which kind is counted (kind: …).")
        findings.add(path, message(said))
    for where, part in parts:
        by_kind = part.on not in ("cards", "messages", "kept")
        if by_kind and (part.when is None or part.when.kind is None):
            said = N_("On a counted item this rule needs its own kind: when: {{kind: …}}.")
            findings.add(where, message(said))


def _adjustment(findings: Findings, path: Path, rule: Adjustment, group: Group) -> None:
    part, where = rule.rule, (*path, "rule")
    match part:
        case RelationRule():
            if rule.side == "bonus":
                said = N_("A figure below the mean takes points away: side must be deduction.")
                findings.add((*path, "side"), message(said))
        case FigureRule():
            figure_fits(findings, where, part, None)
        case PlaceRule():
            place_fits(findings, where, part, None)
        case _:
            pricing_fits(findings, where, part, PLACES[rule.side])
            if isinstance(part.price, OrdinalPrices) and group.same_matter == "highest":
                said = N_("nth counts one matter several times, and this group takes a matter once: same_matter: each.")
                findings.add((*where, "price"), message(said))


def _group(findings: Findings, path: Path, group: Group) -> None:
    sides = {rule.side for rule in group.rules}
    for side, cap in (("bonus", group.cap.bonus), ("deduction", group.cap.deduction)):
        if cap is not None and side not in sides and group.rules:
            none = message(N_("The group has no {side} rule that this cap could hold."), side=side)
            findings.add((*path, "cap", side), none)
    if group.order == "caps-first" and group.same_matter != "highest":
        said = N_("order says what comes first of caps and highest-only: without same_matter: highest leave it out.")
        findings.add((*path, "order"), message(said))
    if group.gate is not None and "bonus" not in sides and group.rules:
        said = N_("A gate opens bonuses, and the group has none: leave it out.")
        findings.add((*path, "gate"), message(said))
