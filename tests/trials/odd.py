"""Small invented schemes, each with one thing that is odd, and beside each one a near miss that is not.

The mark ¦ stands where the warning is expected; what comes after ⟶ in the near miss replaces what comes before it.
"""
# ruff: noqa: E501 - a rule in flow style stays on its line

from __future__ import annotations

from typing import Final, NamedTuple

HEAD: Final = """\
scheme: odd-2020
family: odd
title: 试表
issuer: 某办公室
year: 2020
points: printed
"""


class Odd(NamedTuple):
    """A scheme with one thing odd: its name, the warning's code, the file with its mark, and what mends it."""

    name: str
    code: str
    marked: str
    old: str
    new: str


def scheme(body: str, total: str = "10") -> str:
    """A whole file from what differs."""
    sections = "" if "sections:" in body else "sections: [{name: 甲节}]\n"
    return f"{HEAD}base_total: {total}\n{sections}{body}"


def item(rule: str, *, points: str = "10", more: str = "", code: str = "A1") -> str:
    """One item with a rule."""
    extra = f"    {more}\n" if more else ""
    return f"  - code: {code}\n    title: 条\n    section: 甲节\n    points: {points}\n    clause: 款\n{extra}    rule: {rule}\n"


def items(*rules: str) -> str:
    """Items with one rule each, ten points in all."""
    each = str(10 // len(rules))
    return "items:\n" + "".join(item(rule, points=each, code=f"A{place}") for place, rule in enumerate(rules, 1))


def one(rule: str) -> str:
    """A file with one item of ten points."""
    return scheme(items(rule))


def group(*rules: str, more: str = "cap: {bonus: null, deduction: null}") -> str:
    """A file with a graded item of ten points, and a group of ± rules."""
    rows = "".join(
        f"      - {{code: P{place}, side: {rule.split('|')[0]}, title: 加, clause: 款, rule: {rule.split('|')[1]}}}\n"
        for place, rule in enumerate(rules, 1)
    )
    lines = "".join(f"    {line}\n" for line in more.splitlines())
    return scheme(
        items("{start: grade}")
        + f"adjustments:\n  - code: PM\n    title: 加减\n    clause: 款\n{lines}    rules:\n{rows}"
    ).replace("  - code: PM", "  - code: PM")


ODDS: Final = (
    # sums
    Odd(
        "a difference acknowledged", "sum-acknowledged",
        scheme("sections: [{name: 甲节, stated: 11}]\nacknowledged:\n  - ¦{section: 甲节, stated: 11, items: 10, why: 缺一分}\n" + items("{start: grade}")),
        "sections: [{name: 甲节, stated: 11}]\nacknowledged:\n  - {section: 甲节, stated: 11, items: 10, why: 缺一分}\n", "sections: [{name: 甲节, stated: 10}]\n",
    ),
    # nothing to lose, nothing to win
    Odd("a price of nought", "nothing-to-lose", one("¦{start: full, deduct: [{each: event, price: 0}]}"), "price: 0", "price: 1"),
    Odd("a floor at the maximum", "nothing-to-lose", one("¦{start: full, floor: 10, deduct: [{each: event, price: 1}]}"), "floor: 10", "floor: 9"),
    Odd("a card cannot be serious", "nothing-to-lose", one("¦{start: full, deduct: [{on: cards, each: event, price: 1, when: {serious: true}}]}"), "on: cards, ", ""),
    Odd("a gain of nought", "nothing-to-win", one("¦{start: zero, add: [{each: event, price: 0}]}"), "price: 0", "price: 1"),
    Odd("tiers that are all alike", "nothing-to-lose", one("{start: metric, worth: ¦{tiers: [{from: 50%, points: 10}, {from: 0, points: 10}]}}"), "from: 0, points: 10", "from: 0, points: 0"),
    Odd("one rule of two", "rule-without-effect", one("{start: full, deduct: [{each: event, price: 1}, ¦{on: cards, each: event, price: 0}]}"), "price: 0", "price: 1"),
    Odd("the full points too high", "full-unreachable", one("{start: zero, add: [{each: year, price: 8}]}").replace("points: 10", "points: ¦10"), "price: 8", "price: 10"),
    Odd("tiers below the maximum", "full-unreachable", one("{start: metric, worth: {tiers: [{from: 50%, points: 8}, {from: 0, points: 0}]}}").replace("points: 10", "points: ¦10", 1), "points: 8", "points: 10"),
    Odd("marks below the maximum", "full-unreachable", one("{start: grade, allowed: [{points: 0, when: 无}, {points: 8, when: 有}]}").replace("points: 10", "points: ¦10", 1), "points: 8", "points: 10"),
    # caps and prices
    Odd("a cap above the item", "cap-above-item", one("{start: full, deduct: [{each: event, price: 1, cap: ¦12}]}"), "cap: 12", "cap: 10"),
    Odd("a price above the item", "price-above-item", one("{start: full, deduct: [{each: event, price: ¦12}]}"), "price: 12", "price: all"),
    Odd("a price above the cap", "price-above-cap", one("{start: full, deduct: [{each: event, price: ¦5, cap: 3}]}"), "price: 5", "price: 3"),
    Odd("a price above the month's cap", "price-above-cap", one("{start: full, deduct: [{each: event, price: ¦3, cap: {month: 2, year: 8}}]}"), "price: 3", "price: 1"),
    Odd("a cap above once a year", "cap-unreached", one("{start: full, deduct: [{each: year, price: 2, cap: ¦5}]}"), "cap: 5", "cap: 2"),
    Odd("a year's cap above its months", "cap-unreached", one("{start: full, deduct: [{each: event, price: 0.5, cap: {quarter: 2, year: ¦9}}]}"), "year: 9", "year: 8"),
    Odd("a group's cap above its rules", "cap-unreached", group("bonus|{each: year, price: 2}", more="cap: {bonus: ¦5, deduction: null}"), "bonus: 5", "bonus: 2"),
    Odd("a rule's cap above its group's", "cap-above-group", group("bonus|{each: matter, price: 1, cap: ¦6}", more="cap: {bonus: 5, deduction: null}"), "cap: 6", "cap: 5"),
    Odd("a figure's cap above its tiers", "cap-unreached", group("bonus|{start: metric, worth: {tiers: [{from: 50%, points: 2}, {from: 0, points: 0}]}, cap: ¦3}"), "cap: 3", "cap: 2"),
    Odd("a section's cap above its items", "cap-unreached", scheme("sections: [{name: 甲节, cap: ¦12}]\n" + items("{start: grade}")), "cap: 12", "cap: 9"),
    Odd("a part's cap above its items", "cap-unreached", scheme("sections: [{name: 甲节}]\nparts: [{name: 甲部, sections: 甲节, cap: ¦12}]\n" + items("{start: grade}")), "cap: 12", "cap: 9"),
    Odd("a ceiling nobody comes to", "cap-unreached", scheme("total: {floor: 0, ceiling: ¦120}\n" + items("{start: grade}")), "ceiling: 120", "ceiling: 10"),
    # clauses that can't be reached
    Odd("a tier above all shares", "tier-unreachable", one("{start: metric, reads: share, worth: {tiers: [{from: ¦120%, points: 10}, {from: 50%, points: 8}, {from: 0, points: 0}]}}"), "reads: share, ", ""),
    Odd("a level that cards don't have", "condition-without-use", one("{start: full, deduct: [{on: cards, each: event, price: 1, level_min: ¦city}]}"), "on: cards, ", ""),
    Odd("a line above all shares", "nothing-to-lose", one("{start: metric, reads: share, worth: ¦{above: 1, each: 1%, per: 1}}"), "above: 1", "above: 90%"),
    Odd("a line below all figures", "nothing-to-lose", one("{start: count, worth: ¦{below: 0, per: 1}}"), "below: 0", "below: 3"),
    Odd("a step after the cap", "step-unreachable", one("{start: full, deduct: [{each: event, price: {nth: [1, 2, ¦3]}, cap: 3}]}"), "cap: 3", "cap: 4"),
    Odd("a total after the item", "step-unreachable", one("{start: full, deduct: [{each: event, price: {total: [5, 10, ¦12]}}]}"), "[5, 10, 12]", "[5, 8, 10]"),
    Odd("full points above 100 percent", "clause-unreachable", one("{start: metric, reads: share, worth: {proportional: 10, full_from: ¦110%}}"), "110%", "90%"),
    Odd("places for more units than there are", "clause-unreachable", scheme("roster: [{name: 甲局}, {name: 乙局}]\n" + items("{start: rank, worth: {places: [10, 8, ¦6]}}")), "[10, 8, 6]", "[10, 8]"),
    Odd("a gate above the items", "gate-never-opens", group("bonus|{each: matter, price: 1}", more="gate: {of: base, from: ¦11}\ncap: {bonus: null, deduction: null}"), "from: 11", "from: 10"),
    Odd("a gate that must be exceeded", "gate-never-opens", group("bonus|{each: matter, price: 1}", more="gate: {of: A1, above: ¦10}\ncap: {bonus: null, deduction: null}"), "above: 10", "above: 9"),
    Odd("a gate at nought", "gate-always-open", group("bonus|{each: matter, price: 1}", more="gate: {of: base, from: ¦0}\ncap: {bonus: null, deduction: null}"), "from: 0", "from: 1"),
    Odd("a veto below a line nobody reaches", "veto-always", scheme("vetoes: [{code: V1, title: 否决, clause: 款, low: {of: A1, below: ¦11}, effect: {at_most: 5}}]\n" + items("{start: grade}")), "below: 11", "below: 6"),
    Odd("a veto below the floor", "veto-never", scheme("vetoes: [{code: V1, title: 否决, clause: 款, low: {of: A1, below: ¦2}, effect: {at_most: 5}}]\n" + items("{start: full, floor: 3, deduct: [{each: event, price: 1}]}")), "below: 2", "below: 6"),
    Odd("a veto that takes nothing", "veto-without-effect", scheme("vetoes: [{code: V1, title: 否决, clause: 款, effect: {at_most: ¦10}}]\n" + items("{start: grade}")), "at_most: 10", "at_most: 5"),
    Odd("a band above the maximum", "band-unreachable", scheme("bands: [¦{name: 特, from: 11}, {name: 好, from: 6}, {name: 差}]\n" + items("{start: grade}")), "from: 11", "from: 10"),
    Odd("a band below nought", "band-unreachable", scheme("bands: [{name: 好, from: 6}, {name: 中, from: 0}, ¦{name: 差}]\n" + items("{start: grade}")), "from: 0}", "from: 1}"),
    Odd("a gap between closed bands", "band-gap", scheme("bands: [{name: 好, from: 9, to: 10}, ¦{name: 中, from: 6, to: 8}, {name: 差, below: 6}]\n" + items("{start: grade}")), "to: 8", "below: 9"),
    # units
    Odd("a variant of nobody", "no-unit", scheme("variants: [乡镇, 部门]\nroster: [{name: 甲局, category: 部门}]\nitems:\n" + item("{start: grade}", more="only: 部门") + item("{start: grade}", code="A2", more="only: ¦[乡镇]")), "name: 甲局, category: 部门}", "name: 甲局, category: 部门}, {name: 乙镇, category: 乡镇}"),
    Odd("a unit named on another form", "named-elsewhere", scheme("variants: [乡镇, 部门]\nroster: [{name: 甲局, category: 部门}, {name: 乙镇, category: 乡镇}]\nitems:\n" + item("{start: grade}", more="only: 部门\n    named: [甲局, ¦乙镇]") + item("{start: grade}", code="A2", more="only: 乡镇")), "named: [甲局, 乙镇]", "named: [甲局]"),
    Odd("a gain above the item", "price-above-item", one("{start: zero, add: [{each: event, price: ¦12}]}"), "price: 12", "price: 10"),
    Odd("a section that cannot fall", "nothing-to-lose", scheme("sections: [{name: 甲节, floor: ¦10}]\n" + items("{start: grade}")), "floor: 10", "floor: 9"),
    Odd("checklist items that cost nothing", "nothing-to-lose", one("{start: checklist, worth: ¦{missing: 0, of: 3}}"), "missing: 0", "missing: 1"),
    Odd("places that are all alike", "nothing-to-lose", one("{start: rank, worth: ¦{places: [10, 10], rest: 10}}"), "rest: 10", "rest: 8"),
    Odd("a count below the maximum", "full-unreachable", one("{start: count, worth: {tiers: [{from: 3, points: 8}, {from: 0, points: 0}]}}").replace("points: 10", "points: ¦10", 1), "points: 8", "points: 10"),
    Odd("kinds counted below the maximum", "full-unreachable", one("{start: count, count: form, kind: 宣传, worth: {tiers: [{from: 0, points: 0}, {from: 2, points: 8}]}}").replace("points: 10", "points: ¦10", 1), "points: 8", "points: 10"),
    Odd("a tier whose upper end belongs to it", "tier-unreachable", one("{start: metric, reads: share, interval: upper, worth: {tiers: [{from: ¦100%, points: 10}, {from: 50%, points: 8}, {from: 0, points: 0}]}}"), "100%", "90%"),
    Odd("points that waver with upper ends", "not-monotone", one("{start: metric, interval: upper, worth: {tiers: ¦[{from: 50%, points: 5}, {from: 20%, points: 10}, {from: 0, points: 0}]}}"), "from: 50%, points: 5", "from: 50%, points: 10"),
    Odd("forms that waver", "not-monotone", one("{start: count, count: form, worth: {tiers: ¦[{from: 0, points: 10}, {from: 1, points: 5}, {from: 2, points: 10}]}}"), "from: 2, points: 10", "from: 2, points: 0"),
    Odd("a gate on a section", "gate-never-opens", group("bonus|{each: matter, price: 1}", more="gate: {of: 甲节, from: ¦11}\ncap: {bonus: null, deduction: null}"), "from: 11", "from: 10"),
    Odd("a gate on a part's items", "gate-never-opens", scheme("sections: [{name: 甲节}, {name: 乙节}]\nparts: [{name: 甲部, sections: 甲节}, {name: 乙部, sections: 乙节, beyond: true, gate: {of: 甲部, from: ¦11}}]\n" + items("{start: grade}") + item("{start: grade}", code="B1").replace("甲节", "乙节")), "from: 11", "from: 9"),
    Odd("a part that is never below its floor", "veto-never", scheme("sections: [{name: 甲节}]\nparts: [{name: 甲部, sections: 甲节, floor: 5}]\nvetoes: [{code: V1, title: 否决, clause: 款, low: {of: 甲部, below: ¦4}, effect: {at_most: 3}}]\n" + items("{start: grade}")), "below: 4", "below: 6"),
    Odd("a veto on a level, twice", "veto-without-effect", scheme("vetoes: [{code: V1, title: 否决, clause: 款, times: 2, level_min: city, effect: {at_most: ¦10}}]\n" + items("{start: grade}")), "at_most: 10", "at_most: 5"),
    Odd("a veto of a part that takes nothing", "veto-without-effect", scheme("sections: [{name: 甲节}]\nparts: [{name: 甲部, sections: 甲节}]\nvetoes: [{code: V1, title: 否决, clause: 款, effect: {part: 甲部, at_most: ¦10}}]\n" + items("{start: grade}")), "at_most: 10", "at_most: 5"),
    Odd("a gap above the items", "band-gap", group("bonus|{each: matter, price: 1, cap: 5}").replace("items:", "bands: [¦{name: 好, from: 6, to: 10}, {name: 差, below: 6}]\nitems:", 1), "to: 10", "to: 15"),
    Odd("a gap that only cards come to", "band-gap", scheme("bands: [{name: 好, from: 10}, ¦{name: 差, below: 9.8}]\n" + items("{start: full, deduct: [{on: cards, each: problem, price: {first: 0.1, again: 0.1}}]}")), "below: 9.8", "below: 10"),
    Odd("a gap that an amount comes to", "band-gap", scheme("bands: [{name: 好, from: 9.5}, ¦{name: 差, below: 8.5}]\n" + items("{start: full, deduct: [{on: amounts, each: event, price: set}]}")), "below: 8.5", "below: 9.5"),
    Odd("an item of units on other forms", "no-unit", scheme("variants: [乡镇, 部门]\nroster: [{name: 甲局, category: 部门}, {name: 乙镇, category: 乡镇}, {name: 丙镇, category: 乡镇}]\nitems:\n" + item("{start: grade}", more="only: 部门") + item("{start: grade}", code="A2", more="only: 乡镇\n    named: ¦[丁镇]\n    others: not-applicable").replace("丁镇", "甲局")), "named: [甲局]", "named: [乙镇]"),
    Odd("a category of nobody", "no-unit", scheme("variants: [乡镇, 部门]\nroster: [{name: 甲局, category: 部门}]\n" + items("{start: grade}").replace("    rule:", "    named: [甲局]\n    always: [¦乡镇]\n    rule:")), "name: 甲局, category: 部门}", "name: 甲局, category: 部门}, {name: 乙镇, category: 乡镇}"),
    Odd("two rules of which one is dearer by level", "priced-twice", one("{start: full, deduct: [{each: matter, price: {national: 3, city: 1}}, ¦{each: year, price: 1}]}"), "{each: year, price: 1}", "{on: messages, each: year, price: 1}"),
    Odd("what costs and earns", "priced-twice", one("{start: full, deduct: [{each: event, price: 1}], add: [¦{on: happenings, each: event, price: 1}]}"), "on: happenings", "on: praise"),
    Odd("a cap above falling gains", "cap-unreached", group("bonus|{each: event, price: {nth: [2, 1, 0]}, cap: ¦5}"), "cap: 5", "cap: 3"),
    Odd("a bonus tier above all shares", "tier-unreachable", group("bonus|{start: metric, reads: share, worth: {tiers: [{from: ¦120%, points: 2}, {from: 0, points: 0}]}}"), "reads: share, ", ""),
    Odd("marks with a document, below the maximum", "full-unreachable", one("{start: grade, source: required, allowed: [{points: 0, when: 无}, {points: 8, when: 有}]}").replace("points: 10", "points: ¦10", 1), "points: 8", "points: 10"),
    # one fact in two places
    Odd("two rules that hear the same", "priced-twice", one("{start: full, deduct: [{each: event, price: 1}, ¦{each: event, price: 2, level_min: city}]}"), "price: 2, level_min: city", "on: cards, price: 2"),
    Odd("two rules of a group", "priced-twice", group("bonus|{each: matter, price: 1}", "bonus|{each: matter, price: 2}").replace("  - code: PM", "  - ¦code: PM"), "cap: {bonus: null, deduction: null}", "cap: {bonus: null, deduction: null}\n    same_matter: highest"),
    # not monotone
    Odd("the second is free", "price-falls", one("{start: full, deduct: [{each: event, price: {nth: [3, ¦0]}}]}"), "[3, 0]", "[0, 3]"),
    Odd("points rise and fall", "not-monotone", one("{start: count, worth: {tiers: ¦[{from: 0, points: 0}, {from: 1, points: 10}, {from: 3, points: 5}]}}"), "from: 3, points: 5", "from: 3, points: 10"),
    Odd("a veto that lifts", "veto-lifts", scheme("vetoes: [{code: V1, title: 否决, clause: 款, effect: {gives: ¦5}}]\n" + items("{start: grade}")), "gives: 5", "at_most: 5"),
    Odd("a veto that lifts a bad year", "veto-lifts", scheme("vetoes: [{code: V1, title: 否决, clause: 款, effect: {gives: ¦5}}]\n" + items("{start: full, deduct: [{each: event, price: 1}]}", "{start: full, deduct: [{each: event, price: 1}]}")), "gives: 5", "gives: 0"),
    Odd("a veto on one item that lifts the total", "veto-lifts", scheme("vetoes: [{code: V1, title: 否决, clause: 款, low: {of: A1, below: 3}, effect: {gives: ¦7}}]\n" + items("{start: grade}", "{start: grade}")), "gives: 7", "gives: 5"),
    Odd("the dearest is cut by its cap", "not-monotone", group("bonus|{each: matter, price: 2, cap: 2}", "bonus|{each: matter, price: 1}", more="cap: {bonus: null, deduction: null}\nsame_matter: highest").replace("  - code: PM", "  - ¦code: PM"), "price: 2, cap: 2", "price: 2"),
)  # fmt: skip

CLEAN: Final = {
    "a rule for each kind": one("{start: full, deduct: [{each: event, price: 1, when: {kind: 失误}}, {each: event, price: 2, when: {kind: [事故, 泄密]}}]}"),
    "steps of one case": one("{start: full, deduct: [{each: matter, price: {nth: [0, 3, 10]}}]}"),
    "late or in time": one("{start: zero, add: [{on: kept, each: event, price: 5}], deduct: [{on: happenings, each: event, price: 1, when: {answered: false}}]}"),
    "late, and later still": one("{start: full, deduct: [{each: event, price: 1, when: {answered: true}}, {each: event, price: 2, when: {answered: false}}]}"),
    "a bonus that is eased": group("bonus|{each: matter, price: 1, eased: [{kind: 已撤销, to: 0}]}"),
    "the dearest is what easing leaves": one("{start: full, deduct: [{each: year, price: {national: 3, county: 1}, eased: [{kind: 已整改, to: 0}]}]}"),
    "eased later": one("{start: full, deduct: [{each: event, price: 2, eased: [{kind: 已整改, to: 50%}]}]}"),
    "month by month": one("{start: full, deduct: [{each: month, price: 1, cap: {quarter: 2, year: 8}}]}"),
    "another unit pays": one("{start: full, deduct: [{each: event, price: 1}, {each: event, price: 2, whom: other}]}"),
    "the mean of sub-units": one("{start: full, deduct: [{each: event, price: 1, over: sub-units}]}"),
    "once the mark is passed": one("{start: full, deduct: [{each: year, price: {down_to: 6}, when: {kind: 未建}}, {each: event, price: 1, when: {kind: 失误}}]}"),
    "a range": one("{start: full, deduct: [{on: amounts, each: event, price: {from: 2, to: 5}}]}"),
    "an item below nought": one("{start: full, floor: none, deduct: [{each: event, price: 12}]}"),
    "a rate": one("{start: metric, worth: {proportional: 10}}"),
    "against last year": one("{start: metric, worth: {above: previous, each: 1%, per: 1, relative: true}}"),
    "places": scheme("roster: [{name: 甲局}, {name: 乙局}, {name: 丙局}]\n" + items("{start: rank, worth: {places: [10, 8], rest: 6}}")),
    "parts with weights": scheme("sections: [{name: 甲节}]\nparts: [{name: 甲部, sections: 甲节, weight: 50%, gate: {of: base, from: 3}}]\n" + items("{start: grade}"), total="5"),
    "bands that touch": scheme("bands: [{name: 好, from: 9}, {name: 中, above: 6, below: 9}, {name: 差, to: 6}]\n" + items("{start: grade}")),
    "bands of whole points": scheme("rounding: {total: {digits: 0}}\nbands: [{name: 好, from: 9, to: 10}, {name: 中, from: 6, to: 8}, {name: 差, to: 5}]\n" + items("{start: grade}")),
    "closed bands of whole prices": scheme("bands: [{name: 好, from: 9, to: 10}, {name: 中, from: 6, to: 8}, {name: 差, to: 5}]\n" + items("{start: full, deduct: [{each: event, price: 1}]}")),
    "bands by place": scheme("bands: [{name: 好, from: 6, top: 20%}, {name: 中, from: 6}, {name: 差}]\n" + items("{start: grade}")),
    "a gap with places that nobody knows": scheme("bands: [{name: 好, from: 9, to: 10}, {name: 差, to: 8}]\n" + items("{start: rank, worth: {places: [10, 8], rest: 6}}")),
    "a veto below every score": scheme("vetoes: [{code: V1, title: 否决, clause: 款, effect: {gives: 3}}]\n" + items("{start: full, floor: 5, deduct: [{each: event, price: 1}]}")),
    "a part whose bonuses know no end": scheme("sections: [{name: 甲节}]\nparts: [{name: 甲部, sections: 甲节, cap: 20}]\ntotal: {floor: 0, ceiling: 15}\n" + items("{start: grade}") + "adjustments:\n  - {code: PM, part: 甲部, title: 加, clause: 款, rules: [{code: P1, side: bonus, title: 加, clause: 款, rule: {each: event, price: 1}}]}\n"),
    "a cap on the net": group("bonus|{each: event, price: 1, cap: 8}", "deduction|{each: event, price: 1}", more="cap: {bonus: 5, deduction: 5}\ncaps: net"),
    "deductions set off against gains": one("{start: full, deduct: [{each: event, price: 12, cap: 15, when: {kind: 失误}}], add: [{each: event, price: 1, when: {kind: 好评}}]}"),
    "steps that are eased": one("{start: full, deduct: [{each: event, price: {nth: [1, 2, 3]}, cap: 3, eased: [{kind: 已整改, to: 0}]}]}"),
    "a group that says each": group("bonus|{each: matter, price: 1}", "bonus|{each: matter, price: 2}", more="same_matter: each"),
    "points by an overlay": scheme("sections: [{name: 甲节}]\n" + items("{start: grade}").replace("    points: 10\n", "") + "adjustments:\n  - {code: PM, title: 加, clause: 款, rules: [{code: P1, side: bonus, title: 加, clause: 款, rule: {each: matter, price: overlay}}]}\n").replace("points: printed", "points: overlay"),
}  # fmt: skip
"""What is unusual, but right."""
