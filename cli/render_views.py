"""Where the views stand, and what a comparison of their rows found, as text. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from cli.columns import entry, hang, table
from cli.render import Voice
from gkevents.words import N_

if TYPE_CHECKING:
    from gkevents.app.views import Compared, ViewReport, ViewsReport

_STATES: Final = {
    "current": N_("up to date"),
    "behind": N_("behind"),
    "stopped": N_("stopped"),
    "building": N_("being made"),
    "none": N_("not made yet"),
    "newer": N_("kept by a newer program"),
}
_VIEWS: Final = {"scores": N_("scores and ledgers"), "deadlines": N_("limits and their days")}


def status_page(report: ViewsReport, voice: Voice) -> str:
    """Each view on a line, and below it why it stands where it does and what to do."""
    head = [N_("View"), N_("Holds"), N_("State"), N_("Position"), N_("Behind"), N_("Version")]
    cells = [
        [view.view, voice.say(_VIEWS[view.view]), voice.say(_STATES[view.state]), _number(view.position),
         str(view.behind or ""), str(view.version)]
        for view in report.views
    ]  # fmt: skip
    drawn = table([voice.say(title) for title in head], cells, right=(3, 4, 5), columns=voice.columns, cut=(1,))
    lines = [voice.say(N_("The newest event is at position {position}."), position=report.head), "", drawn]
    notes = [note for view in report.views for note in _notes(view, voice)]
    return "\n".join([*lines, *([""] if notes else []), *notes])


def status_line(report: ViewsReport, voice: Voice) -> str:
    """The same on one line, for whoever follows."""
    states = [f"{view.view} {_number(view.position)} {voice.say(_STATES[view.state])}" for view in report.views]
    return voice.list([str(report.head), *states])


def _number(position: int | None) -> str:
    return "–" if position is None else str(position)


def _notes(view: ViewReport, voice: Voice) -> list[str]:
    said = []
    if view.stopped is not None and view.why is not None:
        text = N_("stopped before position {position}: {why}")
        said.append(voice.alarm(voice.say(text, position=view.stopped, why=view.why)))
    if view.of:
        said.append(voice.say(N_("{done} of {number} scheme-years of a new build are written"), done=view.done,
                              number=view.of))  # fmt: skip
    if view.left_over:
        said.append(_left_over(view.left_over, voice))
    if view.advice is not None:
        said.append(voice.say(view.advice))
    return [entry(f"{view.view}:", line, indent=4, columns=voice.columns) for line in said]


def _left_over(builds: Sequence[int], voice: Voice) -> str:
    text = N_("rows are left over from builds that are gone ({builds}); gk projections catch-up throws them away")
    return voice.say(text, builds=voice.list([str(build) for build in builds]))


def compared_page(found: Compared, voice: Voice) -> str:
    """Every difference, or that there is none."""
    missing = [name for name, position in found.positions.items() if position is None]
    none = N_("There are no rows of {views} to compare: gk projections status says why.")
    notes = [voice.say(none, views=voice.list(missing))] if missing else []
    for view, builds in found.left_over.items():
        notes += [entry(f"{view}:", _left_over(builds, voice), indent=4, columns=voice.columns)] if builds else []
    if not found.differences:
        said = N_("Every row is what the log gives, by a fresh replay and by the second program.")
        return "\n".join(
            [*notes, *([] if len(missing) == len(found.positions) else [hang(voice.say(said), voice.columns)])]
        )
    head = voice.alarm(voice.say(N_("{count} differences:"), count=len(found.differences)))
    lines = [entry("  ·", voice.say(one.what), indent=4, columns=voice.columns) for one in found.differences]
    return "\n".join([*notes, head, *lines, voice.say(N_("gk projections rebuild makes the rows anew."))])
