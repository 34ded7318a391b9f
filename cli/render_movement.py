"""Why units moved, as text: a waterfall for one of them, a table for all. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from cli.columns import entry, filled, hang, printable, table, width
from cli.render import Voice, points, rounded, when
from cli.render_contest import between
from gkevents.reports.movement import CAUSES, because
from gkevents.terms import ZERO
from gkevents.words import N_

if TYPE_CHECKING:
    from gkevents.reports.bulletin.case import Reckoned
    from gkevents.reports.movement import Comparison, Line
    from gkevents.scoring.movement import Movement, Stand, Step

Labels = tuple[str | None, str | None]
_DETAIL: Final = " " * 6


def movement_page(found: Comparison, unit: str, voice: Voice, labels: Labels = (None, None)) -> str:
    """One unit's way from one side to the other: every step with its facts, and where it leads."""
    movement = found.movements[unit]
    stand = movement.after or movement.before
    category = f" · {stand.category}" if stand is not None and stand.category else ""
    head = voice.head(hang(f"{printable(unit)}{category}", voice.columns))
    parts = [f"{head}\n{_sides(found, voice, labels)}"]
    old, new = movement.before, movement.after
    if new is None or old is None:
        text = (
            N_("It is on the later side only: {points}.")
            if new is not None
            else N_("It is on the earlier side only: {points}.")
        )
        return "\n\n".join([*parts, voice.say(text, points=_reached(stand) if stand is not None else "–")])
    if not movement.steps:
        return "\n\n".join([*parts, voice.say(N_("Nothing moved this unit: {points}."), points=_reached(new))])
    parts.append(_waterfall(found, movement, old, new, voice))
    parts += [_open_note(voice)] if _is_open([movement]) else []
    return "\n\n".join(parts)


def _sides(found: Comparison, voice: Voice, labels: Labels) -> str:
    """Under which scheme, and what is compared with what."""
    edition = found.after.edition
    lines = [f"{printable(edition.title)} ({edition.scheme}, {found.after.year})"]
    lines += [_side(N_("From: {side}"), found.before, labels[0], voice)]
    lines += [_side(N_("To: {side}"), found.after, labels[1], voice)]
    return "\n".join(hang(line, voice.columns, indent=4) for line in lines)


def _side(template: str, standing: Reckoned, label: str | None, voice: Voice) -> str:
    day = voice.say(N_("the whole year"))
    if standing.as_of is not None:
        day = voice.say(N_("as of {day}"), day=when(standing.as_of))
    known = voice.say(N_("everything recorded"))
    if standing.known_at is not None:
        known = voice.say(N_("as known at position {position}"), position=standing.known_at)
    said = [*([printable(label)] if label else []), day, known]
    return voice.say(template, side=("，" if voice.lang == "zh" else ", ").join(said))


def _waterfall(found: Comparison, movement: Movement, old: Stand, new: Stand, voice: Voice) -> str:
    """The table of the steps, each with its facts, and below each fact when it happened and why it counts so."""
    head = [voice.say(word) for word in (N_("What"), N_("Change"), N_("Reaches"), N_("Places"), N_("Place"))]
    lines = because(found, movement)
    rows = [_row(voice.say(N_("From:")), reached=_reached(old), place=_place(old.rank))]
    low, high, rank = old.low or ZERO, old.high or ZERO, old.rank
    for step in movement.steps:
        low, high = low + step.points_low, high + step.points_high
        rank = rank + step.rank if rank is not None and step.rank is not None else None
        rows.append(_of_step(step, between(low if low == high else None, low, high), rank, voice))
        of_step = [line for line in lines if line.cause == step.cause]
        rows += [_of_fact(line, voice) for line in of_step if line.facts]
        rows[-1] += [_why(line, voice) for line in of_step if not line.facts and line.why is not None]
    rows.append(_row(voice.say(N_("To:")), reached=_reached(new), place=_place(new.rank)))
    kept = _CELLS if any(row[_CELLS - 2] or row[_CELLS - 1] not in ("", "–") for row in rows) else _CELLS - 2
    cells = [row[:kept] for row in rows]
    drawn = table(head[:kept], cells, right=range(1, kept), columns=voice.columns, cut=(0,))
    top, rule, *said = drawn.split("\n")
    told = [line for text, row in zip(said, rows, strict=True) for line in (text, *row[_CELLS:])]
    return "\n".join([top, rule, *told])


_CELLS: Final = 5
"""The cells of a row, the last two about places; what follows them is said below it."""


def _row(what: str, *, change: str = "", reached: str = "", places: str = "", place: str = "") -> list[str]:
    return [what, change, reached, places, place]


def _of_step(step: Step, reached: str, rank: int | None, voice: Voice) -> list[str]:
    change = _signed(step.points_low, step.points_high)
    return _row(
        voice.say(CAUSES[step.cause]), change=change, reached=reached, places=_places(step.rank), place=_place(rank)
    )  # fmt: skip


