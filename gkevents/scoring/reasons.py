"""Why an entry is as it is: the sentence an auditor reads, one for each thing that can happen to a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gkevents.scoring.fact import (
    ACCEPTED,
    ANSWERS,
    CLOSED,
    CONFIRMATION,
    CONTESTED,
    ENDORSED,
    EVIDENCE,
    FRAUD,
    GRADE,
    MISSES,
    NOT_APPLICABLE,
    NOTIFIED,
    OPENINGS,
    ORDERED,
    OVERTURNED,
    PLANNED,
    REDUCED,
    REPORTED,
    RETRACTION,
    RETURNED,
    RULING,
    SELF_ASSESSMENT,
    UPHELD,
    VERIFIED,
    Fact,
)
from gkevents.scoring.pricing import Charge
from gkevents.terms import exact_share, show
from gkevents.words import N_, Message, message

if TYPE_CHECKING:
    from gkevents.scoring.limits import Limit
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
    "net-cap": N_("Worth {worth}; the cap on the net of the group leaves {applied}."),
    "ungraded": N_("Worth {worth}; it comes off once the item is graded."),
    "condition-not-met": N_("Not priced: the rule asks for something else (justified, serious) than was said."),
    "pending": N_("Not priced until somebody says whether it was justified or serious."),
    "no-level": N_("Not priced until its level is said: the price depends on it."),
    "no-price": N_("Not priced: no points have been decided for this rule."),
    "below-level": N_("Not priced: its level is below the lowest that the rule prices."),
    "condition-incomplete": N_("Counts towards the condition, which is not complete with it."),
    "condition-complete": N_("Completes the condition: {worth}."),
    "not-applicable": N_("Not priced: the rule is said not to concern the unit."),
    "ordinal": N_("Priced by its number in the row: {worth}."),
    "eased": N_("Eased by {by}: {worth} is left of it."),
    "reduced": N_("Reduced by {by}: {worth} is left of it."),
    "once-a-quarter": N_("Counts once a quarter: {by} stands for it."),
    "once-a-month": N_("Counts once a month: {by} stands for it."),
    "period-cap": N_("Worth {worth}; the cap of its month, quarter or half-year leaves {applied}."),
    "item-full": N_("Worth {worth}; the item has {applied} left to gain."),
    "gate": N_("Worth {worth}; it does not count, because the score that opens the group is not reached."),
    "amount-out-of-range": N_("Not priced: the scheme in force allows no such amount."),
    "no-sub-units": N_("Not priced until the number of the unit's sub-units is recorded."),
    "sub-unit-mark": N_("The mark of one sub-unit: its share of the mean is {worth}."),
    "no-line": N_("Not priced: what it is compared with is not recorded."),
    "figure-free": N_("The figure gives nothing and costs nothing."),
    "placed": N_("Priced by the place among the units: {worth}."),
    "above-mean": N_("The figure lies beyond the line that the units' mean gives: {worth}."),
    "not-above-mean": N_("The figure does not lie beyond the line that the units' mean gives."),
    "below-mean": N_("The figure is below the share of the units' mean: {worth}."),
    "not-below-mean": N_("The figure is not below the share of the units' mean."),
}


def charge_reason(charge: Charge) -> Message:
    """Why a happening cost or earned what it did."""
    template, worth, applied, by = _CHARGE_WORDS[charge.why]
    values: dict[str, object] = {"worth": show(charge.worth)} if worth else {}
    if applied:
        values["applied"] = show(charge.applied)
    if by:
        values["by"] = charge.by or ""
    return Message(template, values)


_CHARGE_WORDS: Final = {
    why: (template, "{worth}" in template, "{applied}" in template, "{by}" in template)
    for why, template in _CHARGES.items()
}
"""Each sentence, and which of the three it asks for: nothing is worked out that is not said."""


def taken_back_reason(reversal: Fact) -> Message:
    """Why a fact that was taken back moves nothing."""
    if reversal.type == RULING:
        return message(N_("Ruled a duplicate by {ref}: it prices nothing."), ref=reversal.ref)
    if reversal.type == OVERTURNED:
        return message(N_("Overturned by {ref}: it prices nothing."), ref=reversal.ref)
    if reversal.type == RETURNED:
        return message(N_("Sent back by {ref}: the fault was not put right."), ref=reversal.ref)
    return message(N_("Taken back by {ref}: as if it had never been."), ref=reversal.ref)


_REVERSES: Final = {RETRACTION: N_("Takes back {of}."), RULING: N_("Rules {of} a duplicate.")}


_RECKONED_ANEW: Final = N_("Takes back {of}: by the amended calendar the limit had not run out.")
_PLAIN: Final = {
    FRAUD: N_("Proven fraud: the scheme's zero-out follows from it."),
    ENDORSED: N_("A second person stands for {of}."),
    NOTIFIED: N_("The unit was told of {of}."),
    ACCEPTED: N_("The unit accepts {of}."),
    CONTESTED: N_("The unit contests {of}."),
    UPHELD: N_("{of} was contested and holds."),
    REDUCED: N_("{of} was contested and is reduced."),
    OVERTURNED: N_("{of} was contested and does not hold."),
    ORDERED: N_("The fault of {of} is to be put right."),
    PLANNED: N_("The unit says how it will put {of} right."),
    REPORTED: N_("The unit says that {of} is put right."),
    VERIFIED: N_("{of} is put right: somebody has checked it."),
    RETURNED: N_("{of} is not put right yet: the report was sent back."),
    CLOSED: N_("Nothing is left to do about {of}."),
    EVIDENCE: N_("A file that shows {of}."),
    SELF_ASSESSMENT: N_("What the unit says of itself: shown beside the mark, not priced."),
}


def fact_reason(score: Score, fact: Fact, *, stands: bool) -> Message:
    """Why a fact that priced nothing priced nothing."""
    if fact.type in _REVERSES:
        template = _RECKONED_ANEW if fact.scanned else _REVERSES[fact.type]
        return message(template, of=fact.of)
    if not stands:
        return message(N_("Dated outside what this score looks at: kept, not counted."))
    if fact.key is not None and fact.type in OPENINGS | ANSWERS | MISSES:
        return _limit_reason(score, fact)
    if fact.type in _PLAIN:
        return message(_PLAIN[fact.type], **({"of": fact.of} if fact.of is not None else {}))
    if fact.is_reference:
        return message(_COMPARED)
    return _item_reason(score, fact)


def _limit_reason(score: Score, fact: Fact) -> Message:
    limit = score.limits.get(f"{fact.key} ({fact.item})") or score.limits.get(fact.key or "")
    if limit is None:
        return message(N_("Speaks of a limit that no longer stands."))
    if fact.type in OPENINGS:
        return message(N_("Opens the limit {key}, due {due}."), key=limit.key, due=_due(limit.due))
    if fact.type in MISSES and limit.state == "met":
        return message(N_("An answer in time takes this miss back."))
    return message(_of_limit(score, fact, limit), key=limit.key)


def _of_limit(score: Score, fact: Fact, limit: Limit) -> str:
    """What an answer says of a limit, or a miss that is not the one that counts."""
    if fact.type in ANSWERS and limit.state == "met":
        return N_("In time: the limit {key} is kept.")
    if limit in score.priced.next_year:
        return N_("The limit {key} ran out after the year's end: it belongs to the next year.")
    if limit.state == "missed" and limit.breach is None:
        return N_("The limit {key} was missed; it was decided that this costs nothing.")
    if fact.type in ANSWERS:
        return N_("Answers the limit {key}, but only after it had ended.")
    return N_("Says that the limit {key} was missed; it is counted once, or is advice without a price.")


def _due(due: object) -> str | Message:
    return message(N_("not known yet: calendar not published")) if due is None else str(due)


_EASES: Final = N_("Eases what was logged on the matter {matter} before.")
_EASES_NOTHING: Final = N_("Names no matter, so it eases nothing.")


def _eases(fact: Fact) -> Message:
    """What is said of a fact that eases others."""
    return message(_EASES, matter=fact.matter) if fact.matter is not None else message(_EASES_NOTHING)


_COMPARED: Final = N_("A figure to compare with: it moves no points by itself.")


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
    rule = score.edition.items[item.code]
    if any(fact.kind in part.eased for part in (*rule.deduct, *rule.add)):
        return _eases(fact)
    return _evidence(score, fact, item.decided_by)


_KEPT: Final = {
    "unweighted": N_("Noted: {item} has no points until an overlay is decided."),
    "not-applicable": N_("Kept, not priced: {item} does not concern the unit."),
}
"""What is said of facts on an item that prices nothing, by the item's state."""


def _off_the_form(score: Score, fact: Fact) -> Message:
    """A fact on a ± rule or veto that made no charge, or on what the scheme in force does not have."""
    if any(veto.code == fact.item for veto in score.edition.vetoes):
        return message(N_("Noted for the veto {item}."), item=fact.item)
    rule = score.edition.rules.get(fact.item or "")
    if rule is not None and rule.pricing is not None:
        eases = fact.kind in rule.pricing.eased
        return _eases(fact) if eases else message(N_("Moves no points of this unit."))
    if fact.item in score.edition.rules:
        return message(N_("A figure for {item}, compared with the other units or superseded."), item=fact.item)
    return message(N_("Kept, not priced: the scheme in force has no item {item}."), item=fact.item)


def _superseded(decided: Fact | None) -> Message:
    if decided is None:
        return message(N_("Superseded by a later mark that does not fit the scheme in force."))
    return message(N_("Superseded by {ref}."), ref=decided.ref)


def _evidence(score: Score, fact: Fact, decided: Fact | None) -> Message:
    item = score.edition.items[fact.item or ""]
    start = item.start
    if item.averaged and fact.type == GRADE:
        return message(N_("Superseded by a later mark of the same sub-unit, or not counted yet."))
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
