"""Scenarios beside a scheme: read with line and column, run in memory along the real path, told what differs."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Final

import pytest

from gkevents.aggregates.refusals import Refusal
from gkevents.app.scenario_files import read_scenarios
from gkevents.app.scenarios import FileRun, NoScenarios, _compared, _gist, _unbalanced, run_file, scenario_file
from gkevents.reports.answers import score_answer
from gkevents.schemes import catalog
from gkevents.terms import ZERO, show
from gkevents.words import Message, say
from tests.app.worlds import World, fact

SOUND: Final = """\
scheme: beilun-2019
scenarios:
  - name: 两级推广
    units: [区财政局]
    facts:
      - {type: praise, item: B-P1, effective_on: 2019-03-01, matter: 经验, level: city}
    expect:
      区财政局: {bonus: 1}
"""


def tried(folder: Path, text: str, name: str = "own.tests.yaml") -> FileRun:
    """What became of a scenario file."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return run_file(file)


def one(folder: Path, body: str, scheme: str = "beilun-2019") -> list[str]:
    """What differs in a file of one scenario, in English."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    tested = tried(folder, f"scheme: {scheme}\nscenarios:\n  - name: 一\n{lines}")
    assert (tested.faults, tested.refusal) == ((), None), tested
    (outcome,) = tested.outcomes
    assert outcome.passed is tested.passed is (not outcome.differences)
    return [
        f"{each.of} {each.key}: expected {shown(each.expected)}, got {shown(each.got)}" for each in outcome.differences
    ]


def shown(said: str | Message) -> str:
    return say(said, "en") if isinstance(said, Message) else said


def test_a_sound_scenario_passes(tmp_path: Path) -> None:
    tested = tried(tmp_path, SOUND)
    assert tested.passed
    assert tested.scheme == "beilun-2019"
    assert [(each.scenario.name, each.scenario.line, each.differences) for each in tested.outcomes] == [
        ("两级推广", 3, ())
    ]
    assert not tested.outcomes[0].ledgers


def test_what_differs_is_said_by_unit_and_key_with_the_units_ledger(tmp_path: Path) -> None:
    tested = tried(tmp_path, SOUND.replace("{bonus: 1}", "{bonus: 1.50, deduction: 0, total: 3, band: 优秀}"))
    assert not tested.passed
    (outcome,) = tested.outcomes
    assert [each[:4] for each in outcome.differences] == [
        ("区财政局", "bonus", "1.5", "1"),
        ("区财政局", "total", "3", "–"),
        ("区财政局", "band", "优秀", "–"),
    ]
    entries = outcome.ledgers["区财政局"].entries
    assert [(entry.ref, show(entry.applied)) for entry in entries if entry.applied] == [("f1", "1")]


def test_points_are_compared_by_value_and_exactly(tmp_path: Path) -> None:
    body = """\
units: [甲局, 乙局, 丙局, 丁局]
facts:
  - {unit: 甲局, type: grade, item: L19, points: 1.70, effective_on: 2020-12-01}
  - {unit: 乙局, type: grade, item: L19, points: 1.7, effective_on: 2020-12-01}
  - {unit: 丙局, type: grade, item: L19, points: 1.6, effective_on: 2020-12-01}
  - {unit: 丁局, type: not-applicable, item: L19, effective_on: 2020-12-01}
