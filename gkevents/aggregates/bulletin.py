"""Whether a bulletin may be issued: an aggregate of its own, which is issued once and never changes.

A bulletin is about a scheme-year as of a day and as known at a log position. Its terms are everything that its content
depends on beside the log; with them it can be derived again for ever. Pure: no clock, no log, no file.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from gkevents.aggregates import bulletin_refusals as no_bulletin

QUARTERS: Final = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}
"""The last month and day of each quarter."""
NAME_MAX: Final = 200
"""So long may a line of the paper's head be."""


class Period(NamedTuple):
    """What a bulletin is about: a `quarter` (with its `number`), a `span` of days, or the whole `year`.

    The `number` of a year says which of its approved results it is, from the second on.
    """

    kind: str
    number: int | None
    since: dt.date
    until: dt.date


class Excluded(NamedTuple):
    """A unit that is not ranked, and why."""

    unit: str
    reason: str


class Options(NamedTuple):
    """What an office says of one bulletin; what it does not say comes from its template, or is left out."""

    number: str | None = None
    addressees: str | None = None
    issuer: str | None = None
    issued_on: dt.date | None = None
    rectify_by: dt.date | None = None
    excluded: tuple[Excluded, ...] = ()


class Terms(NamedTuple):
    """Everything that a bulletin's content depends on beside the log up to `known_at`.

    `as_of` is None where the whole year counts. `template` is the text of the office's template, `program` the version
    of the program that first derived the content; `simulated`: whether the store was told the time then.
    """

    id: str
    scheme: str
    year: int
    period: Period
    as_of: dt.date | None
    known_at: int
    issued_on: dt.date
    template: str
    options: Options
    program: str
    simulated: bool = False


class Prepared(NamedTuple):
    """How far the store is: what keeps a bulletin from being issued.

    `behind`: views that have not come up with `known_at` (name, position); `stopped`: views that could not apply an
    event (name, position of that event); `unscanned`: limits (unit, key, due) that ran out by `as_of` and were not
    scanned; `recorded` and `applied`: facts that the log holds, and that went into the scores.
    """

    today: dt.date
    behind: Sequence[tuple[str, int]]
    stopped: Sequence[tuple[str, int]]
    unscanned: Sequence[tuple[str, str, str]]
    recorded: int
    applied: int


def period_of(
    year: int, *, quarter: int | None = None, since: dt.date | None = None, as_of: dt.date | None = None
) -> Period:
    """The period that is asked for: a quarter, a span of days up to `as_of`, or the whole year.

    A quarter may end on another day than its last one (`as_of`), as papers do. Raises NoSuchPeriod.
    """
    if quarter is not None:
        if quarter not in QUARTERS or since is not None:
            raise no_bulletin.NoSuchPeriod(year=year)
        end = dt.date(year, *QUARTERS[quarter])
        until = as_of or end
        if until > end + _BEYOND:
            raise no_bulletin.NoSuchPeriod(year=year)
        period = Period("quarter", quarter, dt.date(year, quarter * 3 - 2, 1), until)
    elif since is not None or as_of is not None:
        period = Period("span", None, since or dt.date(year, 1, 1), as_of or dt.date(year, 12, 31))
    else:
        return Period("year", None, dt.date(year, 1, 1), dt.date(year, 12, 31))
    if period.since.year != year or period.until < period.since:
        raise no_bulletin.NoSuchPeriod(year=year)
    return period


_BEYOND: Final = dt.timedelta(days=92)
"""So far behind a quarter its bulletin may run ("1 July to 9 October"): not into the one after the next."""


def bulletin_id(scheme: str, year: int, period: Period) -> str:
    """By what a bulletin is named, here and in the names of its files."""
    if period.kind == "quarter":
        return f"{scheme}-{year}-Q{period.number}"
    if period.kind == "year":
        return f"{scheme}-{year}-year" if period.number is None else f"{scheme}-{year}-year-{period.number}"
    return f"{scheme}-{year}-{period.since.isoformat()}-{period.until.isoformat()}"


def issue(state: Mapping[str, Any] | None, terms: Terms, prepared: Prepared) -> bool:
    """Whether a bulletin is to be issued now; False where the very same one has been.

    `state` is the body of the event that issued it, None where none did. Raises AlreadyIssued, NotOver,
    DatedAhead, DatedBefore, and what `check_options` and `check_prepared` do.
    """
    if state is not None:
        check_same(state, terms)
        return False
    check_options(terms)
    end = terms.period.until
    if end > prepared.today:
        raise no_bulletin.NotOver(id=terms.id, until=end, today=prepared.today)
    if terms.issued_on > prepared.today:
        raise no_bulletin.DatedAhead(issued_on=terms.issued_on, today=prepared.today)
    if terms.issued_on < end:
        raise no_bulletin.DatedBefore(id=terms.id, until=end, issued_on=terms.issued_on)
    check_prepared(terms, prepared)
    return True


