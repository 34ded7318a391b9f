"""`gk evidence`: the files that show a fact or a step."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.asking import Asked, Day, argument, json_option, option, scheme_option, year_option
from cli.columns import entry, hang, printable, table
from cli.speech import Group
from cli.trouble import DONE, STORE
from gkevents.words import N_, Message, message, say

if TYPE_CHECKING:
    from cli.render import Voice
    from gkevents.app.evidence import Added, Attached, Checked, Unsound

_FILE: Final = click.Path(path_type=Path)
_MB: Final = 1_000_000
_MB_MOST: Final = 900
"""A size is kept in at most nine digits."""

evidence_option = option(
    "--evidence",
    "place",
    envvar="GK_EVIDENCE",
    show_envvar=True,
    metavar=N_("FOLDER|URL"),
    help=N_("Where the files of evidence are kept; else the folder beside a store in a file (FILE.evidence)."),
)


@click.group(
    cls=Group,
    help=N_("Evidence: attach files to facts, list them, get them back, see that they are whole."),
    examples=(
        "gk evidence add 督办单.pdf --of DBK-0012",
        "gk evidence list DBK-0012",
        "gk evidence get DBK-0012-e1 -o 督办单.pdf",
    ),
)
def evidence() -> None:
    """Lead to the commands below."""


@evidence.command(
    "add",
    help=N_("Attach files to a fact or a step: each is kept once, and recorded with its SHA-256."),
    more=(
        N_("Kept are pdf, ofd, docx, xlsx, doc, wps, xls, et, png, jpg, gif, tif, mp4, txt, csv, as their bytes say."),
        N_("All files are attached or none. To repeat it records nothing twice, and puts back a file that is missing."),
        N_("What was attached by mistake is taken back like any fact, by a retraction of its number."),
    ),
    examples=(
        "gk evidence add 督办单.pdf 截图.png --of DBK-0012",
        "gk evidence add scan0001.pdf --of DBK-0012 --name 整改报告.pdf --on 2020-09-20 --by 张三",
    ),
)
@argument("files", metavar=N_("FILE…"), nargs=-1, required=True, type=_FILE)
@option("--of", required=True, metavar=N_("REF"), help=N_("The number of the fact or step that they show."))
@option("--on", type=Day(), metavar=N_("DAY"), help=N_("The day they were handed in; else today."))
@option("--by", metavar=N_("NAME"), help=N_("Who handed them in."))
@option(
    "--name", metavar=N_("NAME"), help=N_("The name of the file, where it shall not be its own; for one file only.")
)
@option("--note", metavar=N_("TEXT"), help=N_("Anything else."))
@option(
    "--size-max",
    type=click.IntRange(1, _MB_MOST),
    default=50,
    show_default=True,
    metavar="MB",
    help=N_("How large each may be, in MB."),
)
@evidence_option
@json_option
@click.pass_obj
def add(  # noqa: PLR0913 - what a person may say of a file
    asked: Asked,
    /,
    files: tuple[Path, ...],
    *,
    of: str,
    on: dt.date | None,
    by: str | None,
    name: str | None,
    note: str | None,
    size_max: int,
    place: str | None,
    as_json: bool,
) -> None:
    """Attach them."""
    if name is not None and len(files) > 1:
        raise click.UsageError(say(N_("--name goes with one file; add the others by themselves"), asked.lang))
    gk = asked.gk()
    added = gk.evidence(place).add(files, of=of, on=on, by=by, name=name, note=note, size_max=size_max * _MB)
    simulated = gk.report().simulated
    if as_json:
        recorded = [_added(each) | {"position": each.position} for each in added if each.position is not None]
        already = [_added(each) for each in added if each.position is None]
        asked.answer({"recorded": recorded, "already_recorded": already}, simulated=simulated)
        return
    voice = asked.voice(simulated=simulated)
    asked.out("\n".join(hang(line, voice.columns) for each in added for line in _added_lines(each, voice)))


def _added(each: Added) -> dict[str, Any]:
    return {"ref": each.ref, "of": each.of, "digest": each.digest, "name": each.name, "media": each.media,
            "size": each.size, "aside": each.aside}  # fmt: skip


def _added_lines(each: Added, voice: Voice) -> list[str]:
    new = N_("{name} is attached to {of} under the number {ref} (position {position}); its SHA-256 is {digest}.")
    there = N_("{name} was attached to {of} already, under the number {ref}; nothing was recorded again.")
    lines = [voice.say(there if each.position is None else new, **each._asdict())]
    if each.aside is not None:
        aside = N_(
            "The file kept under this digest had been changed; it lies at {aside} now, the right one in its place."
        )
        lines.append(voice.say(aside, aside=each.aside))
    return lines


@evidence.command(
    "list",
    help=N_("List the files that were attached, oldest first: all of them, or those of one fact, unit or year."),
    examples=("gk evidence list DBK-0012", "gk evidence list --scheme luancheng-2020 --year 2020 --unit 栾城镇 --json"),
)
@argument("ref", metavar=N_("[REF]"), required=False)
@scheme_option
@year_option
@option("--unit", metavar=N_("UNIT"), help=N_("Only those of this unit."))
@json_option
@click.pass_obj
def list_(
    asked: Asked, /, ref: str | None, *, scheme: str | None, year: int | None, unit: str | None, as_json: bool
) -> None:
    """List them."""
    gk = asked.gk()
    found = gk.evidence().listed(ref, scheme=scheme, year=year, unit=unit)
    simulated = gk.report().simulated
    if as_json:
        asked.answer({"evidence": [_attached(each) for each in found]}, simulated=simulated)
        return
    asked.out(_listed_page(found, asked.voice(simulated=simulated)))


def _attached(each: Attached) -> dict[str, Any]:
    body = each.body
    day = body.get("effective_on", body.get("effective_at"))
    return {"ref": each.ref, "of": each.of, "scheme": each.scheme, "year": each.year, "unit": each.unit, "on": day,
            "recorded_at": each.recorded_at, "position": each.position, "digest": each.digest, "name": each.name,
            "media": body["media"], "size": body["size"], "by": body.get("by"), "note": body.get("note"),
            "taken_back": each.taken_back}  # fmt: skip


def _listed_page(found: list[Attached], voice: Voice) -> str:
    if not found:
        return voice.say(N_("No evidence is recorded here."))
    head = [N_("Number"), N_("Of"), N_("Unit"), N_("Day"), N_("File"), N_("KB"), N_("By"), N_("SHA-256")]
    cells = [
        [each.ref, each.of, each.unit, str(said["on"])[:10], each.name, str(-(-said["size"] // 1000)), said["by"] or "",
         each.digest[:12]]
        for each, said in ((each, _attached(each)) for each in found)
    ]  # fmt: skip
    drawn = table([voice.say(title) for title in head], cells, right=(5,), columns=voice.columns, cut=(4, 2))
    back = [each for each in found if each.taken_back is not None]
    said = N_("{ref} no longer counts: taken back by {by}.")
    return "\n".join([drawn, *(voice.say(said, ref=printable(each.ref), by=each.taken_back) for each in back)])


@evidence.command(
    "get",
    help=N_("Write out a file, by its number, its digest, or the number of its fact where that has only one."),
    more=(
        N_("Its digest is worked out while it is read; it has its name only when it is the file that was attached."),
    ),
    examples=("gk evidence get DBK-0012-e1", "gk evidence get DBK-0012 -o 督办单.pdf"),
)
@argument("what", metavar=N_("DIGEST|REF"))
@option(
    "-o",
    "--output",
    type=_FILE,
    metavar=N_("FILE"),
    help=N_("The file to write; else one of the name it was attached under, in this folder."),
)
@option("--force", is_flag=True, help=N_("Replace the file where it is there already."))
@evidence_option
@json_option
@click.pass_obj
def get(asked: Asked, /, what: str, *, output: Path | None, force: bool, place: str | None, as_json: bool) -> None:
    """Write it out."""
    gk = asked.gk()
    got = gk.evidence(place).get(what, output, force=force)
    simulated = gk.report().simulated
    if as_json:
        asked.answer({"file": str(got.file), "digest": got.digest, "size": got.size}, simulated=simulated)
        return
    voice = asked.voice(simulated=simulated)
    said = N_("{file} is written, {size} bytes, as it was attached; its SHA-256 is {digest}.")
    asked.out(hang(voice.say(said, file=printable(str(got.file)), size=got.size, digest=got.digest), voice.columns))


@evidence.command(
    "verify",
    help=N_("Read every file and say which are missing or changed, and what lies there that nothing names."),
    more=(N_("Exit status 3 where a file is missing or changed. A file that nothing names does no harm."),),
    examples=("gk evidence verify", "gk evidence verify --evidence ../evidence --json"),
)
@evidence_option
@json_option
@click.pass_obj
def verify(asked: Asked, /, *, place: str | None, as_json: bool) -> int:
    """Read them; 3 where one is missing or changed."""
    gk = asked.gk()
    found = gk.evidence(place).check()
    simulated = gk.report().simulated
    if as_json:
        states = {"missing": [], "changed": [], "unreadable": []}  # type: dict[str, list[dict[str, Any]]]
        for unsound in found.unsound:
            states[unsound.state.state].append(_unsound(unsound))
        answer = {
            "place": found.place,
            "files": found.files,
            **states,
            "orphans": found.orphans,
            "others": found.others,
        }
        asked.answer(answer, simulated=simulated)
    else:
        asked.out(_checked_page(found, asked.voice(simulated=simulated)))
    return STORE if found.unsound else DONE


def _unsound(unsound: Unsound) -> dict[str, Any]:
    refs = [{"ref": each.ref, "of": each.of, "position": each.position} for each in unsound.of]
    return {"digest": unsound.of[0].digest, "name": unsound.of[0].name, "evidence": refs}


_STATES: Final = {
    "missing": N_("missing: {name}, evidence {refs}, SHA-256 {digest}"),
    "changed": N_("changed: {name}, evidence {refs}, SHA-256 {digest}"),
    "unreadable": N_("cannot be read ({detail}): {name}, evidence {refs}, SHA-256 {digest}"),
}
_SHOWN: Final = 20


def _checked_page(found: Checked, voice: Voice) -> str:
    lines: list[str] = []
    if found.unsound:
        said = message(N_("{files} files read in {place}; {count} are not as they were attached:"), files=found.files,
                       place=found.place, count=len(found.unsound))  # fmt: skip
        lines.append(voice.alarm(voice.say(said)))
        lines += [
            entry("  ·", voice.say(_unsound_said(each, voice)), indent=4, columns=voice.columns)
            for each in found.unsound
        ]
        lines.append(voice.say(N_("Put them back from a copy of the folder, or add the same files again.")))
    else:
        said = message(
            N_("{files} files read in {place}: each is as it was attached."), files=found.files, place=found.place
        )
        lines.append(voice.say(said))
    lines += _left_lines(
        found.orphans,
        N_("{count} files that no evidence names (an add that was broken off leaves one, and so does one under way):"),
        voice,
    )
    lines += _left_lines(
        found.others,
        N_(
            "{count} other files, which gk does not need (left by an add that was broken off, or put aside as changed):"
        ),
        voice,
    )
    return "\n".join(hang(line, voice.columns) if not line.startswith(" ") else line for line in lines)


def _unsound_said(unsound: Unsound, voice: Voice) -> Message:
    refs = voice.list([each.ref for each in unsound.of])
    first, state = unsound.of[0], unsound.state
    return message(
        _STATES[state.state], name=printable(first.name), refs=refs, digest=first.digest, detail=state.detail
    )


def _left_lines(names: list[str], template: str, voice: Voice) -> list[str]:
    if not names:
        return []
    more = ["    …"] if len(names) > _SHOWN else []
    return [voice.say(template, count=len(names)), *(f"    {printable(name)}" for name in names[:_SHOWN]), *more]
