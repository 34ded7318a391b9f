"""The stored form of every event: what the body of a row may hold, and nothing else.

A body is canonical JSON, so that an auditor can read it with SQL. A key, a type or a name that is not listed here is
refused. `loading` reads rows into these forms. Read `FORMS` at the end first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec

from gkevents.store.bulletin_forms import BulletinIssued
from gkevents.store.case_forms import (
    CaseAccepted,
    CaseClosed,
    CaseContested,
    CaseEndorsed,
    CaseNotified,
    CaseOverturned,
    CaseReduced,
    CaseRulesAdopted,
    CaseUpheld,
    EvidenceAttached,
    RectificationOrdered,
    RectificationPlanned,
    RectificationReported,
    RectificationReturned,
    RectificationVerified,
)
from gkevents.store.form import FactForm, Form
from gkevents.store.result_forms import ResultApproved, ResultProposed, ResultPublished, ResultReopened
from gkevents.upcasts import (
    BULLETIN_ISSUED,
    CASE_RULES_ADOPTED,
    EDITION_ADOPTED,
    NOTICE_ADOPTED,
    RESULT_APPROVED,
    RESULT_PROPOSED,
    RESULT_PUBLISHED,
    RESULT_REOPENED,
    UNIT_YEAR_OPENED,
    UNITS_JOINED,
)


class EditionAdopted(Form, kw_only=True):
    """A scheme's text adopted for a year, with the points decided for it and the units that join with it.

    What the text says (`content`) and the points (`overlay`) are large; they are looked into where they are asked for.
    """

    scheme: str
    year: int
    digest: str
    text: str
    content: msgspec.Raw
    overlay: msgspec.Raw
    units: list[tuple[str, str]]
    decided_by: str | None = None
    decided_on: str | None = None
    reason: str | None = None

    def plain(self) -> dict[str, Any]:
        """The body as it was written: each unit with its category as a list of two."""
        said = {name: getattr(self, name) for name in ("decided_by", "decided_on", "reason") if getattr(self, name)}
        return {
            "scheme": self.scheme, "year": self.year, "digest": self.digest, "text": self.text,
            "content": opened(self.content), "overlay": opened(self.overlay), "units": list(map(list, self.units)),
            **said,
        }  # fmt: skip


_Object: Final = msgspec.json.Decoder(dict[str, Any] | None)


def opened(part: msgspec.Raw) -> dict[str, Any] | None:
    """A part of a body that was left as it lay. Raises ValueError where it is no object."""
    found: dict[str, Any] | None = _Object.decode(part)
    return found


class UnitsJoined(Form, kw_only=True):
    """Units that join a scheme-year later."""

    units: list[tuple[str, str]]

    def plain(self) -> dict[str, Any]:
        """The body as it was written: each unit with its category as a list of two."""
        return {"units": list(map(list, self.units))}


class UnitYearOpened(Form, kw_only=True):
    """A unit's year begins under an edition."""

    scheme: str
    year: int
    unit: str
    category: str
    edition: str


class NoticeAdopted(Form, kw_only=True):
    """A notice on working days."""

    document: str
    issued_on: str
    year: int
    amends: bool
    days_off: list[str]
    make_up_workdays: list[str]
    withdrawn_workdays: list[str]
    verified: str


class CardIssued(FactForm, kw_only=True):
    """A supervision card with the problems it names."""

    type: Literal["supervision-card"]
    item: str
    problem: list[str]
    other_unit: str | None = None


class _Opened(FactForm, kw_only=True):
    """The start of a limit, with its end as worked out then (None: beyond the calendar) and the calendar used."""

    item: str
    key: str
    limit: str
    due: str | None
    calendar: str
    own_limit: bool | None = None
    other_unit: str | None = None


class MessageReceived(_Opened, kw_only=True):
    """A netizen's message came in."""

    type: Literal["netizen-message"]


class LimitOpened(_Opened, kw_only=True):
    """Any other dated duty began."""

    type: Literal["deadline-opened"]


class _Answered(FactForm, kw_only=True):
    """The end of a limit that was kept, or kept too late."""

    key: str
    justified: bool | None = None
    serious: bool | None = None


class MessageAnswered(_Answered, kw_only=True):
    """A netizen's message was answered."""

    type: Literal["netizen-reply"]


class LimitAnswered(_Answered, kw_only=True):
    """A dated duty was done."""

    type: Literal["deadline-met"]


class _Missed(FactForm, kw_only=True):
    """A limit that was missed; recorded by hand, or by a scan from the opening that it names (`of`)."""

    key: str | None = None
    count: int = 1
    message: str | None = None
    justified: bool | None = None
    serious: bool | None = None
    other_unit: str | None = None
    of: str | None = None
    scanned: bool = False


class ReplyTimedOut(_Missed, kw_only=True):
    """A netizen's message was not answered in time."""

    type: Literal["reply-timeout"]
    item: str


class LimitMissed(_Missed, kw_only=True):
    """A dated duty was not done in time; a fault that was to be put right may cost nothing, and so name no item."""

    type: Literal["deadline-missed"]
    item: str | None = None


