"""`gk case`: what becomes of a finding: who was told, who contests it, who decided what, what is put right by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.asking import FILE, Asked, argument, chosen, json_option, option, scheme_option, year_option
from cli.speech import Command, Group, spoken
from gkevents.aggregates.cases import HAPPENINGS
from gkevents.aggregates.vocabulary import FACT_TYPES, FIELDS, STEP_LABELS, TYPE_NAMES
from gkevents.exchange.cells import from_form, plain
from gkevents.scoring.fact import CLOSED, STEPS
from gkevents.words import N_, Term, message, say

if TYPE_CHECKING:
    from gkevents.app.cases import CaseRow, CaseStory, RulesInForce, StepRow

_RECORDED: Final = "recorded"
_VOID: Final = "void"
_BY_WORD: Final = {name.rpartition("-")[2]: name for name in FACT_TYPES if name in STEPS}
"""The steps by their last word: contested, upheld …"""
_STATES: Final = {_RECORDED: _RECORDED, "已登记": _RECORDED, _VOID: _VOID, "作废": _VOID}
"""The states that no step makes."""


@click.group(
    cls=Group,
    help=N_("Cases: what was told, contested, decided and put right, step by step."),
    more=(
        N_("Every fact that costs or brings points opens a case; it goes by the number of that fact."),
        N_("A case goes: recorded, endorsed (where the office wants four eyes), notified, accepted or contested."),
        N_("What is contested is upheld, reduced or overturned; until then its points count and are shown apart."),
        N_("Then, where a fault is to be put right: ordered, planned, reported, verified or returned; at last closed."),
    ),
    examples=(
        "gk case list --open",
        "gk case show DBK-0012",
        N_("gk case step contested DBK-0012 --reason REASON"),
        "gk case rules --sample",
    ),
)
def case() -> None:
    """Lead to the commands below."""


@case.command(
    "list",
    help=N_("List the cases of a year with where each stands, what is due and by when."),
    more=(N_("A state is the last word of a step (contested, 异议), or recorded (已登记), or void (作废)."),),
    examples=("gk case list --open", "gk case list --unit 栾城镇 --state 异议 --json"),
)
@scheme_option
@year_option
@option("--unit", metavar=N_("UNIT"), help=N_("Only those of this unit."))
@option("--state", metavar=N_("STATE"), help=N_("Only those in this state."))
@option("--open", "which", flag_value="open", help=N_("Only those that are neither closed nor void."))
@option("--overdue", "which", flag_value="overdue", help=N_("Only those in which something is overdue."))
@option("--all", "which", flag_value="all", help=N_("Marks and figures on which no step was taken too."))
@json_option
@click.pass_obj
def list_(
    asked: Asked,
    /,
    *,
    scheme: str | None,
    year: int | None,
    unit: str | None,
    state: str | None,
    which: str | None,
    as_json: bool,
) -> None:
    """List them; a page leaves out the marks on which nothing was done: a year has hundreds."""
    wanted = _state(asked, state) if state is not None else None
    gk = asked.gk()
    of, during = chosen(asked, gk, scheme=scheme, year=year, unit=unit)
    rows = [
        row
        for row in gk.cases(scheme=of, year=during, unit=unit)
        if wanted in (None, row.state)
        and not (which == "open" and row.state in (CLOSED, _VOID))
        and not (which == "overdue" and not row.overdue)
    ]
    simulated = gk.report().simulated
    if as_json:
        asked.answer({"scheme": of, "year": during, "cases": [_row(row) for row in rows]}, simulated=simulated)
        return
    from cli.render_cases import cases_page

    told = [row for row in rows if which == "all" or state is not None or not (row.state == _RECORDED and _mark(row))]
    asked.out(cases_page(told, asked.voice(simulated=simulated), left_out=len(rows) - len(told)))


def _mark(row: CaseRow) -> bool:
    return row.type not in HAPPENINGS


@case.command(
    "show",
    help=N_("Show one case whole: the fact, every step, what shows it, what can follow and what is due."),
    more=(N_("REF is the number of the fact, of any of its steps, or of a file that shows it."),),
    examples=("gk case show DBK-0012", "gk case show DBK-0012 --json"),
)
@argument("ref", metavar=N_("REF"))
@json_option
@click.pass_obj
def show(asked: Asked, /, ref: str, *, as_json: bool) -> None:
    """Show it."""
    gk = asked.gk()
    story, simulated = gk.case(ref), gk.report().simulated
    if as_json:
        asked.answer(_story(story), simulated=simulated)
        return
    from cli.render_cases import case_page

    asked.out(case_page(story, asked.voice(simulated=simulated)))


class _Step(Command):
    """The command's help, with the steps and what each needs."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the steps, then the options."""
        lang = spoken()
        with formatter.section(say(N_("Steps, with the fields of each"), lang)):
            formatter.write_dl([_step_line(word, name, lang) for word, name in _BY_WORD.items()])
        super().format_options(ctx, formatter)


