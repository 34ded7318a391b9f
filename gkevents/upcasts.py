"""Old stored shapes -> today's, dict -> dict, one step each; and the names of every event that the log may hold.

A stored name is "name.version". A name that is not listed here is refused: a newer program wrote it, or it is damage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from gkevents.aggregates.vocabulary import EVENT_TYPES

EDITION_ADOPTED: Final = "edition-adopted"
UNITS_JOINED: Final = "units-joined"
UNIT_YEAR_OPENED: Final = "unit-year-opened"
NOTICE_ADOPTED: Final = "calendar-notice-adopted"
CASE_RULES_ADOPTED: Final = "case-rules-adopted"
BULLETIN_ISSUED: Final = "bulletin-issued"
RESULT_PROPOSED: Final = "result-proposed"
RESULT_APPROVED: Final = "result-approved"
RESULT_PUBLISHED: Final = "result-published"
RESULT_REOPENED: Final = "result-reopened"

EVENT_VERSIONS: Final[Mapping[str, int]] = {
    EDITION_ADOPTED: 1,
    UNITS_JOINED: 1,
    UNIT_YEAR_OPENED: 1,
    NOTICE_ADOPTED: 1,
    CASE_RULES_ADOPTED: 1,
    BULLETIN_ISSUED: 1,
    RESULT_PROPOSED: 1,
    RESULT_APPROVED: 1,
    RESULT_PUBLISHED: 1,
    RESULT_REOPENED: 1,
    **dict.fromkeys(EVENT_TYPES, 1),
}
"""Today's version of every event, by name."""

STEPS: Final[Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {}
"""From "name.version" to the next version's body. Empty while every event is in its first version."""


class UnknownEvent(ValueError):
    """A stored name that this program does not know."""


def split(stored_name: str) -> tuple[str, int]:
    """The name and the version of a stored name. Raises UnknownEvent for one not listed."""
    name, _, version = stored_name.rpartition(".")
    if name not in EVENT_VERSIONS or not version.isdecimal() or not 1 <= int(version) <= EVENT_VERSIONS[name]:
        msg = f"unknown event {stored_name!r}"
        raise UnknownEvent(msg)
    return name, int(version)


def upcast(stored_name: str, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A stored event in today's shape: ("name.version", body). Raises UnknownEvent for a name not listed."""
    name, version = split(stored_name)
    for step in range(version, EVENT_VERSIONS[name]):
        body = STEPS[f"{name}.{step}"](body)
    return f"{name}.{EVENT_VERSIONS[name]}", body
