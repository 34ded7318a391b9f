"""What `gk up` runs and what to do with it, as text. Pure."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from cli.columns import hang, pad, width
from cli.render import Voice
from gkevents.words import N_

if TYPE_CHECKING:
    from gkevents.servers.trial import Told

_NAMES: Final = {
    "database": N_("database"),
    "broker": N_("broker"),
    "worker": N_("worker"),
    "scheduler": N_("scheduler"),
}
_PROCESS: Final = N_("process {pid}")
_NEXT: Final = ("gk scheme adopt luancheng-2020 --year 2020", "gk rank", "gk doctor")


def up_page(told: Told, voice: Voice) -> str:
    """What runs, how another terminal uses it, what to try there."""
    names = {name: voice.say(_NAMES[name]) for name in told.pids}
    first = max(map(width, names.values())) + 2
    running = [f"  {pad(names[name], first)}{voice.say(_PROCESS, pid=pid)}" for name, pid in told.pids.items()]
    texts = {
        "up": voice.say(N_("Everything runs; Ctrl-C ends it. The data stay in {folder}."), folder=str(told.folder)),
        "use": voice.say(N_("To use it, say in another terminal:")),
        "next": voice.say(N_("Then, for example:")),
        "store": voice.say(N_("The first line sets GK_STORE, the store of every command; for other programs it is")),
    }
    return "\n".join(
        [
            hang(voice.head(texts["up"]), voice.columns),
            *running,
            "",
            texts["use"],
            f"  . {shlex.quote(str(told.script))}",
            texts["next"],
            *(f"  {command}" for command in _NEXT),
            "",
            hang(texts["store"], voice.columns),
            f"  --store '{told.settings['GK_STORE']}'",
        ]
    )
