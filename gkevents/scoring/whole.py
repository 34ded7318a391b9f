"""From items to the total: sections, parts with their weights, ± groups behind their gates, bounds, rounding, vetoes.

Nested from the inside out, each step in the order that `Nested` is read. What a step adds or takes beyond what the
items and ± rules say themselves is a `Step`, so that the ledger sums. A unit that is not decided goes through twice,
once with each item at its lowest and once at its highest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import Group, SchemePart, Section, Veto
from gkevents.scoring.adjustments import GroupScore, shut
from gkevents.scoring.items import ItemScore
from gkevents.scoring.rounding import rounded
from gkevents.terms import ONE, ZERO, times, total

BASE = "base"
TOTAL = "total"


class Step(NamedTuple):
    """What one step beyond items and ± rules adds to the total (points of the total, signed).

    `kind` says which; `name` of what; `before` and `after` are the score it changed, in that score's own points.
    """

    kind: str
    name: str
    points: Fraction
    before: Fraction
    after: Fraction
    caused_by: tuple[str, ...] = ()


class PartScore(NamedTuple):
    """A part's score before its weight, its weight, and what it brings to the total; None while undetermined."""

    name: str
    weight: Fraction
    score: Fraction | None
    low: Fraction
    high: Fraction
    weighted: Fraction | None


