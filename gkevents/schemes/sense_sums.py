"""Whether what is printed adds up, for every variant: sections, the total, and the differences acknowledged.

What does not add up must be acknowledged in the file, with the reason, or the file is refused; and what is
acknowledged must be so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from gkevents.schemes.faults import Findings, unknown
from gkevents.schemes.format import Acknowledged, Scheme
from gkevents.schemes.sense_parts import categories_of
from gkevents.schemes.tree import Path
from gkevents.terms import ZERO, exact, exact_share, show
from gkevents.words import N_, Message, message

WHOLE = "*"
"""What the total is called among the acknowledged differences."""

_ONE: Final = Fraction(1)

Sums = dict[str, set[Fraction]]


def sums_agree(findings: Findings) -> None:
    """Put down every sum that differs from what is printed and is not acknowledged, and every vain acknowledgement."""
    scheme = findings.scheme
    whole = findings.intact("items", "sections", "parts", "variants", "roster", "base_total", "points", "acknowledged")
    if not whole or not _countable(scheme):
        return
    sums = sums_of(scheme) if scheme.points == "printed" else {}
    excused = {(row.section, exact(row.stated), exact(row.items)) for row in scheme.acknowledged}
    for path, section, stated in _printed(scheme):
        found = [
            total
            for total in sorted(sums.get(section, ()))
            if total != stated and (section, stated, total) not in excused
        ]
        if found:
            findings.add(path, _difference(section, stated, found, in_parts=bool(scheme.parts)))
    for place, row in enumerate(scheme.acknowledged):
        _acknowledgement(findings, ("acknowledged", place), row, sums)


def _countable(scheme: Scheme) -> bool:
    """Whether every item stands in a section, on some form, and has points where it should: else sums say nothing."""
    sections = [section.name for section in scheme.sections]
    held = [name for part in scheme.parts for name in part.sections]
    categories = set(scheme.variants or categories_of(scheme))
    tables = [part.weight for part in scheme.parts if not isinstance(part.weight, str)]
    return (
        (not held or sorted(held) == sorted(sections))
        and all(set(table) == categories for table in tables)
        and all(
            item.section.partition(" / ")[0] in sections
            and set(item.only or ()) <= set(scheme.variants)
            and (item.points is None) == (scheme.points == "overlay" or item.rule.start == "elsewhere")
            for item in scheme.items
        )
    )


def forms_of(scheme: Scheme) -> list[str | None]:
    """The categories whose sums may differ: the variants, or those that weights tell apart; one nameless form else."""
    weighed = [name for part in scheme.parts if not isinstance(part.weight, str) for name in part.weight]
    return [*(scheme.variants or dict.fromkeys(weighed))] or [None]


def sums_of(scheme: Scheme) -> Sums:
    """What the items give, by section and in all ("*"): one sum, or several where categories differ.

    In all, each part counts with its weight, and parts beyond the full points do not count.
    """
    sums: Sums = {}
    for form in forms_of(scheme):
        weights = weights_of(scheme, form)
        totals = dict.fromkeys([*(section.name for section in scheme.sections), WHOLE], ZERO)
        for item in scheme.items:
            if item.points is None or not (item.only is None or form in item.only):
                continue
            section = item.section.partition(" / ")[0]
            totals[section] += exact(item.points)
            totals[WHOLE] += exact(item.points) * weights.get(section, _ONE)
        for name, total in totals.items():
            sums.setdefault(name, set()).add(total)
    return sums


def weights_of(scheme: Scheme, form: str | None) -> dict[str, Fraction]:
    """What the points of each section are multiplied by in the base, for a category; 0 in parts beyond it."""
    weights = {}
    for part in scheme.parts:
        said = part.weight if isinstance(part.weight, str) else part.weight.get(form or "", "1")
        for name in part.sections:
            weights[name] = ZERO if part.beyond else exact_share(said)
    return weights


def _printed(scheme: Scheme) -> Iterator[tuple[Path, str, Fraction]]:
    for place, section in enumerate(scheme.sections):
        if section.stated is not None:
            yield ("sections", place, "stated"), section.name, exact(section.stated)
    yield ("base_total",), WHOLE, exact(scheme.base_total)


def _difference(section: str, stated: Fraction, found: Sequence[Fraction], *, in_parts: bool) -> Message:
    template = N_(
        "Printed are {stated} points for {section}, but its items give {found}. "
        "Mend the points, or add the difference with its reason under acknowledged."
    )
    if section == WHOLE:
        template = N_(
            "The items give {found} points in all, not {stated}. "
            'Mend the points, or add the difference with its reason under acknowledged (section: "*").'
        )
    if section == WHOLE and in_parts:
        template = N_(
            "The parts give {found} points in all by their weights, not {stated}. "
            'Mend the points or weights, or add the difference under acknowledged (section: "*").'
        )
    return message(template, section=section, stated=show(stated), found=", ".join(show(total) for total in found))


def _acknowledgement(findings: Findings, path: Path, row: Acknowledged, sums: Sums) -> None:
    known = [*(section.name for section in findings.scheme.sections), WHOLE]
    if row.section not in known:
        said = unknown(
            N_('There is no section "{written}". Did you mean "{nearest}"?'),
            N_('There is no section "{written}". Sections: {known}.'),
            written=row.section,
            known=known,
        )
        findings.add((*path, "section"), said)
    elif not sums:
        findings.add(path, message(N_("Nothing is to be acknowledged: the points come from an overlay.")))
    elif exact(row.items) not in sums[row.section]:
        found = ", ".join(show(total) for total in sorted(sums[row.section]))
        said = message(
            N_("Acknowledged are items of {items} points, but they give {found}."), items=row.items, found=found
        )
        findings.add((*path, "items"), said)
    elif exact(row.items) == exact(row.stated):
        findings.add(path, message(N_("Nothing differs here: delete this row of acknowledged.")))
