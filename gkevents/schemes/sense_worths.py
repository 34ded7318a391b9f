"""Whether what a figure, a count, a checklist or a place is worth makes sense: tiers, lines, steps, places, rates."""

from __future__ import annotations

from fractions import Fraction

from gkevents.schemes.faults import Findings, unknown
from gkevents.schemes.rule_format import (
    Above,
    BelowLine,
    ChecklistRule,
    CountRule,
    EachMet,
    Fall,
    FigureRule,
    Linear,
    MetricRule,
    PlaceRule,
    Places,
    Proportional,
    RankRule,
    Tier,
    Tiers,
)
from gkevents.schemes.tree import Path
from gkevents.terms import exact, exact_share, show
from gkevents.words import N_, message

FIGURE = "figure"
"""What a rank's `of` calls the figure reported on the rule itself."""


def within(findings: Findings, path: Path, points: Fraction, most: Fraction | None) -> None:
    """Put down points that are more than an item has; a ± rule has no maximum (None)."""
    if most is not None and points > most:
        said = N_("{points} points are more than the item's maximum of {most}.")
        findings.add(path, message(said, points=show(points), most=show(most)))


def figure_fits(findings: Findings, path: Path, rule: MetricRule | FigureRule, most: Fraction | None) -> None:
    """Put down what does not fit in a rule by a reported figure."""
    worth, where = rule.worth, (*path, "worth")
    match worth:
        case Tiers():
            _tiers(findings, (*where, "tiers"), worth.tiers, most)
        case Linear():
            _linear(findings, where, worth)
        case Fall():
            _above_nought(findings, (*where, "per"), worth.per)
        case _:
            _proportional(findings, where, worth, most)
    said = rule.model_fields_set
    if "interval" in said and not isinstance(worth, Tiers):
        told = N_("interval says to which tier an end belongs, and there are no tiers here: leave it out.")
        findings.add((*path, "interval"), message(told))
    if "among" in said and not (isinstance(worth, Above | BelowLine) and line_of(worth).endswith("mean")):
        told = N_("among says whose mean is taken, and nothing is compared with a mean here: leave it out.")
        findings.add((*path, "among"), message(told))
    if rule.reads is not None:
        _reads(findings, path, rule)


def _reads(findings: Findings, path: Path, rule: MetricRule | FigureRule) -> None:
    if isinstance(rule.worth, Fall):
        said = message(N_("A fall is read from the figures of two years: leave reads out."))
        findings.add((*path, "reads"), said)
    elif rule.reads in ("whole", "positive") and isinstance(rule.worth, Tiers):
        _whole_starts(findings, (*path, "worth", "tiers"), rule.worth.tiers)


def line_of(worth: Linear) -> str:
    """What a figure is compared with, as it is written."""
    return worth.above if isinstance(worth, Above) else worth.below if isinstance(worth, BelowLine) else ""


def _line_path(path: Path, worth: Linear) -> Path:
    return (*path, "above" if isinstance(worth, Above) else "below")


def _number(line: str) -> Fraction | None:
    """The number of a line; None where it is a source ("previous", "50% of mean")."""
    try:
        return exact_share(line)
    except ValueError:
        return None


def _linear(findings: Findings, path: Path, worth: Linear) -> None:
    for key, value in (("per", worth.per), ("earns", worth.earns)):
        if value is not None:
            _above_nought(findings, (*path, key), value)
    if worth.relative and _number(line_of(worth)) == 0:
        said = N_("Nothing can be said in per cent of 0: leave relative out, or compare with another line.")
        findings.add(_line_path(path, worth), message(said))
    if worth.each == "once" and worth.at_once is not None:
        said = N_("each: once is at once already: leave at_once out, or give each step its size.")
        findings.add((*path, "at_once"), message(said))
    if worth.each == "once" and "step" in worth.model_fields_set:
        said = N_("each: once has no parts of a step: leave step out.")
        findings.add((*path, "step"), message(said))


def _above_nought(findings: Findings, path: Path, points: str) -> None:
    if not exact(points):
        findings.add(path, message(N_("{key} is 0: nothing would ever count. Write a number above 0."), key=path[-1]))


def _proportional(findings: Findings, path: Path, worth: Proportional, most: Fraction | None) -> None:
    _above_nought(findings, (*path, "proportional"), worth.proportional)
    within(findings, (*path, "proportional"), exact(worth.proportional), most)
    if worth.zero_below is not None and worth.full_from is not None:
        nothing, full = exact_share(worth.zero_below), exact_share(worth.full_from)
        if nothing > full:
            said = N_("zero_below {low} lies above full_from {full}: write the lower rate under zero_below.")
            findings.add((*path, "zero_below"), message(said, low=worth.zero_below, full=worth.full_from))


