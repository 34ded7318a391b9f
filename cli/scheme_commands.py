"""`gk scheme`: the published schemes, checking a scheme file, adopting one."""

from __future__ import annotations

import datetime as dt
import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from cli.asking import FILE, Asked, Day, Year, argument, json_option, option
from cli.columns import hang
from cli.speech import Group
from cli.trouble import DONE, REFUSED
from gkevents.words import N_, message, say

if TYPE_CHECKING:
    from gkevents.app.adopting import Adopted, Decision
    from gkevents.schemes.tree import Fault
    from gkevents.trials.oddity import Oddity

_ELSEWHERE: Final = {
    "new": ("cli.scheme_new_command", "new"),
    "test": ("cli.scheme_test_command", "test"),
    "diff": ("cli.scheme_diff_command", "diff"),
    "try": ("cli.scheme_try_command", "try_"),
}
"""The commands that have a module of their own, imported when they are called: module, name there."""

_ORDER: Final = ("list", "show", "new", "check", "test", "diff", "try", "adopt")
"""The order in which a scheme comes about."""


class _Schemes(Group):
    """The commands below and those elsewhere."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own
        """Their names, in order."""
        return list(_ORDER)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command, imported now where it lies elsewhere."""
        if cmd_name not in _ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, name = _ELSEWHERE[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(
    cls=_Schemes,
    help=N_("Schemes: list, show, write, check, test, compare, try, adopt."),
    examples=("gk scheme list", "gk scheme show hebei-stats-2018 H19", "gk scheme new my-scheme.yaml"),
)
def scheme() -> None:
    """Lead to the commands below."""


@scheme.command(
    "list",
    help=N_("List the schemes that come with the program."),
    examples=("gk scheme list", "gk scheme list --json"),
)
@json_option
@click.pass_obj
def list_(asked: Asked, /, *, as_json: bool) -> None:
    """List them."""
    from gkevents.schemes import catalog
    from gkevents.schemes.reading import read

    contents = [read(catalog.text_of(name)).content for name in catalog.published()]
    rows = [_summary(content) for content in contents if content is not None]
    if as_json:
        asked.answer({"schemes": rows})
        return
    from cli.render_scheme import list_page

    asked.out(list_page(rows, asked.voice()))


def _summary(content: dict[str, Any]) -> dict[str, Any]:
    return {
        "scheme": content["scheme"],
        "title": content["title"],
        "issuer": content["issuer"],
        "year": content["year"],
        "base_total": content["base_total"],
        "items": len(content["items"]),
        "rules": sum(len(group["rules"]) for group in content["adjustments"]),
        "units": len(content["roster"]),
    }


@scheme.command(
    "show",
    help=N_("Show a scheme in full, or one of its items, readable for those who know the paper."),
    more=(
        N_(
            "SCHEME is the id of a built-in scheme, a scheme file, or the id of one adopted in the store; CODE is that "
            "of an item or ± rule."
        ),
        N_("With --yaml it is printed as a scheme file, to begin one of your own with."),
    ),
    examples=(
        "gk scheme show luancheng-2020",
        "gk scheme show hebei-stats-2018 H19",
        "gk scheme show my-scheme.yaml --json",
        "gk scheme show luancheng-2020 --yaml > my-scheme.yaml",
    ),
)
@argument("scheme_id", metavar=N_("SCHEME"))
@argument("code", metavar=N_("[CODE]"), required=False)
@option("--yaml", "as_yaml", is_flag=True, help=N_("Print the scheme file itself."))
@json_option
@click.pass_obj
def show(asked: Asked, /, scheme_id: str, code: str | None, *, as_yaml: bool, as_json: bool) -> None:
    """Show it."""
    from cli.render_scheme import codes, item_page, scheme_page
    from gkevents.aggregates.refusals import NoSuchItem, nearest

    if as_yaml and (as_json or code is not None):
        raise click.UsageError(
            say(N_("--yaml prints the whole file: it goes with neither a CODE nor --json."), asked.lang)
        )
    text, content = _scheme(asked, scheme_id)
    if as_yaml:
        asked.out(text if text is not None else _as_yaml(content))
        return
    known = codes(content)
    if code is not None and code not in known:
        raise NoSuchItem(scheme=content["scheme"], item=code, hint=nearest(code, known))
    if as_json:
        asked.answer(content if code is None else _part(content, code))
        return
    voice = asked.voice()
    asked.out((item_page(content, code, voice) if code is not None else scheme_page(content, voice)) or "")


def _scheme(asked: Asked, scheme: str) -> tuple[str | None, dict[str, Any]]:
    """A built-in scheme or a file, its text with its content; else, without text, what the store adopted last by it.

    Raises NoSuchScheme, SchemeFaulty.
    """
    from gkevents.aggregates.refusals import NoSuchScheme
    from gkevents.app.adopting import scheme_text

    try:
        return scheme_text(scheme)
    except NoSuchScheme:
        adopted = _adopted(asked, scheme)
        if adopted is None:
            raise
        return None, adopted


def _adopted(asked: Asked, scheme: str) -> dict[str, Any] | None:
    """The content of a scheme as the store adopted it last; None where it did not, or where there is no store."""
    from gkevents.store.trouble import StoreTrouble

    try:
        return asked.gk().adopted_content(scheme)
    except StoreTrouble:
        return None


def _as_yaml(content: dict[str, Any]) -> str:
    import yaml

    kept = {key: value for key, value in content.items() if value is not None}
    return yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=100)


