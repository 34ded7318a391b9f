"""Whether what becomes of the items' points makes sense: sections, parts, weights, gates, bounds, what is set aside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gkevents.schemes.faults import Findings, unknown
from gkevents.schemes.format import Scheme
from gkevents.schemes.tree import Path
from gkevents.schemes.whole_format import Gate, NotApplicable, SchemePart, TieOrder
from gkevents.terms import exact, exact_share
from gkevents.words import N_, message

BASE, TOTAL = "base", "total"
"""What the items' sum and the end of everything are called where a score is asked for."""


def categories_of(scheme: Scheme) -> list[str]:
    """The variants and the roster's categories, each once."""
    return list(dict.fromkeys([*scheme.variants, *(unit.category for unit in scheme.roster if unit.category)]))


def measures_of(scheme: Scheme) -> list[str]:
    """What has a score of its own: parts, sections, items."""
    codes = [item.code for item in scheme.items if item.rule.start != "elsewhere"]
    return [*(part.name for part in scheme.parts), *(section.name for section in scheme.sections), *codes]


def measure_is_known(findings: Findings, path: Path, written: str, *words: str) -> None:
    """Put down a score that is asked for and that nothing in the scheme has."""
    if not findings.intact("parts", "sections", "items"):
        return
    known = [*words, *measures_of(findings.scheme)]
    if written not in known:
        said = unknown(
            N_('Nothing called "{written}" has a score here. Did you mean "{nearest}"?'),
            N_('Nothing called "{written}" has a score here. Write {words}, a part, a section or the code of an item.'),
            written=written,
            known=known,
            words=", ".join(words),
        )
        findings.add(path, said)


def everybody_has(findings: Findings, path: Path, written: str) -> None:
    """Put down an item whose score is asked of every unit and that is not on every form."""
    variants = set(findings.scheme.variants)
    for item in findings.scheme.items:
        if item.code == written and item.only is not None and set(item.only) < variants:
            said = N_("{code} is on the form of {only} only, and every unit is asked for this score. Name another.")
            findings.add(path, message(said, code=written, only=", ".join(item.only)))


def measures_are_told_apart(findings: Findings) -> None:
    """A name under which a score may be asked for means one thing: a part, a section, or an item."""
    scheme = findings.scheme
    if not findings.intact("parts", "sections", "items"):
        return
    codes = {item.code for item in scheme.items}
    sections = {section.name for section in scheme.sections}
    for place, section in enumerate(scheme.sections):
        if section.name in codes or section.name in (BASE, TOTAL):
            said = message(N_("{name} already names something else: give the section another name."), name=section.name)
            findings.add(("sections", place, "name"), said)
    for place, part in enumerate(scheme.parts):
        taken = part.name in codes or part.name in (BASE, TOTAL)
        if taken or (part.name in sections and part.sections != [part.name]):
            said = message(N_("{name} already names something else: give the part another name."), name=part.name)
            findings.add(("parts", place, "name"), said)


def parts_hold_every_section(findings: Findings) -> None:
    """Where there are parts, every section stands in exactly one of them."""
    scheme = findings.scheme
    if not scheme.parts or not findings.intact("parts", "sections"):
        return
    known = [section.name for section in scheme.sections]
    holders: dict[str, str] = {}
    for place, part in enumerate(scheme.parts):
        for inner, name in enumerate(part.sections):
            where = ("parts", place, "sections", inner)
            if name not in known:
                said = unknown(
                    N_('There is no section "{written}". Did you mean "{nearest}"?'),
                    N_('There is no section "{written}". Sections: {known}.'),
                    written=name,
                    known=known,
                )
                findings.add(where, said)
            elif name in holders:
                said = message(
                    N_("{name} already stands in {part}: a section belongs to one part."), name=name, part=holders[name]
                )
                findings.add(where, said)
            holders.setdefault(name, part.name)
    _left_over(findings, holders)


def _left_over(findings: Findings, holders: dict[str, str]) -> None:
    names = [section.name for section in findings.scheme.sections]
    if not set(holders) <= set(names):
        return
    for place, name in enumerate(names):
        if name not in holders:
            said = N_("{name} stands in no part. With parts, write every section under the sections of one.")
            findings.add(("sections", place, "name"), message(said, name=name))


def weights_are_for_every_category(findings: Findings) -> None:
    """Weights that differ by category name the categories there are, all of them."""
    if not findings.intact("variants", "roster"):
        return
    known = findings.scheme.variants or categories_of(findings.scheme)
    for place, part in enumerate(findings.scheme.parts):
        if isinstance(part.weight, str):
            continue
        for category in part.weight:
            if category not in known:
                said = unknown(
                    N_('There is no category "{written}". Did you mean "{nearest}"?'),
                    N_('There is no category "{written}". List the categories under variants.'),
                    written=category,
                    known=known,
                )
                findings.add_key(("parts", place, "weight", category), said)
        missing = [category for category in known if category not in part.weight]
        if missing and set(part.weight) <= set(known):
            said = message(N_("The weight of {category} is missing: write one for each."), category=missing[0])
            findings.add(("parts", place, "weight"), said)


_CONVERT_MAX: Final = 2
"""Nobody converts a total into twice as much; 60 without its % is meant as 60%."""


