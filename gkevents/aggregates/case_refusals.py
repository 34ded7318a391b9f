"""Every reason to refuse a step of a case, one class each, in the order in which they are checked (see `refusals`)."""

# ruff: noqa: D101 - a refusal says itself what it is for: its template is the sentence people read

from __future__ import annotations

from gkevents.aggregates.refusals import Refusal
from gkevents.words import N_


class NoSuchFact(Refusal):
    code = "unknown-target"
    template = N_("There is no fact {of} here that a {type} could be about. {hint}")


class NoCase(Refusal):
    code = "no-case"
    template = N_(
        "{of} is a {kind} and opens no case: name the fact that costs or brings points (of a limit, its recorded miss)."
    )


class CaseVoid(Refusal):
    code = "case-void"
    template = N_("{of} has been taken back by {by}: there is nothing left to decide about it.")


class StepOutOfOrder(Refusal):
    code = "out-of-order"
    template = N_("The case {of} is {state}: a {type} does not follow. What can follow: {takes}.")


class CaseIsClosed(Refusal):
    code = "case-closed"
    template = N_("The case {of} was closed on {day} ({ref}). To open it again, take that back: retraction of {ref}.")


class StepTooEarly(Refusal):
    code = "step-too-early"
    template = N_("A {type} on {of} cannot be dated {day}, before {ref} of {before}.")


class EndorsementNeeded(Refusal):
    code = "endorsement-needed"
    template = N_("The office's rules ask for a second person on {kind}: record a case-endorsed on {of} first.")


class RecorderUnknown(Refusal):
    code = "recorder-unknown"
    template = N_(
        "Nobody is named as having recorded {of}, so a second person cannot be told from the first. Name them: "
        "gk correct {of} --reason … recorded_by=NAME"
    )


class SamePerson(Refusal):
    code = "same-person"
    template = N_("{by} recorded {of}: somebody else must endorse it.")


class WindowOver(Refusal):
    code = "window-over"
    template = N_(
        "{of} could be contested until {until} (notified {notified}, {window}); {day} is too late. Close the case, or "
        "take the notice back and notify anew."
    )


class NotYetAccepted(Refusal):
    code = "not-accepted"
    template = N_(
        "The unit has neither accepted nor contested {of}, and it still may: until {until}. Record case-accepted or "
        "case-contested, or wait."
    )


class NoWindow(Refusal):
    code = "no-window"
    template = N_(
        "The unit has neither accepted nor contested {of}, and the office's rules state no contest window that could "
        "have run out. Record case-accepted or case-contested, or state a window: gk case rules"
    )


class MayNotDecide(Refusal):
    code = "may-not-decide"
    template = N_("{by} may not decide on {of}: the office's rules name {deciders}.")


class MarkNotReduced(Refusal):
    code = "mark-not-reduced"
    template = N_("{of} is a {kind}, which cannot be reduced: overturn it and record a new one.")


class PlanNeeded(Refusal):
    code = "plan-needed"
    template = N_("The office's rules ask for a plan first: record a rectification-planned on {of}.")


class ReportInstead(Refusal):
    code = "report-instead"
    template = N_("{key} is an order to put a fault right: answer it with a rectification-reported on {of}.")


class StepNotRuled(Refusal):
    code = "step-not-ruled"
    template = N_("{of} is a {kind}, which cannot be a duplicate; take it back instead (retraction).")


class StepsHangOnIt(Refusal):
    code = "steps-hang-on-it"
    template = N_("{of} is a step of the case {case}, and {ref} was built on it: take the later steps back first.")


class StepNoLongerFits(Refusal):
    code = "step-no-longer-fits"
    template = N_(
        "The case {case} does not stand any more where {of} was recorded in it: record that step anew, under a number "
        "of its own."
    )


class MissOfOrder(Refusal):
    code = "miss-of-order"
    template = N_(
        "{key} is an order to put a fault right that names no item, so that missing it costs nothing; "
        "gk deadlines scan records it."
    )


class CaseWouldBeLost(Refusal):
    code = "case-would-be-lost"
    template = N_(
        "{ref} cannot be corrected: the case {of} is {state}, and would begin anew with the corrected fact. Take "
        "its steps back first, the latest first (gk case show {of}), or let the case say what it costs."
    )


class FileFirst(Refusal):
    code = "file-first"
    template = N_(
        "{ref} names a file that nobody has stored with it. Attach the file itself: gk evidence add FILE --of {of}"
    )


class FileOfFile(Refusal):
    code = "file-of-file"
    template = N_("{of} is itself a file that shows {fact}: attach this one to {fact} too.")


class RulesFaulty(Refusal):
    code = "rules-faulty"
    template = N_("The office's rules in {name} cannot be used: {fault}")
