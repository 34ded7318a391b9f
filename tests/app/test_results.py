"""The year's result in a store: ready or not, frozen, approved, published, opened again, and what comes after it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from gkevents.aggregates import refusals as no
from gkevents.aggregates import result_refusals as no_result
from gkevents.aggregates.bulletin_refusals import LineUnreadable
from gkevents.aggregates.result import ResultApproved
from gkevents.app import Gk
from gkevents.app.results import ProposedNow, Proposing, approved, publication_day
from gkevents.calendar import Calendar
from gkevents.reports.bulletin.template import read_template, standard_text
from gkevents.reports.document import canonical, digest
from gkevents.reports.year.readiness import Readiness, ViewStanding, readiness
from gkevents.schemes import catalog
from gkevents.store.reading import Reader
from gkevents.terms import exact_share, instant
from gkevents.words import N_, message, say
from tests.app.case_office import SCHEME
from tests.app.worlds import BUREAU, World, day, fact
from tests.app.year_end import OF, UNITS, YearEnd, at


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The year before it is graded."""
    return YearEnd(tmp_path_factory.mktemp("year") / "gk.db").begin().world.path


@pytest.fixture
def ungraded(template: Path, tmp_path: Path) -> YearEnd:
    """A copy of it."""
    shutil.copy(template, tmp_path / "gk.db")
    return YearEnd(tmp_path / "gk.db")


@pytest.fixture(scope="module")
def graded(template: Path) -> Path:
    """The year when it is graded."""
    path = template.with_name("graded.db")
    shutil.copy(template, path)
    return YearEnd(path).graded().world.path


@pytest.fixture
def year(graded: Path, tmp_path: Path) -> YearEnd:
    """A copy of that."""
    shutil.copy(graded, tmp_path / "year.db")
    return YearEnd(tmp_path / "year.db")


def kinds(found: Readiness) -> dict[str, tuple[str, ...]]:
    """What is missing, by kind: the items and refs of all units."""
    said: dict[str, tuple[str, ...]] = {}
    for lack in found.lacks:
        said[lack.kind] = (*said.get(lack.kind, ()), *(lack.items or lack.refs))
    return said


# ---------------------------------------------------------------- ready or not


def test_what_is_not_graded_is_missing_unit_by_unit_and_what_to_do_is_said(ungraded: YearEnd) -> None:
    found = ungraded.readiness()
    assert not found.ready
    assert [(lack.kind, lack.unit, lack.items) for lack in found.lacks] == [
        ("ungraded", unit, ("G",)) for unit in UNITS
    ]
    assert "gk log grade --unit 甲局" in say(found.lacks[0].todo, "en")
    assert found.counts() == {"ungraded": 2}


def test_what_is_graded_is_ready_once_the_year_is_over(year: YearEnd) -> None:
    assert year.readiness().ready
    early = YearEnd(year.world.path.with_name("early.db")).begin()
    assert kinds(early.readiness("2020-12-31"))["year"] == ()
    assert "year" not in kinds(early.readiness("2021-01-01"))


def test_limits_are_missing_until_they_are_scanned_or_due(year: YearEnd) -> None:
    other = YearEnd(year.world.path.with_name("limits.db")).begin()
    other.log("deadline-opened", "d1", "2020-11-02", "L", key="k1", limit="2020-11-20")
    other.log("deadline-opened", "d2", "2020-11-02", "L", key="k2", limit="2020-12-20")
    other.log("deadline-opened", "d3", "2020-11-02", "L", key="k3", limit="2021-02-20")
    found = kinds(other.readiness("2020-12-01"))
    assert (found["unscanned"], found["not-due"]) == (("k1",), ("k2",))
    with other.world.gk(at("2021-01-05")) as gk:
        gk.scan()
    assert "unscanned" not in kinds(other.readiness())
    assert "not-due" not in kinds(other.readiness())


def test_a_limit_of_the_year_before_is_missing_while_it_can_cost_in_this_one(tmp_path: Path) -> None:
    office = YearEnd(tmp_path / "gk.db").begin()
    office.log("deadline-opened", "d", "2020-12-28", "L", key="k", limit="2021-01-08")
    next_year = tmp_path / "next.yaml"
    text = Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8")
    next_year.write_text(text.replace("scheme: cases-2020", "scheme: cases-2021"), encoding="utf-8")
    office.world.adopt(next_year, year=2021, now=at("2021-01-04"))
    with office.world.gk(at("2021-01-20")) as gk:
        found = gk.readiness(scheme="cases-2021", year=2021)[1]
        assert kinds(found)["unscanned"] == ("k",)
        gk.scan()
        assert "unscanned" not in kinds(gk.readiness(scheme="cases-2021", year=2021)[1])


