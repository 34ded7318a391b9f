"""The oracle against sums done by hand, so that it is trusted before anything is held against it."""

from __future__ import annotations

import random
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest

from gkevents.oracle.world import OPENINGS, Fact, moment

from .figures import SCHEMES
from .oracle import WorkingDays, score
from .random_logs import lively, random_log

CALENDAR = WorkingDays.published()
DC, DP, HEBEI, LUAN = "hunan-docs-cities-2017", "hunan-docs-departments-2017", "hebei-stats-2018", "luancheng-2020"
CITIES, BEILUN, SANMENXIA = "hunan-cities-2017", "beilun-2019", "sanmenxia-departments-2017"
F = Fraction


def log(*rows: dict[str, Any]) -> list[Fact]:
    """Facts in the order given, each of unit U unless said, with the number of its place as position."""
    return [{"ref": f"r{n}", "unit": "U", "position": n} | row for n, row in enumerate(rows, 1)]


def fact(name: str, on: str, item: str | None = None, /, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    when = "effective_at" if "T" in on else "effective_on"
    return {"type": name, when: on} | ({} if item is None else {"item": item}) | fields


def ask(scheme: str, facts: list[Fact], units: dict[str, str] | None = None, **how: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401
    how.setdefault("overlay", None)
    return score(scheme, SCHEMES[scheme].year, units or {"U": ""}, facts, calendar=CALENDAR, **how)


def all_graded(scheme: str, unit: str, category: str, points: dict[str, str] | None = None) -> list[dict[str, Any]]:
    rules = SCHEMES[scheme]
    return [
        fact("grade", f"{rules.year}-01-05", code, unit=unit, points=(points or {}).get(code, most))
        for code, (most, kind, _) in rules.items.items()
        if kind in ("grade", "grade-events") and rules.only.get(code, category) == category
    ]


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2018-09-28", 3, "2018-10-08"),
        ("2018-09-26", 7, "2018-10-10"),
        ("2018-09-20", 15, "2018-10-17"),
        ("2018-10-03", 3, "2018-10-10"),
        ("2018-02-09", 3, "2018-02-13"),
        ("2018-12-28", 3, "2019-01-03"),
        ("2018-04-03", 3, "2018-04-09"),
        ("2018-04-27", 5, "2018-05-07"),
    ],
)
def test_a_limit_in_working_days_ends_on_the_day_of_the_published_calendar(start: str, count: int, due: str) -> None:
    assert CALENDAR.after(date.fromisoformat(start), count) == date.fromisoformat(due)


def test_a_limit_beyond_the_published_calendar_has_no_due_day() -> None:
    assert CALENDAR.after(date(2021, 12, 30), 3) is None


@pytest.mark.parametrize(
    ("share", "points"),
    [
        ("0", 0), ("9.99", 0), ("10", 1), ("39.99", 1), ("40", 2), ("49.99", 2), ("50", 3), ("59.99", 3), ("60", 4),
        ("69.99", 4), ("70", 5), ("79.99", 5), ("79.996", 5), ("80", 6), ("100", 6),
    ],
)  # fmt: skip
def test_a_ratio_earns_the_points_of_its_interval_whose_lower_end_belongs_to_it(share: str, points: int) -> None:
    answer = ask(HEBEI, log(fact("metric", "2018-12-31", "H26a", value=f"{share}%")))["U"]["items"]["H26a"]
    assert (answer["score"], answer["state"]) == (points, "reported")


@pytest.mark.parametrize(
    ("total", "band"),
    [
        ("103", "优秀"), ("90", "优秀"), ("89.995", "良好"), ("89.5", "良好"), ("80", "良好"), ("79.5", "合格"),
        ("60", "合格"), ("59.999", "不合格"), ("0", "不合格"),
    ],
)  # fmt: skip
def test_a_band_begins_exactly_at_its_printed_line(total: str, band: str) -> None:
    codes = [code for code, item in SCHEMES[SANMENXIA].items.items() if item[1] == "grade"]
    points = dict.fromkeys(codes, "1") | {codes[0]: "37"}
    grades = [fact("grade", "2017-01-05", code, points="0") for code in codes[1:]]
    extra = max(F(0), F(total) - 37)
    overlay = {"points": points, "adjustments": {"SD-P1": str(extra)}}
    praise = fact("praise", "2017-02-01", "SD-P1", matter="M")
    facts = log(*grades, fact("grade", "2017-01-05", codes[0], points=str(F(total) - extra)), praise)
    answer = ask(SANMENXIA, facts, overlay=overlay)["U"]
    assert (answer["total"], answer["band"]) == (F(total), band)