def bounds_have_room(findings: Findings) -> None:
    """A floor lies below its cap: of the total, a part, a section."""
    scheme = findings.scheme
    total = scheme.total
    if total.ceiling is not None and exact(total.ceiling) <= exact(total.floor):
        said = N_("The ceiling {ceiling} is not above the floor {floor}.")
        findings.add(("total", "ceiling"), message(said, ceiling=total.ceiling, floor=total.floor))
    if total.convert is not None and not 0 < exact_share(total.convert) < _CONVERT_MAX:
        said = N_("Every total would be multiplied by {convert}: write a share, such as 60%.")
        findings.add(("total", "convert"), message(said, convert=total.convert))
    held = [(("sections", place), section.cap, section.floor) for place, section in enumerate(scheme.sections)]
    held += [(("parts", place), part.cap, part.floor) for place, part in enumerate(scheme.parts)]
    for path, cap, floor in held:
        if cap is not None and floor != "none" and exact(floor) > exact(cap):
            said = N_("The floor {floor} lies above the cap {cap}.")
            findings.add((*path, "floor"), message(said, floor=floor, cap=cap))


def gates_open(findings: Findings) -> None:
    """A gate asks for a score there is, and not for that of the part it stands on; a group's part is one."""
    scheme = findings.scheme
    names = [part.name for part in scheme.parts]
    for path, gate, part in _gates(scheme):
        if part is not None and gate.of == part.name and names.count(part.name) == 1:
            said = N_("{name} cannot open itself: write base, or another part.")
            findings.add((*path, "of"), message(said, name=part.name))
        else:
            measure_is_known(findings, (*path, "of"), gate.of, BASE)
            everybody_has(findings, (*path, "of"), gate.of)
    for place, group in enumerate(scheme.adjustments):
        if group.part is not None:
            part_is_known(findings, ("adjustments", place, "part"), group.part)


def _gates(scheme: Scheme) -> Iterator[tuple[Path, Gate, SchemePart | None]]:
    for place, part in enumerate(scheme.parts):
        if part.gate is not None:
            yield ("parts", place, "gate"), part.gate, part
    for place, group in enumerate(scheme.adjustments):
        if group.gate is not None:
            yield ("adjustments", place, "gate"), group.gate, None


def part_is_known(findings: Findings, path: Path, written: str) -> None:
    """Put down a part that is named and is not in the list."""
    known = [part.name for part in findings.scheme.parts]
    if not findings.intact("parts") or written in known:
        return
    said = message(N_('There is no part "{written}": the file lists no parts.'), written=written)
    if known:
        said = unknown(
            N_('There is no part "{written}". Did you mean "{nearest}"?'),
            N_('There is no part "{written}". Parts: {known}.'),
            written=written,
            known=known,
        )
    findings.add(path, said)


def ties_are_broken_by_scores(findings: Findings) -> None:
    """What tells equal totals apart has a score of its own."""
    ties = findings.scheme.ties
    if isinstance(ties, TieOrder) and findings.intact("ties"):
        for place, name in enumerate(ties.by):
            measure_is_known(findings, ("ties", "by", place), name, BASE)


def what_is_set_aside_is_made_up(findings: Findings) -> None:
    """What an item gives that does not concern a unit says all it needs, and nothing that it does not."""
    scheme = findings.scheme
    if scheme.not_applicable is not None:
        _aside(findings, ("not_applicable",), scheme.not_applicable)
    for place, item in enumerate(scheme.items):
        if item.not_applicable is None:
            continue
        path = ("items", place, "not_applicable")
        if item.rule.start == "elsewhere":
            said = N_("{code} only points elsewhere: nothing is to be made up for it. Delete not_applicable.")
            findings.add(path, message(said, code=item.code))
        else:
            _aside(findings, path, item.not_applicable)


_ONLY_WITH = (
    ("share", ("share",), N_("share belongs to gets: share; with gets: {gets} leave it out.")),
    ("within", ("rescale", "spread"), N_("within belongs to gets: rescale or spread; with gets: {gets} leave it out.")),
    ("among", ("peers-mean",), N_("among belongs to gets: peers-mean; with gets: {gets} leave it out.")),
)


def _aside(findings: Findings, path: Path, aside: NotApplicable) -> None:
    for key, needed, template in _ONLY_WITH:
        if key in aside.model_fields_set and aside.gets not in needed:
            findings.add((*path, key), message(template, gets=aside.gets))
    if aside.gets == "share" and aside.share is None:
        said = N_("gets: share needs the share: how much of the maximum, such as share: 80%.")
        findings.add((*path, "gets"), message(said))
    if aside.gets == "share" and aside.share is not None and exact_share(aside.share) > 1:
        findings.add((*path, "share"), message(N_("{share} is more than the maximum."), share=aside.share))
    if aside.gets not in ("rescale", "spread") or not findings.intact("parts"):
        return
    if aside.within == "part" and not findings.scheme.parts:
        findings.add((*path, "within"), message(N_("The file lists no parts: write within: section or total.")))
    if aside.gets == "spread" and aside.within == "total" and findings.scheme.parts:
        said = N_("Points cannot be spread over parts of different weight: write within: section or part.")
        findings.add((*path, "within"), message(said))