def test_a_limit_beyond_the_published_calendar_is_missing_only_while_the_year_is_not_published(tmp_path: Path) -> None:
    office = YearEnd(tmp_path / "gk.db").begin()
    office.log("deadline-opened", "d", "2020-12-28", "L", key="k", limit="300 working days")
    assert "not-due" not in kinds(office.readiness())
    office.world.adopt(Path(__file__).with_name("cases.yaml"), year=2040, now=at("2040-03-01"))
    fields = fact("e", "deadline-opened", "2040-03-01", "L", unit="甲局", key="e", limit="3 working days")
    office.world.log(fields, scheme=SCHEME, year=2040, now=at("2040-03-01"))
    with office.world.gk(at("2041-01-02")) as gk:
        assert kinds(gk.readiness(scheme=SCHEME, year=2040)[1])["not-due"] == ("e",)


def test_cases_are_missing_until_they_are_decided_and_closed_but_rectification_may_go_on(year: YearEnd) -> None:
    with pytest.raises(no.Refusal):
        year.step("case-closed", "c", "2021-01-21")
    year.step("case-notified", "c", "2021-01-21")
    assert kinds(year.readiness()) == {"cases": ("c",)}
    year.step("case-contested", "c", "2021-01-22", reason="不服")
    found = year.readiness()
    assert (kinds(found), found.ready) == ({"contested": ("c",)}, False)
    year.step("case-upheld", "c", "2021-01-23", by="王五", reason="查实")
    assert kinds(year.readiness()) == {"cases": ("c",)}
    year.step("rectification-ordered", "c", "2021-01-24", limit="2021-03-01")
    found = year.readiness()
    assert (kinds(found), found.ready, found.blocking) == ({"rectification": ("c",)}, True, ())
    year.step("rectification-reported", "c", "2021-02-20")
    year.step("rectification-verified", "c", "2021-02-21", by="王五")
    assert kinds(year.readiness("2021-02-22")) == {"rectification": ("c",)}
    year.step("case-closed", "c", "2021-02-22")
    assert kinds(year.readiness("2021-02-22")) == {}


