"""The ledger: start and everything applied make the total, exactly, whatever the log holds."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

import pytest

from tests.contract.office import Fact, Office, fact, weights

Opener = Callable[..., Office]
DEPARTMENT: Final = "省直部门X"
BUREAU: Final = "省统计局"
CITY: Final = "市州A"


def replay(desk: Office, unit: str, *args: object) -> dict[str, Any]:
    """A unit's ledger, which has to sum: to the total, or to the lower bound while it is provisional."""
    answer: dict[str, Any] = desk.ask("replay", unit, *args)
    running = Fraction(answer["start"])
    for entry in answer["entries"]:
        running += Fraction(entry["applied"])
        assert Fraction(entry["total_after"]) == running, entry
        assert entry["why"], entry
        assert ("caused_by" in entry) >= (entry["ref"] is None), entry
    assert running == Fraction(answer["total"] if answer["total"] is not None else answer["low"])
    return answer


def entry_of(answer: dict[str, Any], told: Fact) -> dict[str, Any]:
    """The one entry of a fact."""
    (found,) = [entry for entry in answer["entries"] if entry["ref"] == told["ref"]]
    return dict(found)


def test_start_is_what_an_untouched_year_begins_with(office: Opener) -> None:
    assert replay(office("hunan-docs-departments-2017", DEPARTMENT), DEPARTMENT)["start"] == "90"
    graded = replay(office("luancheng-2020", "栾城镇"), "栾城镇")
    assert (graded["start"], graded["low"], graded["high"]) == ("10", "10", "100")


