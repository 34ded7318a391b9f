"""The skeleton of a scheme file, made of a few answers: every common rule once, each with a word of explanation.

It is sound as it stands (`gk scheme check` accepts it), and `tests_file` is a scenario of it that passes: so a clerk
begins with something that works and changes it line by line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from cli.skeleton_items import Sample, alternatives, samples_for, sketch
from gkevents.terms import ZERO, show
from gkevents.words import N_, Message, message, say

GETS: Final = ("none", "peers-mean", "full", "share", "rescale", "spread")
"""What an item may give that does not concern the unit."""

_PLAIN: Final = re.compile(r"[^\W_][\w（）、·《》“”，。；%.-]*( [\w（）、·《》“”，。；%.-]+)*")
_WORDS: Final = frozenset({"null", "Null", "NULL", "none"})
_BASE: Final = Fraction(100)


class Plan(NamedTuple):
    """What was asked for: the head of the scheme, its sections with their points, and which rules are wanted."""

    scheme: str
    title: str
    issuer: str
    year: int
    categories: tuple[str, ...]
    sections: tuple[tuple[str, Fraction], ...]
    overlay: bool = False
    parts: bool = False
    bonus: bool = True
    veto: bool = False
    not_applicable: str = "none"
    bands: bool = True

    @property
    def weights(self) -> list[Fraction]:
        """What each section is multiplied by: alike, the first takes what is left over; 1 where there are no parts."""
        count = len(self.sections)
        if not self.parts:
            return [Fraction(1)] * count
        each = Fraction(100 // count, 100)
        return [1 - each * (count - 1), *[each] * (count - 1)]

    @property
    def base_total(self) -> Fraction:
        """What the items give in all."""
        points = sum((weight * given for weight, (_, given) in zip(self.weights, self.sections, strict=True)), ZERO)
        return _BASE if self.overlay else points


def quoted(text: str) -> str:
    """A text as YAML has it: plain where nothing in it could be taken for something else."""
    plain = _PLAIN.fullmatch(text) and text not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)


class _Page:
    """A file that is written line by line, its explanations in one language."""

    def __init__(self, lang: str) -> None:
        self.lang, self.lines = lang, list[str]()

    def add(self, *lines: str) -> None:
        """Lines as they are."""
        self.lines += lines

    def word(self, said: Message | str) -> str:
        """A word in the file's language."""
        return say(said, self.lang)

    def value(self, said: Message | str) -> str:
        """A word in the file's language, as a value."""
        return quoted(self.word(said))

    def note(self, *said: Message | str, indent: int = 0) -> None:
        """Explanations, a line each."""
        self.lines += [f"{'':{indent}}# {self.word(each)}" for each in said]

    @property
    def text(self) -> str:
        """The file."""
        return "\n".join(self.lines) + "\n"


def scheme_file(plan: Plan, file: str, lang: str) -> str:
    """The scheme file of this name: a commented skeleton without a fault."""
    page = _Page(lang)
    _head(page, plan, file)
    _rules_of_the_whole(page, plan)
    _sections(page, plan)
    _items(page, plan)
    _adjustments(page, plan)
    return page.text


def _head(page: _Page, plan: Plan, file: str) -> None:
    page.note(
        N_("A scheme of scoring rules. Lines behind # only explain; delete them when you are done."),
        message(N_("Change it line by line, and look often: gk scheme check {file}"), file=file),
        N_("Titles, clauses and units are SAMPLES: put the paper's in, restated briefly in your own words."),
    )
    page.add(f"scheme: {plan.scheme}", f"family: {plan.scheme.removesuffix(f'-{plan.year}') or plan.scheme}")
    page.add(f"title: {quoted(plan.title)}", f"issuer: {quoted(plan.issuer)}")
    page.note(N_("document: the paper's number; null where none is printed."))
    page.add("document: null", f"year: {plan.year}")
    page.note(N_("base_total: what the items give in all (with parts: each weighted). It is checked."))
    page.add(f"base_total: {show(plan.base_total)}")
    if plan.overlay:
        page.note(
            N_("points: overlay - the paper prints none; a file of its own gives them: gk scheme adopt --overlay.")
        )
    page.add(f"points: {'overlay' if plan.overlay else 'printed'}")
    page.note(N_("total: floor and ceiling of the total; ceiling: null where bonuses may lift it above."))
    page.add("total: {floor: 0, ceiling: null}")
    page.note(
        N_("Nothing is rounded unless the paper says so, step by step: item, section, part, weighted, total."),
        "rounding: {total: {digits: 2, mode: half-up}}",
    )
    page.note(N_('Equal totals: "1,1,3", "1,1,2", not-shared, unordered, or {by: [CODE]}.'))
    page.add('ties: "1,1,3"', "")


