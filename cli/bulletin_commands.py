"""`gk bulletin`: what the office publishes of a quarter or a year, issued once, and derived again at any time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.asking import FILE, Asked, Day, Handler, argument, chosen, json_option, option, scheme_option, year_option
from cli.columns import hang, printable
from cli.speech import Group
from gkevents.words import N_, message, say

if TYPE_CHECKING:
    from gkevents.app.bulletins import Asking, Issued, IssuedNow, Made

_KINDS: Final = ("json", "html", "pdf", "docx", "xlsx")
_OUT: Final = click.Path(file_okay=False, path_type=Path)
_format = option(
    "--format",
    "kinds",
    type=click.Choice(_KINDS),
    multiple=True,
    metavar=N_("FORMAT"),
    help=N_("Only this format (json, html, pdf, docx, xlsx); may be repeated."),
)


@click.group(
    cls=Group,
    help=N_("Bulletins of a quarter or a year: drafted, issued once, exported, proved, compared."),
    more=(
        N_("An issued bulletin never changes. What becomes known later stands in the next one, as a correction."),
        N_("Its text comes from a template that an office can change: gk bulletin template > our.yaml"),
    ),
    examples=(
        "gk bulletin draft --quarter 3",
        N_("gk bulletin issue --quarter 3 --number NUMBER --out FOLDER"),
        "gk bulletin verify",
        N_("gk bulletin diff EARLIER LATER UNIT"),
    ),
)
def bulletin() -> None:
    """Lead to the commands below."""


def _about(command: Handler) -> Handler:
    """The options that say which bulletin is meant, and what stands on it."""
    adders: Sequence[Callable[[Handler], Handler]] = (
        scheme_option,
        year_option,
        option(
            "--quarter",
            type=click.Choice(("1", "2", "3", "4")),
            metavar="1-4",
            help=N_("The quarter; else the whole year."),
        ),
        option("--since", type=Day(), metavar=N_("DAY"), help=N_("Its first day, where it is not about a quarter.")),
        option("--as-of", type=Day(), metavar=N_("DAY"), help=N_("Its last day, where that is not the quarter's.")),
        option(
            "--number", metavar=N_("DOCUMENT-NUMBER"), help=N_("The document number, such as 石栾政公开办〔2020〕5号.")
        ),
        option("--to", "addressees", metavar=N_("UNITS"), help=N_("Whom it is addressed to.")),
        option("--issuer", metavar=N_("OFFICE"), help=N_("The office that issues it.")),
        option("--on", "issued_on", type=Day(), metavar=N_("DAY"), help=N_("The day it is dated; else today.")),
        option("--rectify-by", type=Day(), metavar=N_("DAY"), help=N_("By when what it finds is to be put right.")),
        option(
            "--exclude",
            multiple=True,
            metavar=N_("UNIT=REASON"),
            help=N_("Leave a unit out of the ranking, and say why."),
        ),
        option("--template", type=FILE, metavar=N_("FILE"), help=N_("The office's template; else the standard one.")),
    )
    for add in reversed(adders):
        command = add(command)
    return command


def _asking(asked: Asked, given: dict[str, Any]) -> Asking:
    """What is asked for, with the template read. Raises the refusal that says what cannot be."""
    from gkevents.aggregates.bulletin import Excluded, Options, period_of
    from gkevents.app.bulletins import Asking, template_of

    scheme, year = chosen(asked, asked.gk(), scheme=given["scheme"], year=given["year"])
    excluded = []
    for said in given["exclude"]:
        unit, equals, reason = said.partition("=")
        if not equals:
            raise click.UsageError(say(message(N_("--exclude takes UNIT=REASON, not {said}"), said=said), asked.lang))
        excluded.append(Excluded(unit.strip(), reason.strip()))
    names = ("number", "addressees", "issuer", "issued_on", "rectify_by")
    options = Options(**{name: given[name] for name in names}, excluded=tuple(excluded))
    quarter = int(given["quarter"]) if given["quarter"] else None
    period = period_of(year, quarter=quarter, since=given["since"], as_of=given["as_of"])
    template = template_of(Path(given["template"])) if given["template"] else None
    return Asking(scheme, year, period, options, template)


@bulletin.command(
    "draft",
    help=N_("Show a bulletin as it would be issued now; nothing is stored."),
    more=(N_("With --out its files are written too; each page says that it is a draft."),),
    examples=("gk bulletin draft --quarter 3", N_("gk bulletin draft --quarter 3 --out FOLDER --format docx")),
)
@_about
@option("--out", type=_OUT, metavar=N_("FOLDER"), help=N_("Write its files into this folder."))
@_format
@json_option
@click.pass_obj
def draft(asked: Asked, /, *, out: Path | None, kinds: tuple[str, ...], as_json: bool, **given: Any) -> None:  # noqa: ANN401
    """Show it."""
    gk = asked.gk()
    made = gk.draft_bulletin(_asking(asked, given))
    written = _write(made, out, kinds or _KINDS) if out is not None else []
    simulated = gk.report().simulated
    if as_json:
        files = {"files": [str(file) for file in written]} if out is not None else {}
        answer = {"id": made.terms.id, "digest": made.digest, "draft": True, **files, "content": made.content}
        asked.answer(answer, simulated=simulated)
        return
    from cli.render_bulletin import document_page

    voice = asked.voice(simulated=simulated)
    asked.out(document_page(made.content["document"], made.digest, voice))
    _say_written(asked, written)


@bulletin.command(
    "issue",
    help=N_("Issue a bulletin: freeze what it says and what it was derived from. Once; then it never changes."),
    more=(
        N_("Refused while a limit that ran out is not scanned, or an event is not applied."),
        N_(
            "To issue the same again answers what was issued. Without a quarter: the year, once its result is approved."
        ),
    ),
    examples=(
        "gk bulletin issue --quarter 3 --json",
        N_("gk bulletin issue --quarter 3 --as-of 2020-10-09 --number NUMBER --out FOLDER"),
    ),
)
@_about
@option("--out", type=_OUT, metavar=N_("FOLDER"), help=N_("Write its files into this folder."))
@json_option
@click.pass_obj
def issue(asked: Asked, /, *, out: Path | None, as_json: bool, **given: Any) -> None:  # noqa: ANN401
    """Issue it."""
    gk = asked.gk()
    asking = _asking(asked, given)
    if out is not None:
        from gkevents.app.files import check_folder

        check_folder(out)
    done = gk.issue_bulletin(asking)
    written = _write_issued(asked, done, out) if out is not None else []
    simulated = gk.report().simulated
    one = done.issued
    if as_json:
        files = {"files": [str(file) for file in written]} if out is not None else {}
        asked.answer({**_head(one), "already": not done.fresh, **files}, simulated=simulated)
        return
    voice = asked.voice(simulated=simulated)
    text = N_("{id} is issued, position {position}. Digest of its content: {digest}")
    if not done.fresh:
        text = N_("{id} was issued before, position {position}. Digest of its content: {digest}")
    asked.out(hang(voice.say(text, id=one.form.id, position=one.position, digest=one.form.digest), voice.columns))
    _say_written(asked, written)
    if out is None:
        asked.note(message(N_("Write its files: gk bulletin export {id} --out FOLDER"), id=one.form.id))


@bulletin.command(
    "list", help=N_("List the issued bulletins."), examples=("gk bulletin list", "gk bulletin list --year 2020 --json")
)
@scheme_option
@year_option
@json_option
@click.pass_obj
def list_(asked: Asked, /, *, scheme: str | None, year: int | None, as_json: bool) -> None:
    """List them."""
    gk = asked.gk()
    found = gk.bulletins(scheme=scheme, year=year)
    simulated = gk.report().simulated
    if as_json:
        asked.answer({"bulletins": [_head(one) for one in found]}, simulated=simulated)
        return
    from cli.render_bulletin import list_page

    asked.out(list_page(found, asked.voice(simulated=simulated)))


@bulletin.command(
    "show",
    help=N_("Show an issued bulletin as text, as it was issued."),
    examples=("gk bulletin show luancheng-2020-2020-Q3", "gk bulletin show luancheng-2020-2020-Q3 --json"),
)
@argument("name", metavar=N_("ID"))
@json_option
@click.pass_obj
def show(asked: Asked, /, name: str, *, as_json: bool) -> None:
    """Show it."""
    gk = asked.gk()
    one, simulated = gk.bulletin(name), gk.report().simulated
    if as_json:
        terms = {key: value for key, value in one.form.terms().items() if key != "template"}
        asked.answer({**_head(one), "terms": terms, "content": one.content}, simulated=simulated)
        return
    from cli.render_bulletin import document_page

    asked.out(document_page(one.content["document"], one.form.digest, asked.voice(simulated=simulated)))


@bulletin.command(
    "export",
    help=N_("Write the files of an issued bulletin, one for each format; the same bytes every time."),
    more=(N_("The digest printed on the paper is the SHA-256 of the JSON file: sha256sum ID.json tells it."),),
    examples=(
        N_("gk bulletin export luancheng-2020-2020-Q3 --out FOLDER"),
        N_("gk bulletin export luancheng-2020-2020-Q3 --out FOLDER --format docx --format pdf"),
    ),
)
@argument("name", metavar=N_("ID"))
@option("--out", type=_OUT, metavar=N_("FOLDER"), required=True, help=N_("The folder; it is made where there is none."))
@_format
@json_option
@click.pass_obj
def export(asked: Asked, /, name: str, *, out: Path, kinds: tuple[str, ...], as_json: bool) -> None:
    """Write them."""
    gk = asked.gk()
    one, simulated = gk.bulletin(name), gk.report().simulated
    written = _write(one, out, kinds or _KINDS)
    if as_json:
        asked.answer({**_head(one), "files": [str(file) for file in written]}, simulated=simulated)
        return
    asked.voice(simulated=simulated)
    _say_written(asked, written)


@bulletin.command(
    "verify",
    help=N_("Derive issued bulletins again from the log, make their files again, and name every difference."),
    more=(N_("All of them and the year's results, where none is named. Exit status 3 where one differs."),),
    examples=("gk bulletin verify", "gk bulletin verify luancheng-2020-2020-Q3 --json"),
)
@argument("names", metavar="[ID]…", nargs=-1)
@json_option
@click.pass_obj
def verify(asked: Asked, /, names: tuple[str, ...], *, as_json: bool) -> int:
    """Derive them; 3 where one differs."""
    gk = asked.gk()
    found = gk.prove_bulletins(names)
    found += gk.prove_results() if not names else []
    simulated = gk.report().simulated
    if as_json:
        rows = [
            {"id": one.id, "digest": one.digest, "faults": [say(fault, asked.lang) for fault in one.faults]}
            for one in found
        ]
        asked.answer({"bulletins": rows}, simulated=simulated)
    else:
        from cli.render_bulletin import proofs_page

        asked.out(proofs_page(found, asked.voice(simulated=simulated)))
    return 3 if any(one.faults for one in found) else 0


@bulletin.command(
    "diff",
    help=N_("Say why units moved from one bulletin to the next, or one of them: every step, adding up exactly."),
    more=(N_("Between any two days and moments: gk compare"),),
    examples=(N_("gk bulletin diff EARLIER LATER"), N_("gk bulletin diff EARLIER LATER UNIT")),
)
@argument("earlier", metavar=N_("EARLIER"))
@argument("later", metavar=N_("LATER"))
@argument("unit", metavar=N_("[UNIT]"), required=False)
@json_option
@click.pass_obj
def diff(asked: Asked, /, earlier: str, later: str, unit: str | None, *, as_json: bool) -> None:
    """Say it."""
    from cli.compare_command import tell_comparison

    found = asked.gk().compare_bulletins(earlier, later, [unit] if unit is not None else None)
    tell_comparison(asked, found, unit, as_json=as_json, labels=(earlier, later))


@bulletin.command(
    "template",
    help=N_("Print the standard template, to be changed by an office: sentences, order, page furniture."),
    examples=(N_("gk bulletin template > our.yaml"), "gk bulletin draft --quarter 3 --template our.yaml"),
)
@json_option
@click.pass_obj
def template(asked: Asked, /, *, as_json: bool) -> None:
    """Print it."""
    from gkevents.reports.bulletin.template import standard_text

    if as_json:
        asked.answer({"template": standard_text()})
        return
    asked.out(standard_text())


def _head(one: Issued) -> dict[str, Any]:
    """What every answer about an issued bulletin begins with."""
    form = one.form
    return {
        "id": form.id,
        "digest": form.digest,
        "position": one.position,
        "recorded_at": one.recorded_at.replace(".000000", ""),
        "scheme": form.scheme,
        "year": form.year,
        "period": form.period.plain(),
        "as_of": form.as_of,
        "known_at": form.known_at,
        "issued_on": form.issued_on,
        "number": form.options.number,
    }


def _write(one: Issued | Made, out: Path, kinds: Sequence[str], made: dict[str, bytes] | None = None) -> list[Path]:
    """Write the files of a bulletin, those made already as they are. Raises FolderUnusable."""
    from gkevents import paper
    from gkevents.app.bulletins import name_of
    from gkevents.app.files import write_all

    held = made or {}
    data = {f"{name_of(one)}.{kind}": held.get(kind) or paper.render(kind, one.content) for kind in kinds}
    return write_all(out, data)


def _write_issued(asked: Asked, done: IssuedNow, out: Path) -> list[Path]:
    """Write the files of what has been issued; where that can't be done any more, say that the issuing was."""
    from cli.trouble import AnswerLost
    from gkevents.app.files import FolderUnusable

    try:
        return _write(done.issued, out, _KINDS, done.files)
    except FolderUnusable as error:
        asked.note(
            message(
                N_("{id} is issued all the same. Write its files: gk bulletin export {id} --out FOLDER"),
                id=done.issued.form.id,
            )
        )
        raise AnswerLost(say(error.message, asked.lang)) from error


def _say_written(asked: Asked, written: Sequence[Path]) -> None:
    for file in written:
        asked.note(message(N_("Written: {file}"), file=printable(str(file))))