@dataclass
class Whole:
    """One way through: the total, what it is made of, the steps, and the scores that gates and vetoes look at."""

    total: Fraction = ZERO
    base: Fraction = ZERO
    bonus: Fraction = ZERO
    deduction: Fraction = ZERO
    steps: list[Step] = field(default_factory=list)
    measures: dict[str, Fraction] = field(default_factory=dict)
    parts: dict[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    groups: list[GroupScore] = field(default_factory=list)
    fired: list[Veto] = field(default_factory=list)

    def is_below(self, veto: Veto) -> bool:
        """Whether the score that a veto asks for is below its line; what does not concern the unit never is."""
        return veto.of in self.measures and measure_of(self.measures, veto.of or "") < veto.below


def measure_of(measures: Mapping[str, Fraction], name: str) -> Fraction:
    """A score by its name: of an item or section, of a part as printed (before its weight), the base, the total."""
    return measures.get(f"{name}\0whole", measures.get(name, ZERO))


class Case(NamedTuple):
    """What goes through: the unit's category, its items and ± groups, the facts that fire a veto by its code.

    `history`: for vetoes over several years, whether every year before was below the line, by code.
    """

    category: str
    items: Mapping[str, ItemScore]
    groups: Sequence[GroupScore]
    veto_refs: Mapping[str, tuple[str, ...]]
    history: Mapping[str, bool]


def through(
    edition: Edition,
    case: Case,
    scores: Mapping[str, Fraction],
    *,
    unsure: frozenset[str] = frozenset(),
    up: bool = False,
) -> Whole:
    """The way of one set of item scores to the total.

    Vetoes of the codes in `unsure` may fire or not: whichever leaves less is taken, or (`up`) whichever leaves more.
    """
    whole = Whole()
    if edition.asks_scores:
        out = left_out(edition, case.items)
        whole.measures.update((code, points) for code, points in scores.items() if code not in out)
    walk = _Walk(edition, case, scores, (unsure, up), whole)
    walk.items()
    walk.parts()
    walk.total()
    return whole


def left_out(edition: Edition, items: Mapping[str, ItemScore]) -> frozenset[str]:
    """The items that do not concern the unit and are not counted: they have no score that anything could ask for."""
    return frozenset(
        code
        for code, item in items.items()
        if item.state == "not-applicable"
        and (aside := edition.items[code].aside) is not None
        and aside.gets in ("rescale", "spread")
    )


class _Walk:
    """The steps of one way, in their order."""

    def __init__(
        self,
        edition: Edition,
        case: Case,
        scores: Mapping[str, Fraction],
        doubt: tuple[frozenset[str], bool],
        whole: Whole,
    ) -> None:
        self.edition, self.case, self.scores, self.whole = edition, case, scores, whole
        self.unsure, self.up = doubt
        self.convert = edition.convert
        self.inner: list[Fraction] = []
        self.base_rescale = ZERO

    def items(self) -> None:
        """Sections and the items' part of each part, rescaled and bounded; then the base."""
        whole, scores = self.whole, self.scores
        for part, sections, weight in self.edition.frame(self.case.category):
            points = ZERO
            for section, codes in sections:
                points += self._section(section, codes, total([scores[code] for code in codes]), weight)
            if self.edition.rescales:
                points = self._rescaled("part", part.name, points, [c for _, codes in sections for c in codes], weight)
            if part.name and self._asked(code for _section, codes in sections for code in codes):
                whole.measures[part.name] = points
            self.inner.append(points)
            if not part.beyond:
                whole.base += times(points, weight)
        whole.base = self._base_rescaled(whole.base)
        whole.measures[BASE] = whole.base

    def _section(self, section: Section, codes: Sequence[str], found: Fraction, weight: Fraction) -> Fraction:
        reached = self._rescaled("section", section.name, found, codes, weight) if self.edition.rescales else found
        reached = self._bounded("section", section.name, reached, (section.floor, section.cap), weight)
        reached = self._rounded("section", section.name, reached, weight) if self.edition.rounding else reached
        if self._asked(codes):
            self.whole.measures[section.name] = reached
        return reached

    def _asked(self, codes: Iterable[str]) -> bool:
        """Whether the score of these items together may be asked for: some of them concern the unit."""
        return self.edition.asks_scores and any(code in self.whole.measures for code in codes)

    def parts(self) -> None:
        """Each part with its ± groups: vetoes, bounds, rounding, weight."""
        whole = self.whole
        frame = self.edition.frame(self.case.category)
        for (part, _sections, weight), points in zip(frame, self.inner, strict=True):
            given = (whole.bonus, whole.deduction)
            reached = points + (self._groups(part.name, weight) if part.name else ZERO)
            reached = self._vetoed(part.name, reached, weight) if part.name else reached
            reached = self._bounded("part", part.name, reached, (part.floor, part.cap), weight)
            reached = self._rounded("part", part.name, reached, weight)
            if part.name in whole.measures:
                whole.measures[f"{part.name}\0whole"] = reached
            brings = self._rounded("weighted", part.name, times(reached, weight), ONE)
            if not self._opens(part):
                brings = self._step("gate", part.name, brings, ZERO, ONE)
                whole.bonus, whole.deduction = given
            elif part.beyond:
                whole.bonus += times(points, weight)
            whole.parts[part.name] = (reached, brings)
            whole.total += brings

    def total(self) -> None:
        """The whole: what is rescaled, groups without a part, conversion, bounds, rounding, vetoes."""
        whole, edition = self.whole, self.edition
        whole.total += self.base_rescale
        whole.total += self._groups("", ONE) if edition.groups else ZERO
        reached = times(whole.total, self.convert)
        whole.base, whole.bonus, whole.deduction = (
            times(points, self.convert) for points in (whole.base, whole.bonus, whole.deduction)
        )
        self.convert = ONE
        reached = self._bounded("total", "", reached, (edition.floor, edition.ceiling), ONE)
        reached = self._rounded("total", "", reached, ONE)
        whole.measures[TOTAL] = reached
        whole.total = self._vetoed("", reached, ONE)

    def _groups(self, part: str, weight: Fraction) -> Fraction:
        """What the ± groups of a part (without a name: of none) add to it, in its own points."""
        net = ZERO
        for group, score in zip(self.edition.groups, self.case.groups, strict=True):
            if (group.part or "") == part:
                settled = score if self._opens(group) else shut(group, score)
                self.whole.groups.append(settled)
                self.whole.bonus += times(settled.bonus, weight)
                self.whole.deduction += times(settled.deduction, weight)
                net += settled.bonus - settled.deduction
        return net

    def _opens(self, gated: Group | SchemePart) -> bool:
        if gated.gate is None:
            return True
        measures = self.whole.measures
        return gated.gate.of not in measures or gated.gate.opens(measures[gated.gate.of])

    def _step(self, kind: str, name: str, before: Fraction, after: Fraction, weight: Fraction) -> Fraction:
        if after != before:
            points = (after - before) * weight * self.convert
            self.whole.steps.append(Step(kind, name, points, before, after))
        return after

    def _bounded(
        self, kind: str, name: str, points: Fraction, bounds: tuple[Fraction | None, Fraction | None], weight: Fraction
    ) -> Fraction:
        floor, cap = bounds
        if floor is not None and points < floor:
            return self._step(f"{kind}-floor" if name else "floor", name, points, floor, weight)
        if cap is not None and points > cap:
            return self._step(f"{kind}-cap" if name else "ceiling", name, points, cap, weight)
        return points

    def _rounded(self, step: str, name: str, points: Fraction, weight: Fraction) -> Fraction:
        how = self.edition.rounding.get(step)
        return points if how is None else self._step("rounding", name, points, rounded(points, how), weight)

    def _rescaled(self, scope: str, name: str, points: Fraction, codes: Sequence[str], weight: Fraction) -> Fraction:
        """A sum of items from which some were set aside, brought up to what all of them would have given."""
        out = self._out(scope, codes)
        if not out:
            return points
        most = sum((self._most(code) for code in codes), ZERO)
        left = most - sum((self._most(code) for code in out), ZERO)
        return self._step("rescale", name, points, points * most / left if left else ZERO, weight)

    def _base_rescaled(self, base: Fraction) -> Fraction:
        """The same for the whole, by weighted maxima."""
        weights = {
            code: weight
            for part, sections, weight in self.edition.frame(self.case.category)
            if not part.beyond
            for _section, codes in sections
            for code in codes
        }
        out = self._out("total", list(weights)) if self.edition.rescales else []
        if not out:
            return base
        most = sum((self._most(code) * weight for code, weight in weights.items()), ZERO)
        left = most - sum((self._most(code) * weights[code] for code in out), ZERO)
        after = self._step("rescale", "", base, base * most / left if left else ZERO, ONE)
        self.base_rescale = after - base
        return after

    def _out(self, scope: str, codes: Sequence[str]) -> list[str]:
        items = self.edition.items
        return [
            code
            for code in codes
            if self.case.items[code].state == "not-applicable"
            and (aside := items[code].aside) is not None
            and (aside.gets, aside.within) == ("rescale", scope)
        ]

    def _most(self, code: str) -> Fraction:
        """An item's maximum; what was spread over others is in theirs."""
        item, aside = self.case.items[code], self.edition.items[code].aside
        if item.state == "not-applicable" and aside is not None and aside.gets == "spread":
            return ZERO
        return item.points_max or ZERO

    def _vetoed(self, part: str, points: Fraction, weight: Fraction) -> Fraction:
        """A score as the vetoes on it leave it, in the order in which the scheme names them."""
        for veto in self.edition.vetoes:
            doubtful = veto.code in self.unsure
            if (veto.part or "") != part or not (doubtful or self._fires(veto)):
                continue
            after = points if veto.gives is None else veto.gives
            after = after if veto.at_most is None else min(after, veto.at_most)
            if doubtful:
                after = max(points, after) if self.up else min(points, after)
            else:
                self.whole.fired.append(veto)
            if after != points:
                refs = self.case.veto_refs.get(veto.code, ())
                change = (after - points) * weight * self.convert
                self.whole.steps.append(Step("veto", veto.code, change, points, after, refs))
            points = after
        return points

    def _fires(self, veto: Veto) -> bool:
        if veto.of is None:
            return veto.code in self.case.veto_refs
        measures = self.whole.measures
        if veto.of not in measures:
            return False
        score = measures[veto.of] if veto.part is not None else measure_of(measures, veto.of)
        return score < veto.below and self.case.history.get(veto.code, True)