def test_an_entry_says_who_when_what_where_and_why(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    told = fact("occurrence", DEPARTMENT, "2017-03-01", "DP08", count=2, recorded_by="张三")
    (position,) = desk.take(told, now="2017-03-02T09:00:00+08:00")
    entry = entry_of(replay(desk, DEPARTMENT), told)
    wanted = {
        "position": position,
        "ref": told["ref"],
        "type": "occurrence",
        "effective_on": "2017-03-01",
        "recorded_at": "2017-03-02T09:00:00+08:00",
        "recorded_by": "张三",
        "item": "DP08",
        "raw": "-4",
        "applied": "-4",
        "item_score_after": "11",
        "total_after": "86",
    }
    assert {key: entry[key] for key in wanted} == wanted
    assert entry["clause"]
    assert "DP08" not in entry["clause"] or len(entry["clause"]) > len("DP08")


def test_a_cap_takes_from_applied_and_why_says_so(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    told = [fact("occurrence", DEPARTMENT, f"2017-03-0{day}", "DP05") for day in (1, 2, 3)]
    desk.take(*told)
    answer = replay(desk, DEPARTMENT)
    entries = [entry_of(answer, each) for each in told]
    assert [(entry["raw"], entry["applied"]) for entry in entries] == [("-5", "-5"), ("-5", "-5"), ("-5", "0")]
    assert entries[2]["why"] != entries[1]["why"]
    assert [entry["item_score_after"] for entry in entries] == ["5", "0", "0"]


def test_highest_only_takes_from_applied_and_why_names_the_winner(office: Opener) -> None:
    desk = office("hunan-cities-2017", CITY)
    desk.settle(CITY)
    told = [
        fact("criticism", CITY, "2017-03-01", "NC-M1", level="provincial", matter="甲"),
        fact("criticism", CITY, "2017-04-01", "NC-M1", level="national", matter="甲"),
    ]
    desk.take(*told)
    answer = replay(desk, CITY)
    first, second = (entry_of(answer, each) for each in told)
    assert (first["raw"], first["applied"]) == ("-1", "0")
    assert told[1]["ref"] in first["why"]
    assert (second["raw"], second["applied"]) == ("-2", "-2")
    assert answer["deducted_by_quarter"]["Q2"] == "2"
    assert answer["deducted_by_quarter"].get("Q1", "0") == "0"


def test_a_groups_cap_takes_from_applied(office: Opener) -> None:
    desk = office("hunan-cities-2017", CITY)
    desk.settle(CITY)
    told = [fact("praise", CITY, f"2017-03-0{day}", "NC-P3") for day in (1, 2, 3)]
    desk.take(*told)
    answer = replay(desk, CITY)
    entries = [entry_of(answer, each) for each in told]
    assert [(entry["raw"], entry["applied"]) for entry in entries] == [("2", "2"), ("2", "2"), ("2", "1")]
    assert (answer["bonus"], answer["total"]) == ("5", "105")


def test_a_tier_takes_from_applied(office: Opener) -> None:
    desk = office("beilun-2019", "财政局")
    told = [fact("occurrence", "财政局", f"2019-03-0{day}", "B-D4") for day in (1, 2, 3)]
    desk.settle("财政局")
    desk.take(*told)
    answer = replay(desk, "财政局")
    assert [entry_of(answer, each)["applied"] for each in told] == ["-3", "-2", "0"]
    assert answer["deduction"] == "5"


def test_a_retraction_takes_all_from_applied_and_why_names_it(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    told = fact("occurrence", DEPARTMENT, "2017-03-01", "DP08")
    back = fact("retraction", DEPARTMENT, "2017-04-01", of=told["ref"])
    desk.take(told, back)
    answer = replay(desk, DEPARTMENT)
    entry = entry_of(answer, told)
    assert (entry["raw"], entry["applied"]) == ("-2", "0")
    assert back["ref"] in entry["why"]
    assert entry_of(answer, back)["applied"] == "0"
    assert told["ref"] in entry_of(answer, back)["why"]


def test_a_superseded_grade_stands_beside_the_one_that_decides(office: Opener) -> None:
    desk = office("hebei-stats-2018", BUREAU)
    told = [fact("grade", BUREAU, day, "H01", points=mark) for day, mark in (("2018-03-01", "1"), ("2018-06-01", "2"))]
    desk.take(*told)
    answer = replay(desk, BUREAU)
    assert [entry_of(answer, each)["applied"] for each in told] == ["0", "2"]
    assert told[1]["ref"] in entry_of(answer, told[0])["why"]


def test_a_provisional_ledger_sums_to_low(office: Opener) -> None:
    desk = office("luancheng-2020", "栾城镇")
    desk.take(
        fact("criticism", "栾城镇", "2020-03-01", "L17", level="city"),
        fact("grade", "栾城镇", "2020-04-01", "L01", points="2.5"),
        fact("occurrence", "栾城镇", "2020-05-01", "L22", amount="3", reason="迟报"),
    )
    answer = replay(desk, "栾城镇")
    assert (answer["total"], answer["low"], answer["provisional"]) == (None, "9.5", True)
    assert answer["items"]["L17"] == {"score": None, "low": "0", "high": "7", "max": "8", "state": "open"}


def test_a_mean_is_an_entry_of_its_own_with_its_causes(office: Opener) -> None:
    units = ("栾城镇", "区财政局", "区气象局", "冶河镇")
    desk = office("luancheng-2020", *units)
    desk.settle(*units, leave=("L01",))
    aside = fact("not-applicable", "栾城镇", "2020-02-01", "L01")
    marks = [fact("grade", unit, "2020-03-01", "L01", points=mark) for unit, mark in zip(units[1:], "322", strict=True)]
    desk.take(aside, *marks)
    answer = replay(desk, "栾城镇")
    (mean,) = [entry for entry in answer["entries"] if entry["ref"] is None]
    assert (mean["item"], mean["applied"], answer["total"]) == ("L01", "7/3", "298/3")
    assert set(mean["caused_by"]) == {aside["ref"], *(mark["ref"] for mark in marks)}


def test_a_relation_to_the_average_is_an_entry_with_the_figures_that_moved_it(office: Opener) -> None:
    units = ("财政局", "民政局", "气象局")
    desk = office("beilun-2019", *units)
    desk.settle(*units)
    figures = [
        fact("metric", unit, "2019-11-30", "B-D3", value=figure) for unit, figure in zip(units, "199", strict=True)
    ]
    desk.take(*figures)
    answer = replay(desk, "财政局")
    (relation,) = [entry for entry in answer["entries"] if entry["item"] == "B-D3" and entry["applied"] != "0"]
    assert relation["applied"] == "-2"
    assert {figure["ref"] for figure in figures} <= set(relation["caused_by"]) | {relation["ref"]}


def test_a_floor_is_an_entry_of_its_own_with_its_causes(office: Opener) -> None:
    desk = office("sanmenxia-counties-2017", "县A", overlay=weights({"SC-M1": "70"}))
    desk.settle("县A")
    told = [fact("criticism", "县A", f"2017-03-0{day}", "SC-M1") for day in (1, 2)]
    desk.take(*told)
    answer = replay(desk, "县A")
    (floor,) = [entry for entry in answer["entries"] if entry["ref"] is None]
    assert (floor["applied"], floor["total_after"], floor["item"]) == ("40", "0", None)
    assert set(floor["caused_by"]) == {each["ref"] for each in told}


def test_a_zero_out_is_an_entry_of_its_own_after_everything_else(office: Opener) -> None:
    desk = office("sanmenxia-counties-2017", "县A", overlay=weights())
    desk.settle("县A")
    fraud = fact("fraud", "县A", "2017-03-01")
    desk.take(fraud, fact("praise", "县A", "2017-06-01", "SC-P1"))
    answer = replay(desk, "县A")
    last = answer["entries"][-1]
    assert (last["ref"], last["applied"], last["total_after"]) == (None, "-101", "0")
    assert last["caused_by"] == [fraud["ref"]]


def test_a_missed_limit_stands_in_the_ledger_once(office: Opener) -> None:
    desk = office("hebei-stats-2018", BUREAU)
    desk.take(fact("netizen-message", BUREAU, "2018-03-05", "H21", key="m1"), now="2018-03-05")
    desk.scan("2018-03-09")
    desk.take(fact("netizen-reply", BUREAU, "2018-03-12", key="m1"), now="2018-03-12")
    answer = replay(desk, BUREAU)
    costs = [entry for entry in answer["entries"] if entry["applied"] != "0"]
    assert [(entry["item"], entry["raw"], entry["applied"], entry["effective_on"]) for entry in costs] == [
        ("H21", "-0.5", "-0.5", "2018-03-09")
    ]


def test_entries_are_in_the_order_of_the_world(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    days = ("2017-05-01", "2017-03-01", "2017-04-01", "2017-03-01")
    positions = desk.take(*(fact("occurrence", DEPARTMENT, day, "DP08") for day in days))
    seen = [entry["position"] for entry in replay(desk, DEPARTMENT)["entries"]]
    assert seen == [positions[1], positions[3], positions[2], positions[0]]


def test_the_answer_holds_to_as_of_and_known_at(office: Opener) -> None:
    desk = office("hunan-docs-departments-2017", DEPARTMENT)
    told = [fact("occurrence", DEPARTMENT, day, "DP08") for day in ("2017-03-01", "2017-05-01", "2017-02-01")]
    positions = desk.take(*told)
    assert replay(desk, DEPARTMENT, "--as-of", "2017-04-01")["items"]["DP08"]["score"] == "11"
    known = replay(desk, DEPARTMENT, "--known-at", positions[1])
    assert [entry["ref"] for entry in known["entries"]] == [told[0]["ref"], told[1]["ref"]]


def test_without_points_the_ledger_has_no_numbers(office: Opener) -> None:
    desk = office("sanmenxia-counties-2017", "县A")
    desk.take(fact("grade", "县A", "2017-03-01", "SC01", points="1"), fact("praise", "县A", "2017-03-01", "SC-P1"))
    answer = desk.ask("replay", "县A")
    assert [answer[key] for key in ("total", "low", "high", "base", "bonus", "deduction", "start")] == [None] * 7
    assert len(answer["entries"]) == 2
    assert all(entry["total_after"] is None for entry in answer["entries"])


SCHEMES: Final[dict[str, tuple[str, ...]]] = {
    "hebei-stats-2018": (BUREAU,),
    "luancheng-2020": ("栾城镇", "区财政局", "区气象局"),
    "hunan-cities-2017": (CITY,),
    "hunan-docs-departments-2017": (DEPARTMENT,),
    "sanmenxia-counties-2017": ("县A", "县B"),
    "beilun-2019": ("新碶街道", "财政局", "民政局"),
}


KINDS: Final = (
    *("grade", "grade", "occurrence", "criticism", "praise", "metric", "checklist", "confirmation", "reply-timeout"),
    *("supervision-card", "not-applicable", "fraud", "retraction", "duplicate-ruling", "deadline-missed"),
)


def attempt(rng: random.Random, unit: str, codes: list[str], year: str, refs: list[str]) -> Fact:
    """A fact that may or may not be good."""
    kind = rng.choice(KINDS)
    on = f"{year}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    values: dict[str, dict[str, Any]] = {
        "grade": {"points": rng.choice(("0", "0.5", "1", "2"))},
        "metric": {"value": rng.choice(("1", "0.5", "0.1", "30"))},
        "checklist": {"met": rng.randint(0, 3)},
        "supervision-card": {"problem": rng.choice(("甲", "乙"))},
        "occurrence": {"count": rng.randint(1, 3)} if rng.random() < 0.5 else {"amount": "0.7", "reason": "酌情"},
    }
    more = values.get(kind, {})
    if kind in ("occurrence", "criticism", "praise"):
        more |= {"level": rng.choice(("city", "provincial", "national"))}
        more |= {"matter": rng.choice("甲乙丙")} if rng.random() < 0.5 else {}
    if kind in ("retraction", "duplicate-ruling"):
        return fact(kind, unit, on, of=rng.choice(refs or ["none"]))
    return fact(kind, unit, on, None if kind == "fraud" else rng.choice(codes), **more)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("settled", [True, False], ids=["settled", "provisional"])
def test_start_and_applied_make_the_total_for_logs_of_every_kind(office: Opener, scheme: str, *, settled: bool) -> None:
    rng, units = random.Random(f"{scheme} {settled}"), SCHEMES[scheme]
    desk = office(scheme, *units, overlay=weights() if scheme.startswith("sanmenxia") else None)
    if settled:
        desk.settle(*units)
    shown = desk.gk("scheme", "show", scheme, "--json").json
    codes = [row["code"] for row in shown["items"]]
    codes += 4 * [rule["code"] for group in shown["adjustments"] for rule in group["rules"]]
    tried: list[Fact] = []
    for _ in range(150):
        tried.append(attempt(rng, rng.choice(units), codes, scheme[-4:], [each["ref"] for each in tried]))
    logged = desk.log(*tried, options=("--skip-refused",))
    positions = [row["position"] for row in logged.json["recorded"]]
    assert len(positions) > 20
    scores = desk.ask("score")["units"]
    for unit in units:
        answer = replay(desk, unit)
        assert {key: answer[key] for key in ("total", "low", "items")} == {
            key: scores[unit][key] for key in ("total", "low", "items")
        }
        replay(desk, unit, "--known-at", rng.choice(positions), "--as-of", f"{scheme[-4:]}-06-30")
        assert sum(map(Fraction, answer["deducted_by_quarter"].values()), Fraction(0)) >= Fraction(answer["deduction"])
