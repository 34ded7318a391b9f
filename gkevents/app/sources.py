"""What every paper says of where it comes from: the paper of the scheme in force, and how many facts were heard."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from gkevents.reports.bulletin.case import Completeness, Source
from gkevents.store import archive
from gkevents.store.forms import EditionAdopted, opened
from gkevents.store.reading import Reader
from gkevents.store.tables import events

if TYPE_CHECKING:
    from gkevents.scoring.score import Score


def source_of(reader: Reader, adopted: archive.SchemeYear) -> Source:
    """The paper that the scheme in force is from."""
    for event in reader.stream(archive.scheme_stream(adopted.scheme, adopted.year)):
        if event.position == adopted.position and isinstance(event.form, EditionAdopted):
            said = opened(event.form.content) or {}
            return Source(adopted.edition.title, said.get("document"), said.get("issuer"))
    return Source(adopted.edition.title)


def completeness(reader: Reader, of: tuple[str, int], known_at: int, scores: Mapping[str, Score]) -> Completeness:
    """How many facts of a scheme-year the log holds up to a position, and how many the scores have heard."""
    prefix = archive.unit_stream(*of, "")
    query = select(func.count()).where(
        events.c.stream >= prefix,
        events.c.stream < f"{prefix}\U0010ffff",
        events.c.position <= known_at,
        events.c.ref.is_not(None),
    )
    recorded = int(reader.connection.execute(query).scalar() or 0)
    return Completeness(recorded, sum(len(score.priced.view.known) for score in scores.values()))
