"""Bulletins: drafted, issued once, listed, and derived again from the log by the terms they were issued on."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from gkevents import __version__
from gkevents.aggregates import bulletin_refusals as no_bulletin
from gkevents.aggregates import refusals as no
from gkevents.aggregates.bulletin import (
    Options,
    Period,
    Prepared,
    Terms,
    bulletin_id,
    check_options,
    check_same,
    issue,
    said_terms,
    terms_said,
)
from gkevents.app.asking import Question, Standing, standing
from gkevents.app.clock import Clock
from gkevents.app.restating import causes, scores_of, side_of
from gkevents.app.sources import completeness, source_of
from gkevents.projections.checkpoint import standing as view_standing
from gkevents.projections.limits import owed_rows
from gkevents.projections.rebuilding import VIEWS
from gkevents.reports.bulletin.case import Case, Cause, Earlier, Held
from gkevents.reports.bulletin.content import bulletin_content
from gkevents.reports.bulletin.corrections import differing, excluded_by, held, last_printed
from gkevents.reports.bulletin.template import Template, TemplateFaultyError, read_template, standard_text
from gkevents.reports.document import Content, canonical, digest
from gkevents.store import archive
from gkevents.store.bulletin_forms import BulletinIssued
from gkevents.store.log import NewEvent
from gkevents.store.reading import UNLIKE_ITS_NAME, EventDamaged, Reader
from gkevents.upcasts import BULLETIN_ISSUED
from gkevents.words import N_, Message, message

if TYPE_CHECKING:
    from gkevents.scoring.between import Side
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
        raise no_bulletin.TemplateFaulty(name=path, fault=_first_fault(error)) from error


def _first_fault(error: TemplateFaultyError) -> Message:
    """The first fault of a template, with its place, and how many more there are."""
    first, more = error.faults[0], len(error.faults) - 1
    text = N_("line {line}, column {column}: {fault}")
    where = message(text, line=first.line, column=first.column, fault=first.message)
    return message(N_("{first} (and {more} more)"), first=where, more=more) if more else where


def name_of(one: Issued | Made) -> str:
    """The id of a bulletin, issued or not."""
    return one.form.id if isinstance(one, Issued) else one.terms.id


def bulletin_stream(name: str) -> str:
    """The stream of a bulletin."""
    return f"bulletin/{name}"


def issued(reader: Reader, name: str) -> Issued:
    """An issued bulletin by its id, as it was issued. Raises NoSuchBulletin, EventDamaged."""
    return sound(reader, kept(reader, name))


def kept(reader: Reader, name: str) -> Issued:
    """The event that issued a bulletin, as it lies there. Raises NoSuchBulletin."""
    found = _issued(reader, name) if name.isprintable() else None  # what no file can be called is no id
    if found is None:
        names = [stream.partition("/")[2] for stream in reader.named("bulletin/")]
        hint = no.nearest(name, names) if names else ""
        raise no_bulletin.NoSuchBulletin(id=name, hint=hint)
    return found


def sound(reader: Reader, one: Issued) -> Issued:
    """A bulletin, its content being what its digest says and its terms such as can be read. Raises EventDamaged."""
    try:
        same = one.terms.id == one.form.id and sha256(canonical_of(one.form)) == one.form.digest
    except UNREADABLE_BODY as error:
        raise EventDamaged(reader.store, one.position, UNLIKE_ITS_NAME) from error
    if not same:
        raise EventDamaged(reader.store, one.position, UNLIKE_ITS_NAME)
    return one


UNREADABLE_BODY: Final = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What looking into a body may raise that somebody has changed."""


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


def printed_scores(reader: Reader, terms: Terms) -> Standing[Score]:
    """The scores that a bulletin on these terms prints."""
    question = Question(terms.scheme, terms.year, terms.as_of, str(terms.known_at))
    found = standing(reader, question, rulings_known=True)
    return found._replace(simulated=terms.simulated)


def derived(reader: Reader, terms: Terms, *, draft: bool = False, found: Standing[Score] | None = None) -> Content:
    """The content that follows from the log up to the terms' position: the same for ever.

    `found`: the scores, where they have been worked out already.
    """
    found = found or printed_scores(reader, terms)
    adopted = archive.scheme_year(reader, terms.scheme, terms.year, terms.known_at)
    before = [
        sound(reader, one)
        for one in all_issued(reader, terms.scheme, terms.year)
        if one.position <= terms.known_at and one.form.id != terms.id
    ]
    case = Case(
        terms=terms,
        recorded_at=archive.recorded_at(reader, terms.known_at),
        source=source_of(reader, adopted),
        standing=found,
        calendar=archive.calendar(reader, terms.known_at),
        earlier=_earlier(reader, terms, before),
        completeness=completeness(reader, (terms.scheme, terms.year), terms.known_at, found.scores),
        draft=draft,
    )
    try:
        return bulletin_content(case, read_template(terms.template))
    except TemplateFaultyError as error:  # a sentence that could be said of the last bulletin, and not of this one
        raise no_bulletin.TemplateFaulty(name="template", fault=_first_fault(error)) from error


