"""Trying a scheme on a log kept under another: where codes lead, what does not map, what changes; nothing is stored."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import pytest

from gkevents.aggregates import refusals as no
from gkevents.app.trying import MapFaulty, MapUnreadable, Tried, Trying, codes_in, codes_said
from gkevents.trials.trying import NoCategory
from gkevents.words import say
from tests.app.test_adopting import SANMENXIA, overlay_file, scheme_file
from tests.app.test_asking import stored
from tests.app.worlds import World, day, fact, grade
from tests.oracle.figures import SCHEMES
from tests.oracle.random_logs import Case, random_log

JANUARY = "2020-01-06T09:00:00+08:00"
DECEMBER = "2020-12-01T09:00:00+08:00"
TINY = (Path(__file__).parent / "tiny.yaml").read_text(encoding="utf-8")
DRAFT = TINY.replace("scheme: tiny-2020", "scheme: draft-2020")
ON: Final = ("tiny-2020", 2020)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "gk.db").init()
    world.adopt(scheme_file(tmp_path, TINY), now=JANUARY)
    return world


def log(world: World, *facts: dict[str, Any], now: str = DECEMBER) -> None:
    world.log(
        *({"unit": "甲局"} | one if one["unit"] == "区气象局" else one for one in facts), scheme="tiny-2020", now=now
    )


def of(unit: str, *facts: dict[str, Any]) -> list[dict[str, Any]]:
    return [one | {"unit": unit} for one in facts]


def tried(
    world: World,
    text: str | Path,
    *,
    codes: Mapping[str, Sequence[str]] | None = None,
    categories: Mapping[str, str] | None = None,
    on: tuple[str, int] = ON,
    **asked: Any,  # noqa: ANN401 - as of, known at, overlay
) -> Tried:
    scheme = scheme_file(world.path.parent, text, "draft.yaml") if isinstance(text, str) and "\n" in text else text
    with world.gk() as gk:
        return gk.try_scheme(str(scheme), on=on, asked=Trying(codes or {}, categories or {}), **asked)


def leads(found: Tried) -> dict[str, tuple[str | None, str]]:
    return {lead.code: (lead.to, lead.how) for lead in found.trial.mapping}


def unmapped(found: Tried) -> list[tuple[str, str]]:
    return [(fact.ref, fact.code) for fact in found.trial.unmapped]


def item(found: Tried, code: str, unit: str = "甲局") -> Fraction | None:
    return found.trial.after[unit].score.items[code].score


def bytes_of(world: World) -> str:
    return hashlib.sha256(world.path.read_bytes()).hexdigest()


def test_a_trial_leaves_the_store_as_it_is_to_the_byte(world: World) -> None:
    log(world, *of("甲局", grade("G1", "2020-11-01", "T1", "9"), fact("C1", "criticism", "2020-05-01", "T3")))
    world.standing(scheme="tiny-2020")
    before = (bytes_of(world), world.count())
    found = tried(world, DRAFT.replace("code: T3", "code: T9").replace("price: 1}", "price: 2}"))
    assert found.trial.after["甲局"].score.total == Fraction(17)
    assert (bytes_of(world), world.count()) == before
    assert world.faults() == []


def unscanned(scheme: str, seed: int) -> Case:
    dice = random.Random(f"try {scheme} {seed}")
    while True:
        case = random_log(scheme, dice)
        if case.facts and not any(str(one["ref"]).startswith("scan:") for one in case.facts):
            return case


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_scheme_tried_on_its_own_log_changes_nothing(scheme: str, tmp_path: Path) -> None:
    case = unscanned(scheme, 1)
    world = stored(case, tmp_path)
    found = tried(world, scheme, on=(scheme, case.year), as_of=case.as_of)
    standing = world.standing(scheme=scheme, year=case.year, as_of=case.as_of)
    assert found.trial.unmapped == ()
    assert {lead.how for lead in found.trial.mapping} == {"code"}
    for unit, score in standing.scores.items():
        one, other = found.trial.before[unit], found.trial.after[unit]
        assert (one.score.total, one.score.low, one.score.high) == (score.total, score.low, score.high)
        assert (other.score.total, other.score.low, other.score.high, other.rank) == (
            score.total, score.low, score.high, one.rank
        )  # fmt: skip


def test_a_code_leads_where_it_is_said_else_to_the_same_code_else_to_the_same_title(world: World) -> None:
    log(
        world,
        *of("甲局", fact("C1", "criticism", "2020-05-01", "T3"), grade("G1", "2020-11-01", "T1", "9")),
        *of("甲局", fact("M1", "reply-timeout", "2020-05-01", "T2", key="k1")),
    )
    renamed = DRAFT.replace("code: T3", "code: X3").replace("code: T2", "code: X2").replace("title: 二", "title: 另")
    found = tried(world, renamed, codes={"T2": ["X2"]})
    assert leads(found) == {"T1": ("T1", "code"), "T2": ("X2", "given"), "T3": ("X3", "title")}
    assert unmapped(found) == []
    assert (item(found, "X2"), item(found, "X3")) == (Fraction(3), Fraction(4))


def test_the_same_code_for_something_else_is_not_the_same(world: World) -> None:
    log(world, *of("甲局", fact("C1", "criticism", "2020-05-01", "T3")))
    swapped = DRAFT.replace("code: T2", "code: T0").replace("code: T3", "code: T2").replace("code: T0", "code: T3")
    found = tried(world, swapped)
    assert leads(found)["T3"] == ("T2", "title")
    assert (item(found, "T2"), item(found, "T3")) == (Fraction(4), Fraction(5))


def test_a_renamed_item_keeps_its_code(world: World) -> None:
    log(world, *of("甲局", fact("C1", "criticism", "2020-05-01", "T3")))
    found = tried(world, DRAFT.replace("title: 三", "title: 改名"))
    assert (leads(found)["T3"], item(found, "T3")) == (("T3", "code"), Fraction(4))


def test_a_title_that_two_items_bear_leads_nowhere(world: World) -> None:
    log(world, *of("甲局", fact("C1", "criticism", "2020-05-01", "T3")))
    twice = DRAFT.replace("code: T3", "code: X3").replace("title: 二", "title: 三")
    found = tried(world, twice)
    assert leads(found)["T3"] == (None, "none")
    assert unmapped(found) == [("C1", "unknown-item")]
    assert say(found.trial.unmapped[0].message, "en") == (
        "draft-2020 has no item T3. If it has one by another code, say so: --map T3=CODE"
    )


def test_a_code_said_to_lead_nowhere_leads_nowhere(world: World) -> None:
    log(world, *of("甲局", fact("C1", "criticism", "2020-05-01", "T3")))
    found = tried(world, DRAFT, codes={"T3": [""]})
    assert (leads(found)["T3"], unmapped(found)) == ((None, "given"), [("C1", "leads-nowhere")])
    assert item(found, "T3") == Fraction(5)
    sentence = "T3 leads to nothing in draft-2020. If it should, say where: --map T3=CODE"
    assert say(found.trial.unmapped[0].message, "en") == sentence
    gone = tried(world, DRAFT.replace("code: T3", "code: X3"), codes={"T3": [""]})
    assert say(gone.trial.unmapped[0].message, "en") == sentence


@pytest.mark.parametrize(
    ("codes", "code"), [({"T9": ["T1"]}, "T9"), ({"T1": ["Y1"]}, "Y1"), ({"T1": ["T1", "Y2"]}, "Y2")]
)
def test_a_code_that_does_not_exist_cannot_be_said(world: World, codes: dict[str, list[str]], code: str) -> None:
    with pytest.raises(no.NoSuchItem) as caught:
        tried(world, DRAFT, codes=codes)
    assert caught.value.message.values["item"] == code


def test_what_the_draft_would_refuse_is_listed_with_the_refusal_s_sentence(world: World) -> None:
    log(
        world,
        *of(
            "甲局",
            grade("G1", "2020-10-01", "T1", "6"),
            grade("G2", "2020-11-01", "T1", "9"),
            fact("C1", "criticism", "2020-05-01", "T3"),
            fact("O1", "occurrence", "2020-05-02", "T3"),
        ),
    )
    less = DRAFT.replace("title: 一, section: 公开, points: 10", "title: 一, section: 公开, points: 8").replace(
        "title: 二\n    section: 公开\n    points: 5", "title: 二\n    section: 公开\n    points: 7"
    )
    found = tried(
        world, less.replace("on: happenings, each: event, price: 1}", "on: amounts, each: event, price: set}")
    )
    assert unmapped(found) == [("G2", "grade-not-allowed"), ("C1", "wrong-pairing"), ("O1", "amount-needed")]
    assert say(found.trial.unmapped[0].message, "en").startswith("T1 cannot be graded 9: the scheme allows 0 to 8")
    assert item(found, "T1") == Fraction(6), "the mark that the draft allows"


def test_a_fact_whose_level_the_draft_needs_does_not_map(world: World) -> None:
    log(
        world,
        *of("甲局", fact("C1", "criticism", "2020-05-01", "T3")),
        *of("乙局", fact("C2", "criticism", "2020-05-01", "T3", level="city")),
    )
    found = tried(world, DRAFT.replace("price: 1}", "price: {city: 1, national: 2}}"))
    assert unmapped(found) == [("C1", "level-missing")]
    assert (item(found, "T3"), item(found, "T3", "乙局")) == (Fraction(5), Fraction(4))


def test_a_fact_that_was_taken_back_need_not_map_and_its_retraction_goes_with_it(world: World) -> None:
    log(
        world,
        *of(
            "甲局",
            fact("C1", "criticism", "2020-05-01", "T3"),
            fact("R1", "retraction", "2020-06-01", of="C1"),
            fact("C2", "criticism", "2020-05-01", "T3"),
            fact("R2", "retraction", "2020-06-01", of="C2"),
            fact("R3", "retraction", "2020-07-01", of="R2"),
            fact("O1", "occurrence", "2020-05-02", "T3"),
            fact("D1", "duplicate-ruling", "2020-06-02", of="O1"),
        ),
    )
    found = tried(world, DRAFT.replace("code: T3", "code: X3").replace("title: 三", "title: 新"))
    assert unmapped(found) == [("C2", "unknown-item")]
    assert [one.ref for one in found.trial.after["甲局"].score.priced.log.facts] == []
    again = tried(world, DRAFT.replace("price: 1}", "price: 2}"))
    assert (unmapped(again), item(again, "T3")) == ([], Fraction(3))


def test_fraud_does_not_map_where_the_draft_has_no_rule_for_it(world: World, tmp_path: Path) -> None:
    zeroing = TINY + "zero_out: {code: T-Z, title: 弄虚作假, clause: 弄虚作假的总分为零, effect: total}\n"
    world.adopt(scheme_file(tmp_path, zeroing), now=JANUARY)
    log(world, *of("甲局", fact("F1", "fraud", "2020-05-01")))
    assert unmapped(tried(world, DRAFT)) == [("F1", "no-zero-out")]
    kept = tried(world, zeroing.replace("tiny-2020", "draft-2020"))
    assert (unmapped(kept), kept.trial.after["甲局"].score.total) == ([], Fraction(0))


MESSAGE = fact("N1", "netizen-message", "2020-05-11", "T2", key="k1")
REPLY = fact("A1", "netizen-reply", "2020-05-14", key="k1")


def test_a_limit_that_the_item_gave_is_given_anew_by_the_draft(world: World) -> None:
    log(world, *of("甲局", MESSAGE, REPLY))
    assert world.score("甲局", scheme="tiny-2020").items["T2"].score == Fraction(5)
    shorter = tried(world, DRAFT.replace("limit: 3 working", "limit: 2 working"))
    assert (item(shorter, "T2"), unmapped(shorter)) == (Fraction(3), [])
    assert [limit.due for limit in shorter.trial.after["甲局"].score.limits.values()] == [day("2020-05-13")]


def test_a_limit_said_with_the_message_stays(world: World) -> None:
    log(world, *of("甲局", MESSAGE | {"limit": "3 working days"}, REPLY))
    assert item(tried(world, DRAFT.replace("limit: 3 working", "limit: 2 working")), "T2") == Fraction(5)


def scanned(world: World, as_of: str, now: str) -> None:
    with world.gk(now) as gk:
        assert [miss.key for miss in gk.scan(as_of=day(as_of)).missed] == ["k1"]


def test_a_miss_found_by_a_scan_moves_with_its_limit(world: World) -> None:
    log(world, *of("甲局", MESSAGE), now="2020-05-12T09:00:00+08:00")
    scanned(world, "2020-05-15", "2020-05-15T09:00:00+08:00")
    longer = DRAFT.replace("limit: 3 working", "limit: 5 working")
    young = tried(world, longer)
    assert (item(young, "T2"), young.trial.after["甲局"].score.limits["k1"].state) == (Fraction(5), "open")
    log(world, *of("甲局", fact("C1", "criticism", "2020-05-01", "T3")))
    old = tried(world, longer)
    limit = old.trial.after["甲局"].score.limits["k1"]
    assert (limit.state, limit.due) == ("missed", day("2020-05-18"))
    assert limit.breach is not None
    assert (limit.breach.day, item(old, "T2")) == (day("2020-05-19"), Fraction(3))


def test_a_message_that_does_not_map_takes_its_miss_and_its_answer_with_it(world: World) -> None:
    log(world, *of("甲局", MESSAGE), now="2020-05-12T09:00:00+08:00")
    scanned(world, "2020-05-15", "2020-05-15T09:00:00+08:00")
    log(world, *of("甲局", REPLY | {"effective_on": "2020-05-20"}))
    found = tried(world, DRAFT, codes={"T2": ["T3"]})
    assert unmapped(found) == [("N1", "wrong-pairing")]
    assert found.trial.after["甲局"].score.priced.log.facts == ()


def test_an_answer_stays_while_one_of_what_it_answers_maps(world: World, tmp_path: Path) -> None:
    both = TINY.replace("happenings, each: event, price: 1", "messages, each: event, price: 1, limit: 3 working days")
    world.adopt(scheme_file(tmp_path, both), now=JANUARY)
    log(world, *of("甲局", MESSAGE, MESSAGE | {"ref": "N2", "item": "T3"}, REPLY))
    found = tried(world, both.replace("tiny-2020", "draft-2020"), codes={"T3": [""]})
    after = found.trial.after["甲局"].score
    assert ([one.ref for one in after.priced.log.facts], after.limits["k1"].state) == (["N1", "A1"], "met")


@pytest.mark.parametrize(
    ("limit", "code"),
    [("", "limit-needed"), (", limit: 5 hours", "instant-needed"), (", limit: 2020-05-01", "limit-before-start")],
)
def test_a_limit_that_the_draft_cannot_give_does_not_map(world: World, limit: str, code: str) -> None:
    log(world, *of("甲局", MESSAGE))
    found = tried(world, DRAFT.replace(", limit: 3 working days", limit))
    assert unmapped(found) == [("N1", code)]


@pytest.mark.parametrize(("code", "lost"), [("T2", []), ("X2", []), ("Y2", [("N9", "unknown-item")])])
def test_a_limit_of_last_year_that_ran_out_in_this_one_goes_with_its_code(
    world: World, code: str, lost: list[tuple[str, str]]
) -> None:
    world.adopt(scheme_file(world.path.parent, TINY), year=2021, now=DECEMBER)
    log(world, *of("甲局", MESSAGE | {"ref": "N9", "effective_on": "2020-12-31"}), now="2020-12-31T10:00:00+08:00")
    log(world, *of("甲局", REPLY | {"effective_on": "2021-02-01"}), now="2021-02-01T09:00:00+08:00")
    text = DRAFT.replace("code: T2", f"code: {code}")
    text = text.replace("title: 二", "title: 别的") if code == "Y2" else text
    found = tried(world, text, on=("tiny-2020", 2021))
    assert found.trial.before["甲局"].score.items["T2"].score == Fraction(3)
    assert unmapped(found) == lost
    assert item(found, code) == Fraction(5 if lost else 3)


FORMS = """scheme: forms-2020
family: forms
title: 两种表
issuer: 某办公室
document: null
year: 2020
base_total: 10
points: printed
variants: [乡镇, 部门]
roster:
  - {name: 乙局, category: 部门}
