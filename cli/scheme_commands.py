"""`gk scheme`: the published schemes, checking a scheme file, adopting one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.asking import FILE, Asked, Year, argument, json_option, option
from cli.columns import hang
from cli.speech import Group
from cli.trouble import DONE, REFUSED
from gkevents.words import N_, message, say

if TYPE_CHECKING:
    from gkevents.schemes.reading import Reading


@click.group(
    cls=Group,
    help=N_("Published schemes: list, show, check, adopt."),
    examples=("gk scheme list", "gk scheme show hebei-stats-2018 H19"),
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
    rows = [*content["items"], *(rule for group in content["adjustments"] for rule in group["rules"])]
    return next(row for row in rows if row["code"] == code)


@scheme.command(
    "check",
    help=N_("Say every fault of scheme files at once, each with its line and column."),
    more=(
        N_("Exit status 1 if there is any fault."),
        N_("To write a scheme of your own, begin with a built-in one: gk scheme show ID --yaml > my-scheme.yaml"),
    ),
    examples=("gk scheme check my-scheme.yaml", "gk scheme check schemes/*.yaml --json"),
)
@argument("files", metavar=N_("FILE…"), nargs=-1, required=True, type=FILE)
@json_option
@click.pass_obj
def check(asked: Asked, /, files: tuple[str, ...], *, as_json: bool) -> int:
    """Say them; 1 where there are any."""
    from gkevents.schemes.reading import read

    readings = {file: read(Path(file).read_bytes()) for file in files}
    if as_json:
        asked.answer({"files": [_checked(file, reading, asked.lang) for file, reading in readings.items()]})
    else:
        from cli.render_scheme import faults_page

        voice = asked.voice()
        asked.out("\n".join(faults_page(file, reading.faults, voice) for file, reading in readings.items()))
    return REFUSED if any(reading.faults for reading in readings.values()) else DONE


def _checked(file: str, reading: Reading, lang: str) -> dict[str, Any]:
    faults = [
        {"line": fault.line, "column": fault.column, "message": say(fault.message, lang)} for fault in reading.faults
    ]
    return {"file": file, "faults": faults}


@scheme.command(
    "adopt",
    help=N_("Freeze a scheme's edition into the log for a year, and open a unit-year for each unit."),
    more=(
        N_(
            "SCHEME is the id of a built-in scheme or a scheme file. Without --unit every unit of the roster is opened."
        ),
        N_("A scheme whose paper prints no points needs an overlay with the points decided, to give totals."),
        N_("To write a scheme of your own, begin with a built-in one: gk scheme show ID --yaml > my-scheme.yaml"),
    ),
    examples=(
        "gk scheme adopt luancheng-2020 --year 2020",
        "gk scheme adopt hunan-cities-2017 --year 2017 --unit 长沙市 --unit 株洲市",
        "gk scheme adopt luancheng-2020 --year 2020 --unit 某镇=乡镇",
        "gk scheme adopt my-scheme.yaml --year 2020",
        "gk scheme adopt sanmenxia-departments-2017 --year 2017 --overlay weights.yaml",
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
@json_option
@click.pass_obj
def adopt(
    asked: Asked, /, scheme_id: str, *, year: int, units: tuple[str, ...], overlay: str | None, as_json: bool
) -> None:
    """Adopt it."""
    gk = asked.gk()
    named = [_unit(asked, text) for text in units]
    adopted, simulated = (
        gk.adopt(scheme_id, year=year, units=named, overlay=Path(overlay) if overlay else None),
        gk.report().simulated,
    )
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


def _unit(asked: Asked, text: str) -> tuple[str, str | None]:
    name, equals, category = (part.strip() for part in text.partition("="))
    if not name:
        raise click.UsageError(say(message(N_("--unit {text} names no unit"), text=text), asked.lang))
    return name, category if equals else None