def _part(content: dict[str, Any], code: str) -> dict[str, Any]:
    from cli.render_scheme import coded

    return dict(next(row for row in coded(content) if row["code"] == code))


@scheme.command(
    "check",
    help=N_("Say every fault of scheme files at once, each with its line and column; without faults, what is odd."),
    more=(
        N_("Exit status 1 if there is any fault, with --strict also if there is any warning."),
        N_("A warning is no fault: the paper may mean it. Each shows a few facts, and what they would score."),
        N_("To write a scheme of your own, begin with a built-in one: gk scheme show ID --yaml > my-scheme.yaml"),
    ),
    examples=("gk scheme check my-scheme.yaml", "gk scheme check schemes/*.yaml --strict --json"),
)
@argument("files", metavar=N_("FILE…"), nargs=-1, required=True, type=FILE)
@option("--strict", is_flag=True, help=N_("Exit status 1 for warnings too."))
@json_option
@click.pass_obj
def check(asked: Asked, /, files: tuple[str, ...], *, strict: bool, as_json: bool) -> int:
    """Say them; 1 where there are any."""
    from cli.render_warnings import checked, checked_page

    found = {file: _looked_at(Path(file)) for file in files}
    if as_json:
        asked.answer({"files": [checked(file, *seen, asked.lang) for file, seen in found.items()]})
    else:
        voice = asked.voice()
        asked.out("\n".join(checked_page(file, *seen, voice) for file, seen in found.items()))
    return REFUSED if any(faults or (strict and odd) for faults, odd in found.values()) else DONE


def _looked_at(file: Path) -> tuple[tuple[Fault, ...], tuple[Oddity, ...]]:
    """A scheme file's faults, and where there are none, what is odd in it; of a file of scenarios its faults."""
    from gkevents.app.scenario_files import is_scenarios, read_scenarios
    from gkevents.schemes.reading import read

    text = file.read_bytes()
    if is_scenarios(file):
        return read_scenarios(text).faults, ()
    reading = read(text)
    if reading.content is None:
        return reading.faults, ()
    from gkevents.trials.warned import warnings_of

    return (), warnings_of(text, reading.content)


