"""Bulletins of small worlds: a case read from a real store, as the use cases do it; and a paper as plain text."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gkevents.aggregates.bulletin import Excluded, Options, Period, Terms, bulletin_id
from gkevents.app.asking import Question, standing
from gkevents.reports.bulletin.case import Case, Cause, Completeness, Earlier, Source
from gkevents.reports.bulletin.content import bulletin_content
from gkevents.reports.bulletin.corrections import differing, excluded_by, held
from gkevents.reports.bulletin.template import Template, read_template, standard_text
from gkevents.reports.document import Block, Content, canonical
from gkevents.store import archive
from gkevents.store.reading import Reader
from tests.app.worlds import World

STANDARD = read_template(standard_text())
QUARTER_ENDS = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


def quarter(year: int, number: int, *, until: dt.date | None = None) -> Period:
    """A quarter, which may end on another day than its last."""
    return Period("quarter", number, dt.date(year, 3 * number - 2, 1), until or dt.date(year, *QUARTER_ENDS[number]))


def terms(scheme: str, period: Period, known_at: int, *, whole_year: bool = False, **options: Any) -> Terms:  # noqa: ANN401
    """Terms of a bulletin that is issued twelve days after its period, unless said otherwise."""
    year = period.since.year
    issued_on = options.pop("issued_on", period.until + dt.timedelta(days=12))
    excluded = tuple(Excluded(unit, why) for unit, why in options.pop("excluded", {}).items())
    given = Options(**{"number": None, "rectify_by": None, "excluded": excluded, **options})
    as_of = None if whole_year else period.until
    return Terms(
        bulletin_id(scheme, year, period),
        scheme,
        year,
        period,
        as_of,
        known_at,
        issued_on,
        STANDARD.text,
        given,
        "0.1.0",
    )


class Office:
    """A world whose bulletins are issued one after the other."""

    def __init__(self, world: World, scheme: str, year: int) -> None:
        """Know the store and the scheme-year; nothing has been issued."""
        self.world, self.scheme, self.year = world, scheme, year
        self.issued: list[tuple[Terms, Content]] = []

    def case(
        self,
        period: Period,
        *,
        known_at: int | None = None,
        draft: bool = False,
        causes: Mapping[str, Sequence[Cause]] | None = None,
        **options: Any,  # noqa: ANN401
    ) -> Case:
        """The case of a bulletin as known at a position, the newest if none is given."""
        with self.world.gk() as gk, gk.store.reading() as connection:
            reader = Reader(connection, gk.store.name)
            position = known_at if known_at is not None else reader.head()[0]
            content = archive.adopted_content(reader, self.scheme) or {}
            calendar = archive.calendar(reader, position)
            recorded_at = connection.exec_driver_sql(
                "SELECT recorded_at FROM events WHERE position = ?", (position,)
            ).scalar_one()
        own = terms(self.scheme, period, position, **options)
        earlier = [self._earlier(then, paper, position) for then, paper in self.issued]
        wanted = differing(earlier)
        earlier = [
            one._replace(causes={unit: (causes or {}).get(unit, ()) for unit in wanted.get(one.id, ())})
            for one in earlier
        ]
        found = self._standing(own, position)
        facts = sum(len(score.priced.view.known) for score in found.scores.values())
        return Case(
            terms=own,
            recorded_at=recorded_at,
            source=Source(content["title"], content["document"], content["issuer"]),
            standing=found,
            calendar=calendar,
            earlier=earlier,
            completeness=Completeness(facts, facts),
            draft=draft,
        )

    def _standing(self, of: Terms, position: int) -> Any:  # noqa: ANN401
        asked = Question(self.scheme, self.year, of.as_of, str(position))
        with self.world.gk() as gk, gk.store.reading() as connection:
            found = standing(Reader(connection, gk.store.name), asked, rulings_known=True)
            return found._replace(simulated=True)

    def _earlier(self, then: Terms, paper: Content, position: int) -> Earlier:
        now = held(self._standing(then, position), excluded_by(paper["figures"]))
        return Earlier(then.id, paper["head"], paper["figures"], now)

    def issue(self, period: Period, template: Template = STANDARD, **how: Any) -> Content:  # noqa: ANN401
        """The content of a bulletin, which is one of the earlier ones from now on."""
        case = self.case(period, **how)
        content = bulletin_content(case, template)
        self.issued.append((case.terms, content))
        return content


def plainly(content: Content) -> str:
    """A paper as plain text, to be read."""
    paper = content["document"]
    lines = [f"〖{paper['mark']}〗"] if paper["mark"] else []
    lines += [paper["issuer"] or "", paper["number"] or "", paper["title"], "", paper["addressees"] or ""]
    lines += [line for block in paper["body"] for line in _lines(block)]
    lines += ["", paper["signed_by"] or "", paper["signed_on"] or "", f"（{paper['note']}）"]
    for number, annex in enumerate(paper["annexes"], 1):
        lines += ["", f"附件{number}　{annex['title']}"]
        lines += [line for block in annex["body"] for line in _lines(block)]
    return "\n".join([*lines, "", f"抄送：{paper['copies_to']}", paper["printed"] or "", *paper["small_print"]])


def _lines(block: Block) -> list[str]:
    if block["kind"] == "heading":
        return ["", f"{'#' * block['level']} {block['text']}"]
    if block["kind"] == "paragraph":
        return [f"　　{block['text']}"]
    if block["kind"] == "table":
        rows = [[column["title"] for column in block["columns"]]]
        rows += [["—" if c is None else c if isinstance(c, str) else c["text"] for c in row] for row in block["rows"]]
        return [block["caption"], *(" | ".join(row) for row in rows), block.get("note", "")]
    said = [f"[{block['kind']}] {block['caption']}", f"  {block['alt']}"]
    if block["kind"] == "bars":
        said += [f"  {block['start']}…{block['end']}", *(f"  {row['label']}: {row['text']}" for row in block["rows"])]
    elif block["kind"] == "heat":
        said += [f"  {block['columns']}"]
        said += [f"  {name}: {cells}" for name, cells in zip(block["rows"], block["cells"], strict=True)]
    else:
        said += [f"  {block['points']}", *(f"  {one['label']}: {one['values']}" for one in block["series"])]
    return said


GOLDEN = Path(__file__).parent / "golden"


def check_golden(name: str, content: Content) -> None:
    """A content is the one that is kept, byte for byte; GK_WRITE_GOLDEN=1 keeps it (look at what changed)."""
    path = GOLDEN / f"{name}.json"
    if os.environ.get("GK_WRITE_GOLDEN"):
        path.write_bytes(canonical(content))
    assert path.read_bytes() == canonical(content), plainly(content)
