"""Cases in a real store: steps taken one by one, the office's rules from a file, where each case stands."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from gkevents.aggregates import case_refusals as no_case
from gkevents.aggregates import refusals as no
from gkevents.app.cases import CaseRow, CaseStory
from gkevents.words import say
from tests.app.case_office import FILE, SCHEME
from tests.app.worlds import World, day, fact

STEPS = {
    "endorsed": "case-endorsed", "notified": "case-notified", "accepted": "case-accepted",
    "contested": "case-contested", "upheld": "case-upheld", "reduced": "case-reduced",
    "overturned": "case-overturned", "ordered": "rectification-ordered", "planned": "rectification-planned",
    "reported": "rectification-reported", "verified": "rectification-verified", "returned": "rectification-returned",
    "closed": "case-closed",
}  # fmt: skip
DECIDED = {"by": "王五", "reason": "查实"}


class Office:
    """A store with the scheme of cases for 2020, its clock told day by day."""

    def __init__(self, folder: Path) -> None:
        """Know the folder and the store in it."""
        self.folder = folder
        self.world = World(folder / "gk.db")

    def log(self, kind: str, ref: str, on: str, item: str | None = None, /, **fields: Any) -> None:  # noqa: ANN401
        """Log a fact of 甲局, unless said otherwise, on its day."""
        now = fields.pop("now", f"{on[:10]}T18:00:00+08:00")
        self.world.log(fact(ref, kind, on, item, **{"unit": "甲局", **fields}), scheme=SCHEME, now=now)

    def take(self, word: str, of: str = "c", on: str = "2020-05-06", **fields: Any) -> tuple[str, int | None]:  # noqa: ANN401
        """Take a step, in the evening of its day."""
        with self.world.gk(f"{on}T18:00:00+08:00") as gk:
            return gk.take_step(of, STEPS[word], fields)

    def refuses(self, word: str, of: str = "c", on: str = "2020-05-06", **fields: Any) -> no.Refusal:  # noqa: ANN401
        """The refusal of a step; the log is as it was."""
        before = self.world.count()
        with pytest.raises(no.Refusal) as caught:
            self.take(word, of, on, **fields)
        assert self.world.count() == before
        return caught.value

    def rules(self, text: str, *, on: str = "2020-05-05") -> Any:  # noqa: ANN401 - what became of it
        """Adopt rules."""
        path = self.folder / "rules.yaml"
        path.write_text(text, encoding="utf-8")
        with self.world.gk(f"{on}T18:00:00+08:00") as gk:
            return gk.adopt_case_rules(path, scheme=SCHEME, year=2020)

    def cases(self, now: str | None = None, unit: str | None = None) -> dict[str, CaseRow]:
        """Where each case stands."""
        with self.world.gk(now) as gk:
            return {row.ref: row for row in gk.cases(scheme=SCHEME, year=2020, unit=unit)}

    def story(self, ref: str, now: str | None = None) -> CaseStory:
        """A case whole."""
        with self.world.gk(now) as gk:
            return gk.case(ref)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a card `c` of May 5th, recorded by 张三."""
    office = Office(tmp_path_factory.mktemp("template"))
    office.world.init().adopt(FILE, now="2020-03-02T09:00:00+08:00")
    office.log("supervision-card", "c", "2020-05-05", "C", problem="栏目", recorded_by="张三")
    return office.world.path


@pytest.fixture
def office(template: Path, tmp_path: Path) -> Office:
    shutil.copy(template, tmp_path / "gk.db")
    return Office(tmp_path)


# ---- steps


def test_a_whole_life_in_the_log_and_back_again(office: Office) -> None:
    office.take("endorsed", by="李四")
    office.take("notified")
    office.take("contested", reason="当日已更新", by="甲局")
    office.take("reduced", amount="0.05", **DECIDED)
    office.take("ordered", limit="5 working days", item="L")
    office.take("planned")
    office.take("reported", on="2020-05-08")
    office.take("returned", on="2020-05-09", **DECIDED)
    office.take("reported", on="2020-05-11")
    office.take("verified", on="2020-05-12", by="李四")
    office.take("closed", on="2020-05-12")
    story = office.story("c")
    assert [step.body["ref"] for step in story.steps] == [
        "c-endorsed-1", "c-notified-1", "c-contested-1", "c-reduced-1", "c-ordered-1", "c-planned-1", "c-reported-1",
        "c-returned-1", "c-reported-2", "c-verified-1", "c-closed-1",
    ]  # fmt: skip
    assert (story.row.state, story.row.next, story.row.due) == ("case-closed", (), None)
    assert story.fact.body["problem"] == ["栏目"]
    score = office.world.score("甲局", scheme=SCHEME)
    assert (score.items["C"].score, score.items["L"].score) == (Fraction("4.95"), Fraction(6))
    assert {key: limit.state for key, limit in score.limits.items()} == {"c-ordered-1": "met"}
    assert office.world.faults() == []


