"""Bulletins: drafted, issued once, listed, and derived again from the log by the terms they were issued on."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
from sqlalchemy import func, select

from gkevents import __version__
from gkevents.aggregates import bulletin_refusals as no_bulletin
from gkevents.aggregates import refusals as no
from gkevents.aggregates.bulletin import (
    Options,
    Period,
    Prepared,
    Terms,
    bulletin_id,
    check_same,
    issue,
    said_terms,
    terms_said,
)
from gkevents.app.asking import Question, Standing, standing
from gkevents.app.clock import Clock
from gkevents.app.restating import Restated, causes, restated
from gkevents.projections.limits import owed_rows
from gkevents.reports.bulletin import Case, Completeness, Earlier, Source, bulletin_content
from gkevents.reports.corrections import differing, excluded_by, held
from gkevents.reports.document import Content, canonical, digest
from gkevents.reports.template import Template, TemplateFaultyError, read_template, standard_text
from gkevents.store import archive
from gkevents.store.bulletin_forms import BulletinIssued
from gkevents.store.forms import EditionAdopted, opened
from gkevents.store.log import NewEvent
from gkevents.store.reading import Reader
from gkevents.store.tables import events
from gkevents.upcasts import BULLETIN_ISSUED
from gkevents.words import N_, message

if TYPE_CHECKING:
    from gkevents.app.views import ViewsReport
    from gkevents.scoring.score import Score

OWED_MOST: Final = 100_000
"""So many limits that were not scanned are looked at, to say how many there are."""


class Issued(NamedTuple):
    """An issued bulletin: where and when it was recorded, and what the event holds."""

    position: int
    recorded_at: str
    form: BulletinIssued

    @property
    def terms(self) -> Terms:
        """The terms it was issued on."""
        return terms_said(self.form.terms())

    @property
    def content(self) -> Content:
        """Its content as it was issued."""
        found: Content = msgspec.json.decode(self.form.content)
        return found


class IssuedNow(NamedTuple):
    """A bulletin, whether it was issued just now, and the files that were made of it then."""

    issued: Issued
    fresh: bool
    files: dict[str, bytes]


class Asking(NamedTuple):
    """What bulletin is asked for: of a scheme-year and period, with what the office says of it.

    `template`: the text of the office's template and how it is called; None: the standard one.
    """

    scheme: str
    year: int
    period: Period
    options: Options = Options()
    template: Template | None = None


class Made(NamedTuple):
    """A bulletin that was derived: its terms, its content and the digest of that."""

    terms: Terms
    content: Content
    digest: str


def template_of(path: Path) -> Template:
    """The template in a file of the office. Raises TemplateFaulty with its faults."""
    try:
        return read_template(path.read_bytes())
    except OSError as error:
        why = message(N_("the file cannot be read ({error})"), error=type(error).__name__)
        raise no_bulletin.TemplateFaulty(name=path, fault=why) from error
    except TemplateFaultyError as error:
        first, more = error.faults[0], len(error.faults) - 1
        where = message(
            N_("line {line}, column {column}: {fault}"), line=first.line, column=first.column, fault=first.message
        )
        fault = message(N_("{first} (and {more} more)"), first=where, more=more) if more else where
        raise no_bulletin.TemplateFaulty(name=path, fault=fault) from error


def name_of(one: Issued | Made) -> str:
    """The id of a bulletin, issued or not."""
    return one.form.id if isinstance(one, Issued) else one.terms.id


def bulletin_stream(name: str) -> str:
    """The stream of a bulletin."""
    return f"bulletin/{name}"


def issued(reader: Reader, name: str) -> Issued:
    """An issued bulletin by its id. Raises NoSuchBulletin."""
    found = _issued(reader, name)
    if found is None:
        names = [stream.partition("/")[2] for stream in reader.named("bulletin/")]
        hint = no.nearest(name, names) if names else ""
        raise no_bulletin.NoSuchBulletin(id=name, hint=hint)
    return found


def _issued(reader: Reader, name: str) -> Issued | None:
    for event in reader.stream(bulletin_stream(name)):
        if isinstance(event.form, BulletinIssued):
            return Issued(event.position, event.recorded_at, event.form)
    return None


def all_issued(reader: Reader, scheme: str | None = None, year: int | None = None) -> list[Issued]:
    """Every issued bulletin, or those of a scheme or scheme-year, in the order of issue."""
    found = [one for stream in reader.named("bulletin/") if (one := _issued(reader, stream.partition("/")[2]))]
    kept = [one for one in found if scheme in (None, one.form.scheme) and year in (None, one.form.year)]
    return sorted(kept, key=lambda one: one.position)


def sides_of(
    reader: Reader, earlier: str, later: str
) -> tuple[Question, Question, tuple[frozenset[str], frozenset[str]]]:
    """What two bulletins asked, and whom each did not rank. Raises NoSuchBulletin, TwoYears."""
    terms = [issued(reader, name).terms for name in (earlier, later)]
    if terms[0][1:3] != terms[1][1:3]:
        raise no_bulletin.TwoYears(first=earlier, second=later)
    before, after = (Question(each.scheme, each.year, each.as_of, str(each.known_at)) for each in terms)
    left_out = [frozenset(unit for unit, _ in each.options.excluded) for each in terms]
    return before, after, (left_out[0], left_out[1])


# ---------------------------------------------------------------- deriving


def terms_of(reader: Reader, asked: Asking, *, known_at: int, clock: Clock) -> Terms:
    """The terms of a bulletin that is asked for now. Raises NotAdopted, ExcludedUnknown."""
    adopted = archive.scheme_year(reader, asked.scheme, asked.year, known_at)
    for unit, _ in asked.options.excluded:
        if unit not in adopted.units:
            hint = no.nearest(unit, adopted.units)
            raise no_bulletin.ExcludedUnknown(unit=unit, scheme=asked.scheme, year=asked.year, hint=hint)
    template = asked.template or read_template(standard_text())
    return Terms(
        id=bulletin_id(asked.scheme, asked.year, asked.period),
        scheme=asked.scheme,
        year=asked.year,
        period=asked.period,
        as_of=None if asked.period.kind == "year" else asked.period.until,
        known_at=known_at,
        issued_on=asked.options.issued_on or clock.now().date(),
        template=template.text,
        options=asked.options,
        program=__version__,
        simulated=clock.simulated,
    )


def scores_of(reader: Reader, terms: Terms) -> Standing[Score]:
    """The scores that a bulletin on these terms prints."""
    found = standing(reader, Question(terms.scheme, terms.year, terms.as_of, str(terms.known_at)))
    return found._replace(simulated=terms.simulated)


def derived(reader: Reader, terms: Terms, *, draft: bool = False, found: Standing[Score] | None = None) -> Content:
    """The content that follows from the log up to the terms' position: the same for ever.

    `found`: the scores, where they have been worked out already.
    """
    found = found or scores_of(reader, terms)
    adopted = archive.scheme_year(reader, terms.scheme, terms.year, terms.known_at)
    before = [
        one
        for one in all_issued(reader, terms.scheme, terms.year)
        if one.position <= terms.known_at and one.form.id != terms.id
    ]
    case = Case(
        terms=terms,
        recorded_at=archive.recorded_at(reader, terms.known_at),
        source=_source(reader, adopted),
        standing=found,
        calendar=archive.calendar(reader, terms.known_at),
        earlier=_earlier(reader, terms, before),
        completeness=completeness(reader, terms, found.scores),
        draft=draft,
    )
    return bulletin_content(case, read_template(terms.template))


def _source(reader: Reader, adopted: archive.SchemeYear) -> Source:
    """The paper that the scheme in force is from."""
    for event in reader.stream(archive.scheme_stream(adopted.scheme, adopted.year)):
        if event.position == adopted.position and isinstance(event.form, EditionAdopted):
            said = opened(event.form.content) or {}
            return Source(adopted.edition.title, said.get("document"), said.get("issuer"))
    return Source(adopted.edition.title)


def completeness(reader: Reader, terms: Terms, scores: Mapping[str, Score]) -> Completeness:
    """How many facts of the scheme-year the log holds at the terms' position, and how many the scores have heard."""
    prefix = archive.unit_stream(terms.scheme, terms.year, "")
    query = select(func.count()).where(
        events.c.stream >= prefix,
        events.c.stream < f"{prefix}\U0010ffff",
        events.c.position <= terms.known_at,
        events.c.ref.is_not(None),
    )
    recorded = int(reader.connection.execute(query).scalar() or 0)
    return Completeness(recorded, sum(len(score.priced.view.known) for score in scores.values()))