class PraiseGiven(FactForm, kw_only=True):
    """A praise."""

    type: Literal["praise"]
    item: str
    level: str | None = None
    count: int = 1
    kind: str | None = None
    other_unit: str | None = None


class CriticismIssued(FactForm, kw_only=True):
    """A criticism."""

    type: Literal["criticism"]
    item: str
    level: str | None = None
    count: int = 1
    kind: str | None = None
    other_unit: str | None = None
    sub_unit: str | None = None


class OccurrenceNoted(FactForm, kw_only=True):
    """Anything else that an item counts."""

    type: Literal["occurrence"]
    item: str
    count: int = 1
    level: str | None = None
    kind: str | None = None
    form: str | None = None
    message: str | None = None
    amount: str | None = None
    reason: str | None = None
    justified: bool | None = None
    serious: bool | None = None
    other_unit: str | None = None
    sub_unit: str | None = None


class GradeGiven(FactForm, kw_only=True):
    """An assessor's mark."""

    type: Literal["grade"]
    item: str
    points: str
    by: str | None = None
    reason: str | None = None
    sub_unit: str | None = None


class SelfAssessmentGiven(FactForm, kw_only=True):
    """What a unit says that it is worth."""

    type: Literal["self-assessment"]
    item: str
    points: str
    by: str | None = None
    reason: str | None = None


class FigureReported(FactForm, kw_only=True):
    """A reported figure."""

    type: Literal["metric"]
    item: str
    value: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    previous: str | None = None
    current: str | None = None
    threshold: str | None = None
    for_year: int | None = None
    about: str | None = None


class ChecklistReported(FactForm, kw_only=True):
    """How many elements of a list are there, or are not."""

    type: Literal["checklist"]
    item: str
    met: int | None = None
    missing: int | None = None


class CountConfirmed(FactForm, kw_only=True):
    """The log of a counted item is complete."""

    type: Literal["confirmation"]
    item: str


class ItemSetAside(FactForm, kw_only=True):
    """An item does not concern the unit."""

    type: Literal["not-applicable"]
    item: str


class FraudProven(FactForm, kw_only=True):
    """Proven fraud."""

    type: Literal["fraud"]
    reason: str | None = None


class _TakenBack(FactForm, kw_only=True):
    """What takes an earlier fact back; `scanned`: the program did, because the calendar was amended."""

    of: str
    reason: str | None = None
    scanned: bool = False


class FactRetracted(_TakenBack, kw_only=True):
    """A fact is taken back."""

    type: Literal["retraction"]


class DuplicateRuled(_TakenBack, kw_only=True):
    """A fact is ruled a duplicate."""

    type: Literal["duplicate-ruling"]


def encode(body: Mapping[str, Any]) -> str:
    """A body as it is written: canonical JSON (keys in order, nothing escaped that need not be), one line."""
    return msgspec.json.encode(body, order="sorted").decode()


FORMS: Final[Mapping[str, type[Form]]] = {
    EDITION_ADOPTED: EditionAdopted,
    UNITS_JOINED: UnitsJoined,
    UNIT_YEAR_OPENED: UnitYearOpened,
    NOTICE_ADOPTED: NoticeAdopted,
    CASE_RULES_ADOPTED: CaseRulesAdopted,
    BULLETIN_ISSUED: BulletinIssued,
    RESULT_PROPOSED: ResultProposed,
    RESULT_APPROVED: ResultApproved,
    RESULT_PUBLISHED: ResultPublished,
    RESULT_REOPENED: ResultReopened,
    "supervision-card-issued": CardIssued,
    "netizen-message-received": MessageReceived,
    "netizen-message-answered": MessageAnswered,
    "reply-timed-out": ReplyTimedOut,
    "limit-opened": LimitOpened,
    "limit-answered": LimitAnswered,
    "limit-missed": LimitMissed,
    "praise-given": PraiseGiven,
    "criticism-issued": CriticismIssued,
    "occurrence-noted": OccurrenceNoted,
    "grade-given": GradeGiven,
    "self-assessment-given": SelfAssessmentGiven,
    "figure-reported": FigureReported,
    "checklist-reported": ChecklistReported,
    "count-confirmed": CountConfirmed,
    "item-set-aside": ItemSetAside,
    "fraud-proven": FraudProven,
    "fact-retracted": FactRetracted,
    "duplicate-ruled": DuplicateRuled,
    "case-endorsed": CaseEndorsed,
    "case-notified": CaseNotified,
    "case-accepted": CaseAccepted,
    "case-contested": CaseContested,
    "case-upheld": CaseUpheld,
    "case-reduced": CaseReduced,
    "case-overturned": CaseOverturned,
    "rectification-ordered": RectificationOrdered,
    "rectification-planned": RectificationPlanned,
    "rectification-reported": RectificationReported,
    "rectification-verified": RectificationVerified,
    "rectification-returned": RectificationReturned,
    "case-closed": CaseClosed,
    "evidence-attached": EvidenceAttached,
}
"""The form of every event in its version of today, by name."""