def _earlier(reader: Reader, terms: Terms, before: Sequence[Issued]) -> list[Earlier]:
    """The bulletins issued before, with what holds now of those that this one may correct, and why that differs.

    A bulletin of days corrects bulletins of days; that of a year's result only one of an earlier result of the year:
    what becomes known after a result changes nothing in it.
    """
    of_year = terms.period.kind == "year"
    may = {one.form.id: one for one in before if (one.terms.period.kind == "year") == of_year}
    found: list[Earlier] = []
    sides: dict[str, Side] = {}
    for one in before:
        content, name = one.content, one.form.id
        left_out = excluded_by(content["figures"])
        standing_now: Mapping[str, Held] = {}
        if name in may:
            side = sides[name] = side_of(reader, one.terms, known_at=terms.known_at, excluded=left_out)
            now = Standing(side.edition, terms.year, side.as_of, side.known_at, scores_of(side))
            standing_now = held(now, left_out)
        found.append(Earlier(name, content["head"], content["figures"], standing_now))
    moved = differing(found)
    return [
        each._replace(causes=_causes(reader, found, place, moved[each.id], sides[each.id], may))
        if each.id in moved
        else each
        for place, each in enumerate(found)
    ]


def _causes(
    reader: Reader,
    found: Sequence[Earlier],
    place: int,
    units: Sequence[str],
    now: Side,
    may: Mapping[str, Issued],
) -> dict[str, list[Cause]]:
    """Why units no longer stand as was last printed of them, by the bulletin in which that was."""
    printed, of = last_printed(found, place), may[found[place].id].terms
    said: dict[str, list[Cause]] = {}
    for name in dict.fromkeys(printed[unit].bulletin for unit in units):
        before = side_of(reader, of, known_at=may[name].terms.known_at, excluded=now.unranked)
        said |= causes(before, now, [unit for unit in units if printed[unit].bulletin == name])
    return said


# ---------------------------------------------------------------- drafting and issuing


def drafted(reader: Reader, asked: Asking, clock: Clock) -> Made:
    """A bulletin as it would be issued now; nothing is stored, and nothing is refused but what cannot be printed."""
    terms = terms_of(reader, asked, known_at=reader.head()[0], clock=clock)
    check_options(terms)
    content = derived(reader, terms, draft=True)
    return Made(terms, content, digest(content))


def made_for_issue(reader: Reader, asked: Asking, clock: Clock) -> Made | Issued:
    """A bulletin that may be issued now, derived by what the log holds; or the one that was, where it was.

    Raises the refusal that says what keeps it from being issued.
    """
    position = reader.head()[0]
    if asked.period.kind == "year":
        position, number = _approved(reader, asked.scheme, asked.year)
        asked = asked._replace(period=asked.period._replace(number=number if number > 1 else None))
    terms = terms_of(reader, asked, known_at=position, clock=clock)
    before = _issued(reader, terms.id)
    if before is not None:
        check_same(before.form.terms(), terms)
        return before
    found = printed_scores(reader, terms)
    issue(None, terms, _prepared(reader, terms, found, clock.now().date()))
    content = derived(reader, terms, found=found)
    return Made(terms, content, digest(content))


def _approved(reader: Reader, scheme: str, year: int) -> tuple[int, int]:
    """Where the approved result of a year stands, and the how manyth it is. Raises ResultNotApproved."""
    from gkevents.app.results import approved  # noqa: PLC0415 - only a bulletin of the whole year asks

    found = approved(reader, scheme, year)
    if found is None:
        raise no_bulletin.ResultNotApproved(scheme=scheme, year=year)
    return found


def _prepared(reader: Reader, terms: Terms, found: Standing[Score], today: dt.date) -> Prepared:
    """How far the store is, all of it as it is in one snapshot."""
    day = terms.as_of or dt.date(terms.year, 12, 31)
    adopted = archive.scheme_year(reader, terms.scheme, terms.year, terms.known_at)
    of = {(terms.scheme, terms.year), *archive.earlier_years(reader, adopted, terms.known_at)}
    owed = owed_rows(reader.connection, day, most=OWED_MOST, of=of)
    views = [(made.name, view_standing(reader, made)) for made in (view() for view in VIEWS)]
    reached = [(name, now.live.position if now.live is not None else 0) for name, now in views]
    builds = [(name, build) for name, now in views for build in (now.live, now.building) if build is not None]
    heard = completeness(reader, (terms.scheme, terms.year), terms.known_at, found.scores)
    return Prepared(
        today=today,
        behind=[(name, position) for name, position in reached if position < terms.known_at],
        stopped=[(name, build.stopped) for name, build in builds if build.stopped is not None],
        unscanned=[(row.unit, row.key, str(row.due)) for row in owed],
        recorded=heard.recorded,
        applied=heard.applied,
    )


def same_or_refused(reader: Reader, terms: Terms) -> Issued | None:
    """The very same bulletin, where somebody issued it meanwhile; None where nobody did.

    Raises AlreadyIssued; ResultNotApproved where the year was opened again meanwhile.
    """
    before = _issued(reader, terms.id)
    if before is not None:
        check_same(before.form.terms(), terms)
    elif terms.period.kind == "year" and _approved(reader, terms.scheme, terms.year)[0] != terms.known_at:
        raise no_bulletin.ResultNotApproved(scheme=terms.scheme, year=terms.year)
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
