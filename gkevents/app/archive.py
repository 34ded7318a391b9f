"""What the log holds, as the use cases ask for it (see `store.archive`)."""

from __future__ import annotations

from gkevents.store.archive import (
    CALENDAR_STREAM,
    Adoption,
    SchemeYear,
    adopted_content,
    calendar,
    last_adopted,
    notices,
    parts_of,
    position_of,
    rosters,
    scheme_stream,
    scheme_year,
    unit_logs,
    unit_records,
    unit_stream,
)

__all__ = [
    "CALENDAR_STREAM",
    "Adoption",
    "SchemeYear",
    "adopted_content",
    "calendar",
    "last_adopted",
    "notices",
    "parts_of",
    "position_of",
    "rosters",
    "scheme_stream",
    "scheme_year",
    "unit_logs",
    "unit_records",
    "unit_stream",
]