def test_the_cap_lets_the_swallowed_event_count_once_another_is_taken_back() -> None:
    facts = log(
        *[fact("occurrence", f"2017-0{n}-10", "DC01", justified=False) for n in range(1, 7)],
        fact("retraction", "2017-08-01", of="r1"),
        fact("retraction", "2017-08-02", of="r7"),
        fact("metric", "2017-12-31", "DC04", previous="210", current="195"),
    )
    before, after, again = (ask(DC, facts, known_at=known)["U"] for known in (6, 7, 8))
    assert before["items"]["DC01"]["score"] == after["items"]["DC01"]["score"] == 0
    assert before["deducted_by_quarter"] == again["deducted_by_quarter"] == {"Q1": 15, "Q2": 10}
    assert after["deducted_by_quarter"] == {"Q1": 10, "Q2": 15}
    assert (before["total"], before["low"], before["high"]) == (None, 50, 75)
    assert ask(DC, facts)["U"]["total"] == 70


def test_an_excuse_not_spoken_of_leaves_the_event_unpriced_and_the_latest_word_counts() -> None:
    facts = log(
        fact("occurrence", "2017-03-01", "DP03", serious=True),
        fact("deadline-opened", "2017-01-24", "DP03", key="k", limit="3 working days"),
        fact("deadline-met", "2017-02-17", key="k", justified=False, serious=True),
        fact("deadline-missed", "2017-03-20", "DP03", key="k", justified=True),
    )
    assert ask(DP, facts, known_at=3)["U"]["items"]["DP03"]["score"] == 8
    assert ask(DP, facts)["U"]["items"]["DP03"]["score"] == 10
    assert ask(DP, facts)["U"]["deadlines"] == {"k": {"item": "DP03", "due": "2017-02-03", "state": "missed"}}


def test_a_repeated_problem_is_dear_from_the_second_card_in_the_order_of_the_world() -> None:
    facts = log(
        fact("supervision-card", "2018-05-14", "H19", problem="P1"),
        fact("supervision-card", "2018-08-20", "H19", problem=["P2", "P1"]),
        fact("supervision-card", "2018-02-27", "H19", problem="P1"),
    )
    answer = ask(HEBEI, facts)["U"]
    assert answer["items"]["H19"]["score"] == F("1.9")
    assert answer["deducted_by_quarter"] == {"Q1": F("0.1"), "Q2": F("0.5"), "Q3": F("0.5")}


def test_a_reply_in_time_voids_the_recorded_miss_and_a_withdrawn_message_takes_it_along() -> None:
    facts = log(
        fact("netizen-message", "2018-09-28", "H21", key="k1"),
        fact("netizen-message", "2018-09-28", "H21", key="k2"),
        fact("reply-timeout", "2018-10-09", "H21", key="k1", ref="scan:k1"),
        fact("reply-timeout", "2018-10-09", "H21", key="k2", ref="scan:k2"),
        fact("netizen-reply", "2018-10-08", key="k1"),
        fact("retraction", "2018-11-01", of="r2"),
    )
    assert ask(HEBEI, facts, known_at=2)["U"]["deadlines"]["k1"]["state"] == "open"
    assert [ask(HEBEI, facts, known_at=n)["U"]["items"]["H21"]["score"] for n in (2, 3, 4, 5, 6)] == [
        2, F("1.5"), 1, F("1.5"), 2,
    ]  # fmt: skip
    assert ask(HEBEI, facts, known_at=4, as_of=date(2018, 10, 8))["U"]["items"]["H21"]["score"] == 2
    assert list(ask(HEBEI, facts)["U"]["deadlines"]) == ["k1"]


def test_a_limit_that_breaks_after_the_year_is_missed_and_costs_nothing_in_it() -> None:
    facts = log(fact("netizen-message", "2018-12-28", "H21", key="k"), fact("netizen-reply", "2019-01-10", key="k"))
    answer = ask(HEBEI, facts)["U"]
    assert answer["deadlines"]["k"] == {"item": "H21", "due": "2019-01-03", "state": "missed"}
    assert (answer["items"]["H21"]["score"], answer["deducted_by_quarter"]) == (2, {})


def test_hours_run_through_a_holiday_and_equality_is_in_time() -> None:
    facts = log(
        fact("deadline-opened", "2017-10-01T20:00:00+08:00", "NC14", key="a", limit="5 hours"),
        fact("deadline-opened", "2017-10-01T20:00:00+08:00", "NC14", key="b", limit="5 hours"),
        fact("deadline-met", "2017-10-01T17:00:00+00:00", key="a"),
        fact("deadline-met", "2017-10-02T01:00:01+08:00", key="b"),
    )
    due = ask(CITIES, facts)["U"]["deadlines"]
    assert [due[key]["state"] for key in "ab"] == ["met", "missed"]
    assert due["a"]["due"] == "2017-10-02T01:00:00+08:00"


