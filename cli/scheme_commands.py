"""`gk scheme`: the published schemes, checking a scheme file, adopting one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.asking import FILE, Asked, json_option, option
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
    more=(N_("SCHEME is the id of a built-in scheme or a scheme file; CODE is that of an item or ± rule."),),
    examples=(
        "gk scheme show luancheng-2020",
        "gk scheme show hebei-stats-2018 H19",
        "gk scheme show my-scheme.yaml --json",
    ),
)
@click.argument("scheme_id", metavar="SCHEME")
@click.argument("code", required=False)
@json_option
@click.pass_obj
def show(asked: Asked, /, scheme_id: str, code: str | None, *, as_json: bool) -> None:
    """Show it."""
    from cli.render_scheme import codes, item_page, scheme_page
    from gkevents.aggregates.refusals import NoSuchItem, nearest
    from gkevents.app.adopting import scheme_text

    content = scheme_text(scheme_id).content
    known = codes(content)
    if code is not None and code not in known:
        raise NoSuchItem(scheme=content["scheme"], item=code, hint=nearest(code, known))
    if as_json:
        asked.answer(content if code is None else _part(content, code))
        return
    voice = asked.voice()
    asked.out((item_page(content, code, voice) if code is not None else scheme_page(content, voice)) or "")


def _part(content: dict[str, Any], code: str) -> dict[str, Any]:
    rows = [*content["items"], *(rule for group in content["adjustments"] for rule in group["rules"])]
    return next(row for row in rows if row["code"] == code)


@scheme.command(
    "check",
    help=N_("Say every fault of scheme files at once, each with its line and column."),
    more=(N_("Exit status 1 if there is any fault."),),
    examples=("gk scheme check my-scheme.yaml", "gk scheme check schemes/*.yaml --json"),
)
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=FILE)
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
    ),
    examples=(
        "gk scheme adopt luancheng-2020 --year 2020",
        "gk scheme adopt hunan-cities-2017 --year 2017 --unit 长沙市 --unit 株洲市",
        "gk scheme adopt luancheng-2020 --year 2020 --unit 某镇=乡镇",
        "gk scheme adopt sanmenxia-departments-2017 --year 2017 --overlay weights.yaml",
    ),
)
@click.argument("scheme_id", metavar="SCHEME")
@option("--year", required=True, type=click.IntRange(1990, 2200), metavar="Y", help=N_("The assessment year."))
@option("--unit", "units", multiple=True, metavar="NAME[=CATEGORY]", help=N_("Open this unit only; may be repeated."))
@option(
    "--overlay", type=FILE, metavar="FILE", help=N_("The points decided, for a scheme that prints none (YAML or JSON).")
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
    asked.out(asked.voice(simulated=simulated).say(said, count=len(adopted.units), **values))


def _unit(asked: Asked, text: str) -> tuple[str, str | None]:
    name, equals, category = (part.strip() for part in text.partition("="))
    if not name:
        raise click.UsageError(say(message(N_("--unit {text} names no unit"), text=text), asked.lang))
    return name, category if equals else None
