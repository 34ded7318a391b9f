"""Gates and bands that can never come into play, or always do; totals between the bands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Final

from gkevents.aggregates.facts import Body
from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Band, Gate
from gkevents.schemes.tree import Path
from gkevents.terms import ZERO, show
from gkevents.trials.bench import logged
from gkevents.trials.capacity import forms, total_most
from gkevents.trials.logs import log_to_reach
from gkevents.trials.oddity import Survey
from gkevents.trials.scope import called, least_of, most_of, unlogged
from gkevents.trials.showing import plain
from gkevents.words import N_, message


def gates_that_stand_still(survey: Survey) -> None:
    """Gates that never open, and gates that never close."""
    for path, gate in _gates(survey):
        most, least = most_of(survey.edition, gate.of), least_of(survey.edition, gate.of)
        key = (*path, "above" if gate.above else "from")
        example = unlogged(survey, gate.of)
        if most is not None and not gate.opens(most):
            said = N_("The gate never opens: {of} comes to at most {most}, and the line is {line}. Mend the line.")
            told = message(said, of=called(gate.of), most=show(most), line=show(gate.line))
            survey.add(key, "gate-never-opens", told, example)
        elif least is not None and gate.opens(least):
            said = N_(
                "The gate is always open: {of} is never below {least}, and the line is {line}. Mend the line, or leave "
                "the gate out."
            )
            told = message(said, of=called(gate.of), least=show(least), line=show(gate.line))
            survey.add(key, "gate-always-open", told, example)


def _gates(survey: Survey) -> Iterator[tuple[Path, Gate]]:
    if not survey.edition.weighted:
        return
    for place, group in enumerate(survey.edition.groups):
        if group.gate is not None:
            yield ("adjustments", place, "gate"), group.gate
    for place, part in enumerate(survey.edition.parts):
        if part.gate is not None:
            yield ("parts", place, "gate"), part.gate


def bands_with_gaps(survey: Survey) -> None:
    """Totals that fall into no band, and bands that no total falls into."""
    edition = survey.edition
    if not edition.bands or not edition.weighted:
        return
    most = total_most(edition)
    points = list(_tried(edition, most))
    for total in _first_of_gaps([(total, _holds(edition, total)) for total in sorted(points)]):
        facts = log_to_reach(survey, total, lambda reached: not _holds(edition, reached))
        if facts is not None:
            _gap(survey, facts)
    taken = {band for total in points for band in _holds(edition, total)[:1]}
    named = {veto.band for veto in edition.vetoes} | {edition.zero_out.band if edition.zero_out is not None else None}
    for place, band in enumerate(edition.bands):
        if band in taken or band.name in named or _by_place(edition, band):
            continue
        said = N_(
            "No total falls into {band}: totals lie between {least} and {most}, and earlier bands take theirs first. "
            "Mend its bounds."
        )
        values = {
            "band": band.name,
            "least": show(edition.floor or ZERO),
            "most": show(most) if most is not None else "∞",
        }
        example = unlogged(survey, "total")
        survey.add(("bands", place), "band-unreachable", message(said, **values), example)


def _gap(survey: Survey, facts: list[Body]) -> None:
    """A log whose total falls into no band, put down at the band below the gap."""
    edition = survey.edition
    span = survey.bench.total(logged(facts), forms(edition)[0])
    said = N_(
        "A total of {total} falls into no band. Close the gap: let the higher band begin where the lower one ends."
    )
    lowest = len(edition.bands) - 1
    below = next((place for place, band in enumerate(edition.bands) if _ends_below(band, span.low)), lowest)
    survey.add(("bands", below), "band-gap", message(said, total=show(span.low)), plain("total", span, *facts))


def _by_place(edition: Edition, band: Band) -> bool:
    """Whether a band may be left over by an earlier one that takes only the first places, or the eligible."""
    return any(_conditional(one) for one in edition.bands[: edition.bands.index(band)])


def _conditional(band: Band) -> bool:
    return band.places is not None or band.share is not None or band.eligible


def _holds(edition: Edition, total: Fraction) -> list[Band]:
    """The bands that a total may fall into, in their order; the first is its band, unless places decide."""
    return [band for band in edition.bands if band.holds(total)]


def _ends_below(band: Band, total: Fraction) -> bool:
    end = band.to if band.to is not None else band.below
    return end is not None and end <= total


def _tried(edition: Edition, most: Fraction | None) -> Iterator[Fraction]:
    """Totals to try: every bound, and one between every two, as far as totals reach and rounding lets them be."""
    least = edition.floor if edition.floor is not None else ZERO
    bounds = {bound for band in edition.bands for bound in (band.start, band.above, band.to, band.below)} - {None}
    ends = sorted({bound for bound in bounds if bound is not None} | {least, *([most] if most is not None else [])})
    yield from _decided(edition)
    if most is None:
        ends.append(ends[-1] + 1)
    yield ends[0]
    for lower, upper in pairwise(ends):
        between = _between(edition, lower, upper)
        yield from (
            total
            for total in (between, upper)
            if total is not None and total >= least and (most is None or total <= most)
        )


def _decided(edition: Edition) -> Iterator[Fraction]:
    """Totals that a veto or proven fraud gives, wherever they lie."""
    yield from (veto.gives for veto in edition.vetoes if veto.gives is not None and veto.part is None)
    if edition.zero_out is not None and edition.zero_out.effect != "band":
        yield ZERO


def _between(edition: Edition, lower: Fraction, upper: Fraction) -> Fraction | None:
    """A total between two, of as few decimals as there may be; None where rounding leaves none."""
    step = edition.rounding.get("total")
    for digits in range((step.digits if step is not None else 6) + 1):
        grain = Fraction(1, 10**digits)
        middle = (lower + upper) / 2 // grain * grain
        found = next((one for one in (middle, middle + grain) if lower < one < upper), None)
        if found is not None:
            return found
    return None


def _first_of_gaps(tried: list[tuple[Fraction, list[Band]]]) -> list[Fraction]:
    """One total of every gap: of neighbouring totals without a band the plainest."""
    gaps: list[list[Fraction]] = [[]]
    for total, bands in tried:
        if bands:
            gaps.append([])
        else:
            gaps[-1].append(total)
    return [gap[len(gap) // 2] for gap in gaps if gap]


LOOKS: Final[tuple[Callable[[Survey], None], ...]] = (gates_that_stand_still, bands_with_gaps)
