"""Printed sums that differ from what the items give: acknowledged they are no fault, but still odd."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Final

from gkevents.terms import ZERO, exact, show
from gkevents.trials.bench import Span
from gkevents.trials.capacity import forms, items_sum
from gkevents.trials.oddity import Survey
from gkevents.trials.showing import plain
from gkevents.words import N_, message


def sums_acknowledged(survey: Survey) -> None:
    """Every difference that the file acknowledges, with what a unit with full marks gets."""
    for place, row in enumerate(survey.content["acknowledged"]):
        whole = row["section"] == "*"
        stated, found = exact(row["stated"]), exact(row["items"])
        said = N_("{section}: {stated} points are printed, its items give {found}. It is acknowledged: {why}")
        if whole:
            said = N_("In all {stated} points are printed, the items give {found}. It is acknowledged: {why}")
        told = message(said, section=row["section"], stated=show(stated), found=show(found), why=row["why"])
        example = plain("base" if whole else row["section"], _reach(survey, row["section"], found))
        survey.add(("acknowledged", place), "sum-acknowledged", told, example)


def _reach(survey: Survey, section: str, found: Fraction) -> Span:
    """What a unit can get there, nothing having been recorded, on the form whose items give the sum."""
    edition = survey.edition
    names = [row["name"] for row in survey.content["sections"]] if section == "*" else [section]
    category = next((one for one in forms(edition) if items_sum(edition, names, one) == found), forms(edition)[0])
    items = [item for code, item in survey.bench.score([], category).items.items() if edition.items[code].head in names]
    return Span(sum((item.low or ZERO for item in items), ZERO), sum((item.high or ZERO for item in items), ZERO))


LOOKS: Final[tuple[Callable[[Survey], None], ...]] = (sums_acknowledged,)
