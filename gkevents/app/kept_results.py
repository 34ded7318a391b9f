"""The year's result as the log holds it: read whole, or refused at the event that cannot be what was recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from gkevents.aggregates.result import (
    Result,
    ResultApproved,
    ResultEvent,
    ResultProposed,
    ResultPublished,
    ResultReopened,
    Round,
    evolve,
)
from gkevents.reports.document import Content, digest
from gkevents.store import archive, result_forms
from gkevents.store.reading import UNLIKE_ITS_NAME, Event, EventDamaged, Reader


class Look(NamedTuple):
    """How the paper of a result is to look: what was said of it, the text of the template that it was set with."""

    head: Mapping[str, str]
    template: str | None = None


class Kept(NamedTuple):
    """The result of a scheme-year as the log holds it, and the proposals with their contents, by position."""

    result: Result
    forms: Mapping[int, result_forms.ResultProposed]
    store: str

    def form(self, of: Round) -> result_forms.ResultProposed:
        """A proposal as it was stored."""
        return self.forms[of.proposal.position]

    def content(self, of: Round) -> Content:
        """The content of a proposal as it was frozen. Raises EventDamaged where it is another one by now."""
        found: Content | None = frozen(self.form(of))
        if found is None:
            raise EventDamaged(self.store, of.proposal.position, UNLIKE_ITS_NAME)
        return found

    def look(self, of: Round) -> Look:
        """How its paper looks."""
        form = self.form(of)
        return Look(form.head, form.template)

    def number(self, of: Round) -> int:
        """The how manieth proposal of the year it is."""
        return self.result.rounds.index(of) + 1


def frozen(form: result_forms.ResultProposed) -> Content | None:
    """The content of a proposal; None where it is not the one that its digest names."""
    found: Content = msgspec.json.decode(form.content)
    try:
        return found if digest(found) == form.digest else None
    except ValueError:  # half a character, which no store has kept
        return None


def kept_result(reader: Reader, scheme: str, year: int) -> Kept:
    """The result of a scheme-year. Raises NotAdopted; EventDamaged where an event cannot be what was recorded."""
    recorded = reader.stream(archive.result_stream(scheme, year))
    if not recorded:
        archive.scheme_year(reader, scheme, year)
    result, forms = Result(scheme, year), {}
    for event in recorded:
        try:
            said = _event(event)
            _check_place(result, said, event)
            result = evolve(result, said)
        except (LookupError, TypeError, ValueError) as error:
            raise EventDamaged(reader.store, event.position, UNLIKE_ITS_NAME) from error
        if isinstance(event.form, result_forms.ResultProposed):
            forms[event.position] = event.form
    return Kept(result, forms, reader.store)


def _check_place(result: Result, said: ResultEvent, event: Event) -> None:
    """An event is of its stream's year and follows what it says it does. Raises ValueError."""
    form, last = event.form, result.last
    if isinstance(form, result_forms.ResultProposed):
        right = (form.scheme, form.year) == (result.scheme, result.year) and 0 < form.known_at < event.position
    elif isinstance(said, ResultApproved):
        right = last is not None and said.digest == last.proposal.digest
    else:
        right = last is not None and last.approval is not None
    if not right:
        msg = "not an event that this result can have"
        raise ValueError(msg)


def _event(event: Event) -> ResultEvent:
    """What an event of a result's stream says. Raises ValueError where a day in it is none."""
    recorded_at, form = event.recorded_at.replace(".000000", ""), event.form
    said = {"position": event.position, "recorded_at": recorded_at}
    if isinstance(form, result_forms.ResultProposed):
        until = dt.date.fromisoformat(form.publish_by) if form.publish_by is not None else None
        return ResultProposed(
            form.by, dt.date.fromisoformat(form.on), form.known_at, tuple(form.editions), form.program, form.digest,
            form.document, form.reason, until, form.despite, form.lacking, form.replaces, form.simulated,
            event.position, recorded_at,
        )  # fmt: skip
    body = {name: value for name, value in event.body.items() if value is not None} | said
    body["on"] = dt.date.fromisoformat(body["on"])
    if isinstance(form, result_forms.ResultApproved):
        return ResultApproved(**body)
    return ResultPublished(**body) if isinstance(form, result_forms.ResultPublished) else ResultReopened(**body)
