"""Taking back and correcting: what may be taken back, by what, and how a fact is written anew."""

from __future__ import annotations

from typing import Any

import pytest

from gkevents.aggregates import refusals as no
from gkevents.aggregates.facts import canonical, restated
from gkevents.scoring.view import reversed_facts
from tests.aggregates.desk import Desk


@pytest.fixture
def desk() -> Desk:
    """A desk with one occurrence recorded under the number `o`."""
    desk = Desk("hebei-stats-2018")
    desk.log("occurrence", "H25a", ref="o")
    return desk


def gone(desk: Desk) -> set[str]:
    """What is taken back."""
    return {*reversed_facts(desk.facts)}


@pytest.mark.parametrize("kind", ["retraction", "duplicate-ruling"])
def test_a_fact_is_taken_back_once_by_each_kind(desk: Desk, kind: str) -> None:
    desk.log(kind, of="o", ref="first", reason="重复")
    sentence = desk.refuses(no.AlreadyTakenBack, kind, of="o")
    assert sentence == "o has already been taken back, by first."
    assert gone(desk) == {"o"}


def test_a_ruling_and_a_retraction_of_one_fact_both_stand(desk: Desk) -> None:
    desk.log("duplicate-ruling", of="o", ref="ruling")
    desk.log("retraction", of="o", ref="taken")
    desk.log("retraction", of="ruling", ref="again")
    assert gone(desk) == {"o", "ruling"}
    desk.log("retraction", of="taken", ref="standing")
    assert gone(desk) == {"ruling", "taken"}


@pytest.mark.parametrize("kind", ["retraction", "duplicate-ruling"])
def test_what_is_not_there_cannot_be_taken_back(desk: Desk, kind: str) -> None:
    sentence = desk.refuses(no.NothingToTakeBack, kind, of="x7")
    assert sentence == "There is no fact x7 here to take back. Known are: o."
    assert desk.refuses(no.NothingToTakeBack, kind, of="o1").endswith("Did you mean o?")
    empty = Desk("hebei-stats-2018")
    assert empty.refuses(no.NothingToTakeBack, kind, of="o") == "There is no fact o here to take back. "


def test_a_retraction_does_not_take_back_itself(desk: Desk) -> None:
    desk.refuses(no.NothingToTakeBack, "retraction", ref="self", of="self")


def test_a_retraction_taken_back_lets_its_target_stand_again_and_be_taken_back_anew(desk: Desk) -> None:
    desk.log("retraction", of="o", ref="first")
    desk.log("retraction", of="first", ref="second")
    assert gone(desk) == {"first"}
    desk.log("retraction", of="o", ref="third")
    assert gone(desk) == {"o", "first"}
    assert desk.refuses(no.AlreadyTakenBack, "retraction", of="o").endswith("by third.")


@pytest.mark.parametrize("kind", ["retraction", "duplicate-ruling"])
def test_a_retraction_or_ruling_is_no_duplicate(desk: Desk, kind: str) -> None:
    desk.log(kind, of="o", ref="first")
    sentence = desk.refuses(no.CannotBeRuled, "duplicate-ruling", of="first")
    assert sentence == "first is itself a retraction or ruling; take it back instead of ruling it a duplicate."


def test_the_standing_retraction_of_a_fact_is_found_and_a_ruling_is_not_one(desk: Desk) -> None:
    desk.log("duplicate-ruling", of="o", ref="ruling")
    assert desk.state.reversals.standing("o") is None
    desk.log("retraction", of="o", ref="taken")
    found = desk.state.reversals.standing("o")
    assert found is not None
    assert found.ref == "taken"


def test_a_retracted_message_takes_the_miss_of_a_scan_with_it_and_back_again() -> None:
    desk = Desk("hebei-stats-2018")
    desk.log("netizen-message", "H21", "2018-05-07", key="k", ref="m")
    [miss] = desk.scan("2018-06-01")
    desk.log("retraction", of="m", ref="t")
    assert gone(desk) == {"m", miss["ref"]}
    desk.log("retraction", of="t")
    assert gone(desk) == {"t"}


@pytest.fixture
def reopened() -> Desk:
    """A desk on which the message `m` was taken back by `t` and its key opened anew on the same item by `m2`."""
    desk = Desk("hebei-stats-2018")
    desk.log("netizen-message", "H21", "2018-05-07", key="k", ref="m")
    desk.log("retraction", of="m", ref="t")
    desk.log("netizen-message", "H21", "2018-05-08", key="k", ref="m2")
    return desk


def test_an_opening_does_not_come_back_once_its_key_and_item_are_open_anew(reopened: Desk) -> None:
    sentence = reopened.refuses(no.KeyTaken, "retraction", of="t")
    assert sentence == "k is already open as a limit on H21 (m2). Give this one a key of its own."
    reopened.log("retraction", of="m2")
    reopened.log("retraction", of="t")
    assert [opening.ref for opening in reopened.state.opened("k")] == ["m"]


