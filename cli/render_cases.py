"""Cases as text: the list, one case whole, the office's rules. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cli.columns import entry, filled, hang, pad, printable, table, width
from cli.render import Voice, when
from gkevents.aggregates.vocabulary import FACT_TYPES, FIELDS, STEP_LABELS
from gkevents.scoring.fact import CLOSED, CONTESTED, EVIDENCE, ORDERED, STEPS
from gkevents.words import N_, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gkevents.app.cases import CaseRow, CaseStory, RulesAdopted, RulesInForce, StepRow

_WIDE: Final = 100
"""From so many columns on the list has all of its columns."""
_DAY: Final = len("2020-09-14")
_UNITS: Final = {"working days": "个工作日", "working day": "个工作日", "hours": "小时", "hour": "小时"}
_STATES: Final = {"recorded": N_("recorded"), "void": N_("void: taken back")}
_APART: Final = frozenset({
    "ref", "type", "unit", "of", "item", "effective_on", "effective_at", "recorded_at", "recorded_by", "digest", "size",
    "media", "calendar", "own_limit", "scanned", "key", "limit", "due",
})  # fmt: skip
"""What is said of a fact elsewhere on the page than among its fields, or not at all."""


def _state(name: str, voice: Voice) -> str:
    """The state of a case: that of its last step, in one word."""
    if name in _STATES:
        return voice.say(_STATES[name])
    return voice.type(name) if voice.lang == "zh" else name.rpartition("-")[2]


def _steps(names: Sequence[str], voice: Voice) -> str:
    return voice.list(_state(name, voice) for name in names)


def cases_page(rows: Sequence[CaseRow], voice: Voice, *, left_out: int = 0) -> str:
    """Cases in the order of the log, a table, and how many there are; `left_out`: marks on which nothing was done."""
    if left_out:
        more = voice.say(N_("Left out: {count} marks and figures on which no step was taken (--all)."), count=left_out)
        return f"{cases_page(rows, voice)}\n{hang(more, voice.columns)}"
    if not rows:
        return voice.say(N_("No such cases."))
    head = [N_("Case"), N_("Unit"), N_("Fact"), N_("Item"), N_("Day"), N_("State"), N_("Due"), N_("For")]
    cells = [
        [row.ref, row.unit, voice.type(row.type), row.item or "", when(row.effective_on), _state(row.state, voice),
         _until(row), _state(row.due.step, voice) if row.due else ""]
        for row in rows
    ]  # fmt: skip
    if voice.columns < _WIDE:
        head, cells = _narrow(head), [_narrow(row) for row in cells]
    said, cells, _ = filled([voice.say(title) for title in head], cells, ())
    drawn = table(said, cells, columns=voice.columns, cut=(1, 2, 0))
    overdue = sum(row.overdue for row in rows)
    count = voice.say(N_("Cases: {count}."), count=len(rows))
    if overdue:
        gap = "" if voice.lang == "zh" else " "
        count += gap + voice.alarm(voice.say(N_("Overdue (!): {count}."), count=overdue))
    return f"{drawn}\n\n{count}"


def _until(row: CaseRow) -> str:
    """By when something has to happen, marked where it has not."""
    if row.due is None:
        return ""
    return f"{when(row.due.until)} !" if row.overdue else when(row.due.until)


def _narrow(row: list[str]) -> list[str]:
    """A row without the day of the fact, and without what is due: the state tells it."""
    return [*row[:4], *row[5:7]]


def case_page(story: CaseStory, voice: Voice) -> str:
    """One case: where it stands, the fact, every step in the order of the log, what shows it, what comes next."""
    row = story.row
    title = f"{row.ref} · {voice.type(row.type)}" + (f" · {row.item}" if row.item else "")
    head = [
        voice.head(hang(printable(title), voice.columns)),
        hang(f"{printable(row.unit)} ({row.scheme}, {row.year})", voice.columns),
    ]
    parts = ["\n".join(head), _standing(row, voice)]
    parts += [_entry(number, step, voice) for number, step in enumerate((story.fact, *story.steps))]
    parts.append(_next(row, voice))
    return "\n\n".join(part for part in parts if part)


def _standing(row: CaseRow, voice: Voice) -> str:
    said = voice.say(N_("State: {state}, since {day}"), state=_state(row.state, voice), day=when(row.since))
    lines = [voice.head(said)]
    if row.due is not None:
        lines.append(_due(row, voice))
    return "\n".join(hang(line, voice.columns, indent=4) for line in lines)


def _due(row: CaseRow, voice: Voice) -> str:
    """What runs against a clock, and until when."""
    until, step = row.due.until if row.due else None, _state(row.due.step, voice) if row.due else ""
    if until is None:
        return voice.say(N_("{step}: until a day beyond the published calendar"), step=step)
    if row.due is not None and row.due.step == CONTESTED:
        said = N_("Could be contested until {until}") if CLOSED in row.next else N_("May be contested until {until}")
        return voice.say(said, until=when(until))
    if row.overdue:
        return voice.alarm(voice.say(N_("{step}: was due by {until}"), step=step, until=when(until)))
    return voice.say(N_("{step}: due by {until}"), step=step, until=when(until))


def _entry(number: int, step: StepRow, voice: Voice) -> str:
    """One step on a few lines: when and what; by whom it was recorded; the limit; who, why, by which document."""
    body, indent = step.body, " " * 6
    day = when(body.get("effective_at") or body.get("effective_on"))
    first = f"{pad(f'{number}.' if number else '·', 5)} {pad(day, _DAY)}  {voice.type(body['type'])}"
    lines = [voice.head(hang(f"{first}  {printable(body['ref'])}", voice.columns, indent=6))]
    said = N_("recorded {when} by {by}, position {position}")
    if body.get("recorded_by") is None:
        said = N_("recorded {when}, position {position}")
    by = printable(body.get("recorded_by", ""))
    recorded = voice.say(said, when=when(step.recorded_at), by=by, position=step.position)
    lines.append(voice.faint(hang(indent + recorded, voice.columns, indent=8)))
    if step.taken_back is not None:
        said = voice.say(N_("taken back by {ref}: it means nothing any more"), ref=step.taken_back)
        lines.append(voice.alarm(hang(indent + said, voice.columns, indent=8)))
    if "limit" in body:
        until = when(body["due"]) if body.get("due") else voice.say(N_("a day beyond the published calendar"))
        limit = voice.say(N_("limit {limit}, until {due}"), limit=_limit(body["limit"], voice), due=until)
        lines.append(hang(indent + limit, voice.columns, indent=8))
    if body["type"] in STEPS and "item" in body:
        lines.append(hang(indent + voice.say(N_("if missed, priced by {item}"), item=body["item"]), voice.columns))
    lines += [
        entry(f"{indent}{_label(name, body, voice)}{'：' if voice.lang == 'zh' else ':'}", _value(body[name], voice),
              indent=8, columns=voice.columns)
        for name in FIELDS
        if name in body and name not in _APART
    ]  # fmt: skip
    if body["type"] == EVIDENCE:
        lines.append(voice.faint(hang(f"{indent}{body['media']} · {body['size']} B · {body['digest']}", voice.columns)))
    return "\n".join(lines)


def _label(name: str, body: Mapping[str, Any], voice: Voice) -> str:
    """What a field is called on the page."""
    if voice.lang != "zh":
        return name.replace("_", " ")
    return STEP_LABELS.get(name, FIELDS[name].label) if body["type"] in (*STEPS, EVIDENCE) else FIELDS[name].label


def _value(value: Any, voice: Voice) -> str:  # noqa: ANN401 - whatever a fact holds
    if isinstance(value, bool):
        return voice.say(N_("yes") if value else N_("no"))
    return voice.list(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _limit(limit: str, voice: Voice) -> str:
    """A limit as a Chinese page writes it; in English as it is kept."""
    if voice.lang != "zh":
        return limit
    number, _, unit = limit.partition(" ")
    return f"{number}{_UNITS[unit]}" if unit in _UNITS else limit


def _next(row: CaseRow, voice: Voice) -> str:
    """What can follow, with the command for it."""
    if not row.next:
        return voice.say(N_("Nothing follows.")) if row.state != "void" else ""
    said = voice.say(N_("What can follow: {steps}"), steps=_steps(row.next, voice))
    commands = [f"    gk case step {_state(step, voice)} {row.ref}{_needs(step, voice)}" for step in row.next]
    return "\n".join(hang(line, voice.columns, indent=6) for line in (said, *commands))


def _needs(step: str, voice: Voice) -> str:
    """The options that a step cannot do without, and the limit of an order."""
    names = [name for name in FACT_TYPES[step].required if name != "of"] + (["limit"] if step == ORDERED else [])
    words = [STEP_LABELS.get(name, FIELDS[name].label) if voice.lang == "zh" else name.upper() for name in names]
    return "".join(f" --{name} {word}" for name, word in zip(names, words, strict=True))


def step_page(row: CaseRow, ref: str, position: int | None, voice: Voice) -> str:
    """What became of a step, and what comes next."""
    if position is None:
        lines = [voice.say(N_("{ref} was recorded already, with the same content."), ref=ref)]
    else:
        lines = [voice.say(N_("Recorded {ref} at position {position}."), ref=ref, position=position)]
    lines.append(voice.say(N_("The case {ref} is now: {state}."), ref=row.ref, state=_state(row.state, voice)))
    if row.due is not None:
        lines.append(_due(row, voice))
    elif row.state == ORDERED:
        lines.append(voice.say(N_("No limit was set, so nothing falls due; an order with one is given by --limit.")))
    if row.next:
        lines.append(voice.say(N_("What can follow: {steps}"), steps=_steps(row.next, voice)))
    return "\n".join(hang(line, voice.columns, indent=4) for line in lines)


_RULES: Final = (
    ("four_eyes", N_("Four eyes"), N_("nobody has to")),
    ("contest_window", N_("Contest window"), N_("none: the unit accepts or contests, whenever it does")),
    ("deciders", N_("Deciders"), N_("anybody")),
    ("plan", N_("Plan, after an order"), N_("none is asked for")),
    ("rectification", N_("Rectification, after an order"), N_("as each order says")),
    ("recheck", N_("Re-check, after the report"), N_("no limit")),
)
"""Each rule: its key, its name, and what holds without it."""


def rules_page(found: RulesInForce, voice: Voice) -> str:
    """The office's rules, each with what it says or what holds without it."""
    title = voice.head(voice.say(N_("The office's rules for cases ({scheme}, {year})"), scheme=found.scheme,
                                 year=found.year))  # fmt: skip
    names = [voice.say(name) for _, name, _ in _RULES]
    lines, indent = [hang(title, voice.columns)], max(map(width, names)) + 4
    for (key, _, without), name in zip(_RULES, names, strict=True):
        value = getattr(found.rules, key)
        kept = sorted(map(voice.type, value)) if isinstance(value, frozenset) else value
        said = _limit(kept, voice) if isinstance(kept, str) else _value(kept, voice) if kept else voice.say(without)
        lines.append(entry(f"  {name}", said, indent=indent, columns=voice.columns))
    return "\n".join([*lines, voice.faint(hang(_origin(found, voice), voice.columns))])


