"""What a look over the store and its servers found, as text. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from cli.columns import entry, pad, width
from cli.render import Voice
from gkevents.words import N_

if TYPE_CHECKING:
    from gkevents.app.doctoring import Finding

_STATES: Final = {"ok": N_("ok"), "look": N_("look at it"), "broken": N_("broken")}
_WHAT: Final = {
    "store": N_("store"),
    "log": N_("log"),
    "guards": N_("guards"),
    "view": N_("view {name}"),
    "views": N_("views"),
    "limits": N_("limits"),
    "calendar": N_("calendar"),
    "evidence": N_("evidence"),
    "broker": N_("broker"),
    "workers": N_("workers"),
    "scheduler": N_("scheduler"),
}


def doctor_page(findings: Sequence[Finding], voice: Voice) -> str:
    """Each thing on a line, what to do about it below; and what it comes to."""
    states = [voice.say(_STATES[found.state]) for found in findings]
    names = [_name(found.what, voice) for found in findings]
    first, second = (max(map(width, column)) + 2 for column in (states, names))
    indent = first + second
    lines = []
    for found, state, name in zip(findings, states, names, strict=True):
        head = _coloured(found.state, pad(state, first), voice) + name
        lines.append(entry(head, voice.say(found.said), indent=indent, columns=voice.columns))
        if found.advice is not None:
            lines.append(entry(" " * (indent - 2) + "→", voice.say(found.advice), indent=indent, columns=voice.columns))
    return "\n".join([*lines, "", _came_to(findings, voice)])


def _name(what: str, voice: Voice) -> str:
    kind, _, name = what.partition(":")
    return voice.say(_WHAT[kind], name=name) if name else voice.say(_WHAT[kind])


def _coloured(state: str, text: str, voice: Voice) -> str:
    return voice.faint(text) if state == "ok" else voice.alarm(text)


def _came_to(findings: Sequence[Finding], voice: Voice) -> str:
    broken, look = (sum(found.state == state for found in findings) for state in ("broken", "look"))
    if broken and not look:
        return voice.alarm(voice.say(N_("Broken: {broken}."), broken=broken))
    if broken:
        return voice.alarm(voice.say(N_("Broken: {broken}. To look at: {look}."), broken=broken, look=look))
    if look:
        return voice.say(N_("Nothing is broken. To look at: {look}."), look=look)
    return voice.say(N_("All is well."))