def _of_fact(line: Line, voice: Voice) -> list[str]:
    """A fact, or the facts on one item where there are too many, with what is said below."""
    first = line.facts[0]
    if len(line.facts) > 1:
        what = voice.say(N_("{count} facts"), count=len(line.facts))
    else:
        what = f"{printable(first.ref)} {voice.type(first.type)}"
    row = _row(
        f"  {what} {line.item or ''}".rstrip(),
        change=_signed(line.points_low, line.points_high),
        places=_places(line.rank),
    )
    if len(line.facts) > 1:
        return [*row, entry(_DETAIL, voice.list(line.refs), indent=len(_DETAIL), columns=voice.columns)]
    said = voice.say(N_("of {day}, recorded {when}"), day=when(first.day), when=when(first.recorded_at))
    row.append(voice.faint(hang(_DETAIL + said, voice.columns, indent=8)))
    if line.clause:
        clause = entry(_DETAIL + voice.say(N_("clause:")), line.clause, indent=8, columns=voice.columns)
        row.append(voice.faint(clause))
    return [*row, *([_why(line, voice)] if line.why is not None else [])]


def _why(line: Line, voice: Voice) -> str:
    return entry(f"{_DETAIL}→", voice.say(line.why or ""), indent=8, columns=voice.columns)


def _reached(stand: Stand) -> str:
    return between(stand.total, stand.low, stand.high)


def _place(rank: int | None) -> str:
    return "–" if rank is None else str(rank)


def _places(rank: int | None) -> str:
    """How many places up or down."""
    if not rank:
        return ""
    return f"↑{-rank}" if rank < 0 else f"↓{rank}"


def _signed(low: Fraction, high: Fraction) -> str:
    """A change; where it is not the same for both bounds, that of each."""
    if low == high:
        return points(low, signed=True)
    return f"{points(low, signed=True)}…{points(high, signed=True)}"


def _is_open(movements: Iterable[Movement]) -> bool:
    return any(step.points_low != step.points_high for movement in movements for step in movement.steps)


def _open_note(voice: Voice) -> str:
    said = N_("a…b: the total is still open; its lower bound changes by a, its upper one by b.")
    return voice.faint(hang(voice.say(said), voice.columns))


def movements_page(found: Comparison, voice: Voice, labels: Labels = (None, None)) -> str:
    """Every unit that moved, a line each, with what each cause brought."""
    moved = [movement for movement in found.movements.values() if movement.steps or _came_or_left(movement)]
    parts = [voice.head(voice.say(N_("Why units moved"))) + "\n" + _sides(found, voice, labels)]
    parts += [_table(moved, found.after.edition.display_decimals, voice)] if moved else []
    parts += [_open_note(voice)] if _is_open(moved) else []
    still = len(found.movements) - len(moved)
    parts += [voice.say(N_("Units that nothing moved: {count}."), count=still)] if still else []
    return "\n\n".join(parts)


def _table(moved: Sequence[Movement], decimals: int, voice: Voice) -> str:
    """A line for each unit, with a column for each cause; where that is too wide the causes are said below the line."""
    titles = (N_("Unit"), N_("Category"), N_("From"), N_("To"), N_("Change"), N_("Place"))
    causes = [voice.say(cause) for cause in CAUSES.values()]
    head, right = [voice.say(title) for title in titles], range(2, len(titles) + len(CAUSES))
    lines = [(_line(one, decimals), _brought(one, decimals)) for one in moved]
    said = filled([*head, *causes], [[*line, *brought] for line, brought in lines], right)
    drawn = table(said[0], said[1], right=said[2])
    if max(map(width, drawn.split("\n"))) <= voice.columns:
        return drawn
    said = filled(head, [line for line, _ in lines], right)
    top, rule, *rows = table(said[0], said[1], right=said[2], columns=voice.columns, cut=(0, 1)).split("\n")
    told = []
    for row, (_, brought) in zip(rows, lines, strict=True):
        why = " · ".join(f"{cause} {points}" for cause, points in zip(causes, brought, strict=True) if points)
        told += [row, voice.faint(hang(f"    {why}", voice.columns, indent=6))] if why else [row]
    return "\n".join([top, rule, *told])


def _came_or_left(movement: Movement) -> bool:
    return movement.before is None or movement.after is None


def _line(movement: Movement, decimals: int) -> list[str]:
    """One unit in the table of all."""
    old, new = movement.before, movement.after
    stand = new or old
    low = sum((step.points_low for step in movement.steps), ZERO)
    high = sum((step.points_high for step in movement.steps), ZERO)
    ranks = (old.rank if old is not None else None, new.rank if new is not None else None)
    return [
        movement.unit,
        stand.category if stand is not None else "",
        _shown(old, decimals),
        _shown(new, decimals),
        "" if _came_or_left(movement) else _rounded(low, high, decimals),
        "" if ranks == (None, None) else f"{_place(ranks[0])}→{_place(ranks[1])}",
    ]


def _shown(stand: Stand | None, decimals: int) -> str:
    if stand is None or stand.total is not None or stand.low is None:
        return rounded(None if stand is None else stand.total, decimals)
    return f"{rounded(stand.low, decimals)}…{rounded(stand.high, decimals)}"


def _brought(movement: Movement, decimals: int) -> list[str]:
    """What each cause brought in points; places where it brought only these."""
    found = dict.fromkeys(CAUSES, "")
    for step in movement.steps:
        only_places = not step.points_low and not step.points_high
        brought = _rounded(step.points_low, step.points_high, decimals)
        found[step.cause] = _places(step.rank) if only_places else brought
    return list(found.values())


def _rounded(low: Fraction, high: Fraction, decimals: int) -> str:
    def signed(value: Fraction) -> str:
        text = rounded(value, decimals)
        return text.replace("≈", "≈+") if value > 0 and text.startswith("≈") else f"{'+' if value > 0 else ''}{text}"

    return signed(low) if low == high else f"{signed(low)}…{signed(high)}"