@scheme.command(
    "adopt",
    help=N_("Freeze a scheme's edition into the log for a year, and open a unit-year for each unit."),
    more=(
        N_(
            "SCHEME is the id of a built-in scheme or a scheme file. Without --unit every unit of the roster is opened."
        ),
        N_("A scheme whose paper prints no points needs an overlay with the points decided, to give totals."),
        N_(
            "Adopted again for the same year with another text or overlay, it is corrected: what was known before "
            "stays as it was, what is known from then on is priced anew. Say who decided it, when and why."
        ),
        N_("To write a scheme of your own, begin with a built-in one: gk scheme show ID --yaml > my-scheme.yaml"),
    ),
    examples=(
        "gk scheme adopt luancheng-2020 --year 2020",
        "gk scheme adopt hunan-cities-2017 --year 2017 --unit 长沙市 --unit 株洲市",
        "gk scheme adopt luancheng-2020 --year 2020 --unit 某镇=乡镇",
        "gk scheme adopt my-scheme.yaml --year 2020",
        "gk scheme adopt sanmenxia-departments-2017 --year 2017 --overlay weights.yaml",
        "gk scheme adopt corrected.yaml --year 2020 --decided-by 某办公室 --decided-on 2020-08-03 --reason 更正分值",
    ),
)
@argument("scheme_id", metavar=N_("SCHEME"))
@option("--year", required=True, type=Year(), metavar=N_("YEAR"), help=N_("The assessment year."))
@option(
    "--unit", "units", multiple=True, metavar=N_("NAME[=CATEGORY]"), help=N_("Open this unit only; may be repeated.")
)
@option(
    "--overlay",
    type=FILE,
    metavar=N_("FILE"),
    help=N_("The points decided, for a scheme that prints none (YAML or JSON)."),
)
@option("--decided-by", metavar=N_("NAME"), help=N_("Who decided on it; kept with the edition."))
@option("--decided-on", type=Day(), metavar=N_("DAY"), help=N_("On which day it was decided."))
@option("--reason", metavar=N_("TEXT"), help=N_("Why, for a correction during the year."))
@json_option
@click.pass_obj
def adopt(
    asked: Asked,
    /,
    scheme_id: str,
    *,
    year: int,
    units: tuple[str, ...],
    overlay: str | None,
    as_json: bool,
    **decided: Any,  # noqa: ANN401 - click's own
) -> None:
    """Adopt it."""
    gk = asked.gk()
    named = [_unit(asked, text) for text in units]
    adopted = gk.adopt(
        scheme_id,
        year=year,
        units=named,
        overlay=Path(overlay) if overlay else None,
        decision=_decision(**decided),
    )
    simulated = gk.report().simulated
    _hint(asked, adopted, decided)
    if as_json:
        answer = {"scheme": adopted.scheme, "edition": adopted.edition, "year": adopted.year, "units": adopted.units}
        asked.answer({**answer, "position": adopted.position}, simulated=simulated)
        return
    said = N_("{scheme} is adopted for {year} at position {position}: edition {edition}, units: {count}.")
    if adopted.already:
        said = N_("{scheme} was adopted for {year} already, at position {position}: edition {edition}, units: {count}.")
    values = {
        "scheme": adopted.scheme,
        "year": adopted.year,
        "position": adopted.position,
        "edition": adopted.edition[:12],
    }
    voice = asked.voice(simulated=simulated)
    asked.out(hang(voice.say(said, count=len(adopted.units), **values), voice.columns))


def _decision(*, decided_by: str | None, decided_on: dt.date | None, reason: str | None) -> Decision:
    from gkevents.app.adopting import Decision

    return Decision(decided_by, decided_on, reason)


def _hint(asked: Asked, adopted: Adopted, decided: dict[str, Any]) -> None:
    """A word where nobody was named for a correction, or where there was nothing to keep a decision with."""
    if adopted.corrects and not (decided["decided_by"] or "").strip():
        asked.note(
            N_("Nobody is named for this correction: adopt it again with --decided-by, --decided-on and --reason.")
        )
    if adopted.already and any(said is not None for said in decided.values()):
        asked.note(N_("This edition and who decided on it were recorded already; nothing was added."))


def _unit(asked: Asked, text: str) -> tuple[str, str | None]:
    name, equals, category = (part.strip() for part in text.partition("="))
    if not name:
        raise click.UsageError(say(message(N_("--unit {text} names no unit"), text=text), asked.lang))
    return name, category if equals else None