def _rules_of_the_whole(page: _Page, plan: Plan) -> None:
    if plan.categories:
        page.note(N_("variants: kinds of units whose items differ; an item with only: is on the form of one kind."))
        page.add(f"variants: [{', '.join(map(quoted, plan.categories))}]", "")
    if plan.not_applicable != "none":
        _not_applicable(page, plan)
    if plan.veto:
        page.note(N_("vetoes: a single thing that decides. It is logged as an occurrence with the veto's code."))
        page.add("vetoes:", "  - code: VETO1", "    title: " + page.value(N_("Sample veto")))
        page.add("    clause: " + page.value(N_("Happened once: at most this total, and no commendation")))
        page.add(f"    effect: {{at_most: {show(plan.base_total * 59 / 100)}, eligible: false}}")
        page.note(
            N_("Or by a low score: low: {of: total, below: 60}, and an effect such as {gives: 59} or {band: …}."),
            indent=4,
        )
        page.add("")
    if plan.bands:
        _bands(page, plan)
    page.note(N_("roster: the units assessed, by their official names. These are samples."))
    page.add("roster:", *(_unit(name, category) for name, category in units(plan, page.lang)), "")


def _not_applicable(page: _Page, plan: Plan) -> None:
    page.note(
        N_("not_applicable: what an item gives that does not concern the unit. gets: peers-mean, full,"),
        N_("share (with share: 80%), rescale or spread (with within: section, part or total)."),
    )
    extra = {"share": ["  share: 80%"], "rescale": ["  within: section"], "spread": ["  within: section"]}
    page.add("not_applicable:", f"  gets: {plan.not_applicable}", *extra.get(plan.not_applicable, []))
    page.add("  clause: " + page.value(N_("What is said of items that do not concern a unit")), "")


def bands_of(plan: Plan) -> list[tuple[str, Fraction | None]]:
    """The bands, from high to low, each with the points it begins at."""
    names = (N_("Excellent"), N_("Good"), N_("Passed"), N_("Failed"))
    starts = [plan.base_total * share / 10 for share in (9, 8, 6)]
    return list(zip(names, [*starts, None], strict=True))


def _bands(page: _Page, plan: Plan) -> None:
    page.note(N_("bands: from high to low. from: is included; above:, to:, below: and top: 20% (a quota) exist too."))
    page.add("bands:")
    for place, (name, start) in enumerate(bands_of(plan)):
        begins = f", from: {show(start)}" if start is not None else ""
        eligible = ", eligible: true" if plan.veto and place == 0 else ""
        page.add(f"  - {{name: {page.value(name)}{begins}{eligible}}}")
    page.add("")


def units(plan: Plan, lang: str) -> list[tuple[str, str | None]]:
    """The sample units, one of each category, each with it."""
    categories: list[str | None] = [*plan.categories] or [None, None]
    said = N_("Sample unit {number}")
    return [(say(message(said, number=number), lang), of) for number, of in enumerate(categories, 1)]


def _unit(name: str, category: str | None) -> str:
    return f"  - {{name: {name}{f', category: {quoted(category)}' if category is not None else ''}}}"


def _sections(page: _Page, plan: Plan) -> None:
    page.note(
        N_("sections: the paper's headings. stated: the points printed there; what differs is said by the check.")
    )
    page.add("sections:")
    for name, points in plan.sections:
        page.add(f"  - {{name: {quoted(name)}, stated: {'null' if plan.overlay else show(points)}}}")
    page.add("")
    if plan.parts:
        page.note(N_("parts: each section's points times the weight. cap:, floor: and gate: are possible too."))
        page.add("parts:")
        for (name, _), weight in zip(plan.sections, plan.weights, strict=True):
            part = page.word(message(N_("Part {name}"), name=name))
            page.add(f"  - {{name: {quoted(part)}, sections: [{quoted(name)}], weight: {show(weight * 100)}%}}")
        page.add("")