expect: {甲局: {items: {L19: 1.7}}, 丁局: {items: {L19: %s}}}
"""
    assert one(tmp_path, body % "5/3", "luancheng-2020") == []
    assert one(tmp_path, body % "1.67", "luancheng-2020") == ["丁局 items L19: expected 1.67, got 5/3"]


def test_items_may_be_expected_by_bounds_and_state(tmp_path: Path) -> None:
    wanted = "{B01: null, B02: {score: null, low: 0, high: 5, max: 5, state: open}}"
    assert one(tmp_path, f"expect: {{甲: {{items: {wanted}, states: {{B01: open}}, low: 0, high: 100}}}}") == []
    wanted = "{B01: 0, B02: {high: 6, state: graded}, B99: 1}"
    assert one(tmp_path, f"expect: {{甲: {{items: {wanted}, states: {{B01: graded}}}}}}") == [
        "甲 items B01: expected 0, got –",
        "甲 items B02 high: expected 6, got 5",
        "甲 items B02 state: expected graded, got open",
        "甲 items B99: expected 1, got there is none of this name",
        "甲 states B01: expected graded, got open",
    ]


def test_flags_are_expected_all_of_them_or_not_at_all(tmp_path: Path) -> None:
    assert one(tmp_path, "expect: {甲: {flags: [no-figure], zeroed: false, rank: null}}") == []
    assert one(tmp_path, "expect: {甲: {flags: []}}") == ["甲 flags: expected –, got no-figure"]
    assert one(tmp_path, "expect: {甲: {flags: pending, zeroed: true, rank: 1}}") == [
        "甲 flags: expected pending, got no-figure",
        "甲 zeroed: expected true, got false",
        "甲 rank: expected 1, got –",
    ]


def test_a_unit_that_is_not_named_is_of_the_first_variant(tmp_path: Path) -> None:
    body = (
        "facts:\n  - {type: grade, item: L21T, points: 20, effective_on: 2020-12-01}\nexpect: {甲: {items: {L21T: 20}}}"
    )
    assert one(tmp_path, body, "luancheng-2020") == []


def test_a_unit_of_the_roster_has_its_category(tmp_path: Path) -> None:
    body = "units: [区气象局]\nexpect: {区气象局: {states: {L21D: open}}}"
    assert one(tmp_path, body, "luancheng-2020") == []


def test_a_category_that_is_none_of_the_schemes_is_said(tmp_path: Path) -> None:
    (said,) = one(tmp_path, "units: {甲: 村}\nexpect: {甲: {band: null}}", "luancheng-2020")
    assert "needs a category, one of 乡镇, 部门" in said


def test_facts_may_be_written_as_on_the_chinese_form(tmp_path: Path) -> None:
    body = """\
units: [甲局]
facts:
  - {编号: 甲-1, 类型: 督办卡, 指标: H19, 日期: 2018年5月3日, 问题: 栏目未更新、链接失效}
  - {类型: 表扬, 指标: H99, 日期: 2018/6/1, 级别: 国家级}
refused: {f2: unknown-item}
expect: {甲局: {items: {H19: 2.9}}}
"""
    assert one(tmp_path, body, "hebei-stats-2018") == []


def test_a_fact_is_recorded_on_its_own_day_or_with_the_one_before_it(tmp_path: Path) -> None:
    body = """\
facts:
  - {type: grade, item: B01, points: 5, effective_on: 2019-12-01}
  - {type: grade, item: B02, points: 5, effective_on: 2019-03-01}
  - {type: grade, item: B03, points: 5, effective_at: 2020-01-02T10:00:00+08:00}
expect: {甲: {items: {B01: 5, B02: 5, B03: 5}}}
"""
    assert one(tmp_path, body) == []


def test_a_fact_may_say_when_it_was_recorded_and_time_does_not_run_backwards(tmp_path: Path) -> None:
    body = """\
facts:
  - {type: grade, item: B01, points: 5, effective_on: 2019-12-01, recorded_at: 2019-12-05T09:00:00+08:00}
  - {type: grade, item: B02, points: 5, effective_on: 2019-12-01, recorded_at: 2019-12-04T09:00:00+08:00}
  - {type: grade, item: B03, points: 5, effective_on: 2019-12-07, recorded_at: 2019-12-06T09:00:00+08:00}
refused: {f2: clock-goes-back, f3: in-the-future}
expect: {甲: {items: {B01: 5, B02: null}}}
"""
    assert one(tmp_path, body) == []


def test_working_days_are_those_known_when_the_limit_opened(tmp_path: Path) -> None:
    body = """\