def test_one_key_costs_once_however_often_it_is_recorded_and_without_a_key_each_time_counts() -> None:
    facts = log(
        fact("reply-timeout", "2018-06-30", "H25b", key="x"),
        fact("reply-timeout", "2018-03-31", "H25b", key="x"),
        fact("reply-timeout", "2018-07-01", "H25b", count=2),
    )
    answer = ask(HEBEI, facts)["U"]
    assert answer["deducted_by_quarter"] == {"Q1": F("0.2"), "Q3": F("0.4")}
    assert answer["deadlines"] == {"x": {"item": "H25b", "due": None, "state": "missed"}}


def test_units_an_item_does_not_concern_get_the_exact_mean_of_those_it_does() -> None:
    units = {"A": "部门", "B": "部门", "C": "乡镇", "D": "部门"}
    marks = {"A": "2", "B": "1.5", "C": "1.5", "D": "2"}
    rows = [row for u, c in units.items() for row in all_graded(LUAN, u, c, {"L10": marks[u]})]
    rows.append(fact("not-applicable", "2020-11-20", "L10", unit="D"))
    answer = ask(LUAN, log(*rows), units)
    assert [answer[u]["total"] for u in "ABCD"] == [100, F("99.5"), F("99.5"), 98 + F(5, 3)]
    assert [answer[u]["rank"] for u in "ABCD"] == [1, 3, 1, 2]
    assert answer["D"]["items"]["L10"]["state"] == "not-applicable"
    ungraded = [row for row in rows if (row["unit"], row["item"]) != ("A", "L10")]
    open_peer = ask(LUAN, log(*ungraded), units)["D"]["items"]["L10"]
    assert (open_peer["score"], open_peer["low"], open_peer["high"]) == (None, 1, F(5, 3))


def test_bulletins_come_off_the_mark_and_the_mark_that_counts_is_the_latest() -> None:
    facts = log(
        fact("criticism", "2020-02-01", "L17", level="city", count=2),
        fact("criticism", "2020-05-01", "L17", level="county"),
        fact("criticism", "2020-08-01", "L17"),
        fact("grade", "2021-01-10", "L17", points="2.5"),
        fact("grade", "2020-12-01", "L17", points="8"),
        fact("occurrence", "2020-10-10", "L22", amount="4", reason="x"),
        fact("occurrence", "2020-11-10", "L22", amount="7.5", reason="x"),
    )
    answer = ask(LUAN, facts, {"U": "部门"})["U"]
    assert (answer["items"]["L17"]["score"], answer["items"]["L22"]["score"]) == (0, 0)
    assert answer["deducted_by_quarter"] == {"Q1": 2, "Q3": F("0.5"), "Q4": 10}
    earlier = ask(LUAN, facts, {"U": "部门"}, as_of=date(2020, 12, 31))["U"]["items"]["L17"]
    assert earlier["score"] == 5
    unmarked = ask(LUAN, facts, {"U": "部门"}, known_at=3)["U"]["items"]["L17"]
    assert (unmarked["score"], unmarked["low"], unmarked["high"], unmarked["state"]) == (None, 0, 5, "open")


def test_one_matter_counts_once_on_its_side_at_its_dearest_and_each_side_has_its_own_cap() -> None:
    facts = log(
        *all_graded(CITIES, "U", ""),
        fact("criticism", "2017-04-01", "NC-M1", matter="X", level="provincial", ref="low"),
        fact("criticism", "2017-07-01", "NC-M1", matter="X", level="national", ref="high"),
        fact("criticism", "2017-08-01", "NC-M2", matter="X", count=3),
        *[fact("occurrence", f"2017-10-0{n}", "NC-M3") for n in range(1, 5)],
        fact("occurrence", "2017-03-01", "NC-P1", kind="report", count=12),
        fact("praise", "2017-03-01", "NC-P2", matter="Y", level="city"),
        fact("praise", "2017-03-01", "NC-P5", matter="X"),
    )
    answer = ask(CITIES, facts)["U"]
    assert (answer["bonus"], answer["deduction"], answer["total"]) == (F("0.2"), 5, F("95.2"))
    assert answer["deducted_by_quarter"] == {"Q3": 2, "Q4": 3}
    done = [*facts, {**fact("occurrence", "2017-11-01", "NC-P1", kind="commission-done")}]
    done[-1] |= {"ref": "done", "unit": "U", "position": len(done)}
    assert ask(CITIES, done)["U"]["bonus"] == F("1.2")
    without = [*facts, {"ref": "z", "type": "duplicate-ruling", "of": "high", "unit": "U", "position": 99}]
    without[-1]["effective_on"] = "2017-12-01"
    assert ask(CITIES, without)["U"]["deducted_by_quarter"] == {"Q2": 1, "Q4": 4}


