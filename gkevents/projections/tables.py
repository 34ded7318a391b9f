"""The tables of the views: rows derived from the log, for questions and for whoever reads the store by SQL.

Points are exact text as in the answers ("98.5", "5/3"), days and instants ISO text in Beijing time, lists and sentences
JSON. Every row belongs to one `build` of its view: a build that is being made is not read until it is live.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Column, Index, Integer, SmallInteger, Table

from gkevents.store.tables import POSITION, TEXT, metadata


class Named(NamedTuple):
    """A view by its name and version: rows of another version are not ours to read."""

    name: str
    version: int


SCORES: Final = Named("scores", 1)
DEADLINES: Final = Named("deadlines", 2)

scheme_years: Final = Table(
    "scheme_years",
    metadata,
    Column("build", Integer, primary_key=True),
    Column("scheme", TEXT, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("family", TEXT, nullable=False),
    Column("edition", TEXT, nullable=False),
    Column("since", POSITION, nullable=False),
    Column("adopted", POSITION, nullable=False),
    Column("units", Integer, nullable=False),
    Column("asking", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Every scheme-year: family and digest of the edition in force, the positions of the first adoption and of that in
force, how many units it has, and the scores of how many of them ask for others."""

unit_scores: Final = Table(
    "unit_scores",
    metadata,
    Column("build", Integer, primary_key=True),
    Column("scheme", TEXT, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("unit", TEXT, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("category", TEXT, nullable=False),
    Column("rank", Integer, info={"told_later": True}),
    Column("total", TEXT),
    Column("low", TEXT),
    Column("high", TEXT),
    Column("base", TEXT),
    Column("bonus", TEXT),
    Column("deduction", TEXT),
    Column("zeroed", SmallInteger, nullable=False),
    Column("band", TEXT),
    Column("eligible", SmallInteger),
    Column("deducted_q1", TEXT, nullable=False),
    Column("deducted_q2", TEXT, nullable=False),
    Column("deducted_q3", TEXT, nullable=False),
    Column("deducted_q4", TEXT, nullable=False),
    Column("start", TEXT),
    Column("moved", TEXT, nullable=False),
    Column("parts", TEXT, nullable=False),
    Column("vetoes", TEXT, nullable=False),
    Column("limits", TEXT, nullable=False),
    Column("flags", TEXT, nullable=False),
    Column("measures", TEXT, nullable=False),
    Column("asks_others", SmallInteger, nullable=False),
    Column("runs_over", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""A unit's score. `number`: its place on the roster; `start`: what its ledger begins with; `moved`: what ± rules did;
`measures`: the scores that ties are told apart by; `asks_others`: whether the facts of others can move it; `runs_over`:
whether a limit of it ran out only after the year's end."""

item_scores: Final = Table(
    "item_scores",
    metadata,
    Column("build", Integer, primary_key=True),
    Column("scheme", TEXT, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("unit", TEXT, primary_key=True),
    Column("item", TEXT, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("score", TEXT),
    Column("low", TEXT),
    Column("high", TEXT),
    Column("max", TEXT),
    Column("state", TEXT, nullable=False),
    sqlite_with_rowid=False,
)
"""One item of a unit. `number`: its place on the form."""

ledger_entries: Final = Table(
    "ledger_entries",
    metadata,
    Column("build", Integer, primary_key=True),
    Column("scheme", TEXT, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("unit", TEXT, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("position", POSITION),
    Column("ref", TEXT),
    Column("type", TEXT, nullable=False),
    Column("effective_on", TEXT),
    Column("recorded_at", TEXT),
    Column("recorded_by", TEXT),
    Column("item", TEXT),
    Column("clause", TEXT, nullable=False),
    Column("raw", TEXT),
    Column("applied", TEXT, nullable=False),
    Column("item_score_after", TEXT),
    Column("total_after", TEXT),
    Column("why", TEXT, nullable=False),
    Column("caused_by", TEXT),
    Column("carried", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""One line of a unit's ledger, in order by `number`. `why` is the sentence's template (English) with what goes into it;
`carried`: the fact is of an earlier year."""

limits: Final = Table(
    "limits",
    metadata,
    Column("build", Integer, primary_key=True),
    Column("scheme", TEXT, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("unit", TEXT, primary_key=True),
    Column("key", TEXT, primary_key=True),
    Column("item", TEXT),
    Column("opened", TEXT, nullable=False),
    Column("due", TEXT),
    Column("state", TEXT, nullable=False),
    Index("limits_by_due_day", "build", "due"),
    sqlite_with_rowid=False,
)
"""Every opened limit, with its due day (NULL beyond the published calendar) and state: `open`, `met`, `missed`;
`late` is missed too, by a late answer, until a scan records it; `excused` is open, and people took its miss back."""

partitions: Final = Table(
    "partitions",
    metadata,
    Column("view", TEXT, primary_key=True),
    Column("build", Integer, primary_key=True),
    Column("scheme", TEXT, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("portions", Integer, nullable=False),
    Column("finished", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""What is done of a build that is being made, by scheme-year; and by portion of its unit-years, each under the view's
name with its number behind it ("scores/3"), with how many portions there are in `portions` (see `partitions`)."""
