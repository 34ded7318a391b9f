"""Scores, the ranking and the auditor's page as text. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from cli.columns import entry, filled, hang, pad, printable, table
from cli.render import Voice, points, rounded, when
from cli.render_contest import between, contest_lines, ranks_possible
from cli.render_editions import earlier_edition, editions_page
from gkevents.terms import ZERO, show
from gkevents.words import N_

if TYPE_CHECKING:
    from gkevents.app.after_result import Closed
    from gkevents.app.asking import Standing
    from gkevents.scoring.ledger import Entry, Ledger
    from gkevents.scoring.outcome import Outcome

_DAY: Final = len("2020-09-14")
"""The columns of a day."""


def score_page(standing: Standing[Outcome], score: Outcome, voice: Voice) -> str:
    """One unit's score: the total, its items by section, what is beyond the items, limits, and what to look at."""
    parts = [_head(standing, score, voice), _totals(score, voice), contest_lines(standing, score, voice)]
    parts += [_parts(score, voice), _items(score, voice), _adjustments(score, voice)]
    if score.limits:
        head = [voice.say(title) for title in (N_("Limit"), N_("Item"), N_("Due"), N_("State"))]
        rows = [
            [key, limit.item or "", when(limit.due), voice.limit_state(limit.state, when(limit.due), standing.as_of)]
            for key, limit in score.limits.items()
        ]
        parts.append(table(head, rows, columns=voice.columns, cut=(0,)))
    parts.append(flags(score, voice))
    return "\n\n".join(part for part in parts if part)


def _head(standing: Standing[Outcome], score: Outcome, voice: Voice) -> str:
    category = f" · {score.category}" if score.category else ""
    lines = [
        voice.head(hang(f"{printable(score.unit)}{category}", voice.columns)),
        _title_of(standing, voice),
    ]
    return "\n".join([*lines, *_seen_from(standing, voice)])


def _title_of(standing: Standing[Outcome], voice: Voice) -> str:
    return hang(f"{printable(standing.edition.title)} ({standing.edition.scheme}, {standing.year})", voice.columns)


def _seen_from(standing: Standing[Outcome], voice: Voice) -> list[str]:
    """As of which day and as known when, where the question says so."""
    said = []
    if standing.as_of is not None:
        said.append(voice.say(N_("As of {day}."), day=when(standing.as_of)))
    if standing.known_at is not None:
        said.append(voice.say(N_("As known at position {position}."), position=standing.known_at))
    return [voice.faint(("" if voice.lang == "zh" else " ").join(said))] if said else []


def _totals(score: Outcome, voice: Voice) -> str:
    if score.low is None:
        lines = [voice.say(N_("The scheme gives no points until an overlay with weights is decided."))]
    elif score.total is None:
        still = sum(item.score is None for item in score.items.values())
        said = N_("Between {low} and {high}: provisional, items undetermined: {count}.")
        lines = [voice.alarm(voice.say(said, low=points(score.low), high=points(score.high), count=still))]
    else:
        lines = [voice.head(voice.say(N_("Total {total}"), total=points(score.total)))]
    if score.zeroed:
        lines.append(voice.alarm(voice.say(N_("Zeroed for proven fraud."))))
    lines += [voice.alarm(line) for line in _decided(score, voice)]
    if score.band is not None:
        lines.append(voice.say(N_("Band {band}"), band=score.band))
    if score.bonus is not None:
        said = N_("Items {base}, bonus {bonus}, deduction {deduction}")
        values = {"base": points(score.base), "bonus": points(score.bonus), "deduction": points(score.deduction)}
        lines.append(voice.say(said, **values))
    lost = [f"{quarter} {points(cost)}" for quarter, cost in score.deducted_by_quarter.items() if cost]
    if lost:
        lines.append(voice.say(N_("Deducted by quarter: {quarters}"), quarters=voice.list(lost)))
    return "\n".join(hang(line, voice.columns, indent=4) for line in lines)


def _decided(score: Outcome, voice: Voice) -> list[str]:
    """What single things decide: the vetoes that fired, and whether the unit can still be chosen for honours."""
    lines = [
        voice.say(N_("Veto {code}: {title}"), code=veto.code, title=printable(veto.title)) for veto in score.vetoes
    ]
    if score.eligible is False:
        lines.append(voice.say(N_("The unit cannot be chosen for honours.")))
    elif score.eligible is None:
        lines.append(voice.say(N_("Whether the unit can be chosen for honours is undetermined.")))
    return lines


def _parts(score: Outcome, voice: Voice) -> str:
    """The parts of the scheme, where it has any: each before and after its weight."""
    rows = [
        [name, between(part.score, part.low, part.high), _percent(part.weight), points(part.weighted)]
        for name, part in score.parts.items()
    ]
    if not rows:
        return ""
    head = [voice.say(title) for title in (N_("Part"), N_("Score"), N_("Weight"), N_("In the total"))]
    return table(head, rows, right=(1, 2, 3), columns=voice.columns, cut=(0,))