sections:
  - {name: 公开, stated: 10}
items:
  - code: A1
    title: 三
    section: 公开
    points: 10
    only: 乡镇
    clause: 每次扣一分
    rule: {start: full, deduct: [{on: happenings, each: event, price: 1}]}
  - code: B1
    title: 三
    section: 公开
    points: 10
    only: 部门
    clause: 每次扣两分
    rule: {start: full, deduct: [{on: happenings, each: event, price: 2}]}
"""


def test_a_unit_without_a_category_that_the_draft_knows_has_to_be_given_one(world: World) -> None:
    with pytest.raises(NoCategory) as caught:
        tried(world, FORMS)
    said = say(caught.value.message, "en")
    assert "甲局" in said
    assert "乙局" not in said, "the draft's roster says it"
    assert "--unit 甲局=CATEGORY" in said
    assert "乡镇, 部门" in said


def test_each_form_of_the_draft_has_its_own_codes(world: World) -> None:
    log(
        world,
        *of("甲局", fact("C1", "criticism", "2020-05-01", "T3")),
        *of("乙局", fact("C2", "criticism", "2020-05-01", "T3")),
    )
    found = tried(world, FORMS, categories={"甲局": "乡镇"})
    assert {unit: (one.score.category, one.score.total) for unit, one in found.trial.after.items()} == {
        "甲局": ("乡镇", Fraction(9)), "乙局": ("部门", Fraction(8)),
    }  # fmt: skip
    assert [(lead.code, lead.to, lead.how) for lead in found.trial.mapping if lead.code == "T3"] == [
        ("T3", "A1", "title"), ("T3", "B1", "title")
    ]  # fmt: skip
    same = tried(world, FORMS, categories={"甲局": "乡镇"}, codes={"T3": ["A1", "B1"]})
    assert [one.score.total for one in same.trial.after.values()] == [
        one.score.total for one in found.trial.after.values()
    ]
    one = tried(world, FORMS, categories={"甲局": "乡镇"}, codes={"T3": ["A1"]})
    assert unmapped(one) == [("C2", "other-variant")]


@pytest.mark.parametrize(
    ("categories", "refusal"), [({"丙局": "乡镇"}, no.NoSuchUnit), ({"甲局": "街道"}, no.CategoryNeeded)]
)
def test_a_category_that_cannot_be_is_refused(
    world: World, categories: dict[str, str], refusal: type[no.Refusal]
) -> None:
    with pytest.raises(refusal):
        tried(world, FORMS, categories=categories)


def test_the_codes_of_the_draft_that_no_fact_reached_are_named(world: World) -> None:
    log(world, *of("甲局", grade("G1", "2020-11-01", "T1", "9")))
    assert tried(world, DRAFT.replace("code: T3", "code: N3")).trial.unused == ("T2", "N3")
    beside = "  - {code: T4, title: 四, section: 公开, clause: 见一, rule: {start: elsewhere, see: T1}}\n"
    pointing = tried(world, DRAFT + beside)
    assert (pointing.trial.unused, "T4" in pointing.draft.codes) == (("T2", "T3"), True)


def test_units_stand_by_their_rank_in_the_trial(world: World) -> None:
    log(
        world,
        *of("甲局", grade("G1", "2020-11-01", "T1", "9"), fact("C1", "criticism", "2020-05-01", "T3", count=2)),
        *of("乙局", grade("G2", "2020-11-01", "T1", "6")),
    )
    found = tried(world, DRAFT.replace("price: 1}", "price: 2}"))
    assert [(unit, one.rank, one.score.total) for unit, one in found.trial.after.items()] == [
        ("乙局", 1, Fraction(16)), ("甲局", 2, Fraction(15)),
    ]  # fmt: skip
    assert {unit: (one.rank, one.score.total) for unit, one in found.trial.before.items()} == {
        "甲局": (1, Fraction(17)), "乙局": (2, Fraction(16)),
    }  # fmt: skip


VETO = "vetoes:\n  - {code: V1, title: 重大失误, clause: 出一次的总分定为五分, effect: {gives: 5}}\n"


def test_facts_may_lead_to_a_veto(world: World) -> None:
    log(
        world,
        *of("甲局", grade("G1", "2020-11-01", "T1", "9"), fact("C1", "criticism", "2020-05-01", "T3")),
        *of("乙局", grade("G2", "2020-11-01", "T1", "9")),
    )
    found = tried(world, DRAFT + VETO, codes={"T3": ["V1"]})
    assert (unmapped(found), found.trial.unused) == ([], ("T2", "T3"))
    assert {unit: one.score.total for unit, one in found.trial.after.items()} == {
        "乙局": Fraction(19),
        "甲局": Fraction(5),
    }
    marked = tried(world, DRAFT + VETO, codes={"T1": ["V1"]})
    assert unmapped(marked) == [("G1", "wrong-pairing"), ("G2", "wrong-pairing")]


def test_a_fact_whose_kind_the_draft_wants_to_know_does_not_map(world: World) -> None:
    log(world, *of("甲局", fact("C1", "criticism", "2020-05-01", "T3")))
    assert unmapped(tried(world, DRAFT.replace("price: 1}", "price: 1, when: {kind: 通报}}"))) == [
        ("C1", "unknown-kind")
    ]


def test_what_is_charged_to_another_unit_is_charged_to_it_in_the_trial(world: World, tmp_path: Path) -> None:
    shared = TINY.replace("price: 1}]", "price: 1}, {on: happenings, each: event, price: 2, whom: other}]")
    world.adopt(scheme_file(tmp_path, shared), now=JANUARY)
    log(world, *of("甲局", fact("C1", "criticism", "2020-05-01", "T3", other_unit="乙局")))
    found = tried(world, shared.replace("tiny-2020", "draft-2020").replace("price: 2, whom", "price: 4, whom"))
    points = {unit: one.score.items["T3"].score for unit, one in found.trial.before.items()}
    assert points == {"甲局": Fraction(4), "乙局": Fraction(3)}
    assert (item(found, "T3"), item(found, "T3", "乙局"), unmapped(found)) == (Fraction(4), Fraction(1), [])
    assert unmapped(tried(world, DRAFT)) == [("C1", "field-without-use")]


def test_facts_that_look_alike_but_for_a_word_that_is_asked_for_are_looked_at_one_by_one(world: World) -> None:
    eased = DRAFT.replace("price: 1}", "price: 1, eased: [{kind: 整改, to: 0%}]}")
    log(
        world,
        *of(
            "甲局",
            fact("C1", "criticism", "2020-05-01", "T3", matter="甲"),
            fact("C2", "criticism", "2020-05-02", "T3"),
        ),
        *of(
            "甲局",
            fact("C3", "criticism", "2020-05-03", "T3", level="city"),
            fact("C4", "criticism", "2020-05-04", "T3"),
        ),
    )
    assert unmapped(tried(world, eased)) == []
    levels = DRAFT.replace("price: 1}", "price: {city: 1, national: 2}}")
    assert unmapped(tried(world, levels)) == [(ref, "level-missing") for ref in ("C1", "C2", "C4")]


def test_a_trial_may_be_asked_for_as_of_a_day_and_as_known_at_a_moment(world: World) -> None:
    log(world, *of("甲局", fact("C1", "criticism", "2020-05-01", "T3")), now="2020-06-01T09:00:00+08:00")
    known = str(world.count())
    log(world, *of("甲局", fact("C2", "criticism", "2020-09-01", "T3")))
    dearer = DRAFT.replace("price: 1}", "price: 2}")
    assert item(tried(world, dearer), "T3") == Fraction(1)
    assert item(tried(world, dearer, as_of=day("2020-08-31")), "T3") == Fraction(3)
    then = tried(world, dearer, known_at=known)
    assert (item(then, "T3"), then.known_at) == (Fraction(3), int(known))


def test_a_draft_without_points_takes_an_overlay_and_the_adopted_text_keeps_its_own(tmp_path: Path) -> None:
    world, on = World(tmp_path / "gk.db").init(), (SANMENXIA, 2017)
    world.adopt(SANMENXIA, year=2017, now="2017-01-06T09:00:00+08:00", units=[("市教育局", None)])
    assert tried(world, SANMENXIA, on=on).trial.after["市教育局"].score.high is None
    decided = overlay_file(tmp_path)
    assert tried(world, SANMENXIA, on=on, overlay=decided).trial.after["市教育局"].score.high == 100
    world.adopt(SANMENXIA, year=2017, now="2017-03-06T09:00:00+08:00", overlay=decided)
    assert tried(world, SANMENXIA, on=on).trial.after["市教育局"].score.high == 100


def test_a_scheme_of_the_store_can_be_tried_though_its_file_is_gone(world: World, tmp_path: Path) -> None:
    log(world, *of("甲局", fact("C1", "criticism", "2020-05-01", "T3")))
    path = scheme_file(tmp_path, DRAFT.replace("price: 1}", "price: 4}"), "gone.yaml")
    world.adopt(path, year=2021, now=DECEMBER)
    path.unlink()
    found = tried(world, "draft-2020")
    assert (found.draft.scheme, found.on.scheme, found.year) == ("draft-2020", "tiny-2020", 2020)
    assert item(found, "T3") == Fraction(1)
    with pytest.raises(no.NoSuchScheme):
        tried(world, "draft-2021")


def test_a_log_of_nothing_can_be_tried(world: World) -> None:
    found = tried(world, DRAFT)
    assert (found.trial.unused, found.trial.unmapped) == (("T1", "T2", "T3"), ())
    assert {unit: one.score.high for unit, one in found.trial.after.items()} == {"甲局": 20, "乙局": 20}


def test_a_scheme_year_that_was_never_adopted_cannot_be_tried_on(world: World) -> None:
    with pytest.raises(no.NotAdopted):
        tried(world, DRAFT, on=("tiny-2020", 2019))


def test_a_file_of_codes_holds_a_pair_on_each_line(tmp_path: Path) -> None:
    path = tmp_path / "codes.txt"
    path.write_bytes("\ufeff# 旧,新\nT1=X1\n T2 , X2  # 留言\n\nT3\tX3\nT3 = Y3\nT4=\n".encode())
    assert codes_said(codes_in(path)) == {"T1": ["X1"], "T2": ["X2"], "T3": ["X3", "Y3"], "T4": [""]}


@pytest.mark.parametrize("line", ["T1", "=X1", "T1=X1=Y1"])
def test_a_line_that_is_no_pair_is_refused_with_its_number(tmp_path: Path, line: str) -> None:
    path = tmp_path / "codes.txt"
    path.write_text(f"T1=X1\n{line}\n", encoding="utf-8")
    with pytest.raises(MapFaulty) as caught:
        codes_in(path)
    assert "line 2" in say(caught.value.message, "en")


def test_a_file_of_codes_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "codes.xlsx"
    path.write_bytes(b"PK\xff\xfe")
    with pytest.raises(MapUnreadable):
        codes_in(path)