def test_a_figure_below_half_the_mean_costs_two_and_two_matters_cost_five_in_all() -> None:
    units = dict.fromkeys("ABCDE", "街道办事处")
    rows = [row for unit in units for row in all_graded(BEILUN, unit, "街道办事处")]
    figures = {"A": "150", "B": "120", "C": "90", "D": "40"}
    rows += [fact("metric", "2019-12-31", "B-D3", unit=unit, value=value) for unit, value in figures.items()]
    rows += [fact("criticism", f"2019-0{n}-01", "B-D4", unit="E", matter=m) for n, m in ((2, "M"), (3, "M"), (5, "N"))]
    rows += [fact("occurrence", "2019-06-01", "B-P1", unit="E", matter="M", level=x) for x in ("city", "national")]
    answer = ask(BEILUN, log(*rows), units)
    assert [answer[unit]["total"] for unit in units] == [100, 100, 100, 98, 97]
    assert answer["D"]["deducted_by_quarter"] == {"Q4": 2}
    assert answer["E"]["deducted_by_quarter"] == {"Q1": 3, "Q2": 2}
    assert [answer[unit]["rank"] for unit in units] == [1, 1, 1, 4, 5]


def test_without_points_there_is_no_total_and_fraud_makes_it_zero_all_the_same() -> None:
    facts = log(fact("praise", "2017-09-01", "SD-P1", level="city"), fact("fraud", "2018-02-01", reason="x"))
    before, after = (ask(SANMENXIA, facts, known_at=known)["U"] for known in (1, 2))
    assert [before[name] for name in ("total", "low", "high", "bonus", "base", "band", "rank")] == [None] * 7
    assert (after["total"], after["band"], after["provisional"], after["zeroed"]) == (0, "不合格", False, True)
    assert "SD14" not in after["items"]
    assert after["items"]["SD01"]["state"] == "unweighted"


def test_a_count_decides_once_it_is_confirmed_and_figures_outside_the_year_do_not() -> None:
    facts = log(
        fact("occurrence", "2018-03-01", "H13a"),
        fact("metric", "2018-11-01", "H20", value="3"),
        fact("metric", "2019-01-02", "H20", value="1"),
        fact("confirmation", "2018-11-06", "H13a"),
        fact("occurrence", "2018-03-02", "H13i", form="a", count=1),
        fact("occurrence", "2018-03-03", "H13i", form="a"),
        fact("confirmation", "2018-11-06", "H13i"),
        fact("checklist", "2018-05-01", "H29b", missing=5),
        fact("grade", "2018-05-01", "H34", points="1.25"),
        fact("checklist", "2018-05-01", "H34", missing=2),
    )
    items = ask(HEBEI, facts)["U"]["items"]
    assert {code: items[code]["score"] for code in ("H13a", "H13i", "H20", "H29b", "H34")} == {
        "H13a": F("0.8"), "H13i": F("0.3"), "H20": 1, "H29b": 0, "H34": 0,
    }  # fmt: skip
    assert ask(HEBEI, facts, known_at=3)["U"]["items"]["H13a"]["state"] == "open"
    assert ask(HEBEI, facts, known_at=9)["U"]["items"]["H34"]["state"] == "graded"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_random_log_is_in_order_and_its_scores_lie_within_their_bounds(scheme: str) -> None:
    for number in range(60):
        case = random_log(scheme, random.Random(f"{scheme} {number}"), cases=lively(number))
        recorded = [datetime.fromisoformat(fact["recorded_at"]) for fact in case.facts]
        refs = [fact["ref"] for fact in case.facts]
        keys = [fact["key"] for fact in case.facts if fact["type"] in OPENINGS and "key" in fact]
        assert recorded == sorted(recorded)
        assert len(set(refs)) == len(refs)
        assert len(set(keys)) == len(keys)
        assert all(moment(f) <= at.replace(tzinfo=None) for f, at in zip(case.facts, recorded, strict=True))
        answers = score(
            scheme, case.year, case.units, case.facts, overlay=case.overlay, calendar=CALENDAR, as_of=case.as_of,
            known_at=case.known_at,
        )  # fmt: skip
        for answer in answers.values():
            assert answer["provisional"] == (answer["total"] is None)
            if answer["total"] is not None:
                assert answer["total"] == answer["low"] == answer["high"]
            for item in answer["items"].values():
                assert item["max"] is None or 0 <= item["low"] <= item["high"] <= item["max"]
