"""Items and names that no unit of the roster has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gkevents.aggregates.facts import Body
from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Item
from gkevents.trials.oddity import Survey
from gkevents.trials.scope import unlogged
from gkevents.trials.showing import plain
from gkevents.words import N_, message


def items_of_nobody(survey: Survey) -> None:
    """Items that are on the form of no unit of the roster."""
    edition = survey.edition
    for place, item in enumerate(edition.items.values()) if edition.roster else ():
        if _concerned(edition, item):
            continue
        said = N_("No unit of the roster has {code}: it is only for {only}, and no unit is. Mend only or the roster.")
        key, names = "only", item.only
        if any(item.fits(unit.category) for unit in edition.roster):
            said = N_(
                "No unit of the roster has {code}: those it names are on other forms. Mend named, always or only."
            )
            key, names = "named", item.named
        told = message(said, code=item.code, only="、".join(names))
        survey.add(("items", place, key), "no-unit", told, plain(item.code, None, _mark(survey, item)))


def _concerned(edition: Edition, item: Item) -> bool:
    """Whether the item is on the form of some unit of the roster that it does not leave out."""
    return any(
        item.fits(unit.category) and (item.others != "not-applicable" or edition.names(item, unit.name, unit.category))
        for unit in edition.roster
    )


def _mark(survey: Survey, item: Item) -> Body:
    """What somebody would record on an item for the first unit of the roster, who does not have it."""
    unit = survey.edition.roster[0].name
    day = f"{survey.edition.year}-03-01"
    return {"ref": "f1", "type": "not-applicable", "unit": unit, "item": item.code, "effective_on": day}


def names_of_nobody(survey: Survey) -> None:
    """Named units on another form, and categories named that no unit has."""
    edition = survey.edition
    categories = {unit.category for unit in edition.roster}
    for place, item in enumerate(edition.items.values()) if edition.roster else ():
        for inner, name in enumerate(item.named):
            category = edition.category_of(name) or ""
            if not item.fits(category) and _concerned(edition, item):
                said = N_("{unit} is named here, but {code} is not on its form ({category}). Mend only or named.")
                told = message(said, unit=name, code=item.code, category=category)
                mark = {**_mark(survey, item), "unit": name}
                survey.add(("items", place, "named", inner), "named-elsewhere", told, plain(item.code, None, mark))
        for inner, category in enumerate(item.always):
            if category not in categories:
                said = N_("No unit of the roster is {category}: {code} concerns nobody by this.")
                told = message(said, category=category, code=item.code)
                survey.add(("items", place, "always", inner), "no-unit", told, unlogged(survey, item.code))


LOOKS: Final[tuple[Callable[[Survey], None], ...]] = (items_of_nobody, names_of_nobody)