def test_what_a_second_person_must_stand_for_is_missing(year: YearEnd, tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("four_eyes: [督办卡]\n", encoding="utf-8")
    with year.world.gk(at("2021-01-21")) as gk:
        gk.adopt_case_rules(rules, **OF)
    assert kinds(year.readiness()) == {"unendorsed": ("c",)}


def test_a_scheme_without_points_misses_them_first(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt("sanmenxia-departments-2017", year=2017, units=[("甲局", None)], now=at("2017-01-03"))
    with world.gk(at("2018-02-01")) as gk:
        found = gk.readiness(scheme="sanmenxia-departments-2017", year=2017)[1]
    assert {lack.kind for lack in found.lacks} == {"points"}
    assert "--overlay" in say(found.lacks[0].todo, "en")
    assert len(found.lacks[0].items) > 50


def test_figures_confirmations_and_incomplete_facts_are_missing_each_in_its_own_way(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt("hebei-stats-2018", year=2018, now=at("2018-01-03"))
    with world.gk(at("2019-02-01")) as gk:
        found = gk.readiness(scheme="hebei-stats-2018", year=2018)[1]
    assert {"ungraded", "unreported", "unconfirmed"} <= set(kinds(found))
    assert [kind for kind in kinds(found) if kind in ("ungraded", "unreported")] == ["ungraded", "unreported"]


def test_what_waits_for_other_units_is_not_determined(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(now=at("2020-01-02"))
    world.log(fact("na", "not-applicable", "2020-12-01", "L15"), now=at("2021-02-01"))
    with world.gk(at("2021-02-01")) as gk:
        found = gk.readiness(scheme="luancheng-2020", year=2020)[1]
    [lack] = [lack for lack in found.lacks if lack.kind == "undetermined"]
    assert (lack.unit, lack.items) == (BUREAU, ("L15",))


def test_a_fact_that_lacks_a_word_is_missing(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    scheme = "hunan-docs-cities-2017"
    world.adopt(scheme, year=2017, units=[("甲市", None)], now=at("2017-01-03"))
    late = fact("o", "occurrence", "2017-05-02", "DC01", unit="甲市")
    world.log(late, scheme=scheme, year=2017, now=at("2017-06-01"))
    with world.gk(at("2018-02-01")) as gk:
        found = gk.readiness(scheme=scheme, year=2017)[1]
    assert kinds(found)["pending"] == ("o",)


def test_a_view_that_stopped_is_missing(year: YearEnd) -> None:
    year.world.adopt("luancheng-2020", now=at("2021-01-25"))
    broken = fact("x", "grade", "2020-11-20", "L15", points="5")
    (position,) = year.world.log(broken, now=at("2021-01-25"))
    year.world.sql(f"UPDATE events SET body = replace(body, '\"5\"', '\"V\"') WHERE position = {position}")  # noqa: S608
    found = year.readiness()
    assert (kinds(found), found.ready) == ({"views": ("scores",)}, False)
    with year.world.gk(at("2021-02-01")) as gk:
        gk.replaying = True
        assert gk.readiness(**OF)[1].ready


def test_views_are_said_with_what_to_do(year: YearEnd) -> None:
    standing = year.world.standing(**OF)
    view = ViewStanding("scores", "behind", message(N_("Bring it up: gk projections catch-up")))
    calendar = Calendar.of([])
    found = readiness(
        standing.edition, standing.scores, year=2020, today=day("2021-02-01"), calendar=calendar, views=[view]
    )
    assert [(lack.kind, lack.refs, lack.todo.template) for lack in found.lacks] == [
        ("views", ("scores",), "Bring it up: gk projections catch-up")
    ]


# ---------------------------------------------------------------- proposing


def test_what_is_not_ready_is_not_proposed_and_nothing_is_stored(ungraded: YearEnd) -> None:
    before = ungraded.world.count()
    with pytest.raises(no_result.NotReady) as caught:
        ungraded.propose()
    assert "2 things" in str(caught.value)
    assert ungraded.world.count() == before


def test_what_is_proposed_despite_says_so_on_the_paper(ungraded: YearEnd) -> None:
    done = ungraded.propose(despite="领导小组要求先行上报。")
    assert (done.proposal.lacking, done.proposal.despite) == (2, "领导小组要求先行上报。")
    said = json.dumps(done.content["document"], ensure_ascii=False)
    assert "提出理由：领导小组要求先行上报。" in said
    assert "。。" not in said
    assert "未评分" in said
    assert done.content["figures"]["units"]["甲局"]["total"] is None
    assert done.content["figures"]["units"]["甲局"]["rank"] is None


def test_a_proposal_freezes_what_it_was_made_from(year: YearEnd) -> None:
    head = year.world.count()
    done = year.propose(reason="年度考核", publish_by="04-30")
    proposal, figures = done.proposal, done.content["figures"]
    assert (proposal.known_at, proposal.position, proposal.publish_by) == (head, head + 1, day("2021-04-30"))
    assert proposal.digest == digest(done.content)
    assert figures["units"]["甲局"] == {
        "category": "", "total": "29.9", "low": "29.9", "high": "29.9", "provisional": False, "rank": 1, "of": 2,
        "band": None, "base": "29.9", "bonus": "0", "deduction": "0", "zeroed": False, "vetoes": [], "eligible": True,
        "contested": [],
    }  # fmt: skip
    assert figures["self_assessment"] == {"甲局": {"items": 1, "claimed": "9", "scored": "8", "difference": "-1"}}
    assert figures["facts"] == {"recorded": 4, "applied": 4}
    assert (figures["average"], figures["highest"], figures["lowest"]) == ("29.45", "29.9", "29")


def test_the_same_proposal_again_is_the_one_that_waits(year: YearEnd) -> None:
    first = year.propose()
    again = year.propose()
    assert (first.already, again.already) == (False, True)
    assert again.proposal.digest == first.proposal.digest
    year.log("self-assessment", "s2", "2021-02-01", "G", points="8", unit="乙局")
    anew = year.propose()
    assert (anew.already, anew.proposal.digest == first.proposal.digest) == (False, False)
    other = year.propose(head={"issuer": "某办公室"})
    assert not other.already
    assert not year.propose(document="文9").already


@pytest.mark.parametrize("text", ["4月30日", "02-30", "2021", ""])
def test_a_day_to_publish_by_is_a_month_and_a_day(year: YearEnd, text: str) -> None:
    with pytest.raises(no_result.PublishDayUnreadable):
        year.propose(publish_by=text)


def test_a_schemes_paper_says_by_when_to_publish(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    scheme = "sanmenxia-counties-2017"
    world.adopt(scheme, year=2017, units=[("甲县", None)], now=at("2017-01-03"))
    with world.gk(at("2018-02-01")) as gk:
        done = gk.propose_result(Proposing(scheme, 2017, "张三", despite="样本"))
        assert done.proposal.publish_by == day("2018-04-30")
        late = gk.propose_result(Proposing(scheme, 2017, "张三", despite="样本", publish_by="2018-05-15"))
        assert late.proposal.publish_by == day("2018-05-15")


@pytest.mark.parametrize("scheme", catalog.published())
def test_a_day_to_publish_by_is_told_of_schemes_whose_paper_names_one(scheme: str) -> None:
    assert publication_day(scheme) == ("04-30" if scheme.startswith("sanmenxia") else None)


@pytest.mark.parametrize("text", ["2021-01-31", "9999-12-31", "01-31", "20210430", "2021-W17-5"])
def test_a_result_is_not_to_be_published_before_it_is_proposed_or_far_behind(year: YearEnd, text: str) -> None:
    count = year.world.count()
    with pytest.raises((no_result.PublishDayImpossible, no_result.PublishDayUnreadable)):
        year.propose(publish_by=text)
    assert year.world.count() == count


def test_the_day_that_the_schemes_paper_names_may_be_past(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    scheme = "sanmenxia-counties-2017"
    world.adopt(scheme, year=2017, units=[("甲县", None)], now=at("2017-01-03"))
    with world.gk(at("2018-06-01")) as gk:
        for said in (None, "04-30", "2018-04-30"):
            done = gk.propose_result(Proposing(scheme, 2017, "张三", despite="样本", publish_by=said))
            assert done.proposal.publish_by == day("2018-04-30")
        with pytest.raises(no_result.PublishDayImpossible):
            gk.propose_result(Proposing(scheme, 2017, "张三", despite="样本", publish_by="05-15"))


def dated_back(year: YearEnd, on: str, despite: str | None = None) -> ProposedNow:
    """Propose the result in February, dated to a day before."""
    with year.world.gk(at("2021-02-01")) as gk:
        return gk.propose_result(Proposing(**OF, by="张三", on=day(on), despite=despite))


@pytest.mark.parametrize("on", ["2020-12-20", "2021-01-25"])
def test_a_proposal_dated_back_says_of_one_day_what_was_missing(year: YearEnd, on: str) -> None:
    year.log("deadline-opened", "d", "2020-11-02", "L", key="k", limit="2020-12-24", now=at("2021-01-21"))
    done = dated_back(year, on, despite="样本")
    frozen = [lack for lack in done.content["figures"]["lacking"] if lack["blocks"]]
    assert done.proposal.lacking == len(frozen) == (2 if on < "2021" else 1)
    assert {lack["kind"] for lack in frozen} == ({"year", "not-due"} if on < "2021" else {"unscanned"})
    assert year.proofs() == [("cases-2020-2020-result", [])]


def test_what_is_dated_back_into_the_year_is_not_ready(year: YearEnd) -> None:
    with pytest.raises(no_result.NotReady) as caught:
        dated_back(year, "2020-12-20")
    assert "The year is not over" in str(caught.value)


def test_a_sign_that_nobody_sees_makes_nobody_another_person(year: YearEnd) -> None:
    done = year.propose()
    with pytest.raises(LineUnreadable):
        year.approve(done.proposal.digest, by="张三\u200b")
    with pytest.raises(LineUnreadable):
        year.propose(head={"number": "甲\n乙"})


def test_a_text_that_cannot_be_kept_is_refused(year: YearEnd) -> None:
    with pytest.raises(no.FieldUnreadable):
        year.propose(by="\ud800")


# ---------------------------------------------------------------- approving


def test_somebody_else_approves_exactly_that(year: YearEnd) -> None:
    done = year.propose()
    with pytest.raises(no_result.ApprovedByProposer):
        year.approve(done.proposal.digest, by="张 三")
    result = year.approve(done.proposal.digest[:12])
    assert result.closed is not None
    assert result.closed.approval is not None
    assert result.closed.approval.digest == done.proposal.digest
    count = year.world.count()
    year.approve(done.proposal.digest)
    assert year.world.count() == count


def test_a_proposal_that_the_log_has_changed_is_not_approved(year: YearEnd) -> None:
    done = year.propose()
    year.log("criticism", "t", "2020-12-01", "T", now=at("2021-02-02"))
    with pytest.raises(no_result.ResultChanged) as caught:
        year.approve(done.proposal.digest)
    assert "甲局: 29.9, rank 1 → 27.9, rank 2" in str(caught.value)
    anew = year.propose("2021-02-02")
    assert year.approve(anew.proposal.digest).state == "approved"


def test_a_case_contested_since_is_a_change_though_the_points_are_the_same(year: YearEnd) -> None:
    year.step("case-notified", "c", "2021-01-21")
    done = year.propose(despite="先行上报")
    year.step("case-contested", "c", "2021-02-02", reason="不服")
    with pytest.raises(no_result.ResultChanged) as caught:
        year.approve(done.proposal.digest)
    assert "甲局: same points and rank, but other: contested" in str(caught.value)


def test_what_moves_no_figure_keeps_nobody_from_approving(year: YearEnd) -> None:
    year.step("case-notified", "c", "2021-01-21")
    year.step("case-accepted", "c", "2021-01-21")
    year.step("rectification-ordered", "c", "2021-01-22")
    done = year.propose()
    year.step("rectification-reported", "c", "2021-02-02")
    assert year.approve(done.proposal.digest).state == "approved"


def test_a_new_edition_that_moves_a_score_is_a_change(year: YearEnd, tmp_path: Path) -> None:
    done = year.propose()
    text = Path(__file__).with_name("cases.yaml").read_text(encoding="utf-8")
    other = tmp_path / "other.yaml"
    other.write_text(text.replace("首张一角，再收到五角", "首张两角，再收到五角").replace("first: 0.1", "first: 0.2"))
    year.world.adopt(other, now=at("2021-02-02"))
    with pytest.raises(no_result.ResultChanged) as caught:
        year.approve(done.proposal.digest)
    assert "29.9" in str(caught.value)


class Interrupted(Gk):
    """Somebody else does something between the moment at which this one looks and the moment at which it writes."""

    meanwhile: Callable[[], object] | None = None

    def _writing(self, **how: Any) -> Any:  # noqa: ANN401 - as the real one
        if self.meanwhile is not None:
            done, self.meanwhile = self.meanwhile, None
            done()
        return super()._writing(**how)


def test_what_is_logged_while_somebody_approves_is_seen(year: YearEnd) -> None:
    done = year.propose()
    gk = Interrupted(year.world.url, now=instant(at("2021-02-02")))
    gk.meanwhile = lambda: year.log("criticism", "t", "2020-12-01", "T", now=at("2021-02-02"))
    with pytest.raises(no_result.ResultChanged):
        gk.approve_result(ResultApproved("李四", day("2021-02-02"), "文2", done.proposal.digest), **OF)
    gk.store.close()


def test_two_who_propose_at_once_make_two_proposals_of_which_the_last_waits(year: YearEnd) -> None:
    gk = Interrupted(year.world.url, now=instant(at("2021-02-01")))
    gk.meanwhile = lambda: year.propose(by="赵六")
    done = gk.propose_result(Proposing(**OF, by="张三", document="文1"))
    gk.store.close()
    assert done.content["head"]["number"] == 2
    assert year.show().round.proposal.digest == done.proposal.digest
    assert year.proofs() == [("cases-2020-2020-result", []), ("cases-2020-2020-result-2", [])]


# ---------------------------------------------------------------- after the result


def test_later_facts_are_recorded_and_change_nothing_in_the_result(year: YearEnd) -> None:
    done = year.closed()
    year.publish()
    before = year.show()
    assert (before.after.facts, before.after.changes) == ([], [])
    position = year.log("criticism", "late", "2020-12-01", "T", now=at("2021-05-03"))
    shown = year.show()
    assert canonical(shown.content) == canonical(done.content)
    assert shown.kept.result.state == "published"
    [late] = shown.after.facts
    assert (late.ref, late.position, late.unit, late.type, late.effective_on) == (
        "late", position, "甲局", "criticism", "2020-12-01",
    )  # fmt: skip
    changed = {
        change.unit: (change.was["total"], change.now["total"], change.now["rank"]) for change in shown.after.changes
    }
    assert changed == {"甲局": ("29.9", "27.9", 2), "乙局": ("29", "29", 1)}
    with year.world.gk() as gk:
        closed = gk.closed_year(**OF)
        assert closed is not None
        assert (closed.later, closed.known_at) == (1, done.proposal.known_at)
        assert gk.score(**OF).scores["甲局"].total == Fraction("27.9")


def test_an_open_year_says_nothing_of_being_closed(year: YearEnd) -> None:
    with year.world.gk() as gk:
        assert gk.closed_year(**OF) is None
        with pytest.raises(no_result.NoResult):
            gk.result(**OF)
        with pytest.raises(no.NotAdopted):
            gk.result(scheme=SCHEME, year=1999)
    year.propose()
    with year.world.gk() as gk, gk.store.reading() as connection:
        assert gk.closed_year(**OF) is None
        assert approved(Reader(connection, gk.store.name), **OF) is None


def test_an_approved_result_stands_at_its_position(year: YearEnd) -> None:
    done = year.closed()
    with year.world.gk() as gk, gk.store.reading() as connection:
        assert approved(Reader(connection, gk.store.name), **OF) == (done.proposal.known_at, 1)


def test_other_streams_that_grow_are_named(year: YearEnd, tmp_path: Path) -> None:
    year.closed()
    year.world.adopt("luancheng-2020", now=at("2021-02-03"))
    assert year.show().after.elsewhere == []
    rules = tmp_path / "rules.yaml"
    rules.write_text("contest_window: 5 working days\n", encoding="utf-8")
    with year.world.gk(at("2021-02-04")) as gk:
        gk.adopt_case_rules(rules, **OF)
    assert year.show().after.elsewhere == ["scheme-year/cases-2020/2020"]


def test_a_unit_that_joins_later_is_a_change(year: YearEnd) -> None:
    year.closed()
    year.world.adopt(Path(__file__).with_name("cases.yaml"), units=[("丙局", None)], now=at("2021-02-03"))
    [change] = year.show().after.changes
    assert change.was == {}
    assert say(change.what, "en").startswith("丙局: – → 22 … 32, unranked")


def test_a_result_without_points_is_frozen_too(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    scheme = "sanmenxia-counties-2017"
    world.adopt(scheme, year=2017, units=[("甲县", None)], now=at("2017-01-03"))
    with world.gk(at("2018-02-01")) as gk:
        done = gk.propose_result(Proposing(scheme, 2017, "张三", despite="样本"))
        assert done.content["figures"]["units"]["甲县"]["low"] is None
        assert [proof.faults for proof in gk.prove_results()] == [[]]


def test_orders_that_still_run_are_listed_with_the_result_and_in_the_feedback(year: YearEnd) -> None:
    year.step("case-notified", "c", "2021-01-21")
    year.step("case-accepted", "c", "2021-01-21")
    year.step("rectification-ordered", "c", "2021-01-22", limit="2021-03-01")
    done = year.closed()
    assert done.content["figures"]["rectification"] == [
        {"unit": "甲局", "ref": "c", "item": "C", "state": "rectification-ordered", "ordered_on": "2021-01-22",
         "due": "2021-03-01"}
    ]  # fmt: skip
    assert [row.ref for row in year.show().orders] == ["c"]
    year.step("rectification-reported", "c", "2021-02-20")
    year.step("rectification-verified", "c", "2021-02-21", by="王五")
    assert year.show().orders == []
    assert canonical(year.show().content) == canonical(done.content)


# ---------------------------------------------------------------- published, opened again


def test_a_publication_past_its_day_is_recorded_and_late(year: YearEnd) -> None:
    done = year.propose(publish_by="04-30")
    year.approve(done.proposal.digest)
    result = year.publish("2021-05-03")
    assert result.last is not None
    assert (result.state, result.last.days_late) == ("published", 3)
    count = year.world.count()
    assert year.publish("2021-05-03").state == "published"
    assert year.world.count() == count
    with pytest.raises(no_result.AlreadyPublished):
        year.publish("2021-05-04")


def test_a_year_opened_again_gives_a_second_result_that_says_which_it_replaces(year: YearEnd) -> None:
    first = year.closed()
    year.publish()
    year.log("criticism", "late", "2020-12-01", "T", now=at("2021-05-03"))
    assert year.reopen().state == "reopened"
    second = year.propose("2021-05-07")
    assert second.proposal.replaces == first.proposal.digest
    assert second.content["id"] == "cases-2020-2020-result-2"
    assert first.proposal.digest in json.dumps(second.content["document"], ensure_ascii=False)
    year.approve(second.proposal.digest, "2021-05-08")
    shown = year.show()
    assert [one.state for one in shown.kept.result.rounds] == ["reopened", "approved"]
    assert shown.content["figures"]["units"]["甲局"]["total"] == "27.9"
    assert canonical(shown.kept.content(shown.kept.result.rounds[0])) == canonical(first.content)
    assert year.proofs() == [("cases-2020-2020-result", []), ("cases-2020-2020-result-2", [])]


# ---------------------------------------------------------------- feedback


def test_a_units_feedback_is_its_ledger_with_its_marks(year: YearEnd) -> None:
    done = year.closed()
    year.log("criticism", "late", "2020-12-01", "T", now=at("2021-05-03"))
    with year.world.gk() as gk, gk.feedback(**OF, units=["甲局"]) as found:
        ((unit, content),) = found
    figures = content["figures"]
    assert (unit, content["kind"], content["head"]["result"]) == ("甲局", "feedback", done.proposal.digest)
    assert (figures["total"], figures["rank"], figures["of"]) == ("29.9", 1, 2)
    assert "late" not in {entry["ref"] for entry in figures["entries"]}
    applied = sum((_signed(entry["applied"]) for entry in figures["entries"]), _signed(figures["start"]))
    assert applied == _signed(figures["total"])
    [graded] = [mark for mark in figures["marks"] if mark["item"] == "G"]
    assert (graded["max"], graded["self_assessed"], graded["score"], graded["difference"]) == ("10", "9", "8", "-1")


def _signed(points: str) -> Fraction:
    return -exact_share(points[1:]) if points.startswith("-") else exact_share(points)


def test_feedback_tells_what_was_contested_and_what_became_of_it(year: YearEnd) -> None:
    year.step("case-notified", "c", "2021-01-21")
    year.step("case-contested", "c", "2021-01-22", reason="栏目当日已更新")
    year.step("case-reduced", "c", "2021-01-23", by="王五", reason="部分属实", amount="0.05")
    done = year.propose(despite="先行上报")
    year.approve(done.proposal.digest)
    with year.world.gk() as gk, gk.feedback(**OF) as found:
        papers = {unit: json.dumps(content["document"], ensure_ascii=False) for unit, content in found}
    assert "栏目当日已更新" in papers["甲局"]
    assert "减轻，保留0.05分（王五，2021年1月23日）" in papers["甲局"]
    assert "下列事项尚未办结：c。" in papers["甲局"]
    assert "争议与裁定" not in papers["乙局"]
    assert "本单位未报自评分。" in papers["乙局"]


def test_feedback_waits_for_the_approval_and_knows_its_units(year: YearEnd) -> None:
    with year.world.gk() as gk, gk.feedback(**OF) as found, pytest.raises(no_result.NotApproved):
        next(found)
    year.closed()
    with year.world.gk() as gk, gk.feedback(**OF, units=["丁局"]) as found, pytest.raises(no.NoSuchUnit):
        next(found)


def test_every_unit_gets_its_feedback(year: YearEnd) -> None:
    year.closed()
    with year.world.gk() as gk:
        with gk.feedback(**OF) as found:
            contents = dict(found)
        with gk.feedback(**OF) as found:
            again = dict(found)
    assert sorted(contents) == sorted(UNITS)
    assert {unit: digest(content) for unit, content in contents.items()} == {
        unit: digest(content) for unit, content in again.items()
    }


def test_marks_are_told_now_and_as_they_were(year: YearEnd) -> None:
    done = year.closed()
    year.log("grade", "g3", "2021-02-03", "G", points="6")
    with year.world.gk() as gk:
        then = {mark.item: mark.score for mark in gk.marks("甲局", **OF, known_at=done.proposal.known_at)}
        now = {mark.item: mark.score for mark in gk.marks("甲局", **OF)}
    assert [then["G"], now["G"]] == [8, 6]


def test_an_offices_template_gives_the_page_and_the_subject(year: YearEnd) -> None:
    text = standard_text().replace("# subject: 政务公开工作", "subject: 样本工作")
    done = year.propose(template=read_template(text))
    assert done.content["document"]["title"] == "关于2020年度样本工作考核结果的通报"
    year.approve(done.proposal.digest)
    assert year.proofs() == [("cases-2020-2020-result", [])]