def test_a_step_is_of_today_unless_another_day_is_said(office: Office) -> None:
    ref, position = office.take("notified", on="2020-05-20")
    assert (ref, position) == ("c-notified-1", office.world.count())
    assert office.story("c").steps[0].body["effective_on"] == "2020-05-20"
    office.take("accepted", on="2020-05-21", effective_on="2020-05-20", by="甲局")
    office.take("ordered", on="2020-05-22", effective_at="2020-05-21T09:00:00+08:00", ref="整改1号")
    body = office.story("整改1号").steps[-1].body
    assert (body["ref"], body["effective_at"]) == ("整改1号", "2020-05-21T09:00:00+08:00")
    assert "effective_on" not in body


def test_a_step_repeated_under_its_number_is_recorded_once(office: Office) -> None:
    first = office.take("notified", ref="告1")
    count = office.world.count()
    assert office.take("notified", ref="告1") == (first[0], None)
    assert office.world.count() == count
    refusal = office.refuses("notified", ref="告1", note="又一次")
    assert str(refusal).startswith("告1 is already recorded with other content (note).")


def test_a_step_of_another_units_fact_is_refused(office: Office) -> None:
    step = fact("n", "case-notified", "2020-05-06", of="c", unit="乙局")
    (refused,) = office.world.try_log(step, scheme=SCHEME, now="2020-05-06T18:00:00+08:00").refused
    assert say(refused.message, "en") == "c was recorded for 甲局, not for 乙局: name its own unit, scheme and year."


def test_steps_may_come_in_a_file_with_their_fact(office: Office) -> None:
    rows = [
        fact("d", "supervision-card", "2020-05-07", "C", unit="甲局", problem="栏目"),
        fact("d1", "告知", "2020-05-08", unit="甲局", of="d"),
        fact("d2", "异议", "2020-05-09", unit="甲局", of="d", reason="不服"),
    ]
    office.world.log(*rows, scheme=SCHEME, now="2020-05-09T18:00:00+08:00")
    assert office.cases()["d"].state == "case-contested"
    (refused,) = office.world.try_log(rows[1] | {"ref": "d3"}, scheme=SCHEME, now="2020-05-10T18:00:00+08:00").refused
    assert refused.code == "out-of-order"


EVERY = """
four_eyes: [督办卡]
contest_window: 3 working days
deciders: [李四]
plan: 2 working days
rectification: 10 working days
recheck: 2 working days
source: 某办〔2020〕3号
"""


def test_every_refusal_leaves_the_log_as_it_was(office: Office) -> None:
    def code(word: str, of: str = "c", on: str = "2020-05-06", **fields: Any) -> str:  # noqa: ANN401
        return office.refuses(word, of, on, **fields).code

    assert code("notified", "x") == "unknown-target"
    office.log("netizen-message", "m", "2020-05-05", "M", key="k")
    assert code("notified", "m") == "no-case"
    assert code("accepted") == "out-of-order"
    office.rules(EVERY)
    assert code("notified") == "endorsement-needed"
    assert code("endorsed", by="张三") == "same-person"
    office.log("supervision-card", "d", "2020-05-05", "C", problem="链接", now="2020-05-05T19:00:00+08:00")
    assert code("endorsed", "d", by="李四") == "recorder-unknown"
    assert code("endorsed", by="李四", effective_on="2020-05-04") == "step-too-early"
    office.take("endorsed", by="李四")
    office.take("notified")
    assert code("closed", on="2020-05-09") == "not-accepted"
    assert code("contested", on="2020-05-12", reason="不服") == "window-over"
    office.take("contested", on="2020-05-12", effective_on="2020-05-09", reason="不服")
    assert code("upheld", on="2020-05-12", **DECIDED) == "may-not-decide"
    office.take("upheld", on="2020-05-12", by="李四", reason="属实")
    office.take("ordered", on="2020-05-12")
    assert code("reported", on="2020-05-12") == "plan-needed"
    office.take("planned", on="2020-05-12")
    office.take("reported", on="2020-05-12")
    office.take("verified", on="2020-05-12", by="李四")
    office.take("closed", on="2020-05-12")
    assert code("ordered", on="2020-05-12") == "case-closed"
    office.rules("{}", on="2020-05-12")
    office.log("grade", "g", "2020-05-12", "G", points="7", now="2020-05-12T19:00:00+08:00")
    office.take("notified", "g", on="2020-05-13")
    assert code("closed", "g", on="2020-05-13") == "no-window"
    office.take("contested", "g", on="2020-05-13", reason="偏低")
    assert code("reduced", "g", on="2020-05-13", amount="1", **DECIDED) == "mark-not-reduced"
    office.log("retraction", "back", "2020-05-13", of="g", now="2020-05-13T19:00:00+08:00")
    assert code("upheld", "g", on="2020-05-14", **DECIDED) == "case-void"


