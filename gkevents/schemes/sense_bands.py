"""Whether bands and what decides over them make sense: intervals, quotas, vetoes, the band of proven fraud."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from gkevents.schemes.faults import Findings, unknown
from gkevents.schemes.format import Scheme
from gkevents.schemes.pricing_format import Pricing
from gkevents.schemes.sense_parts import BASE, TOTAL, everybody_has, measure_is_known, part_is_known
from gkevents.schemes.tree import Path
from gkevents.schemes.whole_format import Band, Low, Veto
from gkevents.terms import exact, exact_share
from gkevents.words import N_, Message, message


class End(NamedTuple):
    """One end of a band: the points, whether they belong to it, and the key and text it is written with."""

    points: Fraction
    closed: bool
    key: str
    written: str


def _lower(band: Band) -> End | None:
    if band.start is not None:
        return End(exact(band.start), True, "from", band.start)  # noqa: FBT003 - a tuple's field
    return None if band.above is None else End(exact(band.above), False, "above", band.above)  # noqa: FBT003 - same


def _upper(band: Band) -> End | None:
    if band.to is not None:
        return End(exact(band.to), True, "to", band.to)  # noqa: FBT003 - a tuple's field
    return None if band.below is None else End(exact(band.below), False, "below", band.below)  # noqa: FBT003 - same


def _meets(lower: End | None, upper: End | None) -> bool:
    """Whether a total can lie from a lower to an upper end; an end that is not there is no hindrance."""
    if lower is None or upper is None:
        return True
    return lower.points < upper.points or (lower.points == upper.points and lower.closed and upper.closed)


def _picks(band: Band) -> bool:
    """Whether a band leaves some of the totals in its interval to the next ones."""
    return band.top is not None or band.eligible


def bands_fit(findings: Findings) -> None:
    """Put down bands that can hold no total, hold one twice, or stand out of order."""
    if not findings.intact("bands"):
        return
    bands = findings.scheme.bands
    sound = len(findings.faults)
    for place, band in enumerate(bands):
        _one_band(findings, ("bands", place), band)
        if place < len(bands) - 1 and _lower(band) is None and _upper(band) is None and not _picks(band):
            said = N_("The band {name} needs from: the points it begins at.")
            findings.add(("bands", place), message(said, name=band.name))
    if len(findings.faults) > sound:
        return
    for place, band in enumerate(bands):
        lower, upper, last = _lower(band), _upper(band), place == len(bands) - 1
        if last and lower is not None and upper is None and not _picks(band):
            said = N_("The last band takes what is left: leave its {key} out.")
            findings.add(("bands", place, lower.key), message(said, key=lower.key))
        elif lower is not None and upper is None:
            _descends(findings, ("bands", place, lower.key), lower, bands[:place])
        elif lower is not None or upper is not None:
            _stands_apart(findings, place, bands)


def _one_band(findings: Findings, path: Path, band: Band) -> None:
    lower, upper = _lower(band), _upper(band)
    for first, second, said in ((band.start, "above", band.above), (band.to, "below", band.below)):
        if first is not None and said is not None:
            other = "from" if second == "above" else "to"
            told = N_("A band has one lower and one upper end: write {other} or {second}, not both.")
            findings.add((*path, second), message(told, other=other, second=second))
    if lower is not None and upper is not None and not _meets(lower, upper):
        said = N_("No total lies in {name}: its upper end {upper} is not above its lower end {lower}.")
        values = {"name": band.name, "upper": upper.written, "lower": lower.written}
        findings.add((*path, upper.key), message(said, **values))
    _quota(findings, path, band)
    vetoes = findings.scheme.vetoes
    if band.eligible and findings.intact("vetoes") and all(veto.effect.eligible for veto in vetoes):
        said = N_("No veto here takes eligibility away. Add one with effect: {{eligible: false}}, or leave this out.")
        findings.add((*path, "eligible"), message(said))


def _quota(findings: Findings, path: Path, band: Band) -> None:
    counted = band.top is not None and band.top.isdigit()
    if band.top is not None:
        share = exact_share(band.top)
        if not share or (share > 1 and not counted):
            said = N_("{top} is no quota. Write a share of the units, such as 20%, or a whole number of places.")
            findings.add((*path, "top"), message(said, top=band.top))
    if "round" in band.model_fields_set and (band.top is None or counted):
        said = N_("round is asked where a share of the units gives a fraction of a place: leave it out.")
        findings.add((*path, "round"), message(said))


def _descends(findings: Findings, path: Path, lower: End, before: list[Band]) -> None:
    """A band without an upper end goes on where an earlier one begins, so it begins below those that it could meet."""
    for band in reversed(before):
        above = _lower(band)
        if not _meets(lower, _upper(band)):
            continue
        if above is None:
            if not _picks(band):
                findings.add(path, _overlap(band, lower.written))
                return
        elif not (lower.points <= above.points if _picks(band) else _below(lower, above)):
            said = N_("Bands stand from high to low: {start} does not lie below {above}.")
            findings.add(path, message(said, start=lower.written, above=above.written))
            return


def _below(lower: End, above: End) -> bool:
    return lower.points < above.points or (lower.points == above.points and lower.closed and not above.closed)


def _stands_apart(findings: Findings, place: int, bands: list[Band]) -> None:
    """A band with an upper end shares no total with those before it, unless they leave some to it."""
    band = bands[place]
    lower, upper = _lower(band), _upper(band)
    for other in bands[:place]:
        if _picks(other) or not (_meets(lower, _upper(other)) and _meets(_lower(other), upper)):
            continue
        end = upper if upper is not None and _meets(_lower(other), upper) else lower
        key, written = (end.key, end.written) if end is not None else ("name", band.name)
        findings.add(("bands", place, key), _overlap(other, written))
        return


def _overlap(other: Band, written: str) -> Message:
    said = N_("A total could lie in {other} too: {written} reaches into it. One band ends where the next begins.")
    return message(said, other=other.name, written=written)


def vetoes_say_what_they_do(findings: Findings) -> None:
    """A veto does something, to something there is, and does not wait for what it decides."""
    for place, veto in enumerate(findings.scheme.vetoes):
        path = ("vetoes", place)
        _effect(findings, (*path, "effect"), veto)
        if veto.low is not None:
            _low(findings, path, veto, veto.low)
        _hearing(findings, path, veto)


def _effect(findings: Findings, path: Path, veto: Veto) -> None:
    effect = veto.effect
    if effect.gives is None and effect.at_most is None and effect.band is None and effect.eligible:
        said = N_("This veto does nothing. Write one of: gives: 59, at_most: 59, band: …, eligible: false.")
        findings.add(path, message(said))
    if effect.gives is not None and effect.at_most is not None:
        said = N_("gives already sets the points: leave at_most out.")
        findings.add((*path, "at_most"), message(said))
    if effect.part is not None:
        part_is_known(findings, (*path, "part"), effect.part)
        if effect.gives is None and effect.at_most is None and (effect.band is not None or not effect.eligible):
            said = N_("part says whose points change: write gives or at_most, or leave part out.")
            findings.add((*path, "part"), message(said))
    if effect.band is not None:
        band_is_known(findings, (*path, "band"), effect.band)


def _hearing(findings: Findings, path: Path, veto: Veto) -> None:
    """A veto hears its own code, or an item or ± rule of the scheme, and there a kind that is told there."""
    if veto.kind is not None and veto.item is None:
        alone = N_("kind tells apart what is logged on an item: write item: CODE too, or leave kind out.")
        findings.add((*path, "kind"), message(alone))
    if veto.item is None or not findings.intact("items", "adjustments"):
        return
    known = dict(_kinds_by_code(findings.scheme))
    if veto.item not in known:
        stranger = unknown(
            N_('No item or ± rule has the code "{written}". Did you mean "{nearest}"?'),
            N_('No item or ± rule has the code "{written}". Known: {known}.'),
            written=veto.item,
            known=known,
        )
        findings.add((*path, "item"), stranger)
        return
    for place, kind in enumerate(veto.kind or ()):
        if kind not in known[veto.item]:
            said = N_("No rule of {item} names the kind {kind}, so no fact there can carry it. Kinds: {known}.")
            names = ", ".join(sorted(known[veto.item])) or "-"
            findings.add((*path, "kind", place), message(said, item=veto.item, kind=kind, known=names))


def _kinds_by_code(scheme: Scheme) -> Iterator[tuple[str, set[str]]]:
    """Every item and ± rule, with the kinds that its rules tell apart."""
    for item in scheme.items:
        parts = [*getattr(item.rule, "deduct", ()), *getattr(item.rule, "add", ())]
        yield item.code, {*(getattr(item.rule, "kind", None) or ()), *_kinds_of(parts)}
    for group in scheme.adjustments:
        for rule in group.rules:
            yield rule.code, _kinds_of([rule.rule] if isinstance(rule.rule, Pricing) else [])


def _kinds_of(parts: Iterable[Pricing]) -> set[str]:
    told = [kind for part in parts for kind in (part.when.kind if part.when and part.when.kind else ())]
    told += [easing.kind for part in parts for easing in part.eased]
    return {*told, *(kind for part in parts for kind in part.needs or ())}


def _low(findings: Findings, path: Path, veto: Veto, low: Low) -> None:
    part = veto.effect.part
    for key in ("times", "level_min", "item", "kind", "each"):
        if key in veto.model_fields_set:
            said = N_("{key} speaks of what is logged, and low asks for a score: leave one of the two out.")
            findings.add((*path, key), message(said, key=key))
    if not exact(low.below):
        findings.add((*path, "low", "below"), message(N_("No score lies below 0: write the line, such as 60.")))
    if part is not None and low.of in (BASE, TOTAL):
        said = N_("{of} is not known before {part} is: let this veto ask for a part, a section or an item.")
        findings.add((*path, "low", "of"), message(said, of=low.of, part=part))
    else:
        measure_is_known(findings, (*path, "low", "of"), low.of, TOTAL, BASE)
        everybody_has(findings, (*path, "low", "of"), low.of)


def band_is_known(findings: Findings, path: Path, written: str) -> None:
    """Put down a band that is named and is not in the list."""
    names = [band.name for band in findings.scheme.bands]
    if not findings.intact("bands") or written in names:
        return
    said = message(N_('There is no band "{written}": the file lists no bands.'), written=written)
    if names:
        said = unknown(
            N_('There is no band "{written}". Did you mean "{nearest}"?'),
            N_('There is no band "{written}". Bands: {known}.'),
            written=written,
            known=names,
        )
    findings.add(path, said)


def zero_out_names_a_band(findings: Findings) -> None:
    """Where fraud decides the band, the scheme says which, and has it."""
    rule = findings.scheme.zero_out
    if rule is None:
        return
    if rule.effect != "total" and rule.band is None:
        said = N_("The effect {effect} needs band: the name of the band.")
        findings.add(("zero_out",), message(said, effect=rule.effect))
    elif rule.band is not None:
        band_is_known(findings, ("zero_out", "band"), rule.band)