def _earlier(reader: Reader, terms: Terms, before: Sequence[Issued]) -> list[Earlier]:
    """The bulletins issued before, each with what holds now for the same day, and why where that differs."""
    found, now = [], {}
    for one in before:
        content = one.content
        left_out = excluded_by(content["figures"])
        now[one.form.id] = restated(reader, one.terms, terms, left_out)
        held_now = held(_restanding(one, now[one.form.id]), left_out)
        found.append(Earlier(one.form.id, content["head"], content["figures"], held_now))
    moved = differing(found)
    return [each._replace(causes=causes(now[each.id], moved[each.id])) if each.id in moved else each for each in found]


def _restanding(one: Issued, now: Restated) -> Standing[Score]:
    return Standing(now.now.edition, one.form.year, now.now.as_of, now.now.known_at, now.scores)


# ---------------------------------------------------------------- drafting and issuing


def drafted(reader: Reader, asked: Asking, clock: Clock) -> Made:
    """A bulletin as it would be issued now; nothing is stored, and nothing is refused but what cannot be derived."""
    terms = terms_of(reader, asked, known_at=reader.head()[0], clock=clock)
    content = derived(reader, terms, draft=True)
    return Made(terms, content, digest(content))


def made_for_issue(reader: Reader, asked: Asking, clock: Clock, views: ViewsReport) -> Made | Issued:
    """A bulletin that may be issued now, derived by what the log holds; or the one that was, where it was.

    Raises the refusal that says what keeps it from being issued.
    """
    today, position = clock.now().date(), reader.head()[0]
    if asked.period.kind == "year":
        position = _result_position(reader, asked)
    terms = terms_of(reader, asked, known_at=position, clock=clock)
    before = _issued(reader, terms.id)
    found = scores_of(reader, terms)
    prepared = _prepared(reader, terms, found, views, today)
    state = before.form.terms() if before is not None else None
    if not issue(state, terms, prepared):
        assert before is not None  # noqa: S101 - the very same one was issued
        return before
    content = derived(reader, terms, found=found)
    return Made(terms, content, digest(content))


