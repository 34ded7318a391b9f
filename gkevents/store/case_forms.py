"""The stored forms of a case's steps, of what an office decided on cases, and of evidence."""

from __future__ import annotations

from typing import Literal

import msgspec

from gkevents.store.form import FactForm, Form


class CaseRulesAdopted(Form, kw_only=True):
    """What an office decided on how cases are handled in a year (see `aggregates.case_rules`)."""

    scheme: str
    year: int
    digest: str
    text: str
    four_eyes: list[str] = msgspec.field(default_factory=list)
    contest_window: str | None = None
    deciders: list[str] = msgspec.field(default_factory=list)
    plan: str | None = None
    rectification: str | None = None
    recheck: str | None = None


class Step(FactForm, kw_only=True):
    """A step in the life of a case; `of` names the fact that opened it, `by` who took it."""

    of: str
    by: str | None = None
    reason: str | None = None


class CaseEndorsed(Step, kw_only=True):
    """A second person stands for it."""

    type: Literal["case-endorsed"]


class CaseNotified(Step, kw_only=True):
    """The unit was told."""

    type: Literal["case-notified"]


class CaseAccepted(Step, kw_only=True):
    """The unit accepts it."""

    type: Literal["case-accepted"]


class CaseContested(Step, kw_only=True):
    """The unit contests it."""

    type: Literal["case-contested"]


class CaseUpheld(Step, kw_only=True):
    """It was contested and holds."""

    type: Literal["case-upheld"]


class CaseReduced(Step, kw_only=True):
    """It was contested and costs no more than an amount."""

    type: Literal["case-reduced"]
    amount: str


class CaseOverturned(Step, kw_only=True):
    """It was contested and does not hold."""

    type: Literal["case-overturned"]


class RectificationOrdered(Step, kw_only=True):
    """A fault is to be put right, by a limit where one is set: then with its end, as an opened limit."""

    type: Literal["rectification-ordered"]
    item: str | None = None
    key: str | None = None
    limit: str | None = None
    due: str | None = None
    calendar: str | None = None
    own_limit: bool | None = None


class RectificationPlanned(Step, kw_only=True):
    """The unit has said how it will put a fault right."""

    type: Literal["rectification-planned"]


class RectificationReported(Step, kw_only=True):
    """The unit says that a fault is put right."""

    type: Literal["rectification-reported"]
    key: str | None = None


class RectificationVerified(Step, kw_only=True):
    """Somebody has seen that a fault is put right."""

    type: Literal["rectification-verified"]


class RectificationReturned(Step, kw_only=True):
    """Somebody has seen that a fault is not put right yet."""

    type: Literal["rectification-returned"]


class CaseClosed(Step, kw_only=True):
    """Nothing is left to do."""

    type: Literal["case-closed"]


class EvidenceAttached(FactForm, kw_only=True):
    """A file that shows a fact or a step: its SHA-256, its name as given, its kind by its bytes, its size in bytes."""

    type: Literal["evidence-attached"]
    of: str
    digest: str
    name: str
    media: str
    size: int
    by: str | None = None