def test_an_opening_comes_back_where_its_key_is_open_on_another_item_only() -> None:
    desk = Desk("hebei-stats-2018")
    desk.log("netizen-message", "H21", "2018-05-07", key="k", ref="m")
    desk.log("retraction", of="m", ref="t")
    desk.log("netizen-message", "H25b", "2018-05-08", key="k", ref="m2")
    desk.log("retraction", of="t")
    assert [opening.ref for opening in desk.state.opened("k")] == ["m", "m2"]


def test_an_opening_does_not_come_back_by_a_longer_way_either() -> None:
    desk = Desk("hebei-stats-2018")
    desk.log("netizen-message", "H21", "2018-05-07", key="k", ref="m")
    for of, ref in (("m", "t"), ("t", "u"), ("u", "v")):
        desk.log("retraction", of=of, ref=ref)
    desk.log("netizen-message", "H21", "2018-05-08", key="k", ref="m2")
    assert desk.refuses(no.KeyTaken, "retraction", of="v").startswith("k is already open as a limit on H21 (m2).")


def test_a_ruling_is_taken_back_although_the_key_is_open_anew_while_its_opening_stays_retracted() -> None:
    desk = Desk("hebei-stats-2018")
    desk.log("netizen-message", "H21", "2018-05-07", key="k", ref="m")
    desk.log("duplicate-ruling", of="m", ref="ruling")
    desk.log("retraction", of="m", ref="t")
    desk.log("netizen-message", "H21", "2018-05-08", key="k", ref="m2")
    desk.log("retraction", of="ruling", ref="x")
    desk.refuses(no.KeyTaken, "retraction", of="t")


def test_a_happening_comes_back_whatever_is_open(reopened: Desk) -> None:
    reopened.log("occurrence", "H25a", ref="o")
    reopened.log("retraction", of="o", ref="first")
    reopened.log("retraction", of="first")
    assert "o" not in gone(reopened)


def test_a_fact_written_anew_keeps_what_is_not_changed(desk: Desk) -> None:
    body = desk.log("criticism", "H32", matter="甲", count=2, ref="c")
    anew = restated(body, {"count": "3"}, ref="c-c1")
    assert anew == {**body, "count": "3", "ref": "c-c1"}
    assert body["count"] == 2
    assert canonical(anew)["count"] == 3


def test_a_correction_may_bring_its_own_number(desk: Desk) -> None:
    body = desk.log("criticism", "H32", ref="c")
    assert restated(body, {"ref": "c-2018-7"}, ref="c-c1")["ref"] == "c-2018-7"


@pytest.mark.parametrize(
    ("on", "changes"),
    [
        ("2018-05-05", {"effective_at": "2018-05-06T09:00:00+08:00"}),
        ("2018-05-05T09:00:00+08:00", {"effective_on": "2018-05-06"}),
        ("2018-05-05", {"effective_on": "2018-05-06"}),
        ("2018-05-05T09:00:00+08:00", {"effective_at": "2018-05-06T09:00:00+08:00"}),
    ],
)  # fmt: skip
def test_a_corrected_day_replaces_the_instant_and_the_other_way_round(
    desk: Desk, on: str, changes: dict[str, Any]
) -> None:
    body = desk.log("occurrence", "H25a", on, ref="x")
    anew = canonical(restated(body, changes, ref="x-c1"))
    assert {name: anew[name] for name in anew if name.startswith("effective")} == changes


def test_a_message_corrected_to_another_item_gets_the_limit_of_that_item() -> None:
    desk = Desk("hebei-stats-2018")
    body = desk.log("netizen-message", "H21", "2018-05-07", key="k", ref="m")
    desk.log("retraction", of="m")
    anew = restated(body, {"item": "H25b"}, ref="m-c1")
    assert {"limit", "due", "calendar", "own_limit"} & {*anew} == set()
    assert desk.log("netizen-message", anew["item"], anew["effective_on"], key="k")["limit"] == "7 working days"


def test_a_limit_that_somebody_said_is_kept_by_a_correction(desk: Desk) -> None:
    body = desk.log("netizen-message", "H21", "2018-05-07", key="k", limit="5 working days")
    assert restated(body, {"item": "H25b"}, ref="c")["limit"] == "5 working days"


def test_a_miss_recorded_by_a_scan_can_be_corrected(desk: Desk) -> None:
    desk.log("netizen-message", "H21", "2018-05-07", key="k", ref="m")
    [miss] = desk.scan("2018-06-01")
    anew = canonical(restated({**miss, "unit": "某局"}, {"justified": "是"}, ref="c"))
    assert (anew["type"], anew["key"], anew["justified"]) == ("reply-timeout", "k", True)


@pytest.mark.parametrize("kind", ["retraction", "duplicate-ruling"])
def test_a_retraction_or_ruling_is_taken_back_and_not_corrected(desk: Desk, kind: str) -> None:
    body = desk.log(kind, of="o", ref="first")
    with pytest.raises(no.CannotCorrect) as caught:
        restated(body, {"reason": "别的"}, ref="c")
    sentence = "first cannot be corrected: it is a retraction or ruling; take it back instead."
    assert str(caught.value) == sentence
