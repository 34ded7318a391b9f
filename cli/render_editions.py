"""Editions on the auditor's page: which there were in the year, and by which one an entry was priced. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.columns import entry, printable
from cli.render import Voice, when
from gkevents.words import N_

if TYPE_CHECKING:
    from gkevents.app.asking import Standing
    from gkevents.scoring.ledger import Entry
    from gkevents.scoring.outcome import Outcome
    from gkevents.store.archive import Adoption

SHOWN = 12
"""How much of a digest is shown."""


def editions_page(standing: Standing[Outcome], voice: Voice) -> str:
    """The editions adopted for the year as known, oldest first, where there are several; the last one prices."""
    if len(standing.editions) < 2:  # noqa: PLR2004 - one needs no list
        return ""
    title = voice.say(N_("Editions of the year; the last one prices every entry:"))
    return "\n".join([voice.head(title), *(_line(number, each, voice) for number, each in _numbered(standing))])


def _numbered(standing: Standing[Outcome]) -> list[tuple[int, Adoption]]:
    return list(enumerate(standing.editions, 1))


def _line(number: int, adoption: Adoption, voice: Voice) -> str:
    said = N_("{edition}, adopted {when} at position {position}")
    values = {"edition": adoption.edition[:SHOWN], "when": when(adoption.recorded_at), "position": adoption.position}
    parts = [voice.say(said, **values)]
    if adoption.decided_by is not None and adoption.decided_on is not None:
        decided = N_("decided by {by} on {day}")
        parts.append(voice.say(decided, by=printable(adoption.decided_by), day=adoption.decided_on))
    elif adoption.decided_by is not None:
        parts.append(voice.say(N_("decided by {by}"), by=printable(adoption.decided_by)))
    elif adoption.decided_on is not None:
        parts.append(voice.say(N_("decided on {day}"), day=adoption.decided_on))
    if adoption.reason is not None:
        parts.append(printable(adoption.reason))
    return entry(f"  {number}.", voice.list(parts), indent=5, columns=voice.columns)


def earlier_edition(standing: Standing[Outcome], line: Entry, voice: Voice) -> str:
    """What an entry says that was recorded under an earlier edition than the one that prices it; else nothing."""
    recorded_under = [number for number, each in _numbered(standing) if each.position <= (line.position or 0)]
    if not recorded_under or recorded_under[-1] == len(standing.editions):
        return ""
    said = N_("recorded under edition {then}, priced by edition {now}")
    return voice.say(said, then=recorded_under[-1], now=len(standing.editions))
