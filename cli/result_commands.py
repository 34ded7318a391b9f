"""`gk result`: the year's result, from what is still missing to what came after it was approved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.asking import FILE, Asked, Day, argument, chosen, json_option, option, scheme_option, year_option
from cli.result_answers import lacking_answer, shown_answer, standing_answer, text
from cli.speech import Group
from gkevents.words import N_, say

if TYPE_CHECKING:
    from gkevents.aggregates.result import Result
    from gkevents.app import Gk
    from gkevents.reports.document import Content

_KINDS: Final = ("json", "html", "pdf", "docx", "xlsx")
_OUT: Final = click.Path(file_okay=False, path_type=Path)
_OFFICIAL: Final = {
    "by": option("--by", metavar=N_("NAME"), required=True, help=N_("Who decides it.")),
    "on": option("--on", type=Day(), metavar=N_("DAY"), help=N_("The day it happened; else today.")),
    "document": option("--document", metavar=N_("DOCUMENT"), help=N_("The document's number.")),
    "needed": option("--document", metavar=N_("DOCUMENT"), required=True, help=N_("The document's number.")),
}


@click.group(
    cls=Group,
    help=N_("The year's result: ready or not, proposed, approved, published, fed back to the units."),
    more=(
        N_("A proposal is frozen with the log's position. Somebody else approves exactly it; then the year is closed."),
        N_("What is logged after that is kept and shown beside the result; it changes nothing in it."),
        N_("To decide anew, the year is opened again: that is recorded too, and the first result stays to be seen."),
    ),
    examples=(
        "gk result readiness",
        N_("gk result propose --by NAME --document DOCUMENT"),
        N_("gk result approve --digest DIGEST --by NAME --document DOCUMENT"),
        "gk result show",
        N_("gk result feedback --all --out FOLDER"),
    ),
)
def result() -> None:
    """Lead to the commands below."""


_Command = Callable[..., Any]


def _year(*adders: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    """The options of every command here, and others before them."""

    def add(command: _Command) -> _Command:
        every: Sequence[Callable[[_Command], _Command]] = (scheme_option, year_option, *adders, json_option)
        for one in reversed(every):
            command = one(command)
        return command

    return add


def _meant(asked: Asked, given: Mapping[str, Any]) -> tuple[Gk, dict[str, Any]]:
    """The store, and the scheme-year that is meant."""
    gk = asked.gk()
    scheme, year = chosen(asked, gk, scheme=given["scheme"], year=given["year"])
    return gk, {"scheme": scheme, "year": year}


@result.command(
    "readiness",
    help=N_("Say what is still missing before the year's result can be proposed, and what to do about each."),
    more=(N_("With UNIT: that unit's items too, what it says of itself beside what it got."),),
    examples=("gk result readiness", "gk result readiness 栾城镇 --json"),
)
@argument("unit", metavar=N_("[UNIT]"), required=False)
@_year()
@click.pass_obj
def readiness(asked: Asked, /, unit: str | None, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - which year
    """Say it."""
    from gkevents.reports.year.marks import marks

    gk, of = _meant(asked, given)
    standing, found = gk.readiness(**of)
    own = marks(standing.scores[_unit(unit, standing.scores, of)]) if unit is not None else None
    simulated = gk.report().simulated
    lacks = [lack for lack in found.lacks if unit is None or lack.unit in (None, unit)]
    if as_json:
        from gkevents.reports.year.feedback import mark_answer

        told = {"marks": [mark_answer(mark) for mark in own]} if own is not None else {}
        answer = {
            **of,
            "ready": found.ready,
            "counts": found.counts(),
            "lacking": lacking_answer(lacks, asked.lang),
            **told,
        }
        asked.answer(answer, simulated=simulated)
        return
    from cli.render_result import marks_page, readiness_page

    voice = asked.voice(simulated=simulated)
    pages = [readiness_page(found, lacks, voice, of=of)]
    asked.out("\n\n".join([*pages, *([marks_page(own, voice)] if own else [])]))


def _unit(unit: str, scores: Mapping[str, Any], of: Mapping[str, Any]) -> str:
    """A unit that is assessed. Raises NoSuchUnit."""
    from gkevents.aggregates.refusals import NoSuchUnit, nearest

    if unit not in scores:
        raise NoSuchUnit(unit=unit, hint=nearest(unit, scores), **of)
    return unit


@result.command(
    "propose",
    help=N_("Put the year's result forward for approval, frozen as the log is now."),
    more=(
        N_(
            "Refused while anything is missing (gk result readiness), unless --despite says why; the paper says it too."
        ),
        N_("The day to publish it by is the scheme's where its paper names one, else that of --publish-by."),
    ),
    examples=(
        N_("gk result propose --by NAME --document DOCUMENT --reason REASON"),
        N_("gk result propose --by NAME --publish-by 04-30 --despite REASON"),
    ),
)
@_year(
    _OFFICIAL["by"],
    _OFFICIAL["on"],
    _OFFICIAL["document"],
    option("--reason", metavar=N_("REASON"), help=N_("Why, or on what ground.")),
    option("--despite", metavar=N_("REASON"), help=N_("Why it is proposed though something is missing.")),
    option("--publish-by", metavar=N_("MM-DD"), help=N_("The last day of the next year to publish it.")),
    option("--number", metavar=N_("DOCUMENT-NUMBER"), help=N_("The document number that the paper is to bear.")),
    option("--issuer", metavar=N_("OFFICE"), help=N_("The office that issues it; else the scheme's.")),
    option("--to", "addressees", metavar=N_("UNITS"), help=N_("Whom it is addressed to.")),
    option("--template", type=FILE, metavar=N_("FILE"), help=N_("The office's template; else the standard one.")),
)
@click.pass_obj
def propose(asked: Asked, /, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - what the options say
    """Propose it."""
    from gkevents.app.bulletins import template_of
    from gkevents.app.results import HEAD, Proposing

    gk, of = _meant(asked, given)
    names = ("by", "on", "document", "reason", "despite", "publish_by")
    template = template_of(Path(given["template"])) if given["template"] else None
    said = Proposing(
        **of,
        **{name: given[name] for name in names},
        head={name: given[name] for name in HEAD},
        template=template,
    )
    done = gk.propose_result(said)
    simulated, proposal = gk.report().simulated, done.proposal
    if as_json:
        told = {
            "id": done.content["id"], "digest": proposal.digest, "known_at": proposal.known_at,
            "position": proposal.position, "already": done.already, "lacking": proposal.lacking,
            "publish_by": text(proposal.publish_by), "replaces": proposal.replaces,
        }  # fmt: skip
        asked.answer({**of, **told}, simulated=simulated)
        return
    from cli.render_result import proposed_page

    asked.out(proposed_page(done, asked.voice(simulated=simulated)))


@result.command(
    "approve",
    help=N_("Approve exactly the proposal of a digest; from then on the year is closed."),
    more=(
        N_("By somebody else than who proposed it. Refused where the log has changed the result since: propose anew."),
    ),
    examples=(N_("gk result approve --digest DIGEST --by NAME --document DOCUMENT --on 2021-04-12"),),
)
@_year(
    option("--digest", metavar=N_("DIGEST"), required=True, help=N_("The digest of the proposal, or how it begins.")),
    _OFFICIAL["by"],
    _OFFICIAL["needed"],
    _OFFICIAL["on"],
)
@click.pass_obj
def approve(asked: Asked, /, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - what the options say
    """Approve it."""
    from gkevents.aggregates.result import ResultApproved
    from gkevents.app.results import prose

    gk, of = _meant(asked, given)
    said = ResultApproved(
        prose("by", given["by"]) or "",
        given["on"] or gk.today(),
        prose("document", given["document"]) or "",
        given["digest"].strip().lower(),
    )
    _done(asked, gk, gk.approve_result(said, **of), as_json=as_json)


@result.command(
    "publish",
    help=N_("Record that the approved result was published, and where."),
    more=(N_("Past the day that the scheme names it is recorded all the same, and said to be late."),),
    examples=("gk result publish --on 2021-04-28 --where 市政府网站",),
)
@_year(
    _OFFICIAL["on"],
    option("--where", metavar=N_("PLACE"), help=N_("Where it was published.")),
    _OFFICIAL["document"],
)
@click.pass_obj
def publish(asked: Asked, /, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - what the options say
    """Record it."""
    from gkevents.aggregates.result import ResultPublished
    from gkevents.app.results import prose

    gk, of = _meant(asked, given)
    where, document = prose("where", given["where"]), prose("document", given["document"])
    said = ResultPublished(given["on"] or gk.today(), where, document)
    _done(asked, gk, gk.publish_result(said, **of), as_json=as_json)


@result.command(
    "reopen",
    help=N_("Open a closed year again: a recorded decision, after which another result may be proposed."),
    examples=(N_("gk result reopen --by NAME --document DOCUMENT --reason REASON"),),
)
@_year(
    _OFFICIAL["by"],
    _OFFICIAL["needed"],
    option("--reason", metavar=N_("REASON"), required=True, help=N_("Why.")),
    _OFFICIAL["on"],
)
@click.pass_obj
def reopen(asked: Asked, /, *, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - what the options say
    """Open it."""
    from gkevents.aggregates.result import ResultReopened
    from gkevents.app.results import prose

    gk, of = _meant(asked, given)
    by, document, reason = (prose(name, given[name]) or "" for name in ("by", "document", "reason"))
    said = ResultReopened(by, given["on"] or gk.today(), document, reason)
    _done(asked, gk, gk.reopen_result(said, **of), as_json=as_json)


def _done(asked: Asked, gk: Gk, found: Result, *, as_json: bool) -> None:
    """Say how the result stands now."""
    simulated = gk.report().simulated
    if as_json:
        asked.answer(standing_answer(found), simulated=simulated)
        return
    from cli.render_result import standing_page

    asked.out(standing_page(found, asked.voice(simulated=simulated)))


@result.command(
    "show",
    help=N_("Show the year's result as it was frozen, how it came about, and what was recorded after it."),
    more=(
        N_("With UNIT: that unit's items as they were then, what it says of itself beside what it got."),
        N_("With --out the paper is written too, in every format."),
    ),
    examples=("gk result show", "gk result show 栾城镇", N_("gk result show --out FOLDER")),
)
@argument("unit", metavar=N_("[UNIT]"), required=False)
@_year(option("--out", type=_OUT, metavar=N_("FOLDER"), help=N_("Write its files into this folder.")))
@click.pass_obj
def show(asked: Asked, /, unit: str | None, *, out: Path | None, as_json: bool, **given: Any) -> None:  # noqa: ANN401
    """Show it."""
    gk, of = _meant(asked, given)
    shown = gk.result(**of)
    marks = gk.marks(unit, known_at=shown.round.proposal.known_at, **of) if unit is not None else None
    written = _written(out, [shown.content]) if out is not None else []
    if as_json:
        from gkevents.reports.year.feedback import mark_answer

        told = {"marks": [mark_answer(mark) for mark in marks]} if marks is not None else {}
        files = {"files": [str(file) for file in written]} if out is not None else {}
        asked.answer({**shown_answer(shown), **told, **files}, simulated=shown.simulated)
        return
    from cli.render_result import result_page, unit_page

    voice = asked.voice(simulated=shown.simulated)
    asked.out(result_page(shown, voice) if marks is None or unit is None else unit_page(shown, unit, marks, voice))
    _note_written(asked, written)


@result.command(
    "feedback",
    help=N_("Write each unit's feedback on the approved result: its ledger, marks, cases, what is to be put right."),
    more=(N_("One file a unit and format in the folder; without --out one unit's feedback is shown."),),
    examples=("gk result feedback 栾城镇", N_("gk result feedback --all --out FOLDER --format docx")),
)
@argument("unit", metavar=N_("[UNIT]"), required=False)
@_year(
    option("--all", "everybody", is_flag=True, help=N_("Every unit's.")),
    option("--out", type=_OUT, metavar=N_("FOLDER"), help=N_("Write its files into this folder.")),
    option(
        "--format",
        "kinds",
        type=click.Choice(_KINDS),
        multiple=True,
        metavar=N_("FORMAT"),
        help=N_("Only this format (json, html, pdf, docx, xlsx); may be repeated."),
    ),
)
@click.pass_obj
def feedback(
    asked: Asked, /, unit: str | None, *, everybody: bool, out: Path | None, kinds: tuple[str, ...], as_json: bool,
    **given: Any,  # noqa: ANN401 - which year
) -> None:  # fmt: skip
    """Write or show it."""
    if everybody is (unit is not None):
        raise click.UsageError(say(N_("Give a UNIT, or --all"), asked.lang))
    if everybody and out is None:
        raise click.UsageError(say(N_("--all wants --out FOLDER"), asked.lang))
    gk, of = _meant(asked, given)
    with gk.feedback(units=None if unit is None else [unit], **of) as found:
        if out is not None:
            written = _written(out, (content for _, content in found), kinds or _KINDS)
            if as_json:
                asked.answer({**of, "files": [str(file) for file in written]}, simulated=gk.report().simulated)
            else:
                asked.out(say(N_("Files written:"), asked.lang) + "".join(f"\n  {file}" for file in written))
            return
        ((_, content),) = found
    if as_json:
        asked.answer(content)
        return
    from cli.render_bulletin import document_page
    from gkevents.reports.document import digest

    asked.out(document_page(content["document"], digest(content), asked.voice(simulated=gk.report().simulated)))


def _written(out: Path, contents: Iterable[Content], kinds: Sequence[str] = _KINDS) -> list[Path]:
    """Write the files of papers into a folder. Raises FolderUnusable, FilesLeft."""
    from gkevents.app.paper_files import write_papers

    return write_papers(out, contents, kinds)


def _note_written(asked: Asked, written: Sequence[Path]) -> None:
    for file in written:
        asked.note(str(file))
