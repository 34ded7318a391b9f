"""`gk scheme diff`: what one scheme has otherwise than another, for whom, in points."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cli.asking import FILE, Asked, argument, json_option, option
from cli.speech import Command
from gkevents.words import N_


@click.command(
    "diff",
    cls=Command,
    help=N_("Say what changed from one scheme to another: for whom, and by how many points."),
    more=(
        N_("OLD and NEW are each the id of a built-in scheme, a scheme file, or the id of one adopted in the store."),
        N_("A scheme whose paper prints no points is compared in points where the overlay decided for it is given."),
        N_("Where only the wording changed, that is said; exit status 0 whether anything changed or not."),
    ),
    examples=(
        "gk scheme diff luancheng-2020 my-scheme.yaml",
        "gk scheme diff hunan-cities-2017 hunan-departments-2017 --json",
        "gk scheme diff sanmenxia-counties-2017 my-scheme.yaml --old-overlay weights.yaml",
    ),
)
@argument("old", metavar=N_("OLD"))
@argument("new", metavar=N_("NEW"))
@option("--old-overlay", type=FILE, metavar=N_("FILE"), help=N_("The points decided for OLD (YAML or JSON)."))
@option("--new-overlay", type=FILE, metavar=N_("FILE"), help=N_("The points decided for NEW (YAML or JSON)."))
@json_option
@click.pass_obj
def diff(
    asked: Asked, /, old: str, new: str, *, old_overlay: str | None, new_overlay: str | None, as_json: bool
) -> None:
    """Say it."""
    from cli.render_diff import diff_answer, diff_page
    from gkevents.trials.differences import differences

    before, after = _decided(asked, old, old_overlay), _decided(asked, new, new_overlay)
    found = differences(before, after)
    if as_json:
        asked.answer(diff_answer(before, after, found, asked.voice()))
    else:
        asked.out(diff_page(before, after, found, asked.voice()))


def _decided(asked: Asked, scheme: str, overlay: str | None) -> dict[str, Any]:
    """A scheme's content with the points decided for it. Raises NoSuchScheme, SchemeFaulty, OverlayFaulty."""
    from gkevents.app.adopting import overlay_of
    from gkevents.trials.differences import filled, with_overlay

    content = _content(asked, scheme)
    return filled(with_overlay(content, overlay_of(Path(overlay), content) if overlay is not None else None))


def _content(asked: Asked, scheme: str) -> dict[str, Any]:
    """The content of a built-in scheme or a file, else of what the store adopted last by that id.

    Raises NoSuchScheme, SchemeFaulty.
    """
    from gkevents.aggregates.refusals import NoSuchScheme
    from gkevents.app.adopting import scheme_text
    from gkevents.store.trouble import StoreTrouble

    try:
        return scheme_text(scheme).content
    except NoSuchScheme:
        try:
            adopted = asked.gk().adopted_content(scheme)
        except StoreTrouble:
            adopted = None
        if adopted is None:
            raise
        return adopted