def check_same(state: Mapping[str, Any], terms: Terms) -> None:
    """Refuse to issue a bulletin again on other terms. Raises AlreadyIssued."""
    said = said_terms(terms)
    differing = [name for key, name in _SAME.items() if state[key] != said[key]]
    before, now = state["options"], said["options"]
    differing += [name for key, name in _OPTIONS.items() if before[key] != now[key]]
    if differing:
        raise no_bulletin.AlreadyIssued(id=terms.id, issued_on=state["issued_on"], differs=", ".join(differing))


def check_prepared(terms: Terms, prepared: Prepared) -> None:
    """Refuse while anything that the log holds is missing.

    Raises ViewStopped, ViewBehind, LimitsUnscanned, NotApplied.
    """
    for view, position in prepared.stopped:
        raise no_bulletin.ViewStopped(view=view, position=position)
    for view, position in prepared.behind:
        raise no_bulletin.ViewBehind(view=view, position=position, known_at=terms.known_at)
    if prepared.unscanned:
        unit, key, due = prepared.unscanned[0]
        day = (terms.as_of or terms.period.until).isoformat()
        raise no_bulletin.LimitsUnscanned(count=len(prepared.unscanned), unit=unit, key=key, due=due, as_of=day)
    if prepared.recorded != prepared.applied:
        raise no_bulletin.NotApplied(recorded=prepared.recorded, applied=prepared.applied)


_SAME: Final = {"as_of": "--as-of", "template_digest": "--template"}
_OPTIONS: Final = {
    "number": "--number", "addressees": "--to", "issuer": "--issuer", "issued_on": "--on", "rectify_by": "--rectify-by",
    "excluded": "--exclude",
}  # fmt: skip
"""What may not differ where the same bulletin is asked for again, and by which option it is said."""


def said_terms(terms: Terms) -> dict[str, Any]:
    """The terms as the event keeps them."""
    options = terms.options
    return {
        "id": terms.id,
        "scheme": terms.scheme,
        "year": terms.year,
        "period": {
            "kind": terms.period.kind,
            "number": terms.period.number,
            "since": terms.period.since.isoformat(),
            "until": terms.period.until.isoformat(),
        },
        "as_of": _day(terms.as_of),
        "known_at": terms.known_at,
        "issued_on": terms.issued_on.isoformat(),
        "template": terms.template,
        "template_digest": template_digest(terms.template),
        "options": {
            "number": options.number,
            "addressees": options.addressees,
            "issuer": options.issuer,
            "issued_on": _day(options.issued_on),
            "rectify_by": _day(options.rectify_by),
            "excluded": [list(one) for one in options.excluded],
        },
        "program": terms.program,
        **({"simulated": True} if terms.simulated else {}),
    }


def terms_said(body: Mapping[str, Any]) -> Terms:
    """The terms that an event keeps."""
    period, options = body["period"], body["options"]
    return Terms(
        id=body["id"],
        scheme=body["scheme"],
        year=body["year"],
        period=Period(
            period["kind"],
            period["number"],
            dt.date.fromisoformat(period["since"]),
            dt.date.fromisoformat(period["until"]),
        ),
        as_of=_read(body["as_of"]),
        known_at=body["known_at"],
        issued_on=dt.date.fromisoformat(body["issued_on"]),
        template=body["template"],
        options=Options(
            options["number"],
            options["addressees"],
            options["issuer"],
            _read(options["issued_on"]),
            _read(options["rectify_by"]),
            tuple(Excluded(*one) for one in options["excluded"]),
        ),
        program=body["program"],
        simulated=body.get("simulated", False),
    )


def template_digest(text: str) -> str:
    """By what a template is told from others."""
    return hashlib.sha256(text.encode()).hexdigest()


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _read(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def check_options(terms: Terms) -> None:
    """Refuse what an office says of a bulletin, a draft of it too, where that can't be printed or means nothing.

    A line of the head is one line of visible text; a unit is left out once, and for a reason; nothing is to be put
    right before the paper that demands it. Raises LineUnreadable, ExcludedUnclear, ExcludedFromYear, RectifyBefore.
    """
    options = terms.options
    if terms.period.kind == "year" and options.excluded:
        raise no_bulletin.ExcludedFromYear(id=terms.id)
    if options.rectify_by is not None and options.rectify_by < terms.issued_on:
        raise no_bulletin.RectifyBefore(day=options.rectify_by, issued_on=terms.issued_on)
    lines = {"number": options.number, "to": options.addressees, "issuer": options.issuer}
    for name, text in lines.items():
        if text is not None and not is_line(text):
            raise no_bulletin.LineUnreadable(option=name, most=NAME_MAX)
    seen: set[str] = set()
    for unit, reason in options.excluded:
        if unit in seen or not is_line(reason):
            raise no_bulletin.ExcludedUnclear(unit=unit)
        seen.add(unit)


def is_line(text: str) -> bool:
    """Whether a text is one line that can be printed: something visible, and nothing that only pretends to be there."""
    kinds = {unicodedata.category(one) for one in text}
    return bool(text.strip()) and len(text) <= NAME_MAX and kinds.isdisjoint(_UNSEEN) and not kinds <= _BARE


_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Signs that are not seen: controls, marks of direction and width, halves of pairs, what Unicode has not given out."""
_BARE: Final = frozenset({"Mn", "Me", "Mc", "Zs"})
"""Signs that stand on or between others."""