units: [甲局]
facts:
  - {type: netizen-message, item: H21, effective_on: 2018-09-28, key: m1}
  - {type: netizen-reply, effective_on: %s, key: m1}
expect: {甲局: {items: {H21: %s}}}
"""
    assert one(tmp_path, body % ("2018-10-08", "2"), "hebei-stats-2018") == []
    assert one(tmp_path, body % ("2018-10-09", "1.5"), "hebei-stats-2018") == []


def test_only_what_happened_by_the_day_asked_for_counts(tmp_path: Path) -> None:
    body = """\
as_of: 2019-06-30
facts:
  - {type: criticism, item: B-D1, effective_on: 2019-06-30}
  - {type: criticism, item: B-D1, effective_on: 2019-07-01}
expect: {甲: {deduction: 1, deducted_by_quarter: {Q2: 1, Q3: 0}}}
"""
    assert one(tmp_path, body) == []


def test_another_year_than_the_schemes_may_be_played(tmp_path: Path) -> None:
    body = (
        "year: 2021\nfacts:\n  - {type: criticism, item: B-D1, effective_on: 2021-06-30}\nexpect: {甲: {deduction: 1}}"
    )
    assert one(tmp_path, body) == []


REFUSED: Final = """\
units: [甲局, 乙局]
facts:
  - {ref: 甲-1, unit: 甲局, type: criticism, item: B-D1, effective_on: 2019-03-01}
  - {ref: 甲-1, unit: 甲局, type: criticism, item: B-D1, effective_on: 2019-03-01}
  - {ref: 乙-1, unit: 乙局, type: retraction, of: 甲-1, effective_on: 2019-03-02}
  - {ref: 乙-2, unit: 乙局, type: retraction, of: 丙-1, effective_on: 2019-03-02}
  - {ref: 丁-1, unit: 丁局, type: criticism, item: B-D1, effective_on: 2019-03-02}
"""


def test_refusals_are_expected_by_ref_with_or_without_their_code(tmp_path: Path) -> None:
    known = "refused: {乙-1: other-unit, 乙-2: unknown-target, 丁-1: null}\nexpect: {甲局: {deduction: 1}}"
    assert one(tmp_path, REFUSED + known) == []
    assert one(tmp_path, REFUSED + "refused: [乙-1, 乙-2, 丁-1]") == []


def test_what_is_refused_or_recorded_against_expectation_differs(tmp_path: Path) -> None:
    said = one(tmp_path, REFUSED + "refused: {甲-1: null, 乙-1: unknown-unit, 丁-1: unknown-unit}")
    assert [line.partition(":")[0] for line in said] == ["乙-1 refused", "乙-2 refused", "甲-1 refused"]
    assert said[0].startswith(
        "乙-1 refused: expected refused (unknown-unit), got refused (other-unit): 甲-1 was recorded"
    )
    assert said[1].startswith("乙-2 refused: expected recorded, got refused (unknown-target): There is no fact 丙-1")
    assert said[2] == "甲-1 refused: expected refused, got recorded"


def test_a_ref_used_again_for_something_else_is_refused(tmp_path: Path) -> None:
    body = """\
facts:
  - {ref: 一, type: criticism, item: B-D1, effective_on: 2019-03-01}
  - {ref: 一, type: criticism, item: B-D1, effective_on: 2019-03-02}
"""
    (said,) = one(tmp_path, body + "expect: {甲: {deduction: 1}}")
    assert "refused (ref-reused)" in said
    assert one(tmp_path, body + "refused: [一]\nexpect: {甲: {deduction: 1}}") == []


WITH_ANOTHER: Final = """\
scheme: own
family: own
title: 题
issuer: 某办
year: 2019
base_total: 10
points: printed
sections: [{name: 一, stated: 10}]
items:
  - code: A1
    title: 条
    section: 一
    points: 10
    clause: 牵头的扣1分，配合的扣半分
    rule: {start: full, deduct: [{each: event, price: 1}, {each: event, price: 0.5, whom: other}]}
