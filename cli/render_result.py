"""The year's result as text: what is missing, the frozen result, what came after it, one unit's marks. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cli.columns import entry, filled, hang, printable, table, width
from cli.render import Voice, points, when
from cli.render_bulletin import document_page
from gkevents.aggregates.result import STATES
from gkevents.words import N_

if TYPE_CHECKING:
    from fractions import Fraction

    from gkevents.aggregates.result import Result, Round
    from gkevents.app.after_result import Shown
    from gkevents.app.results import ProposedNow
    from gkevents.reports.year.marks import Mark
    from gkevents.reports.year.readiness import Lack, Readiness

_LATE_SHOWN: Final = 20
"""So many facts after the result a page lists; --json lists all."""
_KINDS: Final = {
    "year": N_("the year"),
    "views": N_("views"),
    "points": N_("points undecided"),
    "ungraded": N_("not graded"),
    "unreported": N_("no figure"),
    "unconfirmed": N_("not confirmed"),
    "undetermined": N_("not determined"),
    "pending": N_("facts incomplete"),
    "unscanned": N_("limits not scanned"),
    "not-due": N_("limits running"),
    "contested": N_("contested"),
    "unendorsed": N_("not endorsed"),
    "cases": N_("cases not closed"),
    "rectification": N_("to be put right"),
}


def readiness_page(found: Readiness, lacks: Sequence[Lack], voice: Voice, *, of: Mapping[str, Any]) -> str:
    """Whether a year is ready, and each thing that is missing with what to do about it, unit by unit."""
    said = N_("{scheme} {year}: ready, the result can be proposed.")
    if not found.ready:
        said = N_("{scheme} {year}: not ready.")
    title = voice.say(said, **of)
    counts = voice.list(f"{voice.say(_KINDS[kind])} {count}" for kind, count in found.counts().items())
    title = hang(title, voice.columns)
    lines = [
        voice.head(title) if found.ready else voice.alarm(title),
        *([hang(counts, voice.columns)] if counts else []),
    ]
    parts = ["\n".join(lines)]
    for unit in dict.fromkeys(lack.unit for lack in lacks):
        lines = [voice.head(printable(unit))] if unit is not None else []
        for lack in lacks:
            if lack.unit == unit:
                lines += _lack(lack, voice)
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def _lack(lack: Lack, voice: Voice) -> list[str]:
    mark = "  ·" if lack.blocks else "  –"
    return [
        entry(mark, voice.say(lack.what), indent=4, columns=voice.columns),
        voice.faint(entry("    →", voice.say(lack.todo), indent=6, columns=voice.columns)),
    ]


def marks_page(own: Sequence[Mark], voice: Voice) -> str:
    """A unit's items: full points, what it says of itself, what it got, the difference."""

    def shown(value: Fraction | None) -> str:
        return points(value) if value is not None else ""

    head = [N_("Item"), N_("Title"), N_("Max"), N_("Self-assessed"), N_("Score"), N_("Difference"), N_("State")]
    rows = [
        [
            mark.item, mark.title, shown(mark.points_max), shown(mark.claimed), shown(mark.score),
            points(mark.difference, signed=True) if mark.difference is not None else "", voice.state(mark.state),
        ]
        for mark in own
    ]  # fmt: skip
    said, cells, right = filled([voice.say(title) for title in head], rows, (2, 3, 4, 5))
    drawn = table(said, cells, right=right, columns=voice.columns, cut=(1,))
    if max(map(width, drawn.splitlines()), default=0) <= voice.columns:
        return drawn
    head, rows = [*head[:5], head[6]], [[*row[:5], row[6]] for row in rows]  # the difference can be seen from the two
    said, cells, right = filled([voice.say(title) for title in head], rows, (2, 3, 4))
    return table(said, cells, right=right, columns=voice.columns, cut=(1, len(said) - 1))


def proposed_page(done: ProposedNow, voice: Voice) -> str:
    """What was proposed, and what comes next."""
    proposal = done.proposal
    text = N_("{id} is proposed, as known at position {known_at}. Digest: {digest}")
    if done.already:
        text = N_("{id} was proposed already and still holds, as known at position {known_at}. Digest: {digest}")
    lines = [voice.say(text, id=done.content["id"], known_at=proposal.known_at, digest=proposal.digest)]
    if proposal.despite is not None:
        said = N_("Proposed though {count} things are missing: {reason}")
        lines.append(voice.alarm(voice.say(said, count=proposal.lacking, reason=printable(proposal.despite))))
    if proposal.publish_by is not None:
        lines.append(voice.say(N_("To be published by {day}."), day=when(proposal.publish_by)))
    command = f"gk result approve --digest {proposal.digest[:12]}"
    lines.append(voice.say(N_("Somebody else approves it: {command} --by NAME --document DOCUMENT"), command=command))
    return "\n".join(hang(line, voice.columns, indent=4) for line in lines)


def standing_page(found: Result, voice: Voice) -> str:
    """How a result stands, with its history."""
    last = found.last
    state = voice.say(STATES[found.state])
    lines = [voice.head(voice.say(N_("The result of {scheme} {year}: {state}."), scheme=found.scheme, year=found.year,
                                  state=state))]  # fmt: skip
    for number, one in enumerate(found.rounds, 1):
        lines += _round(number, one, voice)
    if last is not None and last.days_late:
        lines.append(voice.alarm(_late(last, voice)))
    return "\n".join(hang(line, voice.columns, indent=6) for line in lines)


