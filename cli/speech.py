"""How the command speaks: help in the language asked for, wrapped so that Chinese fits its lines.

click looks its own words up in gettext's domain of the process; `speak` makes that ours, so that its headings and
complaints come from our catalogues too.
"""

from __future__ import annotations

import copy
import gettext
import importlib
import os
import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import click

from cli.columns import pad, width, wrap
from gkevents import words
from gkevents.words import N_, Term

_LOCALE: Final = os.path.join(os.path.dirname(words.__file__), "locale")  # noqa: PTH118, PTH120 - pathlib is slow to import


def speak(lang: str) -> None:
    """From here on, words come from the catalogue of `lang`."""
    os.environ["LANGUAGE"] = lang
    gettext.bindtextdomain(words.DOMAIN, _LOCALE)
    gettext.textdomain(words.DOMAIN)


class Pages(click.HelpFormatter):
    """A help page whose Chinese is as wide as it looks."""

    def __init__(self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None) -> None:
        super().__init__(indent_increment, width if width is not None else _columns(max_width or 80), max_width)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how the command is called."""
        said = gettext.gettext("Usage:") if prefix is None else prefix.strip()
        lines = wrap(f"{prog} {args}", self.width - width(said) - 1)
        self.write(f"{said} {lines[0]}\n" + "".join(f"{'':>{width(said) + 5}}{line}\n" for line in lines[1:]))

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        colon = ":" if heading.isascii() else "："
        self.write(f"{'':>{self.current_indent}}{heading}{colon}\n")

    def write_text(self, text: str) -> None:
        """Write a paragraph, wrapped."""
        for line in wrap(" ".join(text.split()), self.width - self.current_indent):
            self.write(f"{'':>{self.current_indent}}{line}\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write terms with their explanations beside them."""
        rows = list(rows)
        first = min(max((width(term) for term, _ in rows), default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        for term, said in rows:
            lines = wrap(" ".join(said.split()), max(self.width - first - self.current_indent, 20)) if said else [""]
            fits = width(term) <= first - col_spacing
            head = [pad(term, first) + lines[0]] if fits else [term, " " * first + lines[0]]
            body = head + [" " * first + line for line in lines[1:]]
            self.write("".join(f"{indent}{line}".rstrip() + "\n" for line in body))


def _columns(most: int) -> int:
    """The columns of a help page: the terminal's, but no more than `most`."""
    said = os.environ.get("COLUMNS", "")
    try:
        wide = int(said) if said.isdigit() else os.get_terminal_size().columns
    except OSError:
        wide = 80
    return max(min(wide, most) - 2, 50)


class _Context(click.Context):
    formatter_class = Pages


def spoken() -> str:
    """The language that `speak` has set."""
    return "en" if os.environ.get("LANGUAGE", "").startswith("en") else "zh"


def _place(name: str | Term | None) -> str | None:
    """What stands where a value goes: a term's label or its name in capitals; else the word, said."""
    if isinstance(name, Term):
        return name.label if spoken() == "zh" else name.upper()
    return gettext.gettext(name) if name else name


class Argument(click.Argument):
    """An argument that is named in the language asked for."""

    def make_metavar(self, ctx: click.Context) -> str:
        """What stands for it in the usage line and in complaints."""
        said = copy.copy(self)
        said.metavar = _place(self.metavar)
        return click.Argument.make_metavar(said, ctx)


class Option(click.Option):
    """An option whose help is said in the language asked for."""

    def make_metavar(self, ctx: click.Context) -> str:
        """What stands where its value goes."""
        said = copy.copy(self)
        said.metavar = _place(self.metavar)
        return click.Option.make_metavar(said, ctx)

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option's line on the help page."""
        said = copy.copy(self)
        said.help = gettext.gettext(self.help) if self.help else None
        record = click.Option.get_help_record(said, ctx)
        if record is None:
            return None
        term, text = record
        head, bracket, extra = text.rpartition("  [")
        return term, f"{head}{bracket}{extra.replace('; ', gettext.gettext('; '))}" if bracket else text


class Command(click.Command):
    """A command whose help is said in the language asked for: a sentence, `more` paragraphs, examples."""

    context_class = _Context

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - click's own
        examples: Sequence[str] = (),
        more: Sequence[str] = (),
        **named: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(*args, **named)
        self.examples, self.more = tuple(examples), tuple(more)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write what the command does."""
        for paragraph in (self.help or "", *self.more):
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(gettext.gettext(paragraph))

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The pieces of the usage line, each in the language asked for."""
        return [gettext.gettext(piece) for piece in super().collect_usage_pieces(ctx)]

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 - click's own
        """The first sentence of the help, for the list of commands."""
        return gettext.gettext(self.help).rstrip(".。") if self.help else ""

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help, as every other option."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = gettext.gettext("Show this message and exit.")
        return option

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's own
        """Write the examples."""
        if self.examples:
            with formatter.section(gettext.gettext("Examples")):
                for example in self.examples:
                    _write_example(formatter, gettext.gettext(example))


def _write_example(formatter: click.HelpFormatter, example: str) -> None:
    """Write an example; where it is too long for a line, in a form that can be pasted all the same."""
    room = formatter.width - formatter.current_indent
    lines = [""]
    for piece in re.split(r" (?=-)", example) if width(example) > room else [example]:
        if lines[-1] and width(f"{lines[-1]} {piece}") > room - len(" \\"):
            lines[-1] += " \\"
            lines.append(f"    {piece}")
        else:
            lines[-1] += f" {piece}" if lines[-1] else piece
    for line in lines:
        formatter.write(f"{'':>{formatter.current_indent}}{line}\n")


class Group(Command, click.Group):
    """A group of commands."""

    command_class = Command


class LazyGroup(Group):
    """A group whose commands are imported when they are called: name -> (module, name in it, what it does)."""

    def __init__(self, *args: Any, lazy: dict[str, tuple[str, str, str]], **named: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **named)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own
        """The names of the commands, in the order in which a year's work goes."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's own
        """A command, imported now."""
        if cmd_name not in self.lazy:
            return None
        module, name, _ = self.lazy[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's own
        """Write the list of commands without importing any."""
        with formatter.section(gettext.gettext("Commands")):
            formatter.write_dl(
                [(name, gettext.gettext(said).rstrip(".。")) for name, (_, _, said) in self.lazy.items()]
            )


def ngettext(one: str, many: str, number: int) -> str:  # noqa: ARG001 - the signature that extractors look for
    """Mark a sentence with a plural for the catalogues, unchanged."""
    return one


CLICK_SAYS: Final = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("Examples"),
    N_("Show this message and exit."),
    N_("env var: {var}"),
    N_("default: {default}"),
    N_("Aborted!"),
    N_("Error: {message}"),
    N_("Try '{command} {option}' for help."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Missing command."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing parameter"),
    N_("Choose from:\n\t{choices}"),
    N_("No such option {name!r}."),
    N_("No such command {name!r}."),
    N_("Option {name!r} does not take a value."),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("{name} {filename!r} does not exist."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is not readable."),
    N_("{name} {filename!r} is a file."),
    N_("file"),
    N_("File"),
    N_("directory"),
    N_("Directory"),
    N_("[OPTIONS]"),
    N_("COMMAND [ARGS]..."),
    N_("; "),
    N_("required"),
    ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 2),
    ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 2),
    ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 2),
    ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", 2),
)
"""What click says by itself, marked for our catalogues."""
