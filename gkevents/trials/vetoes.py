"""Vetoes that always or never fire, that take nothing, and that lift a score instead of lowering it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gkevents.aggregates.facts import Body
from gkevents.schemes.model import Veto
from gkevents.schemes.tree import Path
from gkevents.terms import LEVELS, ZERO, show
from gkevents.trials.bench import UNIT, Span, logged
from gkevents.trials.capacity import forms
from gkevents.trials.logs import bad_year, worst_log
from gkevents.trials.oddity import Example, Survey
from gkevents.trials.scope import called, part_score_least, part_score_most, span_of, unlogged, within
from gkevents.trials.showing import steps
from gkevents.words import N_, message


def vetoes_that_miss(survey: Survey) -> None:
    """Vetoes on a low score that always or never fire, limits that take nothing, and points that lift a score."""
    for place, veto in enumerate(survey.edition.vetoes if survey.edition.weighted else ()):
        path: Path = ("vetoes", place)
        if veto.of is not None:
            _low(survey, path, veto, veto.of)
        target = veto.part or "total"
        most = part_score_most(survey.edition, target)
        if veto.at_most is not None and most is not None and veto.at_most >= most:
            said = N_("at_most takes nothing: {target} comes to at most {most} anyway. Lower the {limit}.")
            told = message(said, target=called(target), most=show(most), limit=show(veto.at_most))
            survey.add((*path, "effect", "at_most"), "veto-without-effect", told, _fired(survey, veto, target))
        if veto.gives and veto.at_most is None:
            _lifts(survey, path, veto)


def _low(survey: Survey, path: Path, veto: Veto, of: str) -> None:
    most, least = part_score_most(survey.edition, of), part_score_least(survey.edition, of)
    example = unlogged(survey, of)
    if most is not None and most < veto.below:
        said = N_("This veto always fires: {of} comes to at most {most}, which is below {line}. Mend below.")
        told = message(said, of=called(of), most=show(most), line=show(veto.below))
        survey.add((*path, "low", "below"), "veto-always", told, example)
    elif least is not None and least >= veto.below:
        said = N_("This veto never fires: {of} is never below {least}, and the line is {line}. Mend below.")
        told = message(said, of=called(of), least=show(least), line=show(veto.below))
        survey.add((*path, "low", "below"), "veto-never", told, example)


def _veto_facts(survey: Survey, veto: Veto, first: int) -> list[Body]:
    """What fires a veto that hears happenings."""
    told: Body = {"ref": f"f{first}", "type": "occurrence", "unit": UNIT, "item": veto.code}
    told["effective_on"] = f"{survey.edition.year}-12-03"
    if veto.times > 1:
        told["count"] = veto.times
    if veto.level_floor:
        told["level"] = LEVELS[veto.level_floor]
    return [told]


def _fired(survey: Survey, veto: Veto, target: str) -> Example:
    """A veto's firing on an otherwise empty year."""
    category = forms(survey.edition)[0]
    facts = _veto_facts(survey, veto, 1) if veto.of is None else []
    return steps(target, facts, lambda log: span_of(survey, target, log, category), sorted({0, len(facts)}))


def _lifts(survey: Survey, path: Path, veto: Veto) -> None:
    """A veto that gives points lifts what would be lower without it: show the year in which one more offence does."""
    category = forms(survey.edition)[0]

    def total(facts: list[Body]) -> Span:
        return survey.bench.total(logged(facts), category)

    if veto.of is None:
        worst = worst_log(survey, lambda facts: _higher(total([*facts, *_veto_facts(survey, veto, 0)]), total(facts)))
        found = None if worst is None else (worst, _veto_facts(survey, veto, len(worst) + 1))
    else:
        of = veto.of
        found = bad_year(survey, lambda item: within(survey.edition, item, of))
        if not _higher(total([*found[0], *found[1]]), total(found[0])):
            found = None
    if found is None:
        return
    said = N_(
        "The veto lifts a score that is lower than {gives}: what is worse scores better. Write at_most: {gives} if a "
        "veto may only lower it."
    )
    before, more = found
    example = steps("total", [*before, *more], lambda log: survey.bench.total(log, category), _ends(before, more))
    told = message(said, gives=show(veto.gives or ZERO))
    survey.add((*path, "effect", "gives"), "veto-lifts", told, example)


def _higher(after: Span, before: Span) -> bool:
    return after.low > before.low or after.high > before.high


def _ends(before: list[Body], more: list[Body]) -> tuple[int, int]:
    return len(before), len(before) + len(more)


LOOKS: Final[tuple[Callable[[Survey], None], ...]] = (vetoes_that_miss,)