@pytest.mark.parametrize(
    ("kind", "of", "code"),
    [
        ("retraction", "c-notified-1", "steps-hang-on-it"),
        ("duplicate-ruling", "c-accepted-1", "step-not-ruled"),
        ("retraction", "back", "step-no-longer-fits"),
    ],
)
def test_every_refusal_of_a_reversal_leaves_the_log_as_it_was(office: Office, kind: str, of: str, code: str) -> None:
    office.take("notified")
    office.take("contested", reason="不服")
    office.log("retraction", "back", "2020-05-07", of="c-contested-1")
    office.take("accepted", on="2020-05-08")
    before = office.world.count()
    row = fact("x", kind, "2020-05-09", of=of, unit="甲局")
    (refused,) = office.world.try_log(row, scheme=SCHEME, now="2020-05-09T18:00:00+08:00").refused
    assert (refused.code, office.world.count()) == (code, before)


def test_a_corrected_fact_begins_its_case_anew(office: Office) -> None:
    office.take("notified")
    with office.world.gk("2020-05-07T18:00:00+08:00") as gk:
        corrected = gk.correct("c", reason="问题写错", changes={"problem": "链接"})
    rows = office.cases()
    assert (rows["c"].state, rows[corrected.fact[0]].state) == ("void", "recorded")
    assert [step.taken_back for step in office.story("c").steps] == [corrected.retraction[0]]


def test_a_corrected_step_keeps_the_case_where_it_is(office: Office) -> None:
    office.take("notified")
    office.take("contested", reason="不服")
    with office.world.gk("2020-05-07T18:00:00+08:00") as gk:
        gk.correct("c-contested-1", reason="理由不全", changes={"reason": "当日已更新"})
    story = office.story("c")
    assert story.row.state == "case-contested"
    assert [(step.body["reason"], step.taken_back is None) for step in story.steps[1:]] == [
        ("不服", False), ("当日已更新", True),
    ]  # fmt: skip


# ---- where cases stand


def test_cases_are_listed_with_what_is_due(office: Office) -> None:
    office.rules("contest_window: 3 working days\n")
    office.log("praise", "p", "2020-05-06", "P", unit="乙局", level="city")
    office.take("notified", on="2020-05-07")
    assert list(office.cases()) == ["c", "p"]
    assert list(office.cases(unit="乙局")) == ["p"]
    row = office.cases("2020-05-11T09:00:00+08:00")["c"]
    assert (row.since, row.state, row.due, row.overdue) == (
        day("2020-05-07"), "case-notified", ("case-contested", day("2020-05-11")), False,
    )  # fmt: skip
    assert row.next == ("case-accepted", "case-contested")
    later = office.cases("2020-05-12T00:00:00+08:00")["c"]
    assert (later.next, later.overdue) == (("case-accepted", "rectification-ordered", "case-closed"), False)
    with office.world.gk("2020-05-08T09:00:00+08:00") as gk:
        (office.folder / "rules.yaml").write_text("rectification: 1个工作日\n", encoding="utf-8")
        gk.adopt_case_rules(office.folder / "rules.yaml", scheme=SCHEME, year=2020)
    office.take("accepted", on="2020-05-08")
    office.take("ordered", on="2020-05-08")
    assert [office.cases(f"2020-05-{day}T09:00:00+08:00")["c"].overdue for day in ("09", "10")] == [
        False,
        True,
    ]  # the 9th is a make-up workday
    with pytest.raises(no.NoSuchUnit):
        office.cases(unit="丙局")


def test_a_void_case_stands_nowhere(office: Office) -> None:
    office.take("notified")
    office.log("duplicate-ruling", "r", "2020-05-07", of="c")
    row = office.cases()["c"]
    assert (row.state, row.since, row.next, row.due, row.overdue) == ("void", day("2020-05-07"), (), None, False)


def test_a_case_is_told_by_its_fact_its_steps_and_what_shows_them(office: Office) -> None:
    shown = office.folder / "截图.txt"
    shown.write_text("样例", encoding="utf-8")
    office.take("notified")
    with office.world.gk("2020-05-07T18:00:00+08:00") as gk:
        refs = [gk.evidence().add([shown], of=of)[0].ref for of in ("c", "c-notified-1")]
    office.log("retraction", "back", "2020-05-07", of="c-notified-1")
    for ref in ("c", "c-notified-1", *refs):
        story = office.story(ref)
        assert story.row.ref == story.fact.body["ref"] == "c"
        assert [(step.body["ref"], step.taken_back) for step in story.steps] == [
            ("c-notified-1", "back"), (refs[0], None), (refs[1], "back"),
        ]  # fmt: skip
    with pytest.raises(no_case.NoCase) as caught:
        office.story("back")
    assert str(caught.value).startswith("back is a retraction and opens no case")
    with pytest.raises(no_case.NoSuchFact) as missing:
        office.story("x")
    assert str(missing.value) == "There is no fact x here that a case could be about. See: gk case list"