def _result_position(reader: Reader, asked: Asking) -> int:
    """The position at which the approved result of a year stands. Raises ResultNotApproved."""
    from gkevents.app.results import approved_position  # noqa: PLC0415 - only a bulletin of the whole year asks

    position = approved_position(reader, asked.scheme, asked.year)
    if position is None:
        raise no_bulletin.ResultNotApproved(scheme=asked.scheme, year=asked.year)
    return position


def _prepared(reader: Reader, terms: Terms, found: Standing[Score], views: ViewsReport, today: dt.date) -> Prepared:
    """How far the store is."""
    day = terms.as_of or dt.date(terms.year, 12, 31)
    adopted = archive.scheme_year(reader, terms.scheme, terms.year, terms.known_at)
    of = {(terms.scheme, terms.year), *archive.earlier_years(reader, adopted, terms.known_at)}
    owed = [row for row in owed_rows(reader.connection, day, most=OWED_MOST) if (row.scheme, row.year) in of]
    behind = [
        (view.view, view.position or 0)
        for view in views.views
        if view.state not in ("current", "stopped", "newer") and (view.position or 0) < terms.known_at
    ]
    heard = completeness(reader, terms, found.scores)
    return Prepared(
        today=today,
        behind=behind,
        stopped=[(view.view, view.stopped) for view in views.views if view.stopped is not None],
        unscanned=[(row.unit, row.key, str(row.due)) for row in owed],
        recorded=heard.recorded,
        applied=heard.applied,
    )


def same_or_refused(reader: Reader, terms: Terms) -> Issued | None:
    """The very same bulletin, where somebody issued it meanwhile; None where nobody did. Raises AlreadyIssued."""
    before = _issued(reader, terms.id)
    if before is not None:
        check_same(before.form.terms(), terms)
    return before


def issuing_event(made: Made, files: Mapping[str, str], made_with: Mapping[str, str], moment: dt.datetime) -> NewEvent:
    """The event that issues a bulletin: its terms, its content, and the digests of the files made of it."""
    body = {
        **said_terms(made.terms),
        "editions": made.content["head"]["editions"],
        "content": made.content,
        "digest": made.digest,
        "files": dict(files),
        "made_with": dict(made_with),
    }
    return NewEvent(bulletin_stream(made.terms.id), BULLETIN_ISSUED, body, moment)


def sha256(data: bytes) -> str:
    """By what a file is told from another."""
    return hashlib.sha256(data).hexdigest()


def canonical_of(form: BulletinIssued) -> bytes:
    """The canonical bytes of a bulletin's content as it was issued."""
    content: dict[str, Any] = msgspec.json.decode(form.content)
    return canonical(content)
