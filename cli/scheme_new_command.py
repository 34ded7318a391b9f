"""`gk scheme new`: a few questions, and a scheme file to begin with, its scenario beside it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from cli.asking import Asked, Year, argument, json_option, option
from cli.columns import hang
from cli.skeleton import GETS, Plan, scheme_file, tests_file
from cli.speech import Command
from gkevents.aggregates.refusals import Refusal, SchemeFaulty
from gkevents.words import N_, Message, message, say

Answer = TypeVar("Answer")

_SLUG: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_SEPARATORS: Final = re.compile(r"[,，、;；]")
_YES: Final = frozenset({"y", "yes", "true", "是", "要", "1"})
_NO: Final = frozenset({"n", "no", "false", "否", "不", "不要", "0"})
_SECTIONS_MAX: Final = 20
_CLICK_SAYS: Final = (N_("Error: {e.message}"), N_("Error: The value you entered was invalid."))
"""What click says by itself where an answer will not do, marked for our catalogues."""


class FileThere(Refusal):
    """A new scheme is never written over something."""

    code = "file-there"
    template = N_("{file} is there already, and nothing is written over it. Name another file, or move it away.")


class BadAnswer(ValueError):
    """An answer that cannot be meant, with the sentence that says what would be right."""

    def __init__(self, said: Message) -> None:
        super().__init__(said.template)
        self.message = said


def _flag(name: str, said: str) -> Callable[[Any], Any]:
    """An option that is asked for where it is not given."""
    return option(f"--{name}/--no-{name}", name.replace("-", "_"), default=None, help=said)


@click.command(
    "new",
    cls=Command,
    help=N_("Ask a few questions and write a scheme file to begin with, explained line by line."),
    more=(
        N_("FILE is written, and beside it its scenarios (NAME.tests.yaml); neither may be there yet."),
        N_("What an option says is not asked; with --yes nothing is, and every other answer is the default."),
    ),
    examples=(
        "gk scheme new",
        "gk scheme new my-scheme.yaml --yes",
        N_("gk scheme new my-scheme.yaml --categories 乡镇,部门 --sections 主动公开:60,平台建设:40 --veto --yes"),
    ),
)
@argument("file", metavar=N_("[FILE]"), required=False)
@option("--id", "scheme", metavar=N_("ID"), help=N_("Its id: small letters, digits and hyphens."))
@option("--title", metavar=N_("TITLE"), help=N_("The paper's title."))
@option("--issuer", metavar=N_("OFFICE"), help=N_("Who issued it."))
@option("--year", type=Year(), metavar=N_("YEAR"), help=N_("The assessment year."))
@option("--categories", metavar=N_("NAME,NAME…"), help=N_("Kinds of units whose items differ; empty for none."))
@option("--sections", metavar=N_("NAME:POINTS,…"), help=N_("The headings with their points."))
@_flag("overlay", N_("The paper prints no points; they are decided later."))
@_flag("parts", N_("The sections are parts with weights."))
@_flag("bonus", N_("Bonuses and deductions beyond the items."))
@_flag("veto", N_("A single thing that decides."))
@option(
    "--not-applicable",
    metavar=N_("RULE"),
    help=N_("What an item gives that does not concern a unit: none, peers-mean, full, share, rescale or spread."),
)
@_flag("bands", N_("Bands, such as excellent."))
@option("--yes", is_flag=True, help=N_("Ask nothing: defaults for what no option says."))
@json_option
@click.pass_obj
def new(asked: Asked, /, file: str | None, *, yes: bool, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - options
    """Write it."""
    from gkevents.app.scenario_files import ENDING

    named = Path(file) if file is not None else None
    if named is not None:
        if not named.name or named.name.endswith(ENDING):
            said = N_("{file} cannot be a scheme file: name one, such as my-scheme.yaml.")
            raise click.UsageError(say(message(said, file=file or '""'), asked.lang))
        _places(named)
    plan = _plan(_Questions(asked, given, yes=yes), named)
    path, beside = _places(named or Path(plan.scheme))
    text = scheme_file(plan, path.name, asked.lang)
    _must_be_sound(path, text)
    for one, content in ((path, text), (beside, tests_file(plan, path.name, asked.lang))):
        with one.open("x", encoding="utf-8") as opened:
            opened.write(content)
    if as_json:
        asked.answer({"scheme": plan.scheme, "file": str(path), "tests": str(beside)})
        return
    said = N_("Written: {file} and {tests}. Go on with: gk scheme check {file}; gk scheme test {file}")
    asked.out(hang(say(message(said, file=path, tests=beside), asked.lang), asked.columns))


def _places(file: Path) -> tuple[Path, Path]:
    """The scheme file and its scenarios; neither is there yet. Raises FileThere."""
    path = file if file.suffix else file.with_name(f"{file.name}.yaml")
    beside = path.with_name(f"{path.stem}.tests.yaml")
    for one in (path, beside):
        if one.exists():
            raise FileThere(file=one)
    return path, beside


def _must_be_sound(path: Path, text: str) -> None:
    """What is written has no fault, whatever was answered. Raises SchemeFaulty."""
    from gkevents.schemes.reading import read

    faults = read(text).faults
    if faults:
        first = faults[0]
        raise SchemeFaulty(name=path, count=len(faults), line=first.line, column=first.column, fault=first.message)


class _Questions:
    """Answers as options give them, else as the terminal does, else (--yes) the defaults."""

    def __init__(self, asked: Asked, given: dict[str, Any], *, yes: bool) -> None:
        self.asked, self.given, self.yes = asked, given, yes

    def ask(self, name: str, text: str, default: str, read: Callable[[str], Answer]) -> Answer:
        """An answer that `read` understands, asked again until it does; wrong usage where an option does not."""
        said = self.given.get(name)
        if said is not None or self.yes:
            return self._read(default if said is None else str(said), read)
        prompt = say(text, self.asked.lang)
        answer: Answer = click.prompt(
            prompt, default=default, value_proc=lambda typed: self._read(typed, read), err=True
        )
        return answer

    def _read(self, typed: str, read: Callable[[str], Answer]) -> Answer:
        try:
            return read(typed.strip())
        except BadAnswer as error:
            raise click.UsageError(say(error.message, self.asked.lang)) from error

    def truth(self, name: str, text: str, *, default: bool) -> bool:
        """Yes or no."""
        words = ("是", "否") if self.asked.lang == "zh" else ("yes", "no")
        return self.ask(name, text, words[0 if default else 1], _truth)


def _plan(questions: _Questions, file: Path | None) -> Plan:
    """The answers to every question, in the order of the file."""
    ask, lang = questions.ask, questions.asked.lang
    today = (questions.asked.now or dt.datetime.now(dt.UTC)).year
    year = ask("year", N_("Assessment year"), str(today), _year)
    stem = file.stem.lower() if file is not None else ""
    scheme = ask("scheme", N_("Id of the scheme"), stem if _SLUG.fullmatch(stem) else f"my-scheme-{year}", _slug)
    title = ask("title", N_("Title"), say(message(N_("Sample scheme of {year}"), year=year), lang), _text)
    issuer = ask("issuer", N_("Issued by"), say(N_("Sample office"), lang), _text)
    categories = ask("categories", N_("Kinds of units whose items differ, such as 乡镇,部门 (- for none)"), "-", _names)
    overlay = questions.truth(
        "overlay", N_("Does the paper print no points, so that they are decided later?"), default=False
    )
    parts = questions.truth("parts", N_("Are there parts with weights?"), default=False)
    text = N_("Headings with their points, such as 主动公开:60,平台建设:40")
    sections = ask("sections", text, say(_default_sections(parts=parts), lang), _sections)
    return Plan(
        scheme=scheme,
        title=title,
        issuer=issuer,
        year=year,
        categories=categories,
        sections=sections,
        overlay=overlay,
        parts=parts,
        bonus=questions.truth("bonus", N_("Are there bonuses and deductions beyond the items?"), default=True),
        veto=questions.truth("veto", N_("Is there a veto, a single thing that decides?"), default=False),
        not_applicable=ask("not_applicable", _GETS_ASKED, GETS[0], _gets),
        bands=questions.truth("bands", N_("Are there bands, such as excellent?"), default=True),
    )


_GETS_ASKED: Final = N_(
    "What does an item give that does not concern a unit? (none, peers-mean, full, share, rescale, spread)"
)


def _default_sections(*, parts: bool) -> str:
    return N_("Daily work:100,Year-end check:100") if parts else N_("Disclosure:50,Response:30,Organisation:20")


def _year(text: str) -> int:
    if text.isascii() and text.isdigit() and 2000 <= int(text) <= 2999:  # noqa: PLR2004 - as a scheme file has it
        return int(text)
    raise BadAnswer(message(N_("{text} is no year from 2000 to 2999"), text=text))


def _slug(text: str) -> str:
    if _SLUG.fullmatch(text):
        return text
    raise BadAnswer(
        message(N_("{text} cannot be an id: use small letters, digits and hyphens, such as luancheng-2020"), text=text)
    )


def _text(text: str) -> str:
    if text and text.isprintable():
        return text
    raise BadAnswer(message(N_("a printable text is expected here")))


def _names(text: str) -> tuple[str, ...]:
    """Names, each once; none for "-" or nothing."""
    names = [name.strip() for name in _SEPARATORS.split(text) if name.strip()]
    if names == ["-"]:
        return ()
    if len(set(names)) < len(names) or not all(name.isprintable() for name in names):
        raise BadAnswer(message(N_("names are expected, each once: {text}"), text=text))
    return tuple(names)


def _sections(text: str) -> tuple[tuple[str, Fraction], ...]:
    """Headings with their points, each once."""
    from gkevents.terms import exact

    found: list[tuple[str, Fraction]] = []
    for piece in _SEPARATORS.split(text.replace("：", ":")):
        name, _, points = (part.strip() for part in piece.rpartition(":"))
        try:
            worth = exact(points)
        except ValueError:
            worth = Fraction(0)
        if not name or not name.isprintable() or worth <= 0 or "/" in name:
            raise BadAnswer(message(N_("{text} is not of the form NAME:POINTS, such as 主动公开:60"), text=piece))
        found.append((name, worth))
    if len({name for name, _ in found}) < len(found) or len(found) > _SECTIONS_MAX:
        raise BadAnswer(message(N_("at most {most} headings are expected, each once"), most=_SECTIONS_MAX))
    return tuple(found)


def _gets(text: str) -> str:
    if text in GETS:
        return text
    raise BadAnswer(message(N_("it is one of {known}"), known=", ".join(GETS)))


def _truth(text: str) -> bool:
    word = text.lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise BadAnswer(message(N_("yes or no is expected (是/否)")))