def _late(last: Round, voice: Voice) -> str:
    said = N_("Published {days} days after the day named for it, {day}.")
    return voice.say(said, days=last.days_late, day=when(last.proposal.publish_by))


def _round(number: int, one: Round, voice: Voice) -> Iterator[str]:
    """A proposal and what became of it, a line each."""
    proposal = one.proposal
    said = N_("{number}. proposed by {by} on {day}, as known at position {known_at}, digest {digest}")
    yield "  " + voice.say(
        said, number=number, by=printable(proposal.by), day=when(proposal.on), known_at=proposal.known_at,
        digest=proposal.digest[:12],
    )  # fmt: skip
    if proposal.despite is not None:
        said = N_("though {count} things were missing: {reason}")
        yield "     " + voice.alarm(voice.say(said, count=proposal.lacking, reason=printable(proposal.despite)))
    if proposal.replaces is not None:
        yield "     " + voice.say(N_("in place of the result {digest}"), digest=proposal.replaces[:12])
    if one.approval is not None:
        text = N_("approved by {by} on {day} ({document})")
        said_by = {"by": printable(one.approval.by), "document": printable(one.approval.document)}
        yield "     " + voice.say(text, day=when(one.approval.on), **said_by)
    if one.publication is not None:
        where = " · ".join(printable(text) for text in (one.publication.where, one.publication.document) if text)
        yield "     " + voice.say(N_("published on {day}: {where}"), day=when(one.publication.on), where=where)
    if one.reopening is not None:
        back = one.reopening
        text = N_("opened again by {by} on {day} ({document}): {reason}")
        values = {"by": printable(back.by), "document": printable(back.document), "reason": printable(back.reason)}
        yield "     " + voice.say(text, day=when(back.on), **values)


def result_page(shown: Shown, voice: Voice) -> str:
    """The frozen result as a paper, how it came about, what came after it, what is still to be put right."""
    parts = [standing_page(shown.kept.result, voice)]
    parts.append(document_page(shown.content["document"], shown.round.proposal.digest, voice))
    parts += [_after(shown, voice), _orders(shown, voice)]
    return "\n\n".join(part for part in parts if part)


def unit_page(shown: Shown, unit: str, marks: Sequence[Mark], voice: Voice) -> str:
    """One unit of the frozen result: where it stands, its items."""
    said = shown.content["figures"]["units"][unit]
    reached = said["total"] if said["total"] is not None else f"{said['low']} … {said['high']}"
    line = voice.say(N_("Total {total}, rank {rank}"), total=reached or "–", rank=said["rank"] or "–")
    head = [
        voice.head(printable(unit)),
        line,
        *([voice.say(N_("Band {band}"), band=said["band"])] if said["band"] else []),
    ]
    head += [voice.alarm(voice.say(change.what)) for change in shown.after.changes if change.unit == unit]
    return "\n".join(head) + "\n\n" + marks_page(marks, voice)


def _after(shown: Shown, voice: Voice) -> str:
    """What was recorded after a result was made, and what it would change."""
    after = shown.after
    if not after.facts and not after.elsewhere:
        return ""
    count = len(after.facts)
    lines = [voice.head(voice.say(N_("Facts recorded after the result: {count}. They change nothing in it."),
                                  count=count))]  # fmt: skip
    if after.facts:
        head = [N_("Position"), N_("Unit"), N_("Fact"), N_("Ref"), N_("Item"), N_("Day")]
        rows = [
            [str(fact.position), fact.unit, voice.type(fact.type), fact.ref, fact.item or "", when(fact.effective_on)]
            for fact in after.facts[:_LATE_SHOWN]
        ]
        said, cells, right = filled([voice.say(title) for title in head], rows, (0,))
        lines.append(table(said, cells, right=right, columns=voice.columns, cut=(1, 3)))
        if count > _LATE_SHOWN:
            lines.append(voice.say(N_("… and {count} more; --json names them all."), count=count - _LATE_SHOWN))
    if after.changes:
        lines.append(voice.alarm(voice.say(N_("Now it would be otherwise:"))))
        lines += [entry("  ·", voice.say(change.what), indent=4, columns=voice.columns) for change in after.changes]
    return "\n".join(lines)


def _orders(shown: Shown, voice: Voice) -> str:
    """The orders to put a fault right that still run."""
    if not shown.orders:
        return ""
    head = [N_("Case"), N_("Unit"), N_("Item"), N_("State"), N_("Due")]
    rows = [
        [row.ref, row.unit, row.item or "", voice.type(row.state),
         (when(row.due.until) + (" !" if row.overdue else "")) if row.due is not None else ""]
        for row in shown.orders
    ]  # fmt: skip
    said, cells, _ = filled([voice.say(title) for title in head], rows, ())
    drawn = table(said, cells, columns=voice.columns, cut=(1, 0))
    head_line = voice.head(voice.say(N_("Still to be put right:")))
    return f"{head_line}\n{drawn}"
