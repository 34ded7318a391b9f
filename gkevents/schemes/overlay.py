"""Points decided later, for a scheme whose paper prints none: read, and refused unless they fit it to the last code.

The result goes into the edition and its digest as it is written, so it holds plain texts only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from pydantic import Field, ValidationError

from gkevents.schemes.faults import structure_faults, unknown
from gkevents.schemes.model import Content
from gkevents.schemes.scalars import Day, Number, Part, Text, plain
from gkevents.schemes.tree import Fault, Tree, plant
from gkevents.terms import ZERO, exact, exact_share, show
from gkevents.words import N_, Message, message

_SHOWN_MAX: Final = 20


class Overlay(Part):
    """Points for every item without points, prices for every ± rule without one, caps if decided."""

    points: dict[str, Number] = Field(description="各条目的满分")
    adjustments: dict[str, Number] = Field(default={}, description="各加减分条的价")
    caps: dict[str, Number] = Field(default={}, description="加减分条或组的上限")
    source: Text = Field(description="依据的文件")
    decided_on: Day = Field(description="决定的日期")
    status: Text | None = Field(None, description="说明，如试行")


def read_overlay(text: str | bytes, content: Content) -> tuple[dict[str, Any] | None, tuple[Fault, ...]]:
    """The overlay that a YAML or JSON text holds for a scheme's content (see `model.edition_of`), or all its faults."""
    if content["points"] != "overlay":
        said = N_("The scheme {scheme} has its own points; it takes no overlay.")
        return None, (Fault(1, 1, message(said, scheme=content["scheme"])),)
    tree, faults = plant(text)
    if tree is None:
        return None, tuple(faults)
    if not isinstance(tree.data, dict):
        said = N_('An overlay holds keys and values, such as "points: {{S1: 2}}"; this is something else.')
        return None, _in_order([*faults, Fault(*tree.at(()), message(said))])
    known: dict[int, tuple[str, ...]] = {}
    try:
        overlay = Overlay.model_validate(tree.data, context=known)
    except ValidationError as error:
        faults += [fault for _, fault in structure_faults(error, tree, known)]
        return None, _in_order(faults)
    faults += _misfits(overlay, content, tree)
    if faults:
        return None, _in_order(faults)
    return {key: value for key, value in plain(overlay).items() if value is not None}, ()


def _in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: (fault.line, fault.column)))


def _misfits(overlay: Overlay, content: Content, tree: Tree) -> Iterator[Fault]:
    """What keeps a well-formed overlay from fitting its scheme."""
    items = [row["code"] for row in content["items"] if row["rule"]["start"] != "elsewhere"]
    rules = [rule for group in content["adjustments"] for rule in group["rules"]]
    priced = [rule["code"] for rule in rules if rule["rule"].get("price") == "overlay"]
    capped = [*(group["code"] for group in content["adjustments"]), *(rule["code"] for rule in rules)]
    strangers = [
        *_strangers("points", overlay.points, items, tree),
        *_strangers("adjustments", overlay.adjustments, priced, tree),
        *_strangers("caps", overlay.caps, capped, tree),
    ]
    yield from strangers
    missing = [
        *_missing("points", overlay.points, items, tree),
        *_missing("adjustments", overlay.adjustments, priced, tree),
    ]
    yield from missing
    if not strangers and not missing:
        yield from _sums(overlay, content, tree)


def _strangers(key: str, given: Mapping[str, str], known: list[str], tree: Tree) -> Iterator[Fault]:
    for code in given:
        if code not in known:
            yield Fault(*tree.key_at((key, code)), _stranger(key, code, known))


def _stranger(key: str, code: str, known: list[str]) -> Message:
    return unknown(
        N_('"{written}" takes no {key} from an overlay. Did you mean "{nearest}"?'),
        N_('"{written}" takes no {key} from an overlay. Those that do: {known}.'),
        written=code,
        known=known,
        key=key,
    )


def _missing(key: str, given: Mapping[str, str], known: list[str], tree: Tree) -> Iterator[Fault]:
    absent = [code for code in known if code not in given]
    if absent:
        some = ", ".join(absent[:_SHOWN_MAX]) + (" …" if len(absent) > _SHOWN_MAX else "")
        said = N_("Codes missing under {key} ({count}): {codes}.")
        yield Fault(*tree.key_at((key,)), message(said, count=len(absent), key=key, codes=some))


def _sums(overlay: Overlay, content: Content, tree: Tree) -> Iterator[Fault]:
    wanted = exact(content["base_total"])
    weighed = [form for part in content["parts"] if isinstance(part["weight"], dict) for form in part["weight"]]
    for variant in content["variants"] or list(dict.fromkeys(weighed)) or [""]:
        found = _sum(overlay, content, variant)
        if found != wanted:
            said = N_("The points add up to {found}, not to {wanted}.")
            if variant:
                said = N_("The points for {variant} add up to {found}, not to {wanted}.")
            values = {"found": show(found), "wanted": show(wanted), "variant": variant}
            yield Fault(*tree.key_at(("points",)), message(said, **values))


def _sum(overlay: Overlay, content: Content, variant: str) -> Fraction:
    """What the overlay gives a unit of this category in all, each part with its weight."""
    weights = _weights(content, variant)
    total = ZERO
    for row in content["items"]:
        if row["code"] in overlay.points and (row["only"] is None or variant in row["only"]):
            total += exact(overlay.points[row["code"]]) * weights.get(row["section"].partition(" / ")[0], Fraction(1))
    return total


def _weights(content: Content, variant: str) -> dict[str, Fraction]:
    """What the points of each section are multiplied by in the base; 0 in parts beyond it."""
    weights = {}
    for part in content["parts"]:
        said = part["weight"] if isinstance(part["weight"], str) else part["weight"][variant]
        for name in part["sections"]:
            weights[name] = ZERO if part["beyond"] else exact_share(said)
    return weights
