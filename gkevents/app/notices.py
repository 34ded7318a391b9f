"""Whether a calendar notice goes with those that are known: one that is imported, and those that this program brings.

One that is imported is refused with the sentence. One that the program brings is left out for the same reasons: it may
be another edition of what was imported by hand, and would come behind an amendment of that, and undo it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.calendar import CalendarNotPublished, Notice, tell_day
from gkevents.words import N_


class YearNotPublished(no.Refusal):
    """An amendment of a year that has no notice of its own yet."""

    code = "year-not-published"
    template = N_("{document} amends {year}, and no notice for {year} is adopted. Import that one first.")


class YearPublished(no.Refusal):
    """A second notice for a year that says it is the first."""

    code = "year-published"
    template = N_("{document} says it is the notice for {year}, but {other} is. If it amends that one: amends: true.")


class NothingWithdrawn(no.Refusal):
    """A make-up workday is withdrawn that is none."""

    code = "nothing-withdrawn"
    template = N_("{document} withdraws {day} as a make-up workday, but {day} is no working day by what is adopted.")


class NoticeOutrun(no.Refusal):
    """A notice comes after a later one that has spoken of the same day."""

    code = "notice-outrun"
    template = N_(
        "{document} was issued on {issued_on}, before {other}, which is adopted and says otherwise of {day}: "
        "the later notice decides."
    )


class Brought(NamedTuple):
    """The notices that a program brings and the log does not have: those that go with it, and why others do not."""

    fitting: list[Notice]
    left_out: list[tuple[Notice, no.Refusal]]


def brought(published: Iterable[Notice], known: Sequence[Notice]) -> Brought:
    """What a program brings beside the known notices, in the order in which it was issued: as it will be adopted."""
    there = {notice.digest for notice in known}
    fresh = [notice for notice in published if notice.digest not in there]
    found, so_far = Brought([], []), list(known)
    for notice in sorted(fresh, key=lambda notice: (notice.issued_on, notice.amends)):
        try:
            check_fits(notice, so_far)
        except no.Refusal as refusal:
            found.left_out.append((notice, refusal))
        else:
            found.fitting.append(notice)
            so_far.append(notice)
    return found


def check_fits(notice: Notice, known: Sequence[Notice]) -> None:
    """Refuse a notice that does not go with those that are known."""
    own = next((one for one in known if one.year == notice.year and not one.amends), None)
    if notice.amends and own is None:
        raise YearNotPublished(document=notice.document, year=notice.year)
    if not notice.amends and own is not None:
        raise YearPublished(document=notice.document, year=notice.year, other=own.document)
    for other in known:
        if other.issued_on > notice.issued_on:
            _check_outrun(notice, other)
    for day in notice.withdrawn_workdays:
        try:
            working = tell_day(known, day).working
        except CalendarNotPublished:  # the last December before the first year that is known
            continue
        if not working:
            raise NothingWithdrawn(document=notice.document, day=day)


def _check_outrun(notice: Notice, later: Notice) -> None:
    """A later notice has the last word on a day, so an earlier one may not come behind it with another."""
    for day in notice.days:
        if day in later.days and (day in notice.make_up_workdays) != (day in later.make_up_workdays):
            raise NoticeOutrun(document=notice.document, issued_on=notice.issued_on, other=later.document, day=day)
