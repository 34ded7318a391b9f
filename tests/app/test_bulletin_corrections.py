"""What a bulletin says of earlier ones: once, with its own reasons, whatever the order of days; and the year's."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from gkevents.aggregates import bulletin_refusals as no_bulletin
from gkevents.aggregates.bulletin import Options, period_of
from gkevents.aggregates.result import ResultApproved, ResultReopened
from gkevents.app import papers
from gkevents.app.bulletins import Asking, IssuedNow
from gkevents.app.results import Proposing
from gkevents.app.views import Views
from gkevents.reports.bulletin.template import read_template, standard_text
from gkevents.words import say
from tests.app import bulletin_story as story
from tests.app.bulletin_story import asking, issue
from tests.app.case_office import SCHEME
from tests.app.worlds import World, day, fact
from tests.app.year_end import OF, YearEnd, at


def issued(world: World, now: str, **period: Any) -> IssuedNow:  # noqa: ANN401 - what names a period
    """A bulletin issued one evening, everything scanned."""
    with world.gk(at(now)) as gk:
        gk.scan(as_of=min(day(now), dt.date(2020, 12, 31)))
        return gk.issue_bulletin(Asking(SCHEME, 2020, period_of(2020, **period)))


def said(done: IssuedNow) -> list[tuple[str, str, str, str, str, list[tuple[str, str]]]]:
    """Its corrections: of which bulletin, whose, from and to what, where that was printed, and why."""
    return [
        (
            one["bulletin"][-2:], one["unit"], one["printed"]["low"], one["now"]["low"], one["printed_in"][-2:],
            [(cause["ref"], cause["points"]) for cause in one["causes"] if cause["ref"]],
        )
        for one in done.issued.content["figures"]["corrections"]
    ]  # fmt: skip


@pytest.fixture
def spring(tmp_path: Path) -> World:
    """The story up to the bulletin of the second quarter."""
    world = story.spring(World(tmp_path / "gk.db"))
    issue(world, 2)
    return world


def test_a_second_correction_has_its_own_reasons_only(spring: World) -> None:
    first = fact("x1", "criticism", "2020-06-20", "T", unit="甲局", matter="补登一")
    spring.log(first, scheme=SCHEME, now=at("2020-07-20"))
    assert said(issued(spring, "2020-10-01", quarter=3)) == [
        ("Q2", "乙局", "28.4", "28.4", "Q2", []),  # its rank alone
        ("Q2", "甲局", "29.9", "27.9", "Q2", [("x1", "-2")]),
    ]
    second = fact("x2", "supervision-card", "2020-06-21", "C", unit="甲局", problem="补登二")
    spring.log(second, scheme=SCHEME, now=at("2020-10-20"))
    done = issued(spring, "2021-01-04", quarter=4)
    assert said(done) == [
        ("Q2", "甲局", "27.9", "27.8", "Q3", [("x2", "-0.1")]),
        ("Q3", "甲局", "27.9", "27.8", "Q3", [("x2", "-0.1")]),
    ]
    with spring.gk() as gk:
        assert [proof.faults for proof in gk.prove_bulletins(files=False)] == [[], [], []]


def test_a_bulletin_about_earlier_days_takes_no_correction_back(spring: World) -> None:
    story.autumn(spring)
    issue(spring, 3)
    done = issued(spring, "2020-11-02", as_of=day("2020-07-31"))
    assert said(done) == []
    with spring.gk() as gk:
        assert [proof.faults for proof in gk.prove_bulletins(files=False)] == [[], [], []]


def test_a_ruling_is_a_correction_once_though_it_was_made_after_the_day(spring: World) -> None:
    story.autumn(spring)
    assert ("Q2", "乙局", "28.4", "30.5", "Q2", [("r1", "2"), ("n4", "0.1")]) in said(issue(spring, 3))
    assert said(issued(spring, "2021-01-04", quarter=4)) == []


def test_what_was_overturned_before_the_bulletin_is_not_in_it_and_corrects_nothing_later(tmp_path: Path) -> None:
    world = story.spring(World(tmp_path / "gk.db"))
    steps = (("notified", "督办员"), ("contested", "联络员"), ("overturned", "负责人"))
    for number, (word, by) in enumerate(steps):
        on = f"2020-07-{11 + number}"
        told = {} if word == "notified" else {"reason": "督办前已修复"}
        world.log(
            fact(f"s{number}", f"case-{word}", on, unit="乙局", of="c2", by=by, **told), scheme=SCHEME, now=at(on)
        )
    done = issued(world, "2020-07-15", quarter=2)
    assert done.issued.content["figures"]["units"]["乙局"]["total"] == "28.5"
    assert "链接失效" not in str(done.issued.content["document"]["body"])
    assert said(issued(world, "2020-10-05", quarter=3)) == []
    with world.gk() as gk:
        found = gk.compare_bulletins("cases-2020-2020-Q2", "cases-2020-2020-Q3").movements["乙局"]
    assert found.steps == ()


def test_what_a_correction_of_a_range_says_has_points_too(spring: World) -> None:
    late = fact("x3", "criticism", "2020-06-22", "T", unit="丙局", matter="补登三")
    spring.log(late, scheme=SCHEME, now=at("2020-07-21"))
    done = issued(spring, "2020-10-01", quarter=3)
    assert said(done) == [("Q2", "丙局", "22", "20", "Q2", [("x3", "-2")])]


# ---------------------------------------------------------------- others at work


def test_what_is_logged_after_the_views_were_brought_up_is_scanned_first(
    spring: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    caught_up, late = Views.catch_up, ["K1"]

    def then_logged(views: Views) -> Any:  # noqa: ANN401 - a report
        report = caught_up(views)
        if late:
            message = fact("m9", "netizen-message", "2020-07-06", "M", unit="乙局", key=late.pop())
            spring.log(message, scheme=SCHEME, now=at("2020-12-30"))
        return report

    with spring.gk(at("2020-12-30")) as gk:
        gk.scan(as_of=dt.date(2020, 9, 30))
    monkeypatch.setattr(Views, "catch_up", then_logged)
    with spring.gk(at("2021-01-04")) as gk, pytest.raises(no_bulletin.LimitsUnscanned, match="K1 of 乙局"):
        gk.issue_bulletin(asking(3))


def test_views_that_cannot_be_brought_up_are_given_up_on(spring: World, monkeypatch: pytest.MonkeyPatch) -> None:
    spring.log(fact("g9", "grade", "2020-07-11", "G", unit="戊局", points="7"), scheme=SCHEME, now=at("2020-07-11"))
    tried: list[Views] = []

    def in_vain(views: Views) -> None:
        tried.append(views)

    monkeypatch.setattr(Views, "catch_up", in_vain)
    with spring.gk(at("2020-10-04")) as gk, pytest.raises(no_bulletin.ViewBehind, match="gk projections catch-up"):
        gk.issue_bulletin(asking(3))
    assert len(tried) == papers._TRIES


def test_a_sentence_that_cannot_be_said_is_a_fault_of_the_template(spring: World) -> None:
    text = standard_text().replace("title: ", "title: '{{ categories[5].name }}' #", 1)
    asked = asking(3)._replace(template=read_template(text))
    with spring.gk(at("2020-10-04")) as gk:
        gk.scan(as_of=dt.date(2020, 9, 30))
        for ask in (gk.draft_bulletin, gk.issue_bulletin):
            with pytest.raises(no_bulletin.TemplateFaulty, match=r"line \d+, column \d+"):
                ask(asked)


# ---------------------------------------------------------------- the year


@pytest.fixture
def year(tmp_path: Path) -> YearEnd:
    """A year with an approved result."""
    office = YearEnd(tmp_path / "gk.db").begin().graded()
    office.closed()
    return office


def of_year(office: YearEnd, now: str, **options: Any) -> IssuedNow:  # noqa: ANN401 - any option
    with office.world.gk(at(now)) as gk:
        return gk.issue_bulletin(Asking(SCHEME, 2020, period_of(2020), Options(**options)))


def test_the_bulletin_of_the_year_prints_the_approved_result_whatever_was_logged_since(year: YearEnd) -> None:
    year.log("criticism", "late", "2020-12-01", "T", now=at("2021-03-03"))
    done = of_year(year, "2021-03-04")
    assert (done.issued.form.id, done.issued.form.as_of) == ("cases-2020-2020-year", None)
    printed = done.issued.content["figures"]["units"]["甲局"]
    assert (printed["total"], printed["rank"]) == ("29.9", 1)
    with year.world.gk() as gk:
        assert [proof.faults for proof in gk.prove_bulletins()] == [[]]
        shown = gk.result(**OF).content["figures"]["units"]["甲局"]
    assert (shown["total"], shown["rank"]) == ("29.9", 1)


def test_a_later_bulletin_corrects_no_result(year: YearEnd) -> None:
    of_year(year, "2021-03-01")
    year.log("criticism", "late", "2020-12-01", "T", now=at("2021-03-03"))
    done = issued(year.world, "2021-03-04", quarter=4)
    assert done.issued.content["figures"]["corrections"] == []


def test_a_second_result_has_a_bulletin_of_its_own_which_corrects_the_first(year: YearEnd) -> None:
    of_year(year, "2021-03-01")
    year.log("supervision-card", "c9", "2020-12-01", "C", now=at("2021-03-03"), problem="漏登")
    with year.world.gk(at("2021-05-06")) as gk:
        gk.reopen_result(ResultReopened("王五", day("2021-05-06"), "文3", "漏登一件"), **OF)
        again = gk.propose_result(Proposing(**OF, by="张三", document="文4"))
        with pytest.raises(no_bulletin.ResultNotApproved):
            gk.issue_bulletin(Asking(SCHEME, 2020, period_of(2020)))
        gk.approve_result(ResultApproved("李四", day("2021-05-06"), "文5", again.proposal.digest), **OF)
    done = of_year(year, "2021-05-07")
    assert (done.fresh, done.issued.form.id) == (True, "cases-2020-2020-year-2")
    (correction,) = done.issued.content["figures"]["corrections"]
    assert (correction["bulletin"], correction["printed"]["total"]) == ("cases-2020-2020-year", "29.9")
    assert [cause["ref"] for cause in correction["causes"]] == ["c9"]
    with year.world.gk() as gk:
        assert [say(fault, "en") for proof in gk.prove_bulletins() for fault in proof.faults] == []


def test_the_bulletin_of_a_year_that_is_opened_meanwhile_is_not_stored(
    year: YearEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = papers.Papers._made_for_issue

    def then_reopened(gk: papers.Papers, asked: Asking) -> Any:  # noqa: ANN401 - what was made
        made = before(gk, asked)
        year.reopen("2021-03-01")
        return made

    monkeypatch.setattr(papers.Papers, "_made_for_issue", then_reopened)
    with pytest.raises(no_bulletin.ResultNotApproved):
        of_year(year, "2021-03-01")
    with year.world.gk() as gk:
        assert gk.bulletins() == []


def test_the_bulletin_of_a_result_leaves_nobody_out(year: YearEnd) -> None:
    left_out = story.asking(4).options.excluded[:1]
    with pytest.raises(no_bulletin.ExcludedFromYear):
        of_year(year, "2021-03-01", excluded=(left_out[0]._replace(unit="甲局"),))