def _step_line(word: str, name: str, lang: str) -> tuple[str, str]:
    """A step by both its names, and its fields: those it needs, then those it may have."""
    kind = FACT_TYPES[name]
    needs = _fields([field for field in kind.required if field != "of"], lang)
    may = _fields(kind.optional, lang)
    said = say(message(N_("{needs} (may have {may})"), needs=needs or "–", may=may), lang) if may else needs
    return f"{kind.label} {word}" if lang == "zh" else f"{word} {kind.label}", said


def _fields(names: Sequence[str], lang: str) -> str:
    if lang != "zh":
        return ", ".join(names)
    return "、".join(STEP_LABELS.get(name, FIELDS[name].label) for name in names)


@case.command(
    "step",
    cls=_Step,
    help=N_("Record the next step of a case."),
    more=(
        N_("STEP is its last word, its Chinese name or its whole type: contested, 异议, case-contested."),
        N_("Without --on or --at it is of today. A step recorded by mistake is taken back like any fact."),
    ),
    examples=(
        "gk case step notified DBK-0012 --on 2020-09-14",
        "gk case step 异议 DBK-0012 --by 栾城镇 --reason 栏目当日已更新",
        "gk case step reduced DBK-0012 --amount 0.5 --by 李四 --reason 部分属实",
        'gk case step ordered DBK-0012 --limit "15 working days" --item 4',
    ),
)
@argument("step", metavar=N_("STEP"))
@argument("ref", metavar=N_("REF"))
@option("--on", "effective_on", metavar=N_("DAY"), help=N_("The day it happened; else today."))
@option("--at", "effective_at", metavar=N_("INSTANT"), help=N_("The instant it happened, where the minute matters."))
@option("--by", metavar=N_("NAME"), help=N_("Who took the step."))
@option("--reason", metavar=N_("REASON"), help=N_("Why."))
@option("--amount", metavar=N_("POINTS"), help=N_("What it costs or brings at most from now on (reduced)."))
@option("--limit", metavar=N_("LIMIT"), help=N_('By when to put it right: "15 working days" or a day (ordered).'))
@option(
    "--item", metavar=N_("ITEM"), help=N_("The item that prices it if that is missed (ordered); else nothing does.")
)
@option("--matter", metavar=N_("MATTER"), help=N_("What it is about."))
@option("--source", metavar=N_("DOCUMENT"), help=N_("The document's number, or a link."))
@option("--note", metavar=N_("TEXT"), help=N_("Anything else."))
@option("--recorded-by", metavar=N_("NAME"), help=N_("Who writes it down."))
@option("--ref", "own_ref", metavar=N_("REF"), help=N_("The office's own number for the step; else one is given."))
@json_option
@click.pass_obj
def step(asked: Asked, /, step: str, ref: str, *, own_ref: str | None, as_json: bool, **fields: str | None) -> None:
    """Record it."""
    kind = _step(asked, step)
    given = _given(asked, {**fields, "ref": own_ref})
    gk = asked.gk()
    recorded, position = gk.take_step(ref, kind, given)
    simulated, row = gk.report().simulated, gk.case(recorded).row
    if as_json:
        done = {"ref": recorded, "position": position, "already_recorded": position is None, "type": kind}
        asked.answer({**done, "case": _row(row)}, simulated=simulated)
        return
    from cli.render_cases import step_page

    asked.out(step_page(row, recorded, position, asked.voice(simulated=simulated)))


