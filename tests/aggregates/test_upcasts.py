"""Stored names and shapes: every version ever written still loads, and no other name does."""

from __future__ import annotations

from typing import Any

import pytest

from gkevents import upcasts
from gkevents.aggregates.vocabulary import EVENT_TYPES, FACT_TYPES
from gkevents.upcasts import EVENT_VERSIONS, UnknownEvent, upcast


@pytest.mark.parametrize("name", EVENT_VERSIONS)
def test_an_event_of_today_is_unchanged(name: str) -> None:
    body = {"ref": "r1"}
    assert upcast(f"{name}.{EVENT_VERSIONS[name]}", body) == (f"{name}.{EVENT_VERSIONS[name]}", {"ref": "r1"})


def test_every_type_of_fact_has_an_event_of_its_own() -> None:
    assert len(EVENT_TYPES) == len(FACT_TYPES)
    assert {*EVENT_TYPES} < {*EVENT_VERSIONS}


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "grade-given",
        "grade-given.",
        "grade-given.0",
        "grade-given.2",
        "grade-given.x",
        "grade-given.1.1",
        "moon-landed.1",
        ".1",
    ],
)
def test_a_name_that_is_not_known_is_refused(stored: str) -> None:
    with pytest.raises(UnknownEvent, match="unknown event"):
        upcast(stored, {})


def test_an_old_shape_is_brought_up_to_date_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def add(name: str) -> Any:  # noqa: ANN401 - a step
        return lambda body: {**body, name: len(body)}

    monkeypatch.setattr(upcasts, "EVENT_VERSIONS", {**EVENT_VERSIONS, "grade-given": 3})
    monkeypatch.setattr(upcasts, "STEPS", {"grade-given.1": add("second"), "grade-given.2": add("third")})
    assert upcast("grade-given.1", {}) == ("grade-given.3", {"second": 0, "third": 1})
    assert upcast("grade-given.2", {}) == ("grade-given.3", {"third": 0})
