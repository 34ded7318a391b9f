"""A notice that the program brings is left out where it does not go with what was imported by hand, and it is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from gkevents.app.doctoring import LOOK, examined
from gkevents.app.notices import NothingWithdrawn, NoticeOutrun, YearNotPublished, YearPublished, brought, check_fits
from gkevents.schemes import catalog
from gkevents.words import say
from tests.app.test_calendars import AMENDMENT, NOTICES, begun, bring_in, log, message, of_2020
from tests.app.worlds import World, day

OWN = next(notice for notice in NOTICES if notice.year == 2020 and not notice.amends)
AMENDING = next(notice for notice in NOTICES if notice.document == AMENDMENT)
EARLIER = [notice for notice in NOTICES if notice.year < 2020]


def test_every_notice_that_the_program_brings_fits_behind_those_before_it() -> None:
    for number in range(len(NOTICES) + 1):
        found = brought(reversed(NOTICES), NOTICES[:number])
        assert (found.fitting, found.left_out) == ([*NOTICES[number:]], [])


def test_another_edition_of_a_notice_is_left_out_and_what_goes_with_it_is_not() -> None:
    other = replace(OWN, document=f"{OWN.document} ")
    found = brought([other, AMENDING], [*EARLIER, OWN])
    assert found.fitting == [AMENDING]
    assert [(notice, type(why)) for notice, why in found.left_out] == [(other, YearPublished)]
    [(_, why)] = brought([AMENDING], EARLIER).left_out
    assert isinstance(why, YearNotPublished)


def test_an_edition_that_an_amendment_has_overruled_or_that_withdraws_nothing_is_left_out() -> None:
    back = replace(AMENDING, document="样本", issued_on=day("2020-02-20"), days_off=(), withdrawn_workdays=(),
                   make_up_workdays=(day("2020-01-31"),))  # fmt: skip
    with pytest.raises(NoticeOutrun):
        check_fits(replace(AMENDING, document="样本2"), [*EARLIER, OWN, back])
    with pytest.raises(NothingWithdrawn):
        check_fits(replace(back, make_up_workdays=(), withdrawn_workdays=(day("2020-02-02"),)), [*EARLIER, OWN])


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The notices of 2020 were imported by hand; then the program brings another edition of the first of them."""
    monkeypatch.setattr(catalog, "calendar_notices", lambda: tuple(EARLIER))
    world = begun(f"sqlite:///{tmp_path}/gk.db", tmp_path)
    bring_in(world, of_2020(tmp_path / "2020.yaml", OWN.document, AMENDMENT), "2020-01-28T09:00:00+08:00")
    log(world, message("a", "2020-01-23", "2 working days"), now="2020-01-29T10:00:00+08:00")
    brings = (*EARLIER, replace(OWN, document=f"{OWN.document} "))
    monkeypatch.setattr(catalog, "calendar_notices", lambda: brings)
    monkeypatch.setattr("gkevents.app.doctoring.calendar_notices", lambda: brings)
    return world


def test_it_does_not_undo_the_amendment(world: World) -> None:
    log(world, message("b", "2020-01-23", "2 working days"), now="2020-01-29T11:00:00+08:00")
    with world.gk() as gk:
        assert [(row.key, row.due) for row in gk.limits()] == [("a", "2020-02-04"), ("b", "2020-02-04")]
    assert world.rows("SELECT count(*) FROM events WHERE stream = 'calendar'") == [(len(EARLIER) + 2,)]


def test_it_is_said_in_the_list_and_by_the_doctor(world: World) -> None:
    with world.gk("2020-01-29T11:00:00+08:00") as gk:
        today = gk.calendar()
        found = [one for one in examined(gk.store, now=gk.now) if one.what == "calendar"]
    [row] = [row for row in today.rows if row.state == "left-out"]
    assert row.why is not None
    assert "says it is the notice for 2020" in say(row.why, "en")
    assert row.notice not in today.known
    assert len(today.known) == len(EARLIER) + 2
    assert found[0].state == LOOK
    assert say(found[0].said, "en").startswith("1 of the notices that gk brings are left out")