def _origin(found: RulesInForce, voice: Voice) -> str:
    if found.position is None:
        return voice.say(N_("None has been adopted: gk case rules --sample gives a file to begin with."))
    said = N_("Adopted {when}, position {position}, digest {digest}.")
    return voice.say(said, when=when(found.recorded_at), position=found.position, digest=(found.digest or "")[:12])


def adopted_line(adopted: RulesAdopted, voice: Voice) -> str:
    """What became of an adoption."""
    said = N_("The rules of this file are already in force.") if adopted.already else N_(
        "The rules are adopted, at position {position}; they hold for steps recorded from now on."
    )  # fmt: skip
    return hang(voice.say(said, position=adopted.position), voice.columns)


_SAMPLE: Final = (
    (N_("The office's rules for its cases. Every key may be left out: then nothing is asked."), ""),
    (N_("Findings that a second person must endorse before the unit is told:"), "four_eyes"),
    (N_("How long a unit may contest after it was told (working days, hours; the day itself does not count):"),
     "contest_window: 5 working days"),
    (N_("Who may decide on what is contested:"), "deciders: [张三, 李四]"),
    (N_("How long a plan may take after an order to put right; with this key a plan must be handed in:"),
     "plan: 3 working days"),
    (N_("By when a fault is put right, where the order does not say it:"), "rectification: 15 working days"),
    (N_("How long looking again may take, after the unit has reported:"), "recheck: 5 working days"),
    (N_("The document it stands in:"), "source: 某办〔2020〕3号"),
)  # fmt: skip


def sample_rules(lang: str) -> str:
    """A file of rules to begin with, every key explained."""
    kinds = ("supervision-card", "criticism")
    eyes = ", ".join(FACT_TYPES[name].label if lang == "zh" else name for name in kinds)
    lines: list[str] = []
    for why, line in _SAMPLE:
        lines.append(f"# {say(why, lang)}")
        if line:
            lines.append(f"four_eyes: [{eyes}]" if line == "four_eyes" else line)
    return "\n".join(lines) + "\n"
