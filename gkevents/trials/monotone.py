"""Rules under which one more offence scores better, or one more good deed worse: found by trying small logs.

All logs of up to three happenings (four where there are few to choose from) are scored; each is compared with itself
less one happening. Short logs come first, so that what is shown is the smallest. Items written alike are tried once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import combinations, islice, pairwise, product
from typing import Final, NamedTuple

from gkevents.schemes.model import Adjustment, Group, Item
from gkevents.schemes.tree import Path
from gkevents.terms import ZERO, show
from gkevents.trials.bench import UNIT, Logged, Span, logged
from gkevents.trials.capacity import forms
from gkevents.trials.effect import hits
from gkevents.trials.oddity import Example, Survey
from gkevents.trials.probes import Probe, heard_by, probes_of, setting, sketched
from gkevents.trials.ruled import OnItem, dearest, every_rule, item_rules, takes
from gkevents.trials.showing import Measure, steps
from gkevents.words import N_, message

_LOGS_MAX: Final = 700
_LOGS_LEAST: Final = 60
_LOGS_IN_ALL: Final = 12_000
"""How many logs are tried for one item, and for all of them: a check shall not take longer than a breath."""
_LENGTH_MAX: Final = 4
_PAIRS_MAX: Final = 40
_SHOWN_MAX: Final = 24


class Turn(NamedTuple):
    """A log of probes (their numbers), and which of them makes things better or worse than they should be."""

    log: tuple[int, ...]
    place: int


def items_by_trying(survey: Survey) -> None:
    """Try every item that has event rules."""
    rules: dict[str, list[OnItem]] = {}
    for one in item_rules(survey.edition):
        rules.setdefault(one.item.code, []).append(one)
    for place, item in enumerate(survey.edition.items.values()):
        if item.points is None or not (item.deduct or item.add) or item.averaged:
            continue
        unit, category = survey.bench.form_of(item)
        probes = [probe for probe in probes_of(item) if takes(survey, probe, unit=unit, category=category)]
        probes = [_said_of(survey, rules.get(item.code, []), probe) for probe in probes]
        bare = item._replace(code="", title="", section="", clause="", lines=(), named=(), advice=(), only=())
        alike = (repr(bare), tuple(probe._replace(code="") for probe in probes))
        trial = Trial(survey, probes, [item], unit, partial(survey.bench.item, item, unit=unit, category=category))
        known: dict[object, Turn | None] = survey.memory.setdefault("turns", {})
        if alike not in known:
            known[alike] = trial.turn()
        turn = known[alike]
        if turn is not None:
            _put(survey, ("items", place, "rule"), item.code, trial, turn)


def _said_of(survey: Survey, rules: Sequence[OnItem], probe: Probe) -> Probe:
    """A happening; where it both costs and earns, nobody can say which way it should go."""
    other = [one for one in rules if probe.role not in ("easing", one.role)]
    return probe._replace(role="both") if any(hits(survey, one, probe) for one in other) else probe


def groups_by_trying(survey: Survey) -> None:
    """Try every ± rule alone, and where one matter counts once every two of a side together."""
    for place, group in enumerate(survey.edition.groups):
        for chosen in _together(group):
            pair = [group.rules[inner] for inner in chosen]
            small = survey.keep(("pair", place, chosen), group._replace(rules=tuple(pair)))
            category = forms(survey.edition)[0]
            probes = [
                probe
                for rule in pair
                for probe in _probes(rule, len(chosen))
                if takes(survey, probe, unit=UNIT, category=category)
            ]
            trial = Trial(survey, probes, pair, UNIT, partial(survey.bench.group, small))
            turn = trial.turn()
            if turn is not None:
                path: Path = (
                    ("adjustments", place) if len(chosen) > 1 else ("adjustments", place, "rules", chosen[0], "rule")
                )
                _put(survey, path, group.code, trial, turn)


def _probes(rule: Adjustment, together: int) -> list[Probe]:
    if rule.pricing is None:
        return []
    role = "deed" if rule.side == "bonus" else "offence"
    found = heard_by(rule.pricing, rule.code, role, matters=together > 1)
    return found[: 4 if together > 1 else len(found)]


def _together(group: Group) -> Iterator[tuple[int, ...]]:
    """Which rules of a group to try together: each alone, and two of a side where one matter counts once."""
    known = [
        place
        for place, rule in enumerate(group.rules)
        if rule.pricing is not None and not (rule.pricing.from_overlay and rule.pricing.price is None)
    ]
    yield from ((place,) for place in known)
    if group.same_matter == "highest":
        pairs = ((one, two) for one, two in combinations(known, 2) if group.rules[one].side == group.rules[two].side)
        yield from islice((pair for pair in pairs if _capped(group, *pair)), _PAIRS_MAX)


def _capped(group: Group, one: int, two: int) -> bool:
    """Whether either of two rules has a cap or steps of its own: without them the dearest alone can only be more."""
    pricings = [group.rules[place].pricing for place in (one, two)]
    return any(
        rule is not None and (rule.cap is not None or rule.period_caps or rule.totals or rule.nth or rule.eased)
        for rule in pricings
    )


class Trial:
    """Happenings to choose from, and how a log of them is measured."""

    def __init__(
        self, survey: Survey, probes: Sequence[Probe], targets: Sequence[Item | Adjustment], unit: str, measure: Measure
    ) -> None:
        """Lay every happening on every place that it may have in a log."""
        self.probes, self.unit, self.measure, self.year = probes, unit, measure, survey.edition.year
        self.before = setting(targets, year=self.year, unit=unit)
        with_rules = sum(1 for item in survey.edition.items.values() if item.deduct or item.add)
        self.logs_max = min(_LOGS_MAX, max(_LOGS_LEAST, _LOGS_IN_ALL // max(with_rules, 1)))
        self.length = self._length()
        self.placed: list[list[list[Logged]]] = []
        self.known: dict[tuple[int, ...], Span] = {}

    def _length(self) -> int:
        number, length = len(self.probes), 1
        while length < _LENGTH_MAX and sum(number**size for size in range(length + 2)) <= self.logs_max:
            length += 1
        return length

    def turn(self) -> Turn | None:
        """The first of the shortest logs in which one happening turns things the wrong way."""
        self._place()
        for size in range(1, self.length + 1):
            for log in product(range(len(self.probes)), repeat=size):
                for place, number in enumerate(log):
                    if self.probes[number].role in ("offence", "deed") and self._wrong(log, place):
                        return Turn(log, place)
        return None

    def _place(self) -> None:
        first = len(self.before) + 1
        for place in range(self.length):
            row = []
            for probe in self.probes:
                number = first + place * 2
                facts = sketched(probe, place, year=self.year, unit=self.unit, number=number)
                row.append(logged(facts, number))
            self.placed.append(row)

    def _wrong(self, log: tuple[int, ...], place: int) -> bool:
        less, more = self._span((*log[:place], *log[place + 1 :])), self._span(log)
        if self.probes[log[place]].role == "offence":
            return more.low > less.low or more.high > less.high
        return more.low < less.low or more.high < less.high

    def _span(self, log: tuple[int, ...]) -> Span:
        if log not in self.known:
            facts = [one for place, number in enumerate(log) for one in self.placed[place][number]]
            self.known[log] = self.measure([*logged(self.before), *facts])
        return self.known[log]

    def example(self, of: str, turn: Turn) -> Example:
        """The log of a turn, the happening that turns it logged last, with what it scores before and after that."""
        facts = [(place, fact) for place, number in enumerate(turn.log) for fact in self._facts(place, number)]
        ordered = [fact for place, fact in facts if place != turn.place]
        last = [fact for place, fact in facts if place == turn.place]
        all_facts = [*self.before, *ordered, *last]
        told = [{**fact, "ref": f"f{number}"} for number, fact in enumerate(all_facts, 1)]
        return steps(of, told, self.measure, (len(told) - len(last), len(told)))

    def _facts(self, place: int, number: int) -> list[dict[str, object]]:
        return sketched(self.probes[number], place, year=self.year, unit=self.unit)


def _put(survey: Survey, path: Path, of: str, trial: Trial, turn: Turn) -> None:
    shown = trial.example(of, turn)
    before, after = (_points(score.span) for score in (shown.scores[0], shown.scores[-1]))
    said = N_(
        "One more offence scores better here: {of} is {before} without {ref} and {after} with it. Look at prices that "
        "fall, easings and caps."
    )
    if trial.probes[turn.log[turn.place]].role == "deed":
        said = N_(
            "One more good deed scores worse here: {of} is {before} without {ref} and {after} with it. Look at the "
            "caps and their order."
        )
    told = message(said, of=of, before=before, after=after, ref=shown.facts[-1]["ref"])
    survey.add(path, "not-monotone", told, shown)


def _points(span: Span | None) -> str:
    low, high = span if span is not None else (ZERO, ZERO)
    return show(low) if low == high else f"{show(low)}…{show(high)}"


def prices_that_fall(survey: Survey) -> None:
    """Prices by ordinal that fall: the second offence is cheaper than the first; and steps that caps make idle."""
    for one in every_rule(survey.edition):
        nth = one.rule.nth
        fall = next((place for place, (before, after) in enumerate(pairwise(nth), 1) if after < before), None)
        if fall is not None and one.role == "offence":
            said = N_(
                "Number {ordinal} costs {after}, less than the {before} before it. If prices rise with repetition, "
                "mend the order."
            )
            told = message(said, ordinal=fall + 1, after=show(nth[fall]), before=show(nth[fall - 1]))
            survey.add(
                (*one.path, "price", "nth", fall), "price-falls", told, dearest(survey, one, min(fall + 1, _SHOWN_MAX))
            )


def steps_out_of_reach(survey: Survey) -> None:
    """Prices by ordinal, and totals, that come after the cap or the item has given out."""
    for one in every_rule(survey.edition):
        rule = one.rule
        ends = [end for end in (rule.cap, one.room) if end is not None]
        if not ends or rule.eased or not (rule.nth or rule.totals):
            continue
        sums, key = list(rule.totals), "total"
        if rule.nth:
            key, sums = "nth", [sum(rule.nth[: place + 1], start=rule.nth[0] * 0) for place in range(len(rule.nth))]
        idle = next((place for place in range(1, len(sums)) if sums[place] > sums[place - 1] >= min(ends)), None)
        if idle is not None:
            said = N_("Step {step} changes nothing: {sum} of at most {end} points are gone before it.")
            told = message(said, step=idle + 1, sum=show(min(sums[idle - 1], *ends)), end=show(min(ends)))
            survey.add(
                (*one.path, "price", key, idle),
                "step-unreachable",
                told,
                dearest(survey, one, min(idle + 1, _SHOWN_MAX)),
            )


LOOKS: Final[tuple[Callable[[Survey], None], ...]] = (
    items_by_trying,
    groups_by_trying,
    prices_that_fall,
    steps_out_of_reach,
)