def _percent(weight: Fraction) -> str:
    """A weight as a percentage, where that is a plain number."""
    percent = show(weight * 100)
    return show(weight) if "/" in percent else f"{percent}%"


def _items(score: Outcome, voice: Voice) -> str:
    """The items in a table, their sections as lines between them."""
    items = score.edition.items
    codes = list(score.items)
    rows = [
        [code, items[code].title, points(score.items[code].points_max), _score_of(score, code),
         voice.state(score.items[code].state)]
        for code in codes
    ]  # fmt: skip
    head = [voice.say(title) for title in (N_("Item"), N_("Title"), N_("Max"), N_("Score"), N_("State"))]
    lines = table(head, rows, right=(2, 3), columns=voice.columns, cut=(1,)).split("\n")
    said, section = lines[:2], None
    for code, line in zip(codes, lines[2:], strict=True):
        if items[code].section != section:
            section = items[code].section
            said.append(voice.faint(hang(f"· {printable(section)}", voice.columns, indent=2)))
        said.append(line)
    return "\n".join(said)


def _score_of(score: Outcome, code: str) -> str:
    item = score.items[code]
    return between(item.score, item.low, item.high)


def _adjustments(score: Outcome, voice: Voice) -> str:
    """What the ± rules added to the total and took from it, rule by rule."""
    rules = score.edition.rules
    rows = [
        [code, rules[code].title, str(moved.facts), points(moved.points, signed=True)]
        for code, moved in score.moved.items()
    ]
    if not rows:
        return ""
    head = [voice.say(title) for title in (N_("Beyond the items"), N_("Title"), N_("Facts"), N_("Points"))]
    return table(head, rows, right=(2, 3), columns=voice.columns, cut=(1,))


def flags(score: Outcome, voice: Voice) -> str:
    """Things a person should look at."""
    if not score.flags:
        return ""
    lines = [voice.alarm(voice.say(N_("To be looked at:")))]
    for flag in score.flags:
        refs = f" [{voice.list(flag.refs)}]" if flag.refs else ""
        lines.append(entry("  ·", voice.say(flag.message) + refs, indent=4, columns=voice.columns))
    return "\n".join(lines)


def scores_page(standing: Standing[Outcome], voice: Voice) -> str:
    """Every unit's score, one line each."""
    head = [
        N_("Unit"), N_("Category"), N_("Total"), N_("Provisional"), N_("Band"), N_("Vetoes fired"), N_("Undetermined"),
        N_("Flags"),
    ]  # fmt: skip
    rows = [_line(score) for score in standing.scores.values()]
    title = voice.head(_title_of(standing, voice))
    said, cells, right = filled([voice.say(word) for word in head], rows, (2, 3, 6, 7))
    cut = (1, 0) if any(row[1] for row in rows) else (0,)
    drawn = table(said, cells, right=right, columns=voice.columns, cut=cut)
    return "\n".join([title, *_seen_from(standing, voice), "", drawn])


def _line(score: Outcome) -> list[str]:
    undetermined = sum(item.score is None for item in score.items.values())
    counts = [str(undetermined or ""), str(len(score.flags) or "")]
    return [score.unit, score.category, *_reached(score), score.band or "", _vetoes(score), *counts]


def _vetoes(score: Outcome) -> str:
    return " ".join(veto.code for veto in score.vetoes)


def _reached(score: Outcome) -> list[str]:
    """The total, or the bounds where it is provisional, rounded as the scheme says."""
    decimals = score.edition.display_decimals
    if score.low is None or score.high is None or score.total is not None:
        return [rounded(score.total, decimals), ""]
    return [rounded(None, decimals), f"{rounded(score.low, decimals)} … {rounded(score.high, decimals)}"]


def _weighted(score: Outcome, part: str) -> str:
    """What a part brings to the total, rounded as the scheme says."""
    held = score.parts.get(part)
    return rounded(held.weighted, score.edition.display_decimals) if held is not None else ""


def rank_page(
    standing: Standing[Outcome], groups: Mapping[str, Sequence[tuple[Outcome, int | None]]], voice: Voice
) -> str:
    """The ranking, one table a category; a provisional unit has no rank."""
    title = voice.head(_title_of(standing, voice))
    parts = ["\n".join([title, *_seen_from(standing, voice)])]
    names = [part.name for part in standing.edition.parts if part.name]
    head = [voice.say(word) for word in (N_("Rank"), N_("Unit"), N_("Total"), N_("Provisional"))] + names
    head += [voice.say(N_("Vetoes fired")), voice.say(N_("Honours")), voice.say(N_("Ranks possible"))]
    for category, rows in groups.items():
        cells = [
            [
                str(rank) if rank is not None else "–",
                score.unit,
                *_reached(score),
                *(_weighted(score, name) for name in names),
                _vetoes(score),
                "" if score.eligible else voice.say(N_("no") if score.eligible is False else N_("undetermined")),
                ranks_possible(standing, score),
            ]
            for score, rank in rows
        ]
        numbers = (0, *range(2, 4 + len(names)))
        said, cells, right = filled(head, cells, numbers)
        parted = [place for place, title in enumerate(said) if title in names]
        drawn = table(said, cells, right=right, columns=voice.columns, cut=(*parted, 1))
        parts.append(f"{voice.head(printable(category))}\n{drawn}" if category else drawn)
    return "\n\n".join(parts)


