"""The one place where what goes wrong becomes a sentence on stderr and an exit status.

0 done; 1 refused, or the reader of the answer asked us to stop; 2 wrong usage; 3 the store cannot be reached or is
damaged, or the program itself is at fault; 130 interrupted. A traceback is shown only where GK_DEBUG=1 asks for it.
"""

from __future__ import annotations

import errno
import gettext
import io
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from cli import speech
from cli.columns import hang
from gkevents import words
from gkevents.words import N_, Message, message, say

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
STORE: Final = 3
INTERRUPTED: Final = 130

_COLUMNS_LEAST: Final = 40


class AnswerLost(Exception):
    """The work is done and stored, but its answer could not be written out."""

    def __init__(self, reason: str) -> None:
        """Say what the system said."""
        super().__init__(reason)
        said = N_("It is done, but the answer could not be written out: {reason}. Ask again with another output.")
        self.message = message(said, reason=reason)


def run(command: click.Command, arguments: Sequence[str]) -> int:
    """Run a command with its arguments; the exit status. Nothing is raised but SystemExit (shell completion)."""
    lang = words.language(asked_language(arguments))
    speech.speak(lang)
    _set_streams()
    try:
        status = command.main(args=list(arguments), prog_name="gk", standalone_mode=False)
        _flush()
    except click.ClickException as error:
        _show(error, lang)
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        _complain(say(N_("Interrupted; what was not finished has not been stored."), lang))
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - nobody above us could say it better
        return explain(error, lang)
    return status if isinstance(status, int) else DONE


def _show(error: click.ClickException, lang: str) -> None:
    """Say what is wrong with the usage as click does, but in Chinese with Chinese punctuation."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):  # a group alone: its help is the answer
        click.echo(error.format_message(), err=True)
        return
    said = error.format_message()
    if lang == "zh":
        said = re.sub(" ?'([^']*)' ?", "“\\1”", said)
        said = f"{said[:-1]}。" if said.endswith(".") else said
    context = getattr(error, "ctx", None)
    if context is not None:
        hint = gettext.gettext("Try '{command} {option}' for help.").format(
            command=context.command_path, option="--help"
        )
        click.echo(f"{context.get_usage()}\n{hint}\n", err=True)
    tell(gettext.gettext("Error: {message}").format(message=said))


def explain(error: Exception, lang: str) -> int:
    """Say what went wrong, in one sentence; the exit status for it."""
    from gkevents.aggregates.refusals import Refusal

    if os.environ.get("GK_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    if isinstance(error, OSError) and error.errno == errno.EBADF and error.filename is None:
        error = AnswerLost(error.strerror or "")
    said: Any = getattr(error, "message", None)
    if isinstance(said, Message):
        _complain(say(said, lang))
        # Another version's store is neither lost nor damaged: this program only may not touch it as it is.
        other_version = getattr(error, "code", "") in ("too-new", "too-old")
        return REFUSED if isinstance(error, Refusal) or other_version else STORE
    if isinstance(error, OSError) and isinstance(error.filename, str):
        _complain(say(message(N_("{file}: {reason}."), file=error.filename, reason=error.strerror), lang))
        return USAGE
    detail = str(error).splitlines()[0] if str(error) else ""
    template = N_("gk itself is at fault: {kind}: {detail}. GK_DEBUG=1 shows where; please report it.")
    _complain(say(message(template, kind=type(error).__name__, detail=detail[:300]), lang))
    return STORE


def asked_language(arguments: Sequence[str]) -> str | None:
    """The language that --lang asks for, before anything is said; only the options before the command are looked at."""
    words_left = iter(arguments)
    for word in words_left:
        if not word.startswith("-"):
            return None
        name, equals, value = word.partition("=")
        if name == "--lang":
            return value if equals else next(words_left, None)
        if name in ("--store", "--now") and not equals:
            next(words_left, None)
    return None


def _set_streams() -> None:
    """What is piped is UTF-8 everywhere; what cannot be shown is shown as its code, never an error."""
    _hold_closed()
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None and stream.isatty():
            reconfigure(errors="backslashreplace")
        elif reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _hold_closed() -> None:
    """Where a stream was closed before we began, nothing we open may take its number: an answer would go into it."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    if sys.stdout is None:
        sys.stdout = _Closed()
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for as long as we run


class _Closed(io.TextIOBase):
    """An output that was closed: writing an answer fails, as on a full disk."""

    def write(self, _text: str) -> int:
        """Fail."""
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    def fileno(self) -> int:
        """The number that is held for it."""
        return 1


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        drop_output()


def drop_output() -> None:
    """From here on nobody reads our answer (`gk score | head`): say the rest to nobody, without complaint."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def tell(text: str) -> None:
    """Say something on stderr, no wider than the terminal where it is one."""
    if sys.stderr.isatty():
        said = os.environ.get("COLUMNS", "")
        columns = int(said) if said.isdigit() else os.get_terminal_size(sys.stderr.fileno()).columns
        text = "\n".join(hang(line, max(columns, _COLUMNS_LEAST)) for line in text.split("\n"))
    click.echo(text, err=True)


def _complain(sentence: str) -> None:
    try:
        tell(f"gk: {sentence}")
    except OSError:  # nobody listens any more
        return