@case.command(
    "rules",
    help=N_("Adopt the office's own rules for cases from a file, or show those in force."),
    more=(
        N_("They say who must stand for a finding, how long it can be contested, who decides, and the limits after."),
        N_("Without rules nothing of it is asked. A file replaces the one before, for steps recorded from then on."),
    ),
    examples=(
        "gk case rules --sample > rules.yaml",
        "gk case rules rules.yaml --scheme luancheng-2020 --year 2020",
        "gk case rules",
    ),
)
@argument("file", metavar=N_("[FILE]"), required=False, type=FILE)
@scheme_option
@year_option
@option("--sample", is_flag=True, help=N_("Print a file to begin with, every key explained."))
@json_option
@click.pass_obj
def rules(
    asked: Asked, /, file: str | None, *, scheme: str | None, year: int | None, sample: bool, as_json: bool
) -> None:
    """Adopt or show them."""
    from cli.render_cases import adopted_line, rules_page, sample_rules

    if sample:
        text = sample_rules(asked.lang)
        asked.answer({"sample": text}) if as_json else asked.out(text)
        return
    gk = asked.gk()
    of, during = chosen(asked, gk, scheme=scheme, year=year)
    adopted = gk.adopt_case_rules(Path(file), scheme=of, year=during) if file is not None else None
    found, simulated = gk.case_rules(scheme=of, year=during), gk.report().simulated
    if as_json:
        done = {"already_adopted": adopted.already} if adopted is not None else {}
        asked.answer({**_rules(found), **done}, simulated=simulated)
        return
    voice = asked.voice(simulated=simulated)
    lines = [adopted_line(adopted, voice)] if adopted is not None else []
    asked.out("\n\n".join([*lines, rules_page(found, voice)]))


def _step(asked: Asked, written: str) -> str:
    """The type of step that a word means; wrong usage where there is none."""
    word = plain(written)
    kind = _BY_WORD.get(word) or TYPE_NAMES.get(word)
    if kind in STEPS:
        return kind
    steps = [Term(short, FACT_TYPES[name].label) for short, name in _BY_WORD.items()]
    said = message(N_("{word} is no step of a case ({steps})"), word=written, steps=_one_of(asked, steps))
    raise click.UsageError(say(said, asked.lang))


def _state(asked: Asked, written: str) -> str:
    """The state that a word means; wrong usage where there is none."""
    word = plain(written)
    state = _STATES.get(word) or _BY_WORD.get(word) or TYPE_NAMES.get(word)
    if state in STEPS or state in _STATES:
        return state
    states = [Term(_RECORDED, "已登记"), *(Term(short, FACT_TYPES[name].label) for short, name in _BY_WORD.items())]
    words = _one_of(asked, [*states, Term(_VOID, "作废")])
    said = message(N_("{word} is no state of a case ({states})"), word=written, states=words)
    raise click.UsageError(say(said, asked.lang))


def _one_of(asked: Asked, terms: list[Term]) -> str:
    """Words one after the other, in Chinese with the names of each."""
    if asked.lang == "zh":
        return "、".join(f"{term.label} {term}" for term in terms)
    return ", ".join(terms)


def _given(asked: Asked, fields: Mapping[str, str | None]) -> dict[str, Any]:
    """The fields that were given, as their options say them; wrong usage where one is no text."""
    from gkevents.exchange.texts import unsound

    if fields["effective_on"] is not None and fields["effective_at"] is not None:
        raise click.UsageError(say(N_("Give --on or --at, not both"), asked.lang))
    read = {name: from_form(name, text) for name, text in fields.items() if text is not None}
    given = {name: value for name, value in read.items() if value is not None}
    fault = unsound(given)
    if fault is not None:
        raise click.UsageError(say(fault, asked.lang))
    return given


def _row(row: CaseRow) -> dict[str, Any]:
    """A case in JSON."""
    due = None if row.due is None else {"step": row.due.step, "until": _text(row.due.until)}
    return {
        "ref": row.ref, "unit": row.unit, "type": row.type, "item": row.item, "effective_on": _text(row.effective_on),
        "state": row.state, "since": _text(row.since), "next": list(row.next), "due": due, "overdue": row.overdue,
    }  # fmt: skip


def _story(story: CaseStory) -> dict[str, Any]:
    """A case whole in JSON: the facts as they were recorded, each with its position."""
    told = {"scheme": story.row.scheme, "year": story.row.year, **_row(story.row)}
    return {**told, "fact": _told(story.fact), "steps": [_told(each) for each in story.steps]}


def _told(step: StepRow) -> dict[str, Any]:
    return {
        "position": step.position, "recorded_at": step.recorded_at, "taken_back_by": step.taken_back, **step.body,
    }  # fmt: skip


def _rules(found: RulesInForce) -> dict[str, Any]:
    rules = found.rules
    return {
        "scheme": found.scheme, "year": found.year, "digest": found.digest, "position": found.position,
        "recorded_at": found.recorded_at, "four_eyes": sorted(rules.four_eyes),
        "contest_window": rules.contest_window, "deciders": sorted(rules.deciders), "plan": rules.plan,
        "rectification": rules.rectification, "recheck": rules.recheck, "text": found.text,
    }  # fmt: skip


def _text(moment: dt.date | None) -> str | None:
    return moment.isoformat() if moment is not None else None