def _items(page: _Page, plan: Plan) -> None:
    page.note(N_("items: the smallest criteria with points, each with a code of its own and a rule."))
    page.add("items:")
    for sample in _samples(plan):
        page.add(*sketch(sample, page.lang, quoted))
    page.note(N_("Other rules, each for an item of 5 points; put one behind rule: above."), *alternatives(page.lang))
    page.add("")


def _samples(plan: Plan) -> list[Sample]:
    return samples_for(plan.sections, plan.categories, overlay=plan.overlay)


def _adjustments(page: _Page, plan: Plan) -> None:
    if not plan.bonus:
        page.note(N_("adjustments: bonuses and deductions beyond the items; there are none here."))
        page.add("adjustments: []")
        return
    page.note(
        N_("adjustments: bonuses and deductions beyond the items. cap: of the group, each side by itself;"),
        N_(
            "same_matter: highest counts one matter once; gate: {of: base, from: 80} gives bonuses only from a line on."
        ),
    )
    page.add("adjustments:", "  - code: PM", "    title: " + page.value(N_("Bonuses and deductions")))
    page.add("    clause: " + page.value(N_("At most 5 points either way")), "    cap: {bonus: 5, deduction: 5}")
    page.add("    same_matter: highest", "    rules:")
    levels = "overlay" if plan.overlay else "{national: 2, provincial: 1, city: 0.5}"
    price = "overlay" if plan.overlay else "1"
    page.add(*_rule(page, "PM-P1", "bonus", N_("Praised, by level"), f"{{each: matter, price: {levels}}}"))
    page.add(*_rule(page, "PM-D1", "deduction", N_("Criticised, each time"), f"{{each: event, price: {price}}}"))


def _rule(page: _Page, code: str, side: str, title: str, rule: str) -> list[str]:
    word = page.value(title)
    lines = [f"code: {code}", f"side: {side}", f"title: {word}", f"clause: {word}", f"rule: {rule}"]
    return [f"      {'- ' if place == 0 else '  '}{line}" for place, line in enumerate(lines)]


def tests_file(plan: Plan, file: str, lang: str) -> str:
    """The scenario file beside a scheme file of this name: one scenario, which passes."""
    page = _Page(lang)
    page.note(
        N_("Scenarios: given facts, expected points. They are run by: gk scheme test, and store nothing."),
        N_("Work the points out by hand, by the paper, and put them under expect. Facts and units here are samples."),
    )
    unit, category = units(plan, lang)[0]
    page.add(f"scheme: {quoted(file)}", "scenarios:")
    page.add("  - name: " + page.value(N_("Every item in full, one thing that costs points, one praise")))
    page.add(f"    units: {{{unit}: {quoted(category)}}}" if category is not None else f"    units: [{unit}]")
    page.add("    facts:", *(f"      - {{{fact}}}" for fact in _facts(plan)))
    page.add("    expect:", f"      {unit}: {{{_expected(page, plan)}}}")
    return page.text


def _own(plan: Plan) -> Iterator[Sample]:
    """The items on the form of the scenario's unit."""
    for sample in _samples(plan):
        if sample.only in (None, *plan.categories[:1]):
            yield sample


def _facts(plan: Plan) -> Iterable[str]:
    for sample in _own(plan):
        for fact in sample.facts:
            yield f"{fact}, item: {sample.code}, effective_on: {plan.year}-06-30"
    if plan.bonus:
        yield f"type: praise, level: city, item: PM-P1, effective_on: {plan.year}-09-01"


def _expected(page: _Page, plan: Plan) -> str:
    """What the scenario's unit gets: nothing is certain before points are decided."""
    if plan.overlay:
        return "total: null, low: null"
    weights = {name: weight for (name, _), weight in zip(plan.sections, plan.weights, strict=True)}
    total = sum((weights[sample.section] * sample.score for sample in _own(plan)), ZERO)
    total += Fraction(1, 2) if plan.bonus else ZERO
    items = ", ".join(f"{sample.code}: {show(sample.score)}" for sample in _own(plan))
    said = f"total: {show(total)}, items: {{{items}}}"
    if plan.bands:
        reached = next(name for name, start in bands_of(plan) if start is None or total >= start)
        said += f", band: {page.value(reached)}"
    return said
