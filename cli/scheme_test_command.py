"""`gk scheme test`: run the scenarios that stand beside a scheme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from cli.asking import Asked, argument, json_option
from cli.columns import hang, printable, table
from cli.speech import Command
from cli.trouble import DONE, REFUSED
from gkevents.words import N_, Message, say

if TYPE_CHECKING:
    from cli.render import Voice
    from gkevents.app.scenarios import Difference, FileRun, Outcome
    from gkevents.scoring.ledger import Entry, Ledger

_ENTRIES_SHOWN: Final = 12


@click.command(
    "test",
    cls=Command,
    help=N_("Run the scenarios beside a scheme: given facts, expected points."),
    more=(
        N_("FILE is a scheme file (its scenarios stand beside it, in NAME.tests.yaml) or a file of scenarios."),
        N_("Nothing is stored. Exit status 1 if any scenario fails, or if there is none."),
    ),
    examples=("gk scheme test my-scheme.yaml", "gk scheme test luancheng-2020 --json"),
)
@argument("names", metavar=N_("FILE|ID…"), nargs=-1, required=True)
@json_option
@click.pass_obj
def test(asked: Asked, /, names: tuple[str, ...], *, as_json: bool) -> int:
    """Run them; 1 where any fails."""
    from gkevents.aggregates.refusals import Refusal
    from gkevents.app.scenarios import FileRun, run_file, scenario_file

    tested: dict[str, FileRun | Message] = {}
    for name in names:
        try:
            tested[name] = run_file(scenario_file(name))
        except Refusal as refusal:
            tested[name] = refusal.message
    passed = all(isinstance(each, FileRun) and each.passed for each in tested.values())
    if as_json:
        asked.answer(_answer(tested, asked.lang))
    else:
        asked.out("\n".join(_page(name, each, asked.voice()) for name, each in tested.items()))
        asked.note(_summary(tested))
    return DONE if passed else REFUSED


def _outcomes(tested: dict[str, FileRun | Message]) -> list[Outcome]:
    return [outcome for each in tested.values() if not isinstance(each, Message) for outcome in each.outcomes]


def _summary(tested: dict[str, FileRun | Message]) -> Message:
    outcomes = _outcomes(tested)
    passed = sum(outcome.passed for outcome in outcomes)
    said = N_("Scenarios passed: {passed}; failed: {failed}; files that could not be run: {files}.")
    files = sum(isinstance(each, Message) or not each.outcomes for each in tested.values())
    return Message(said, {"passed": passed, "failed": len(outcomes) - passed, "files": files})


def _page(name: str, tested: FileRun | Message, voice: Voice) -> str:
    """A file's scenarios, each passed or failed; of a failed one what differs, and the ledger of the unit."""
    if isinstance(tested, Message):
        return hang(voice.say(tested), voice.columns)
    if tested.faults:
        from cli.render_scheme import faults_page

        return faults_page(str(tested.file), tested.faults, voice)
    if tested.refusal is not None:
        return hang(f"{tested.file}: {voice.say(tested.refusal)}", voice.columns)
    lines = [voice.head(f"{name} ({tested.scheme})")]
    for outcome in tested.outcomes:
        lines.append(_verdict(outcome, voice))
        lines += [_difference(each, voice) for each in outcome.differences]
        for unit, entries in outcome.ledgers.items():
            lines.append(_ledger(unit, entries, voice))
    return "\n".join(lines)


def _verdict(outcome: Outcome, voice: Voice) -> str:
    name = printable(outcome.scenario.name)
    if outcome.passed:
        verdict = voice.say(N_("passed"))
        return hang(f"  {verdict}  {name}", voice.columns, indent=4)
    verdict = voice.alarm(voice.say(N_("FAILED")))
    said = voice.say(N_("line {line}"), line=outcome.scenario.line)
    return hang(f"  {verdict}  {name} ({said})", voice.columns, indent=4)


def _difference(difference: Difference, voice: Voice) -> str:
    said = voice.say(
        N_("{unit} {key}: expected {expected}, got {got}"),
        unit=difference.of,
        key=difference.key,
        expected=difference.expected,
        got=difference.got,
    )
    return hang(f"      {printable(said)}", voice.columns, indent=8)


def _ledger(unit: str, ledger: Ledger, voice: Voice) -> str:
    """The entries of a unit that moved something; of many, the first dozen."""
    from cli.render import points, when

    moved = [entry for entry in ledger.entries if entry.applied]
    head = voice.say(N_("The ledger of {unit}: it starts at {start}."), unit=unit, start=points(ledger.start))
    rows = [_cells(entry, voice) for entry in moved[:_ENTRIES_SHOWN]]
    titles = [N_("Day"), N_("Fact"), N_("Item"), N_("Applied"), N_("Total after")]
    lines = [head]
    if rows:
        shown = [[when(entry.effective_on), *row] for entry, row in zip(moved, rows, strict=False)]
        lines += table([voice.say(title) for title in titles], shown, right=(3, 4), columns=voice.columns).split("\n")
    left = len(moved) - len(rows)
    if left:
        lines.append(voice.say(N_("… and {count} more; --json names them all."), count=left))
    return "\n".join(f"      {voice.faint(line)}" for line in lines)


def _cells(entry: Entry, voice: Voice) -> list[str]:
    from cli.render import points

    fact = entry.ref if entry.ref is not None else voice.type(entry.type)
    return [fact, entry.item or "–", points(entry.applied, signed=True), points(entry.total_after)]


def _answer(tested: dict[str, FileRun | Message], lang: str) -> dict[str, Any]:
    outcomes = _outcomes(tested)
    passed = sum(outcome.passed for outcome in outcomes)
    files = [_file(name, each, lang) for name, each in tested.items()]
    return {"files": files, "passed": passed, "failed": len(outcomes) - passed}


def _file(name: str, tested: FileRun | Message, lang: str) -> dict[str, Any]:
    if isinstance(tested, Message):
        return {"file": name, "scheme": None, "message": say(tested, lang), "faults": [], "scenarios": []}
    faults = [{"line": each.line, "column": each.column, "message": say(each.message, lang)} for each in tested.faults]
    return {
        "file": name,
        "scheme": tested.scheme,
        "message": say(tested.refusal, lang) if tested.refusal is not None else None,
        "faults": faults,
        "scenarios": [_scenario(outcome, lang) for outcome in tested.outcomes],
    }


def _scenario(outcome: Outcome, lang: str) -> dict[str, Any]:
    from gkevents.reports.answers import points

    return {
        "name": outcome.scenario.name,
        "line": outcome.scenario.line,
        "passed": outcome.passed,
        "differences": [
            {
                "of": each.of,
                "key": each.key,
                "expected": _said(each.expected, lang),
                "got": _said(each.got, lang),
                "line": each.line,
            }
            for each in outcome.differences
        ],
        "ledgers": {
            unit: {"start": points(ledger.start), "entries": _entries(ledger.entries, lang)}
            for unit, ledger in outcome.ledgers.items()
        },
    }


def _said(shown: str | Message, lang: str) -> str:
    return say(shown, lang) if isinstance(shown, Message) else shown


def _entries(entries: Sequence[Entry], lang: str) -> list[dict[str, Any]]:
    from gkevents.reports.answers import points

    return [
        {
            "ref": entry.ref,
            "type": entry.type,
            "effective_on": entry.effective_on.isoformat() if entry.effective_on is not None else None,
            "item": entry.item,
            "applied": points(entry.applied),
            "total_after": points(entry.total_after),
            "why": say(entry.why, lang),
        }
        for entry in entries
    ]
