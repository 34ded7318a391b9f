"""Points by a figure, a count, a mark or a place: steps that nobody reaches, points nobody gets, worth that wavers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Final, NamedTuple

from gkevents.aggregates.facts import Body
from gkevents.schemes.model import Adjustment, Item, Worth
from gkevents.schemes.tree import Path
from gkevents.terms import ZERO, exact_share, show
from gkevents.trials.capacity import worth_most
from gkevents.trials.oddity import Example, Survey
from gkevents.trials.scope import unlogged
from gkevents.trials.showing import of_group, on_item
from gkevents.words import N_, message

_ONE: Final = Fraction(1)
_HAPPENINGS_MAX: Final = 24
_SMALL: Final = Fraction(1, 100)


class Read(NamedTuple):
    """A worth, where its rule stands, and the item (or the ± rule and the place of its group) that has it."""

    path: Path
    worth: Worth
    item: Item | None
    rule: Adjustment | None = None
    group: int = 0

    @property
    def code(self) -> str:
        """The code of what has it."""
        return self.item.code if self.item is not None else self.rule.code if self.rule is not None else ""

    @property
    def points(self) -> Fraction | None:
        """The points it is meant to give; a ± rule has none."""
        return self.item.points if self.item is not None else None


def _every_worth(survey: Survey) -> Iterator[Read]:
    for place, item in enumerate(survey.edition.items.values()):
        if item.worth is not None and item.points is not None:
            yield Read(("items", place, "rule"), item.worth, item)
    for place, group in enumerate(survey.edition.groups):
        for inner, rule in enumerate(group.rules):
            if rule.worth is not None:
                yield Read(("adjustments", place, "rules", inner, "rule"), rule.worth, None, rule, place)


def _figure(survey: Survey, read: Read, *figures: Fraction) -> Example:
    """Figures reported one after the other, the latest deciding; for a counted item, so many happenings."""
    year = survey.edition.year
    if read.item is None:
        return of_group(survey, survey.edition.groups[read.group], [])
    unit, _category = survey.bench.form_of(read.item)
    base: Body = {"unit": unit, "item": read.item.code}
    facts: list[Body] = []
    at: list[int] = []
    if read.item.start == "count":
        facts, at = _counted(read.item, base, year, figures)
    else:
        for place, figure in enumerate(figures, 1):
            written = f"{figure.numerator}/{figure.denominator}" if show(figure).count("/") else show(figure)
            told = {
                "ref": f"f{place}",
                "type": "metric",
                **base,
                "effective_on": f"{year}-03-{place:02}",
                "value": written,
            }
            facts.append(told)
            at.append(place)
    return on_item(survey, read.item, facts, at)


def _counted(item: Item, base: Body, year: int, numbers: tuple[Fraction, ...]) -> tuple[list[Body], list[int]]:
    """Ever more happenings, the count confirmed at first."""
    facts: list[Body] = [{"ref": "f1", "type": "confirmation", **base, "effective_on": f"{year}-12-31"}]
    at, reached = [], 0
    kinds = sorted(item.count_kinds)
    for number in numbers:
        for _each in range(min(int(number) - reached, _HAPPENINGS_MAX) if item.counts != "event" else number > reached):
            place = len(facts) + 1
            told = {"ref": f"f{place}", "type": "occurrence", **base, "effective_on": f"{year}-03-{place:02}"}
            told |= {"kind": kinds[0]} if kinds else {}
            told |= {"form": f"形式{place}"} if item.counts == "form" else {}
            if item.counts == "event" and number - reached > 1:
                told["count"] = int(number) - reached
            facts.append(told)
        reached = int(number)
        at.append(len(facts))
    return facts, at


def tiers_by_figure(survey: Survey) -> None:
    """Tiers that no figure falls into, that waver, or that are all the same."""
    for read in _every_worth(survey):
        if read.worth.shape != "tiers":
            continue
        steps = survey.at((*read.path, "worth", "tiers"))
        rising = sorted(read.worth.tiers)
        for place, step in enumerate(steps):
            start = exact_share(step["from"])
            if read.worth.reads == "share" and not _counts(read) and (start > _ONE or (start == _ONE and _upper(read))):
                _unreached(survey, read, (*read.path, "worth", "tiers", place, "from"), start)
        _wavering(survey, read, rising)


def _counts(read: Read) -> bool:
    return read.item is not None and read.item.start == "count"


def _upper(read: Read) -> bool:
    return read.worth.interval == "upper"


def _unreached(survey: Survey, read: Read, path: Path, start: Fraction) -> None:
    said = N_(
        "No figure falls into this tier: a share is at most 100%, and it begins at {start}. Mend from, or write reads: "
        "number."
    )
    survey.add(path, "tier-unreachable", message(said, start=show(start)), _figure(survey, read, _ONE))


def _wavering(survey: Survey, read: Read, rising: list[tuple[Fraction, Fraction]]) -> None:
    """Points that rise and fall again with the figure."""
    turns = [(lower[1] < higher[1]) - (lower[1] > higher[1]) for lower, higher in pairwise(rising)]
    known = [turn for turn in turns if turn]
    inner = next((place for place, (one, two) in enumerate(pairwise(known)) if one != two), None)
    if inner is None:
        return
    bends = [place for place, turn in enumerate(turns) if turn]
    three = [rising[place] for place in (bends[inner], bends[inner] + 1, bends[inner + 1] + 1)]
    said = N_(
        "The points waver: {first} for {low}, {second} for {middle}, {third} for {high}. More should always be better, "
        "or always worse."
    )
    values = {
        "first": show(three[0][1]), "second": show(three[1][1]), "third": show(three[2][1]),
        "low": show(three[0][0]), "middle": show(three[1][0]), "high": show(three[2][0]),
    }  # fmt: skip
    figures = [_inside(read, start) for start, _points in three]
    survey.add((*read.path, "worth", "tiers"), "not-monotone", message(said, **values), _figure(survey, read, *figures))


def _inside(read: Read, start: Fraction) -> Fraction:
    """A figure just inside a tier."""
    if read.worth.interval != "upper":
        return start
    whole = read.worth.reads in ("whole", "positive") or _counts(read)
    return start + (1 if whole else _SMALL)


def points_out_of_reach(survey: Survey) -> None:
    """Items whose figure, checklist, place or list of marks never gives the full points, or always gives the same."""
    for read in _every_worth(survey):
        if read.item is None or read.points is None:
            continue
        worth = read.worth
        if _all_alike(worth) or _beyond_all(worth):
            said = N_(
                "Nobody can lose or win points on {code}: every figure gives the same. Mend the points, or let it be "
                "graded."
            )
            survey.add((*read.path, "worth"), "nothing-to-lose", message(said, code=read.code), _any(survey, read))
            continue
        most = None if worth.costs else worth_most(worth)
        extra = bool(read.item.add)
        if most is not None and most < read.points and not extra and not _by_period(read.item):
            _not_full(survey, ("items", read.path[1], "points"), read.item, most)
    for place, item in enumerate(survey.edition.items.values()):
        if item.allowed and item.points is not None and max(item.allowed) < item.points and not item.add:
            _not_full(survey, ("items", place, "points"), item, max(item.allowed))


def _by_period(item: Item) -> bool:
    return item.start == "count" and item.period != "year"


def _all_alike(worth: Worth) -> bool:
    if worth.shape == "tiers":
        return len({points for _start, points in worth.tiers}) == 1
    if worth.shape in ("places", "top"):
        return {points for _start, points in worth.tiers} == {worth.rest}
    return not worth.per


def _beyond_all(worth: Worth) -> bool:
    """Whether the line of a linear worth lies where no figure comes beyond it."""
    line = worth.line.number
    if worth.shape != "linear" or line is None:
        return False
    return (worth.reads == "share" and line >= _ONE) if worth.above else line <= 0


def _any(survey: Survey, read: Read) -> Example:
    """A report on an item; where only other units make one, none."""
    return _best(survey, read.item) if read.item is not None else unlogged(survey, read.code)


def _best(survey: Survey, item: Item) -> Example:
    """The report or the mark that gives most on an item; where its places hang on other units, none."""
    unit, _category = survey.bench.form_of(item)
    told: Body = {"ref": "f1", "unit": unit, "item": item.code, "effective_on": f"{survey.edition.year}-03-01"}
    if item.averaged:
        return unlogged(survey, item.code)
    if item.allowed:
        told |= {
            "type": "grade",
            "points": show(max(item.allowed)),
            **({"source": "试"} if item.source_required else {}),
        }
    elif item.start == "checklist" and item.worth is not None:
        told |= {"type": "checklist", "met": item.worth.of}
    elif item.start == "count":
        return _figure(survey, Read((), item.worth or Worth("tiers"), item), _best_figure(item))
    elif item.start == "metric" and (item.worth is None or item.worth.line.source is None):
        figure = _inside(Read((), item.worth or Worth("tiers"), item), _best_figure(item))
        told |= {"type": "metric", "value": show(figure)}
    else:
        return unlogged(survey, item.code)
    return on_item(survey, item, [told], [1])


def _best_figure(item: Item) -> Fraction:
    tiers = item.worth.tiers if item.worth is not None else ()
    return max(tiers, key=lambda step: step[1])[0] if tiers else _ONE


def _not_full(survey: Survey, path: Path, item: Item, most: Fraction) -> None:
    said = N_(
        "Nobody can get the {points} points of {code}: {most} is the most that its rule gives. Mend one of the two."
    )
    told = message(said, points=show(item.points or ZERO), code=item.code, most=show(most))
    survey.add(path, "full-unreachable", told, _best(survey, item))


def ends_of_rates(survey: Survey) -> None:
    """Rates whose full points begin above what a share can be."""
    for read in _every_worth(survey):
        worth = read.worth
        if worth.shape != "proportional" or worth.full_from is None:
            continue
        path = (*read.path, "worth", "full_from")
        if worth.reads == "share" and worth.full_from > _ONE:
            said = N_("Full points begin at {full}, which no share reaches: 100% is the most.")
            survey.add(
                path, "clause-unreachable", message(said, full=show(worth.full_from)), _figure(survey, read, _ONE)
            )


def places_nobody_takes(survey: Survey) -> None:
    """Places beyond the number of units."""
    units = len(survey.edition.roster)
    for read in _every_worth(survey):
        worth = read.worth
        if worth.shape == "places" and units and len(worth.tiers) > units:
            said = N_(
                "{places} places have points, but the roster has {units} units: the last of these places nobody takes."
            )
            path = (*read.path, "worth", "places", units)
            survey.add(
                path, "clause-unreachable", message(said, places=len(worth.tiers), units=units), _any(survey, read)
            )


LOOKS: Final[tuple[Callable[[Survey], None], ...]] = (
    tiers_by_figure,
    points_out_of_reach,
    ends_of_rates,
    places_nobody_takes,
)
