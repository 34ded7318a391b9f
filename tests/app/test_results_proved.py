"""A frozen result derived again: the same wherever it is done, and whatever was altered in it is named."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from typing import Final

import pytest

from gkevents.app import Gk
from gkevents.app.results import Proposing
from gkevents.reports.bulletin.template import standard_text
from gkevents.reports.document import canonical
from gkevents.reports.year.case import PAGE
from gkevents.store.reading import EventDamaged
from tests.app.case_office import FILE, SCHEME
from tests.app.year_end import OF, YearEnd, at


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The year when it is graded."""
    return YearEnd(tmp_path_factory.mktemp("year") / "gk.db").begin().graded().world.path


@pytest.fixture
def year(graded: Path, tmp_path: Path) -> YearEnd:
    """A copy of it."""
    shutil.copy(graded, tmp_path / "year.db")
    return YearEnd(tmp_path / "year.db")


def test_a_frozen_result_derived_again_is_the_same_whatever_came_after(year: YearEnd, tmp_path: Path) -> None:
    year.step("case-notified", "c", "2021-01-21")
    year.step("case-accepted", "c", "2021-01-21")
    year.step("rectification-ordered", "c", "2021-01-22")
    year.closed()
    year.log("criticism", "late", "2020-12-01", "T", now=at("2021-05-03"))
    year.log("retraction", "back", "2021-05-03", of="g2", unit="乙局")
    rules = tmp_path / "rules.yaml"
    rules.write_text("recheck: 5 working days\n", encoding="utf-8")
    with year.world.gk(at("2021-05-04")) as gk:
        gk.adopt_case_rules(rules, **OF)
        assert [proof.faults for proof in gk.prove_results(**OF)] == [[]]


def test_a_changed_log_or_a_changed_result_is_found(year: YearEnd) -> None:
    done = year.closed()
    year.world.sql('UPDATE events SET body = replace(body, \'"points":"8"\', \'"points":"7"\') WHERE ref = \'g1\'')
    [(name, places)] = year.proofs()
    assert name == "cases-2020-2020-result"
    assert "figures.units.甲局.base" in places
    year.world.sql('UPDATE events SET body = replace(body, \'"points":"7"\', \'"points":"8"\') WHERE ref = \'g1\'')
    at_position = f"WHERE position = {done.proposal.position}"
    year.world.sql(f"UPDATE events SET body = replace(body, '29.45', '29.46') {at_position}")  # noqa: S608 - a number
    [(_, faults)] = year.proofs()
    assert faults == ["kept", "kept"]
    with pytest.raises(EventDamaged):
        year.show()


def test_a_copy_of_the_store_and_a_later_program_derive_the_same(
    year: YearEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = year.closed()
    assert done.content["document"]["mark"] == "模拟时钟"
    year.world.sql("UPDATE meta SET value = 'real' WHERE name = 'clock'")
    monkeypatch.setattr("gkevents.app.results.standard_text", lambda: "nothing")
    monkeypatch.setitem(PAGE, "lines", 30)
    gk = Gk(year.world.url)
    assert [proof.faults for proof in gk.prove_results()] == [[]]
    gk.store.close()


def test_a_result_is_set_with_the_standard_template_as_it_was(year: YearEnd, monkeypatch: pytest.MonkeyPatch) -> None:
    text = standard_text().replace("  lines: 22", "  lines: 24")
    monkeypatch.setattr("gkevents.app.results.standard_text", lambda: text)
    done = year.propose()
    monkeypatch.undo()
    assert done.content["document"]["page"]["lines"] == 24
    assert year.proofs() == [("cases-2020-2020-result", [])]


ALTERED: Final = {
    "day": ("proposed", '"on":"2021-02-01"', '"on":"2021-99-01"'),
    "position": ("proposed", '"known_at":', '"known_at":99'),
    "type": ("proposed", '"program":"', '"program":7,"x":"'),
    "scheme": ("proposed", '"scheme":"cases-2020"', '"scheme":"cases-2021"'),
    "year": ("proposed", '"year":2020}', '"year":2021}'),
    "digest": ("proposed", '"digest":"', '"digest":"0'),
    "document": ("proposed", '"document":"文1"', '"document":"文7"'),
    "template": ("proposed", '"template":"', '"template":"? ['),
    "lacking": ("proposed", '"known_at"', '"lacking":1,"known_at"'),
    "approver": ("approved", '"by":"李四"', '"by":"张三"'),
    "approved": ("approved", '"digest":"', '"digest":"0'),
    "approved on": ("approved", '"on":"2021-02-02"', '"on":"昨天"'),
    "published": ("published", '"where":"市政府网站"', '"where":"报纸"'),
}
"""What somebody changes in an event of a result."""


@pytest.mark.parametrize(("kind", "before", "after"), ALTERED.values(), ids=ALTERED)
def test_whatever_is_altered_in_a_result_is_named_and_the_scores_go_on(
    year: YearEnd, kind: str, before: str, after: str
) -> None:
    year.closed()
    year.publish()
    year.world.adopt(FILE, year=2040, now=at("2040-03-01"))
    with year.world.gk(at("2041-02-01")) as gk:
        gk.propose_result(Proposing(SCHEME, 2040, "张三", despite="样本"))
    year.world.sql(f"UPDATE events SET body = replace(body, '{before}', '{after}') WHERE name = 'result-{kind}.1' "  # noqa: S608
                   "AND stream = 'result/cases-2020/2020'")  # fmt: skip
    with year.world.gk() as gk:
        first, other = gk.prove_results()
        assert first.faults, "altered, and not named"
        assert (other.id, other.faults) == ("cases-2020-2040-result", [])
        assert gk.score(**OF).scores["甲局"].total == Fraction("29.9")
        closed = gk.closed_year(**OF)
        assert closed is None or closed.later == 0
        assert [fault.position for fault in gk.verify().faults if fault.position is not None]


def test_a_result_whose_stream_is_called_otherwise_is_named(year: YearEnd) -> None:
    year.closed()
    year.world.sql("UPDATE events SET stream = 'result/cases-2020/soon' WHERE stream LIKE 'result/%'")
    [(name, faults)] = year.proofs()
    assert (name, len(faults)) == ("result/cases-2020/soon", 1)


@pytest.mark.parametrize("kind", ["proposed", "approved"])
def test_acts_that_follow_nothing_are_named(year: YearEnd, kind: str) -> None:
    year.closed()
    year.publish()
    year.world.sql(f"DELETE FROM events WHERE name = 'result-{kind}.1'")  # noqa: S608 - a word of this test
    year.world.sql(
        "UPDATE events SET stream_version = stream_version - 1 "
        "WHERE name <> 'result-proposed.1' AND stream LIKE 'result/%'"
    )
    [(name, faults)] = year.proofs()
    assert (name, len(faults)) == ("result/cases-2020/2020", 1)


def test_a_result_whose_scheme_is_gone_is_named(year: YearEnd) -> None:
    year.closed()
    year.world.sql("UPDATE events SET stream = 'scheme-year/other/2020' WHERE stream = 'scheme-year/cases-2020/2020'")
    [(_, faults)] = year.proofs()
    assert faults


def test_the_same_result_has_the_same_bytes_on_either_database(year: YearEnd, database_url: str) -> None:
    office = YearEnd(database_url).begin().graded()
    done = office.closed()
    office.publish()
    assert canonical(office.show().content) == canonical(done.content) == canonical(year.closed().content)
    assert office.proofs() == [("cases-2020-2020-result", [])]
