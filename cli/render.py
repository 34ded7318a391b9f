"""Answers as text: pure functions from what the use cases give to what a person reads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cli.columns import entry, hang, pad, table, width
from gkevents.aggregates.vocabulary import FACT_TYPES
from gkevents.terms import BEIJING, display, show
from gkevents.words import N_, Message, message, say

if TYPE_CHECKING:
    from gkevents.app.checking import Verified
    from gkevents.app.recording import Logged

_STATES: Final = {
    "priced": N_("priced"),
    "graded": N_("graded"),
    "reported": N_("reported"),
    "open": N_("open"),
    "not-applicable": N_("not applicable"),
    "unweighted": N_("without points"),
    "met": N_("met"),
    "missed": N_("missed"),
}
_TYPES: Final = {
    "peers-mean": N_("mean of the others"),
    "not-applicable-gets": N_("not applicable"),
    "spread": N_("points spread"),
    "rescale": N_("scaled up"),
    "rounding": N_("rounding"),
    "section-floor": N_("bound of a section"),
    "section-cap": N_("bound of a section"),
    "part-floor": N_("bound of a part"),
    "part-cap": N_("bound of a part"),
    "gate": N_("gate"),
    "veto": N_("veto"),
    "floor": N_("bound of the total"),
    "ceiling": N_("bound of the total"),
    "zero-out": N_("zero-out"),
    "limit-kept": N_("limit kept"),
}
_REFUSED_SHOWN: Final = 50
_REPEATING = "/"


class Voice(NamedTuple):
    """In which language, with colour or without, and how wide an answer is set."""

    lang: str
    columns: int = 100
    colour: bool = False
    today: dt.date | None = None
    """The day by which a limit is seen to be past; None where nobody knows (a simulated clock that was not told)."""

    def say(self, template: str | Message, **values: Any) -> str:  # noqa: ANN401 - whatever str.format can show
        """A sentence from a template and its values."""
        return say(template if isinstance(template, Message) or not values else message(template, **values), self.lang)

    def head(self, text: str) -> str:
        """A heading, bold where that can be seen."""
        return f"\x1b[1m{text}\x1b[0m" if self.colour else text

    def faint(self, text: str) -> str:
        """What matters less."""
        return f"\x1b[2m{text}\x1b[0m" if self.colour else text

    def alarm(self, text: str) -> str:
        """What a person should look at."""
        return f"\x1b[33m{text}\x1b[0m" if self.colour else text

    def state(self, state: str) -> str:
        """The state of an item or a limit."""
        return self.say(_STATES.get(state, state))

    def limit_state(self, state: str, due: str, day: dt.date | None = None) -> str:
        """The state of a limit; one that is past by `day` (else today), but not recorded as missed, says so."""
        day = day if day is not None else self.today
        if state == "open" and day is not None and due[:1].isdigit() and due[:10] < day.isoformat():
            return self.say(N_("past due, not recorded"))
        return self.state(state)

    def list(self, parts: Iterable[str]) -> str:
        """Names one after the other."""
        return ("、" if self.lang == "zh" else ", ").join(parts)

    def type(self, name: str) -> str:
        """The type of a fact or entry: its Chinese label, or its name in English."""
        if name in _TYPES:
            return self.say(_TYPES[name])
        return FACT_TYPES[name].label if self.lang == "zh" and name in FACT_TYPES else name


def points(value: Fraction | None, *, signed: bool = False) -> str:
    """Points for eyes: exact, the rounded form beside it where no finite decimal exists; – where there are none."""
    if value is None:
        return "–"
    text = show(value)
    if _REPEATING in text:
        text = f"{text}≈{display(value)}"
    return f"+{text}" if signed and value > 0 else text


def rounded(value: Fraction | None, decimals: int) -> str:
    """Points for a table: exact where they fit `decimals` places, else rounded half-up and marked with ≈."""
    if value is None:
        return "–"
    return show(value) if (value * 10**decimals).denominator == 1 else f"≈{display(value, decimals=decimals)}"


def when(moment: dt.date | dt.datetime | str | None) -> str:
    """A day as 2020-09-14; an instant in Beijing time, to the minute (to the second where it has one)."""
    if moment is None:
        return "–"
    if isinstance(moment, str):
        if len(moment) == len("2020-09-14"):
            return moment
        try:
            moment = dt.datetime.fromisoformat(moment)
        except ValueError:
            return str(moment)
    if not isinstance(moment, dt.datetime):
        return moment.isoformat()
    local = moment.astimezone(BEIJING) if moment.tzinfo else moment
    return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")


def limits_page(rows: Sequence[Any], voice: Voice) -> str:
    """Limits with their due day, a table: what is open first."""
    if not rows:
        return voice.say(N_("No limits."))
    head = [N_("Due"), N_("State"), N_("Key"), N_("Unit"), N_("Item"), N_("Opened")]
    cells = [
        [when(row.due), voice.limit_state(row.state, when(row.due)), row.key, row.unit, row.item or "",
         when(row.opened)]
        for row in rows
    ]  # fmt: skip
    return table([voice.say(title) for title in head], cells, columns=voice.columns, cut=(3, 2))


def missed_page(rows: Sequence[Any], voice: Voice) -> str:
    """What a scan has recorded, a table."""
    if not rows:
        return voice.say(N_("Nothing has run out that was not recorded already."))
    head = [N_("Due"), N_("Key"), N_("Unit"), N_("Item"), N_("Position")]
    cells = [[when(row.due), row.key, row.unit, row.item or "", str(row.position)] for row in rows]
    said = voice.say(N_("Limits that ran out and are now recorded as missed: {count}"), count=len(rows))
    return f"{said}\n" + table(
        [voice.say(title) for title in head], cells, right=(4,), columns=voice.columns, cut=(2, 1)
    )


def dry_page(logged: Logged, voice: Voice, *, rows: int) -> str:
    """What would become of a log of so many rows."""
    already, refused = len(logged.already_recorded), len(logged.refused)
    count = rows - already - refused
    lines = [voice.say(N_("A dry run: nothing was stored."))]
    if refused and not logged.recorded:
        lines.append(voice.say(N_("Rows refused: {count}."), count=refused))
        lines.append(voice.say(N_("Other rows that would pass: {count} (--skip-refused stores them)."), count=count))
    else:
        lines.append(voice.say(N_("Would be recorded: {count}."), count=count))
        lines += [voice.say(N_("Rows refused: {count}."), count=refused)] if refused else []
    if already:
        lines.append(voice.say(N_("Recorded already, with the same content: {count}."), count=already))
    return "\n".join(lines)


def logged_page(logged: Logged, voice: Voice, *, skipping: bool = False) -> str:
    """What became of a log: how many facts were recorded, and from which position to which; refused ones skipped?"""
    count, already, refused = len(logged.recorded), len(logged.already_recorded), len(logged.refused)
    if refused and not logged.stored:
        none = N_("Nothing was stored: either every row, or none (--skip-refused stores the good ones).")
        lines = [voice.say(N_("Nothing new was stored.") if skipping else none)]
    else:
        lines = []
    if count == 1:
        ref, position = logged.recorded[0]
        lines.append(voice.say(N_("Recorded {ref} at position {position}."), ref=ref, position=position))
    elif count:
        first, last = logged.recorded[0][1], logged.recorded[-1][1]
        lines.append(
            voice.say(N_("Recorded: {count} facts, positions {first} to {last}."), count=count, first=first, last=last)
        )
    if already:
        lines.append(voice.say(N_("Recorded already, with the same content: {count}."), count=already))
    if refused:
        lines.append(voice.say(N_("Rows refused: {count}."), count=refused))
    return "\n".join(lines or [voice.say(N_("There was nothing to record."))])


def refused_page(logged: Logged, voice: Voice) -> str:
    """The rows refused, each with its reason; of many, the first fifty."""
    lines = []
    for row in logged.refused[:_REFUSED_SHOWN]:
        ref = f" ({row.ref})" if row.ref else ""
        head = voice.say(N_("Row {row}{ref}:"), row=row.row, ref=ref)
        lines.append(entry(head, voice.say(row.message), indent=4, columns=voice.columns))
    left = len(logged.refused) - _REFUSED_SHOWN
    if left > 0:
        lines.append(voice.say(N_("… and {count} more; --json names them all."), count=left))
    return "\n".join(lines)


def verified_page(verified: Verified, voice: Voice) -> str:
    """What the reading of the whole store found."""
    if not verified.faults:
        said = N_("{events} events read: each is as it was written, and every row is what the log gives.")
        last = voice.say(N_("The last digest is {digest}."), digest=verified.digest)
        return "\n".join([hang(voice.say(said, events=verified.events), voice.columns), hang(last, voice.columns)])
    head = voice.say(N_("{events} events read; {count} faults:"), events=verified.events, count=len(verified.faults))
    title = voice.say(N_("Position"))
    places = [str(position) if position is not None else "–" for position, _ in verified.faults]
    indent = max(map(width, (title, *places))) + 2
    lines = [pad(title, indent) + voice.say(N_("What")), "─" * (indent + 20)]
    for place, (_, what) in zip(places, verified.faults, strict=True):
        lines.append(
            entry(f"{pad(place, indent - 2, right=True)}  ", voice.say(what), indent=indent, columns=voice.columns)
        )
    return "\n".join([voice.alarm(head), *lines])