def test_in_a_store_with_a_real_clock_today_is_today(tmp_path: Path) -> None:
    world = World(tmp_path / "real.db").init(simulated=False)
    world.adopt(FILE)
    world.log(fact("c", "supervision-card", "2020-05-05", "C", unit="甲局", problem="栏目"), scheme=SCHEME)
    (tmp_path / "rules.yaml").write_text("contest_window: 2 hours\n", encoding="utf-8")
    with world.gk() as gk:
        gk.adopt_case_rules(tmp_path / "rules.yaml", scheme=SCHEME, year=2020)
        gk.take_step("c", "case-notified", {"effective_on": "2020-05-06"})
        (row,) = gk.cases(scheme=SCHEME, year=2020)
    assert "case-closed" in row.next


# ---- the office's rules


def test_rules_are_adopted_once_and_replaced_by_the_next(office: Office) -> None:
    with office.world.gk() as gk:
        none = gk.case_rules(scheme=SCHEME, year=2020)
    assert (none.text, none.position, none.rules.contest_window) == (None, None, None)
    first = office.rules(EVERY)
    assert (first.already, first.position) == (False, office.world.count())
    assert office.rules(EVERY)._replace(already=False) == first
    assert office.rules(EVERY).already
    with office.world.gk() as gk:
        found = gk.case_rules(scheme=SCHEME, year=2020)
    assert found.text == EVERY
    assert found.rules == (
        frozenset({"supervision-card"}), "3 working days", frozenset({"李四"}), "2 working days", "10 working days",
        "2 working days",
    )  # fmt: skip
    assert not office.rules("{}").already
    assert not office.rules(EVERY).already
    with office.world.gk() as gk, pytest.raises(no.NotAdopted):
        gk.case_rules(scheme=SCHEME, year=2021)
    assert office.world.faults() == []


def test_rules_hold_for_steps_recorded_from_then_on(office: Office) -> None:
    with office.world.gk("2020-05-06T18:00:00+08:00") as gk:
        gk.take_step("c", "case-notified", {})
        gk.adopt_case_rules(written(office, "deciders: [李四]\n"), scheme=SCHEME, year=2020)
        gk.take_step("c", "case-contested", {"reason": "不服"})
        with pytest.raises(no_case.MayNotDecide):
            gk.take_step("c", "case-upheld", DECIDED)


def written(office: Office, text: str | bytes) -> Path:
    path = office.folder / "written.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1, column 1: The file is empty."),
        ("- a\n", 'line 1, column 1: rules are keys and values, such as "contest_window: 5 working days"'),
        (
            "contest_window: soon\n",
            'line 1, column 17: "soon" does not say how long: write 5 working days, or 5个工作日, or',
        ),
        (
            "four_eyes: []\nplan: 2020-09-30\n",
            'line 2, column 7: "2020-09-30" does not say how long: write 5 working days',
        ),
        ("\nfour_eyes: [督办卡, 网民留言]\n", "line 2, column 18: no fact of type 网民留言 opens a case"),
        ("four_eyes: [nothing]\n", "line 1, column 13: no fact of type nothing opens a case"),
        ("deciders: 李四\n", "line 1, column 11: deciders must be a list, such as [first, second]."),
        ("window: 5 working days\n", "line 1, column 1: "),
        ("plan: 1 working day\nplan: 2 working days\n", "line 2, column 1: "),
        (b"plan: \xff\n", "line 1, column 7: The file is not UTF-8 here."),
    ],
)
def test_rules_that_cannot_be_read_are_refused(office: Office, text: str | bytes, fault: str) -> None:
    before, path = office.world.count(), written(office, text)
    with office.world.gk("2020-05-06T18:00:00+08:00") as gk, pytest.raises(no_case.RulesFaulty) as caught:
        gk.adopt_case_rules(path, scheme=SCHEME, year=2020)
    assert str(caught.value).startswith(f"The office's rules in {path} cannot be used: {fault}")
    assert office.world.count() == before


def test_rules_that_are_not_there_are_refused(office: Office) -> None:
    path = office.folder / "nowhere.yaml"
    with office.world.gk() as gk, pytest.raises(no_case.RulesFaulty) as caught:
        gk.adopt_case_rules(path, scheme=SCHEME, year=2020)
    assert "the file cannot be read (FileNotFoundError)" in str(caught.value)
