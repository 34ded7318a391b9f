"""What commands have in common: the options that they share, and what a command holds while it runs."""

from __future__ import annotations

import datetime as dt
import gc
import os
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeVar

import click

from cli.speech import Argument, Option
from cli.trouble import AnswerLost, drop_output, tell
from gkevents.words import N_, Message, message, say

if TYPE_CHECKING:
    from pathlib import Path

    from cli.render import Voice
    from gkevents.app import Gk

Handler = TypeVar("Handler", bound=Callable[..., Any])
COLUMNS: Final = 100
_COLUMNS_LEAST: Final = 60
_YEARS: Final = (1990, 2200)


class Asked(NamedTuple):
    """What was asked for before the command: the store, the moment (only in a simulated store), the language."""

    store: str
    now: dt.datetime | None
    lang: str

    def gk(self) -> Gk:
        """The use cases, over the store asked for."""
        from gkevents.app import Gk

        gc.freeze()
        gc.enable()
        return Gk(self.store, now=self.now)

    @property
    def colour(self) -> bool:
        """Whether text may be coloured: on a terminal that has not said no."""
        return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"

    @property
    def columns(self) -> int:
        """The columns to set text in: the terminal's, or 100 where there is none."""
        if not sys.stdout.isatty():
            return COLUMNS
        import shutil

        return max(shutil.get_terminal_size().columns, _COLUMNS_LEAST)

    def out(self, text: str) -> None:
        """Say an answer, on stdout."""
        try:
            sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
            sys.stdout.flush()
        except BrokenPipeError:
            drop_output()
        except OSError as error:
            drop_output()
            raise AnswerLost(error.strerror or "") from error

    def note(self, said: Message | str) -> None:
        """Say a word about it, on stderr."""
        tell(say(said, self.lang))

    def answer(self, answer: Mapping[str, Any], *, simulated: bool = False) -> None:
        """Say an answer as JSON; one from a simulated store says so."""
        import json

        if simulated:
            answer = {**answer, "simulated_clock": True}
        self.out(json.dumps(answer, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))

    def voice(self, *, simulated: bool = False) -> Voice:
        """How the answer is to be set as text; one from a simulated store says so first, on stderr."""
        from cli.render import Voice
        from gkevents.terms import BEIJING

        if simulated:
            self.note(N_("This store has a simulated clock: the times of recording in it are told, not measured."))
        today = self.now or (None if simulated else dt.datetime.now(BEIJING))
        return Voice(self.lang, self.columns, self.colour, today.astimezone(BEIJING).date() if today else None)


class Day(click.ParamType[dt.date]):
    """A day, such as 2020-09-14, in any of the ways in which a file may have it."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:  # noqa: ANN401
        """The day; wrong usage where there is no such day."""
        from gkevents.exchange.cells import day

        try:
            return dt.date.fromisoformat(day(str(value)))
        except ValueError:
            return self.fail(self._said(ctx, str(value)), param, ctx)

    def _said(self, ctx: click.Context | None, value: str) -> str:
        return say(message(N_("{value} is not a day such as 2020-09-14"), value=value), _lang(ctx))


class Year(click.ParamType[int]):
    """An assessment year, such as 2020."""

    name = "year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401
        """The year; wrong usage where it is none."""
        text = str(value)
        if text.isascii() and text.isdigit() and _YEARS[0] <= int(text) <= _YEARS[1]:
            return int(text)
        first, last = _YEARS
        said = message(N_("{value} is not a year from {first} to {last}"), value=text, first=first, last=last)
        return self.fail(say(said, _lang(ctx)), param, ctx)


class File(click.Path):
    """A file that is there and can be read; complaints call it a file in the language asked for."""

    def __init__(self) -> None:
        """A path to a file, no folder."""
        super().__init__(exists=True, dir_okay=False, readable=True)

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        """The path."""
        self.name = say(N_("file"), _lang(ctx))
        return super().convert(value, param, ctx)


class Instant(click.ParamType[dt.datetime]):
    """An instant with its offset, such as 2020-09-14T09:30:00+08:00."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:  # noqa: ANN401
        """The instant; wrong usage where it is none or has no offset."""
        from gkevents.terms import instant

        try:
            moment = instant(str(value))
        except (ValueError, OverflowError):
            moment = None
        if moment is not None and _YEARS[0] <= moment.year <= _YEARS[1]:
            return moment
        said = message(N_("{value} is not an instant such as 2020-09-14T09:30:00+08:00"), value=value)
        return self.fail(say(said, _lang(ctx)), param, ctx)


