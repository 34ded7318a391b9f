"""A desk with a case on it, and the steps of its life by their last words."""

from __future__ import annotations

from typing import Any, Final

from gkevents.aggregates.case_rules import CaseRules
from gkevents.aggregates.cases import Case
from gkevents.aggregates.unit_year import case_of
from gkevents.aggregates.vocabulary import FACT_TYPES
from gkevents.scoring.fact import STEPS
from tests.aggregates.desk import Desk
from tests.app.case_office import case_edition

DECIDED: Final = {"by": "王五", "reason": "查实"}
FILE: Final = {"digest": "ab" * 32, "name": "照片.jpg", "media": "image/jpeg", "size": "12"}
WINDOW: Final = "5 working days"
"""Told on Thursday, May 7th of 2020, with a working Saturday on the 9th, it can be contested until the 13th."""


def card_desk() -> Desk:
    """A desk with one supervision card `c` of May 5th, recorded by 张三."""
    desk = Desk(case_edition())
    desk.log("supervision-card", "C", problem="栏目", ref="c", recorded_by="张三")
    return desk


def ruled(desk: Desk, **rules: Any) -> Desk:  # noqa: ANN401 - an office's rules
    """The desk with these rules in force."""
    desk.state.rules = CaseRules(**rules)
    return desk


def least(kind: str) -> dict[str, str]:
    """The least that a step needs beside what it is about."""
    return {name: DECIDED.get(name, "0.5") for name in FACT_TYPES[kind].required if name != "of"}


def take(desk: Desk, *steps: str, of: str = "c", on: str | None = None, **fields: Any) -> None:  # noqa: ANN401
    """Record steps by their last words, each with the least it needs; its number is its word."""
    for word in steps:
        kind = next(name for name in STEPS if name.endswith(f"-{word}"))
        desk.log(kind, None, on, **{"of": of, "ref": word, **least(kind), **fields})


def case(desk: Desk, of: str = "c") -> Case:
    """The case of a fact as it stands."""
    return case_of(desk.state, of, desk.bodies[of], kind="case-notified")


def lived(desk: Desk, of: str = "c") -> list[str]:
    """The standing steps of a case, by their last words."""
    return [step.type.rpartition("-")[2] for step in case(desk, of).steps]
