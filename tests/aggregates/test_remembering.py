"""What a process keeps of a unit-year between two writes: enough to decide alike, and of most facts the type alone."""

from __future__ import annotations

import pytest

from gkevents.aggregates import refusals as no
from gkevents.aggregates.unit_year import UnitYear
from tests.aggregates.desk import Desk


@pytest.fixture
def desk() -> Desk:
    """A desk with a happening, a limit that was met, and a happening taken back; its state is only remembered."""
    desk = Desk("hebei-stats-2018")
    bodies = [
        desk.log("occurrence", "H25a", ref="o"),
        desk.log("netizen-message", "H21", ref="m", key="甲", limit="5 working days"),
        desk.log("netizen-reply", ref="r", key="甲"),
        desk.log("occurrence", "H25a", ref="p"),
        desk.log("retraction", ref="t", of="p"),
    ]
    whole = desk.state
    known = UnitYear(whole.scheme, whole.year, whole.unit, whole.category, whole.edition)
    for body in bodies:
        known.remember(body)
    assert known.types == whole.types
    assert set(known.reversals.taken_back) == set(whole.reversals.taken_back) == {"p"}
    assert [*known.openings, *known.settling] == [*whole.openings, *whole.settling] == ["甲", "甲"]
    assert known.facts == []
    desk.state = known
    return desk


def test_what_is_remembered_is_enough_to_decide(desk: Desk) -> None:
    desk.refuses(no.AlreadyTakenBack, "retraction", of="p")
    desk.refuses(no.NothingToTakeBack, "retraction", of="x")
    desk.refuses(no.KeyTaken, "netizen-message", "H21", key="甲", limit="5 working days")
    assert desk.decide("retraction", of="o")["of"] == "o"
