"""`gk backup`, `gk restore`, `gk export-log` and `gk import-log`: keeping what was logged."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from cli.asking import FILE, Asked, argument, json_option, option, source_of
from cli.columns import hang
from cli.speech import Command
from cli.trouble import AnswerLost, drop_output
from gkevents.words import N_, Message, message, say

_TARGET: Final = click.Path(path_type=Path)
_force_option = option("--force", is_flag=True, help=N_("Replace the file where it is there already."))


def _say(asked: Asked, template: str, **values: object) -> None:
    asked.out(hang(say(message(template, **values), asked.lang), asked.columns))


def _mark(asked: Asked, *, simulated: bool) -> None:
    """Every report of a store with a simulated clock says so."""
    asked.voice(simulated=simulated)


@click.command(
    cls=Command,
    help=N_("Copy the whole store into a file, as it is at one moment, while others work with it."),
    more=(
        N_("The copy is checked before it gets its name; it opens as a store, and gk restore puts it back."),
        N_("A store on a PostgreSQL server is kept with pg_dump, or its log alone with gk export-log."),
    ),
    examples=("gk backup 2020-12-31.db", "gk --store sqlite:///2020.db backup 2020-backup.db --force"),
)
@argument("file", metavar=N_("FILE"), type=_TARGET)
@_force_option
@json_option
@click.pass_obj
def backup(asked: Asked, /, file: Path, *, force: bool, as_json: bool) -> None:
    """Copy it."""
    from gkevents.app.keeping import back_up

    gk = asked.gk()
    simulated = gk.report().simulated
    copied = back_up(gk.store, file, force=force)
    if as_json:
        answer = {"file": str(copied.file), "events": copied.events, "digest": copied.digest}
        asked.answer(answer, simulated=simulated)
        return
    _mark(asked, simulated=simulated)
    said = N_("The store is copied to {file}: {events} events, the last digest is {digest}. The copy has been checked.")
    _say(asked, said, file=str(copied.file), events=copied.events, digest=copied.digest)


@click.command(
    cls=Command,
    help=N_("Put a backup back in the store's place."),
    more=(
        N_("Every event of the backup is checked before anything is touched."),
        N_(
            "With --replace, a store that is there is put aside under its own name and the moment; it is never deleted."
        ),
        N_("Nobody may have the store open meanwhile."),
    ),
    examples=("gk restore 2020-12-31.db", "gk --store sqlite:///2020.db restore 2020-backup.db --replace"),
)
@argument("file", metavar=N_("FILE"), type=FILE)
@option("--replace", is_flag=True, help=N_("Put the backup in the place of a store that is there, which is kept."))
@json_option
@click.pass_obj
def restore(asked: Asked, /, file: str, *, replace: bool, as_json: bool) -> None:
    """Put it back."""
    from gkevents.app import keeping

    store = asked.gk().store
    done = keeping.restore(store, Path(file), replace=replace)
    if as_json:
        kept = str(done.before) if done.before is not None else None
        answer = {"events": done.events, "digest": done.digest, "version": done.version, "kept": kept}
        asked.answer(answer, simulated=done.simulated)
        return
    _mark(asked, simulated=done.simulated)
    said = N_("{store} is put back from {file}: {events} events, each as it was written; the last digest is {digest}.")
    _say(asked, said, store=store.name, file=file, events=done.events, digest=done.digest)
    if done.before is not None:
        _say(asked, N_("The store that was there is kept at {file}."), file=str(done.before))
    if done.version < keeping.VERSION:
        _say(asked, N_("The backup is of an older version of gk; bring the store up to date with: gk init"))


@click.command(
    cls=Command,
    help=N_("Write the whole log as JSON Lines, to the byte: for safe keeping, or for another database."),
    more=(
        N_("The file has its name only when it is whole; - writes to standard output. Its last line has the digest."),
        N_("gk import-log takes it into a new store, on SQLite or PostgreSQL alike."),
    ),
    examples=("gk export-log log-2020.jsonl", "gk export-log - | gzip > log-2020.jsonl.gz"),
)
@argument("file", metavar=N_("FILE|-"), type=_TARGET)
@_force_option
@json_option
@click.pass_obj
def export_log(asked: Asked, /, file: Path, *, force: bool, as_json: bool) -> None:
    """Write it."""
    from gkevents.app.keeping import export_log, export_to_file

    gk = asked.gk()
    simulated = gk.report().simulated
    piped = str(file) == "-"
    try:
        written = (
            export_log(gk.store, sys.stdout.buffer.write) if piped else export_to_file(gk.store, file, force=force)
        )
        if piped:
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        drop_output()
        return
    except OSError as error:
        drop_output()
        raise AnswerLost(error.strerror or "") from error
    if as_json and not piped:
        answer = {"file": str(file), "events": written.events, "digest": written.digest}
        asked.answer(answer, simulated=simulated)
    else:
        _mark(asked, simulated=simulated)
    asked.note(_exported(written.events, written.digest))


def _exported(events: int, digest: str) -> Message:
    return message(N_("Exported: {events} events; the last digest is {digest}."), events=events, digest=digest)


@click.command(
    cls=Command,
    help=N_("Take an exported log into a store, each event as it was written."),
    more=(
        N_(
            "The store is made with gk init and holds nothing yet, or the beginning of this very log: it goes on there."
        ),
        N_("A file is read to its end before anything is stored; - reads standard input and stores as it comes."),
        N_("A file that was changed or cut off is refused, with the line."),
    ),
    examples=("gk import-log log-2020.jsonl", "gunzip -c log-2020.jsonl.gz | gk import-log -"),
)
@argument("file", metavar=N_("FILE|-"))
@json_option
@click.pass_obj
def import_log(asked: Asked, /, file: str, *, as_json: bool) -> None:
    """Take it in."""
    from gkevents.app.keeping import import_log

    source = source_of(file)
    if source is None:
        raise click.UsageError(say(message(N_("There is no file {file}"), file=file), asked.lang))
    gk = asked.gk()
    simulated = gk.report().simulated
    if source == "-":
        taken = import_log(gk.store, sys.stdin.buffer, file=say(N_("standard input"), asked.lang))
    else:
        with source.open("rb") as lines:
            taken = import_log(gk.store, lines, file=file)
    if as_json:
        answer = {"stored": taken.stored, "events": taken.events, "digest": taken.digest}
        asked.answer(answer, simulated=simulated)
        return
    _mark(asked, simulated=simulated)
    said = N_("Stored: {stored} events; there are {events} now, and the last digest is {digest}.")
    _say(asked, said, stored=taken.stored, events=taken.events, digest=taken.digest)