def _lang(ctx: click.Context | None) -> str:
    from gkevents.words import language

    asked = ctx.find_object(Asked) if ctx is not None else None
    return asked.lang if asked is not None else language(os.environ.get("LANGUAGE"))


def option(*names: str, **named: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401 - click's own
    """An option of the house: its help is said in the language asked for."""
    return click.option(*names, cls=Option, **named)


def argument(*names: str, metavar: str, **named: Any) -> Callable[[Handler], Handler]:  # noqa: ANN401 - click's own
    """An argument of the house: it is named in the language asked for."""
    return click.argument(*names, cls=Argument, metavar=metavar, **named)


FILE: Final = File()

json_option = option("--json", "as_json", is_flag=True, help=N_("Answer in JSON, for programs."))
scheme_option = option(
    "--scheme", metavar=N_("SCHEME"), help=N_("The scheme adopted; may be left out where the store has only one.")
)
year_option = option(
    "--year", type=Year(), metavar=N_("YEAR"), help=N_("The assessment year; may be left out likewise.")
)
as_of_option = option(
    "--as-of", type=Day(), metavar=N_("DAY"), help=N_("Count what happened up to this day; else the whole year.")
)
known_at_option = option(
    "--known-at",
    metavar=N_("INSTANT|POSITION"),
    help=N_("As it was known then: an instant, a day, or a log position; else everything recorded."),
)


def asking_options(command: Handler) -> Handler:
    """The options of every question: which scheme and year, seen from where on both axes of time, JSON or text."""
    for add in (json_option, known_at_option, as_of_option, year_option, scheme_option):
        command = add(command)
    return command


def chosen(asked: Asked, gk: Gk, *, scheme: str | None, year: int | None, unit: str | None = None) -> tuple[str, int]:
    """The scheme and year meant: as said, else the only ones in the store (with this unit) that fit what was said.

    Wrong usage where there are none or several.
    """
    if scheme is not None and year is not None:
        return scheme, year
    kept = {
        (name, of): units
        for name, of, _, units in gk.schemes_in_store()
        if scheme in (None, name) and year in (None, of)
    }
    fit = [key for key, units in kept.items() if len(kept) == 1 or unit is None or unit in units]
    if len(set(fit)) == 1:
        return fit[0]
    if not kept:
        raise click.UsageError(
            say(N_("Say --scheme and --year: nothing like that has been adopted in this store."), asked.lang)
        )
    choices = ("；" if asked.lang == "zh" else "; ").join(f"--scheme {name} --year {of}" for name, of in sorted(kept))
    raise click.UsageError(say(message(N_("Say which is meant: {choices}"), choices=choices), asked.lang))


def moment_known(known_at: str | None) -> str | None:
    """What --known-at says, a day or instant in the form that the store takes; digits alone are a position.

    Raises NoSuchPosition where it is none of these.
    """
    if known_at is None or known_at.strip().isdigit():
        return known_at
    from gkevents import terms
    from gkevents.aggregates.refusals import NoSuchPosition
    from gkevents.exchange.cells import day, instant

    said = instant(day(known_at.strip()))
    try:
        if len(said) == len("2018-10-08"):
            dt.date.fromisoformat(said)
        else:
            terms.instant(said)
    except ValueError as error:
        refusal = NoSuchPosition(text=known_at)
        text = N_(
            "--known-at takes a day such as 2018-10-08, an instant such as {instant}, or a log position; not {text}."
        )
        refusal.message = message(text, instant="2018-10-08T18:00:00+08:00", text=known_at)
        raise refusal from error
    return said


def source_of(text: str) -> Path | Literal["-"] | None:
    """The file that an argument names ("-": stdin); None where there is no such file."""
    from pathlib import Path

    if text == "-":
        return "-"
    path = Path(text)
    return path if path.exists() and not path.is_dir() else None  # a pipe such as <(command) is read like a file