def _tiers(findings: Findings, path: Path, tiers: list[Tier], most: Fraction | None) -> None:
    starts = [exact_share(tier.start) for tier in tiers]
    rising = len(starts) > 1 and starts[1] > starts[0]
    for place, tier in enumerate(tiers):
        within(findings, (*path, place, "points"), exact(tier.points), most)
        if place and (starts[place] == starts[place - 1] or (starts[place] > starts[place - 1]) != rising):
            said = N_("Tiers stand in one order, each once: {start} does not follow {before}.")
            findings.add((*path, place, "from"), message(said, start=tier.start, before=tiers[place - 1].start))
    if min(starts) != 0:
        findings.add(path, message(N_("No tier begins at 0: what is below the lowest would have no points.")))


def _whole_starts(findings: Findings, path: Path, tiers: list[Tier]) -> None:
    for place, tier in enumerate(tiers):
        if exact_share(tier.start).denominator != 1:
            said = message(N_("A count is a whole number, not {start}."), start=tier.start)
            findings.add((*path, place, "from"), said)


def count_fits(findings: Findings, path: Path, rule: CountRule, most: Fraction | None) -> None:
    """Put down what does not fit in a rule by how often something was done."""
    worth, where = rule.worth, (*path, "worth")
    if isinstance(worth, Tiers):
        _tiers(findings, (*where, "tiers"), worth.tiers, most)
        _whole_starts(findings, (*where, "tiers"), worth.tiers)
        return
    _linear(findings, where, worth)
    number = _number(line_of(worth))
    if number is None:
        said = N_("A count is compared with a number, such as 3, not with {line}. For that, use start: metric.")
        findings.add(_line_path(where, worth), message(said, line=line_of(worth)))
    elif number.denominator != 1:
        said = N_("A count is a whole number, not {start}.")
        findings.add(_line_path(where, worth), message(said, start=line_of(worth)))


def checklist_fits(findings: Findings, path: Path, rule: ChecklistRule, most: Fraction | None) -> None:
    """Put down what does not fit in a rule by the elements that are there."""
    worth = rule.worth
    if isinstance(worth, EachMet):
        sum_of_all = exact(worth.each) * worth.of
        if most is not None and sum_of_all != most:
            said = N_("{of} elements at {each} points make {found}, but the item has {most} points.")
            values = {"of": worth.of, "each": worth.each, "found": show(sum_of_all), "most": show(most)}
            findings.add((*path, "worth"), message(said, **values))
    if rule.elements and len(rule.elements) != worth.of:
        said = N_("{found} elements are listed, but of says {of}.")
        findings.add((*path, "elements"), message(said, found=len(rule.elements), of=worth.of))


def place_fits(findings: Findings, path: Path, rule: RankRule | PlaceRule, most: Fraction | None) -> None:
    """Put down what does not fit in what a place among the units is worth."""
    worth, where = rule.worth, (*path, "worth")
    if isinstance(worth, Places):
        for place, points in enumerate(worth.places):
            within(findings, (*where, "places", place), exact(points), most)
    else:
        last = Fraction(0)
        for place, step in enumerate(worth.top):
            share, at = exact_share(step.share), (*where, "top", place)
            within(findings, (*at, "points"), exact(step.points), most)
            if share > 1:
                over = message(N_("{share} is more than all units: write at most 100%."), share=step.share)
                findings.add((*at, "share"), over)
            elif share <= last:
                said = N_("Shares rise from one to the next, each counted from the first place: {share} does not.")
                findings.add((*at, "share"), message(said, share=step.share))
            last = max(last, share)
    within(findings, (*where, "rest"), exact(worth.rest), most)


def ranked_by_scores(findings: Findings, path: Path, of: list[str], code: str) -> None:
    """Put down what units cannot be placed by: the figure alone, or items that have points of their own."""
    starts = {item.code: item.rule.start for item in findings.scheme.items}
    known = [other for other, start in starts.items() if start not in ("elsewhere", "rank") and other != code]
    for place, name in enumerate(of):
        if name in of[:place]:
            said = message(N_("{name} stands here twice; once is enough."), name=name)
        elif name == FIGURE and len(of) > 1:
            said = message(N_("figure stands alone: rank by the reported figure, or by the scores of items."))
        elif name == code:
            said = message(N_("{code} cannot be ranked by its own score: write figure, or other items."), code=code)
        elif starts.get(name) in ("elsewhere", "rank"):
            ranked = N_("{code} has no score to rank by: it is ranked itself, or points elsewhere. Name other items.")
            said = message(ranked, code=name)
        elif name == FIGURE or name in known or not findings.intact("items"):
            continue
        else:
            said = unknown(
                N_('There is no item "{written}". Did you mean "{nearest}"?'),
                N_('There is no item "{written}". Write figure, or the codes of items.'),
                written=name,
                known=known,
            )
        findings.add((*path, place), said)
