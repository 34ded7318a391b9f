"""A trial as text: where codes lead, what does not map, each unit before and after. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from cli.columns import entry, filled, hang, table
from cli.render import Voice, rounded, when
from gkevents.words import N_

if TYPE_CHECKING:
    from gkevents.app.trying import Tried
    from gkevents.schemes.edition import Edition
    from gkevents.trials.mapping import Lead
    from gkevents.trials.translating import Unmapped
    from gkevents.trials.trying import Outcome, Trial

_REFS_SHOWN: Final = 6
_HOW: Final = {"given": N_("as said"), "code": N_("same code"), "title": N_("same title")}


def try_page(tried: Tried, voice: Voice) -> str:
    """The whole trial: units first, then what a person has to look at."""
    trial = tried.trial
    parts = [_head(tried, voice), _units(trial, tried.draft.display_decimals, voice)]
    if not tried.draft.weighted:
        parts.append(voice.say(N_("The scheme gives no points until an overlay with weights is decided.")))
    parts += [_unmapped(trial.unmapped, voice), _mapping(tried, voice), _unused(tried, voice)]
    return "\n\n".join(part for part in parts if part)


def _head(tried: Tried, voice: Voice) -> str:
    values = {
        "draft": tried.draft.scheme,
        "edition": tried.draft.digest[:12],
        "on": tried.on.scheme,
        "year": tried.year,
    }
    said = voice.say(N_("The log of {on} {year}, scored by {draft} (edition {edition}). Nothing is stored."), **values)
    lines = [voice.head(hang(said, voice.columns))]
    seen = []
    if tried.as_of is not None:
        seen.append(voice.say(N_("As of {day}."), day=when(tried.as_of)))
    if tried.known_at is not None:
        seen.append(voice.say(N_("As known at position {position}."), position=tried.known_at))
    return "\n".join([*lines, *([voice.faint(" ".join(seen))] if seen else [])])


def _units(trial: Trial, decimals: int, voice: Voice) -> str:
    """Each unit's total and rank under both schemes, by the rank under the draft."""
    head = [N_("Rank"), N_("Unit"), N_("Category"), N_("Before"), N_("After"), N_("Change"), N_("Rank before")]
    rows = [
        [
            _place(after.rank),
            unit,
            after.score.category,
            _total(trial.before[unit], decimals),
            _total(after, decimals),
            _change(trial.before[unit], after, decimals),
            _place(trial.before[unit].rank),
        ]
        for unit, after in trial.after.items()
    ]
    said, cells, right = filled([voice.say(word) for word in head], rows, (0, 3, 4, 5, 6))
    return table(said, cells, right=right, columns=voice.columns, cut=(1,))


def _place(rank: int | None) -> str:
    return str(rank) if rank is not None else "–"


def _total(outcome: Outcome, decimals: int) -> str:
    score = outcome.score
    if score.total is not None or score.low is None:
        return rounded(score.total, decimals)
    return f"{rounded(score.low, decimals)}…{rounded(score.high, decimals)}"


def _change(before: Outcome, after: Outcome, decimals: int) -> str:
    old, new = before.score.total, after.score.total
    if old is None or new is None:
        return "–"
    change: Fraction = new - old
    return f"+{rounded(change, decimals)}" if change > 0 else rounded(change, decimals)


def _unmapped(unmapped: Sequence[Unmapped], voice: Voice) -> str:
    """The facts that do not map, those on one item for one reason together."""
    if not unmapped:
        return voice.say(N_("Every fact maps."))
    groups: dict[tuple[str | None, str, str], list[Unmapped]] = {}
    for fact in unmapped:
        groups.setdefault((fact.item, fact.code, fact.message.template), []).append(fact)
    lines = [voice.alarm(voice.say(N_("Facts that do not map and count for nothing: {count}"), count=len(unmapped)))]
    for (item, _, _), facts in groups.items():
        named = item or voice.say(N_("no item"))
        head = f"  {named} × {len(facts)}  "
        refs = [fact.ref for fact in facts[:_REFS_SHOWN]]
        more = " …" if len(facts) > _REFS_SHOWN else ""
        said = f"{voice.say(facts[0].message)} [{voice.list(refs)}{more}]"
        lines.append(entry(head, said, indent=6, columns=voice.columns))
    return "\n".join(lines)


def _mapping(tried: Tried, voice: Voice) -> str:
    """Where codes lead; those that stay what they were are only counted."""
    same = [
        lead for lead in tried.trial.mapping if lead.how == "code" and _title(tried.on, lead.code) == _to(tried, lead)
    ]
    lines = [voice.say(N_("Codes with the same code and title: {count}"), count=len(same))] if same else []
    rest = [lead for lead in tried.trial.mapping if lead not in same]
    if rest:
        head = [
            voice.say(word) for word in (N_("Code"), N_("Title"), N_("Leads to"), N_("Title there"), N_("Found by"))
        ]
        rows = [
            [lead.code, _title(tried.on, lead.code), lead.to or "–", _to(tried, lead), _how(lead, voice)]
            for lead in rest
        ]
        lines.append(table(head, rows, columns=voice.columns, cut=(1, 3)))
    return "\n".join(lines)


def _to(tried: Tried, lead: Lead) -> str:
    return _title(tried.draft, lead.to) if lead.to is not None else ""


def _how(lead: Lead, voice: Voice) -> str:
    return voice.say(_HOW[lead.how]) if lead.how in _HOW else ""


def _title(edition: Edition, code: str) -> str:
    if code in edition.items:
        return edition.items[code].title
    if code in edition.rules:
        return edition.rules[code].title
    return next((veto.title for veto in edition.vetoes if veto.code == code), "")


def _unused(tried: Tried, voice: Voice) -> str:
    """The codes of the draft that no fact of this log reached."""
    codes = tried.trial.unused
    if not codes:
        return ""
    said = voice.say(
        N_("Codes of {draft} that no fact of this log reached: {count}"), draft=tried.draft.scheme, count=len(codes)
    )
    return f"{said}\n" + hang(f"  {voice.list(codes)}", voice.columns, indent=2)