adjustments: []
"""


def test_another_unit_is_charged_where_it_is_one_of_the_scenario(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(WITH_ANOTHER, encoding="utf-8")
    body = """\
units: [甲局, 乙局]
facts:
  - {type: criticism, item: A1, effective_on: 2019-03-01, other_unit: 乙局}
  - {type: criticism, item: A1, effective_on: 2019-03-02, 另涉单位: 甲局}
  - {type: criticism, item: A1, effective_on: 2019-03-03, other_unit: 丙局}
refused: {f2: same-unit, f3: unknown-unit}
expect: {甲局: {total: 9}, 乙局: {total: 9.5}}
"""
    assert one(tmp_path, body, "own.yaml") == []


def test_an_unexpected_refusal_is_said_where_the_fact_stands(tmp_path: Path) -> None:
    tested = tried(tmp_path, SOUND.replace("level: city", "levle: city"))
    (difference, _) = tested.outcomes[0].differences
    assert (difference.of, difference.line) == ("f1", 6)
    assert "no field levle" in shown(difference.got)


def test_the_ranks_of_a_scenario_are_those_of_its_units(tmp_path: Path) -> None:
    codes = [f"B{number:02}" for number in range(1, 18)]
    facts = [
        f"  - {{unit: {unit}, type: grade, item: {code}, points: {points}, effective_on: 2019-12-01}}"
        for unit, points in (("甲", 3), ("乙", 4), ("丙", 3))
        for code in codes
    ]
    expect = "expect: {甲: {rank: 2, total: 51, base: 51}, 乙: {rank: 1, total: 68}, 丙: {rank: 3}}"
    body = "\n".join(["units: [甲, 乙, 丙]", "facts:", *facts, expect])
    assert one(tmp_path, body) == ["丙 rank: expected 3, got 2"]


def test_every_run_sees_that_the_ledger_adds_up(tmp_path: Path) -> None:
    tested = tried(tmp_path, SOUND.replace("bonus: 1", "bonus: 2"))
    ledger = tested.outcomes[0].ledgers["区财政局"]
    world = World(tmp_path / "store.db").init()
    world.adopt("beilun-2019", year=2019, units=[("区财政局", None)], now="2019-01-01T08:00:00+08:00")
    praise = fact("f1", "praise", "2019-03-01", "B-P1", unit="区财政局", matter="经验", level="city")
    world.log(praise, scheme="beilun-2019", year=2019, now="2019-12-31T08:00:00+08:00")
    score = world.score("区财政局", scheme="beilun-2019", year=2019)
    assert score_answer(score, "en")["bonus"] == "1"
    assert list(_unbalanced(score, ledger)) == []
    assert list(_unbalanced(dataclasses.replace(score, low=ZERO), ledger)) == [("ledger", "0", "1")]


@pytest.mark.parametrize("scheme", ["hebei-stats-2018", "luancheng-2020", "beilun-2019"])
def test_a_store_that_logs_the_facts_of_a_scenario_scores_the_same(scheme: str, tmp_path: Path) -> None:
    reading = read_scenarios(scenario_file(scheme).read_bytes())
    assert reading.file is not None
    year = int(scheme[-4:])
    for number, scenario in enumerate(reading.file.scenarios):
        world = World(tmp_path / f"{number}.db").init()
        units = [(unit, category or None) for unit, category in scenario.units.items()]
        world.adopt(scheme, year=year, units=units, now=f"{year}-01-01T07:00:00+08:00")
        evening = f"{year}-12-31T20:00:00+08:00"
        logged = world.try_log(*map(dict, scenario.facts), scheme=scheme, year=year, now=evening, skip_refused=True)
        assert {row.ref: row.code for row in logged.refused} == scenario.refused
        standing = world.standing(scheme=scheme, year=year, as_of=scenario.as_of)
        for unit, expected in scenario.expect.items():
            assert list(_compared(expected, _gist(standing.scores[unit]))) == []


# ---------------------------------------------------------------- which file, which scheme


def test_a_scheme_file_leads_to_the_scenarios_beside_it(tmp_path: Path) -> None:
    beside = tmp_path / "own.tests.yaml"
    with pytest.raises(NoScenarios):
        scenario_file(str(tmp_path / "own.yaml"))
    beside.write_text(SOUND, encoding="utf-8")
    assert scenario_file(str(tmp_path / "own.yaml")) == beside
    assert scenario_file(str(beside)) == beside


def test_an_id_leads_to_the_scenarios_that_come_with_the_program() -> None:
    assert scenario_file("beilun-2019") == catalog.folder() / "beilun-2019.tests.yaml"
    assert scenario_file("zhalantun-2023-q1") == catalog.folder() / "examples" / "zhalantun-2023-q1.tests.yaml"
    with pytest.raises(Refusal, match="no scenarios for beilun-2020"):
        scenario_file("beilun-2020")


def test_scenarios_are_no_schemes() -> None:
    assert (catalog.folder() / "beilun-2019.tests.yaml").is_file()
    assert [name for name in catalog.published() if "tests" in name] == []


def test_without_a_word_the_scheme_is_the_file_of_the_same_name(tmp_path: Path) -> None:
    text = catalog.text_of("beilun-2019").replace("scheme: beilun-2019", "scheme: own-2019", 1)
    (tmp_path / "own.yaml").write_text(text, encoding="utf-8")
    assert tried(tmp_path, SOUND.partition("\n")[2]).scheme == "own-2019"
    assert tried(tmp_path, SOUND.replace("beilun-2019", "own.yaml"), "other.tests.yaml").passed


def test_a_scheme_that_is_not_there_or_has_faults_is_said(tmp_path: Path) -> None:
    missing = tried(tmp_path, SOUND.partition("\n")[2])
    assert not missing.passed
    assert missing.refusal is not None
    assert "There is no scheme own.yaml" in say(missing.refusal, "en")
    elsewhere = tried(tmp_path, SOUND.replace("beilun-2019", "no/such/scheme"))
    assert elsewhere.refusal is not None
    assert "There is no scheme no/such/scheme" in say(elsewhere.refusal, "en")
    (tmp_path / "own.yaml").write_text("scheme: own\n", encoding="utf-8")
    faulty = tried(tmp_path, SOUND.partition("\n")[2])
    assert faulty.refusal is not None
    assert "faults, the first at line 1" in say(faulty.refusal, "en")


def test_points_decided_lie_in_a_file_beside_it(tmp_path: Path) -> None:
    text = (
        "scheme: sanmenxia-counties-2017\noverlay: weights.yaml\nscenarios:\n"
        "  - {name: 一, facts: [{type: grade, item: SC01, points: 1, effective_on: 2017-05-02}],"
        " expect: {甲: {items: {SC01: 1}}}}\n"
    )
    (tmp_path / "weights.yaml").write_text("points: {SC01: 1}\n", encoding="utf-8")
    wrong = tried(tmp_path, text)
    assert wrong.refusal is not None
    assert "The overlay" in say(wrong.refusal, "en")
    without = tried(tmp_path, text.replace("overlay: weights.yaml\n", ""))
    assert [each.key for each in without.outcomes[0].differences] == ["items SC01"]


# ---------------------------------------------------------------- broken files

BROKEN: Final = {
    "": (1, 1, "The file is empty"),
    "- a\n": (1, 1, "A scenario file holds keys and values"),
    "scenarios: [\n": (2, 1, ""),
    "scenarios: []\n": (1, 12, "scenarios is empty"),
    "scenarois: x\n": (1, 1, 'Did you mean "scenarios"?'),
    "scenarios:\n  - {facts: []}\n": (2, 5, "The key name is missing"),
    "scenarios:\n  - {name: a}\n": (2, 5, "Nothing is expected here"),
    "scenarios:\n  - {name: a, unitz: [b], expect: {甲: {total: 1}}}\n": (2, 15, 'Did you mean "units"?'),
    "scenarios:\n  - {name: a, units: [], expect: {甲: {total: 1}}}\n": (2, 22, "units is empty"),
    "scenarios:\n  - {name: a, units: [[b]], expect: {甲: {total: 1}}}\n": (2, 22, "units must hold keys and values"),
    "scenarios:\n  - {name: a, year: 19, expect: {甲: {total: 1}}}\n": (2, 21, "at least 2000"),
    "scenarios:\n  - {name: a, as_of: 2019-13-01, expect: {甲: {total: 1}}}\n": (2, 22, "is not a day"),
    "scenarios:\n  - {name: a, facts: [b], expect: {甲: {total: 1}}}\n": (2, 23, "must hold keys and values"),
    "scenarios:\n  - {name: a, expect: {乙: {total: 1}}}\n": (2, 24, '"乙" is no unit of this scenario'),
    "scenarios:\n  - {name: a, expect: {甲: {totl: 1}}}\n": (2, 28, 'Did you mean "total"?'),
    "scenarios:\n  - {name: a, expect: {甲: {total: 1e3}}}\n": (2, 35, '"1e3" are no points (total)'),
    "scenarios:\n  - {name: a, expect: {甲: {total: [1]}}}\n": (2, 35, '"…" are no points'),
    "scenarios:\n  - {name: a, expect: {甲: {rank: first}}}\n": (2, 34, "not a whole number for rank"),
    "scenarios:\n  - {name: a, expect: {甲: {band: [a]}}}\n": (2, 34, "band must be a single value"),
    "scenarios:\n  - {name: a, expect: {甲: {zeroed: maybe}}}\n": (2, 36, '"maybe" is neither true nor false'),
    "scenarios:\n  - {name: a, expect: {甲: {flags: {a: b}}}}\n": (2, 35, "flags must be a list"),
    "scenarios:\n  - {name: a, expect: {甲: {items: 3}}}\n": (2, 35, "items must hold keys and values"),
    "scenarios:\n  - {name: a, expect: {甲: {items: {A1: x}}}}\n": (2, 40, '"x" are no points (A1)'),
    "scenarios:\n  - {name: a, expect: {甲: {items: {A1: {scor: 1}}}}}\n": (2, 41, 'Did you mean "score"?'),
    "scenarios:\n  - {name: a, expect: {甲: {states: {A1: [x]}}}}\n": (2, 41, "A1 must be a single value"),
    "scenarios:\n  - {name: a, expect: {甲: {deducted_by_quarter: {Q5: 1}}}}\n": (2, 50, "Q1"),
    "scenarios:\n  - {name: a, facts: [{ref: 甲-1}], refused: [甲-2]}\n": (2, 46, 'Did you mean "甲-1"?'),
    "scenarios:\n  - {name: a, facts: [{ref: r1}], refused: {r2: code}}\n": (
        2,
        45,
        'No fact here has the ref "r2". Refs: r1',
    ),
    "scenarios:\n  - {name: a, facts: [{type: x, 类型: y}], refused: [f1]}\n": (2, 33, "the same field"),
}


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_file_says_where_and_what_would_be_right(text: str, tmp_path: Path) -> None:
    tested = tried(tmp_path, text)
    assert not tested.passed
    line, column, said = BROKEN[text]
    (fault,) = tested.faults
    assert (fault.line, fault.column) == (line, column)
    assert said in say(fault.message, "en")


def test_every_fault_is_said_at_once_in_the_order_of_the_file() -> None:
    text = """\
scenarios:
  - {name: a, expect: {甲: {total: x, rank: y}}}
  - {name: b, refused: [f1]}
  - {name: b}
"""
    reading = read_scenarios(text)
    assert reading.file is None
    assert [fault.line for fault in reading.faults] == [2, 2, 3, 4]