def replay_page(standing: Standing[Outcome], score: Outcome, ledger: Ledger, voice: Voice) -> str:
    """The auditor's page: every entry in order with what it moved and why, and at the end the sum."""
    parts = [_head(standing, score, voice), "\n".join(hang(line, voice.columns) for line in _decided(score, voice))]
    parts += [contest_lines(standing, score, voice), _parts(score, voice), editions_page(standing, voice)]
    if ledger.start is not None:
        parts.append(voice.say(N_("Start: {points}"), points=points(ledger.start)))
    parts += [_entry(number, line, standing, score, voice) for number, line in enumerate(ledger.entries, 1)]
    parts.append(_sum(score, ledger, voice))
    parts.append(flags(score, voice))
    return "\n\n".join(part for part in parts if part)


def _entry(number: int, line: Entry, standing: Standing[Outcome], score: Outcome, voice: Voice) -> str:
    """One entry on a few lines: when and what; by whom; under which clause; how many points; why."""
    indent = " " * 6
    first = f"{pad(f'{number}.', 5)} {pad(when(line.effective_on), _DAY)}  {voice.type(line.type)}"
    if line.ref is not None:
        first += f"  {printable(line.ref)}"
    if line.item is not None:
        first += f"  {line.item} {printable(_title(score, line.item))}".rstrip()
    lines = [voice.head(hang(first, voice.columns, indent=6))]
    if line.recorded_at is not None:
        by = line.recorded_by or voice.say(N_("nobody named"))
        said = voice.say(
            N_("recorded {when} by {by}, position {position}"),
            when=when(line.recorded_at),
            by=printable(by),
            position=line.position,
        )
        lines.append(voice.faint(hang(indent + said, voice.columns, indent=8)))
        earlier = earlier_edition(standing, line, voice)
        lines += [voice.faint(hang(indent + earlier, voice.columns, indent=8))] if earlier else []
    if line.clause:
        lines.append(entry(indent + voice.say(N_("clause:")), line.clause, indent=8, columns=voice.columns))
    lines.append(hang(indent + _moved(line, voice), voice.columns, indent=8))
    lines.append(entry(indent + "→", voice.say(line.why), indent=8, columns=voice.columns))
    if line.caused_by:
        lines.append(
            entry(indent + voice.say(N_("caused by:")), voice.list(line.caused_by), indent=8, columns=voice.columns)
        )
    return "\n".join(lines)


def _title(score: Outcome, code: str) -> str:
    rule = score.edition.items.get(code) or score.edition.rules.get(code)
    if rule is None:
        return next((veto.title for veto in score.edition.vetoes if veto.code == code), "")
    return rule.title


def _moved(line: Entry, voice: Voice) -> str:
    parts = [
        voice.say(N_("raw {points}"), points=points(line.raw, signed=True)),
        voice.say(N_("applied {points}"), points=points(line.applied, signed=True)),
    ]
    if line.item_score_after is not None:
        parts.append(voice.say(N_("item now {points}"), points=points(line.item_score_after)))
    if line.total_after is not None:
        parts.append(voice.say(N_("total now {points}"), points=points(line.total_after)))
    return " · ".join(parts)


def _sum(score: Outcome, ledger: Ledger, voice: Voice) -> str:
    """The line that an auditor checks: start and everything applied is the total (the low bound while provisional)."""
    if ledger.start is None:
        return voice.say(N_("The scheme gives no points until an overlay with weights is decided."))
    applied = sum((line.applied for line in ledger.entries), ZERO)
    reached = ledger.start + applied
    values = {"start": points(ledger.start), "applied": points(applied, signed=True), "total": points(reached)}
    if score.total is None:
        said = N_(
            "start {start} and applied {applied} = {total}, the low bound: the score is provisional, up to {high}"
        )
        return voice.head(hang(voice.say(said, high=points(score.high), **values), voice.columns, indent=4))
    said = N_("start {start} and applied {applied} = total {total}")
    return voice.head(hang(voice.say(said, **values), voice.columns, indent=4))


def closed_line(closed: Closed | None, voice: Voice) -> str:
    """What a page of scores says of a closed year in which facts were recorded after the result; else nothing."""
    if closed is None or not closed.later:
        return ""
    text = N_(
        "The year was closed on {day}, as known at position {known_at}. Facts recorded after that: {count}. They count "
        "here, not in the result: gk result show"
    )
    said = voice.say(text, day=when(closed.approved_on), known_at=closed.known_at, count=closed.later)
    return voice.alarm(hang(said, voice.columns))
