"""A unit that is left out of the ranking is left out of nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gkevents.reports.bulletin.content import bulletin_content
from gkevents.reports.document import Content
from tests.reports.made import STANDARD, Office, plainly, quarter
from tests.reports.offices import UNITS, beilun, first_half, hebei

JIA, YI, BING, DING, WU, JI = UNITS
MARKED = f"{BING}（不排名）"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """The office of which half a year is known."""
    found = hebei(tmp_path_factory.mktemp("unranked"))
    first_half(found)
    return found


def made(office: Office, *excluded: str) -> Content:
    """The bulletin of the second quarter with these units left out of its ranking."""
    case = office.case(quarter(2018, 2), excluded=dict.fromkeys(excluded, "示例：机构撤并"))
    return bulletin_content(case, STANDARD)


def labels(content: Content, name: str) -> list[Any]:
    """Whom a table or chart holds."""
    annexes = [one for annex in content["document"]["annexes"] for one in annex["body"]]
    for block in [*content["document"]["body"], *annexes]:
        if block["kind"] == "table" and block["id"] == name:
            place = next(place for place, column in enumerate(block["columns"]) if column["title"] == "单位")
            return list(dict.fromkeys(row[place] for row in block["rows"]))
        if block["kind"] == "heat" and name == "lost":
            return [*block["rows"]]
        if block["kind"] == "trend" and name == "trend":
            return [one["label"] for one in block["series"]]
        if block["kind"] == "bars" and name == "ranking":
            return [row["label"] for row in block["rows"]]
    return []


def test_its_facts_count_like_those_of_any_other(office: Office) -> None:
    with_all, without = made(office), made(office, JIA, BING)
    assert with_all["figures"]["counts"] == without["figures"]["counts"]
    for name in ("problems", "rectification", "moves"):
        refs = sorted(one["ref"] for one in with_all["figures"][name])
        assert sorted(one["ref"] for one in without["figures"][name]) == refs
        assert JIA in [one["unit"] for one in without["figures"][name]]
    for left_out in without["figures"]["excluded"]:
        as_ranked = with_all["figures"]["units"][left_out["unit"]]
        for name in ("lost", "period", "so_far"):
            assert left_out[name] == as_ranked[name] != {}


def test_its_praise_is_told(tmp_path: Path) -> None:
    content = beilun(tmp_path).issue(quarter(2019, 1), excluded={"新碶街道": "示例：机构撤并"})
    assert [one["unit"] for one in content["figures"]["praise"]] == ["新碶街道"]
    assert content["figures"]["counts"]["praise"] == 1
    assert "　　新碶街道（不排名）。2月2日，获省级表扬" in plainly(content)


def test_tables_and_charts_of_what_was_lost_hold_it_with_a_mark(office: Office) -> None:
    content = made(office, JIA, BING)
    for name in ("activity", "rectification", "moves", "quarters", "lost", "trend"):
        assert f"{JIA}（不排名）" in labels(content, name), name
    text = plainly(content)
    assert f"　　{BING}（不排名，3件）。" in text
    assert f"　　{YI}（1件）。" in text
    assert "参加考核的单位6个，其中2个本期不参加排名。" in text
    assert "参加考核的单位6个。" in plainly(made(office))


def test_ranks_means_and_extremes_leave_it_out(office: Office) -> None:
    content = made(office, BING)
    assert BING not in content["figures"]["units"]
    assert content["figures"]["lowest"] == content["figures"]["average"] == "94.4"
    assert BING in labels(made(office), "ranking")
    for name in ("scores", "ranking"):
        assert sorted(labels(content, name)) == sorted([JIA, YI, DING, WU, JI])


def test_where_every_unit_is_left_out_the_paper_says_that_none_is_ranked(office: Office) -> None:
    content = made(office, *UNITS)
    text = plainly(content)
    assert "本期没有参加排名的单位。" in text
    assert "各单位均有指标尚未评定" not in text
    assert labels(content, "scores") == labels(content, "ranking") == []
    assert content["figures"]["counts"] == made(office)["figures"]["counts"]
    assert MARKED in labels(content, "moves")


def test_what_was_left_out_last_time_has_no_change_this_time(office: Office) -> None:
    again = Office(office.world, office.scheme, office.year)
    again.issue(quarter(2018, 2), excluded={BING: "示例：机构撤并"})
    content = again.issue(quarter(2018, 3))
    assert content["figures"]["units"][BING]["change"] is None
    assert [one for one in content["figures"]["corrections"] if one["unit"] == BING] == []
