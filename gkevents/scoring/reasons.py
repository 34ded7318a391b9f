"""Why an entry is as it is: the sentence an auditor reads, one for each thing that can happen to a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gkevents.scoring.fact import (
    ANSWERS,
    CONFIRMATION,
    FRAUD,
    GRADE,
    MISSES,
    NOT_APPLICABLE,
    OPENINGS,
    RETRACTION,
    RULING,
    Fact,
)
from gkevents.scoring.pricing import Charge
from gkevents.terms import exact_share, show
from gkevents.words import N_, Message, message

if TYPE_CHECKING:
    from gkevents.scoring.score import Score

_CHARGES: Final = {
    "priced": N_("Priced at {worth}."),
    "repeated": N_("The same problem again: priced at {worth}."),
    "tier": N_("Priced at {worth}: the scheme prices the number of them as a whole."),
    "same-matter": N_("The same matter counts once: {by} stands for it."),
    "once-a-year": N_("Counts once a year: {by} stands for it."),
    "cap": N_("Worth {worth}; the rule's cap leaves {applied}."),
    "item-cap": N_("Worth {worth}; the item has {applied} left to lose."),
    "group-cap": N_("Worth {worth}; the group's cap leaves {applied}."),
    "ungraded": N_("Worth {worth}; it comes off once the item is graded."),
    "condition-not-met": N_("Not priced: the rule asks for something else (justified, serious) than was said."),
    "pending": N_("Not priced until somebody says whether it was justified or serious."),
    "no-level": N_("Not priced until its level is said: the price depends on it."),
    "no-price": N_("Not priced: no points have been decided for this rule."),
    "below-level": N_("Not priced: its level is below the lowest that the rule prices."),
    "condition-incomplete": N_("Counts towards the condition, which is not complete with it."),
    "condition-complete": N_("Completes the condition: {worth}."),
    "not-applicable": N_("Not priced: the rule is said not to concern the unit."),
    "below-mean": N_("The figure is below the share of the units' mean: {worth}."),
    "not-below-mean": N_("The figure is not below the share of the units' mean."),
}


def charge_reason(charge: Charge) -> Message:
    """Why a happening cost or earned what it did."""
    values = {"worth": show(charge.worth), "applied": show(charge.applied), "by": charge.by or ""}
    return message(_CHARGES[charge.why], **values)


def taken_back_reason(reversal: Fact) -> Message:
    """Why a fact that was taken back moves nothing."""
    if reversal.type == RULING:
        return message(N_("Ruled a duplicate by {ref}: it prices nothing."), ref=reversal.ref)
    return message(N_("Taken back by {ref}: as if it had never been."), ref=reversal.ref)


def fact_reason(score: Score, fact: Fact, *, stands: bool) -> Message:
    """Why a fact that priced nothing priced nothing."""
    if fact.type == RETRACTION:
        return message(N_("Takes back {of}."), of=fact.of)
    if fact.type == RULING:
        return message(N_("Rules {of} a duplicate."), of=fact.of)
    if not stands:
        return message(N_("Dated outside what this score looks at: kept, not counted."))
    if fact.key is not None and fact.type in OPENINGS | ANSWERS | MISSES:
        return _limit_reason(score, fact)
    if fact.type == FRAUD:
        return message(N_("Proven fraud: the scheme's zero-out follows from it."))
    return _item_reason(score, fact)


def _limit_reason(score: Score, fact: Fact) -> Message:
    limit = score.limits.get(f"{fact.key} ({fact.item})") or score.limits.get(fact.key or "")
    if limit is None:
        return message(N_("Speaks of a limit that no longer stands."))
    if fact.type in OPENINGS:
        return message(N_("Opens the limit {key}, due {due}."), key=limit.key, due=_due(limit.due))
    if fact.type in ANSWERS and limit.state == "met":
        return message(N_("In time: the limit {key} is kept."), key=limit.key)
    if limit in score.priced.next_year:
        return message(N_("The limit {key} ran out after the year's end: it belongs to the next year."), key=limit.key)
    if fact.type in MISSES and limit.state == "met":
        return message(N_("An answer in time takes this miss back."))
    return message(
        N_("Says that the limit {key} was missed; it is counted once, or is advice without a price."), key=limit.key
    )


def _due(due: object) -> str | Message:
    return message(N_("not known yet: calendar not published")) if due is None else str(due)


def _item_reason(score: Score, fact: Fact) -> Message:
    if fact.type == NOT_APPLICABLE:
        return message(N_("{item} does not concern the unit."), item=fact.item)
    item = score.items.get(fact.item or "")
    if item is None:
        return _off_the_form(score, fact)
    if item.misfit is not None and item.misfit.ref == fact.ref:
        return message(N_("Does not fit the scheme in force: {item} is undetermined."), item=fact.item)
    if item.state in _KEPT:
        return message(_KEPT[item.state], item=fact.item)
    return _evidence(score, fact, item.decided_by)


_KEPT: Final = {
    "unweighted": N_("Noted: {item} has no points until an overlay is decided."),
    "not-applicable": N_("Kept, not priced: {item} does not concern the unit."),
}
"""What is said of facts on an item that prices nothing, by the item's state."""


def _off_the_form(score: Score, fact: Fact) -> Message:
    """A fact on a ± rule that made no charge, or on what the scheme in force does not have."""
    if fact.item in score.edition.rules:
        return message(N_("A figure for {item}, compared with the other units or superseded."), item=fact.item)
    return message(N_("Kept, not priced: the scheme in force has no item {item}."), item=fact.item)


def _superseded(decided: Fact | None) -> Message:
    if decided is None:
        return message(N_("Superseded by a later mark that does not fit the scheme in force."))
    return message(N_("Superseded by {ref}."), ref=decided.ref)


def _evidence(score: Score, fact: Fact, decided: Fact | None) -> Message:
    start = score.edition.items[fact.item or ""].start
    if fact.type in (GRADE, CONFIRMATION, start):
        return _superseded(decided)
    if fact.threshold and fact.ratio is not None:
        reached = fact.ratio >= exact_share(fact.threshold)
        template = N_("Evidence: {figure} reaches {threshold}. The mark is the assessor's.")
        if not reached:
            template = N_("Evidence: {figure} stays below {threshold}. The mark is the assessor's.")
        return message(template, figure=show(fact.ratio), threshold=fact.threshold)
    if start == "count":
        if decided is None:
            return message(N_("Counted; the number decides once the log is confirmed complete."))
        return message(N_("Counted; {ref} decided the item."), ref=decided.ref)
    return message(N_("Evidence for the assessor: shown, not priced."))
