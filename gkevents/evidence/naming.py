"""Which names a file of evidence may have: one that any folder takes and that looks like what it is.

Names come from other people, and go back to people who get the file under it: no name may lead elsewhere, hide the
file, or show another ending than it has.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from gkevents.evidence import refusals as no
from gkevents.evidence.kinds import Kind
from gkevents.words import N_, message

BYTES_MAX: Final = 255
"""What a folder takes at most."""
_SEPARATORS: Final = frozenset("/\\")


def checked(name: str) -> str:
    """A name that a file may have. Raises BadName."""
    name = name.strip()
    for wrong, why in (
        (not name, message(N_("it is empty"))),
        (bool(_SEPARATORS & set(name)), message(N_("it has parts of a path (/ or \\) in it"))),
        (not all(map(_visible, name)), message(N_("it has characters in it that cannot be seen"))),
        (name.startswith("."), message(N_("it begins with a dot, which hides a file"))),
    ):
        if wrong:
            raise no.BadName(name=no.shown(name), why=why)
    if len(name.encode()) > BYTES_MAX:
        why = message(N_("it is longer than {most} bytes"), most=BYTES_MAX)
        raise no.BadName(name=no.shown(name), why=why)
    return name


def _visible(one: str) -> bool:
    """Whether a character shows: no control, nothing that turns the writing around, no half of a character."""
    category = unicodedata.category(one)
    return category[0] != "C" and category not in ("Zl", "Zp")


def check_ending(name: str, kind: Kind, *, file: str) -> None:
    """A name's ending must be one of the kind that its bytes are. Raises NameDisagrees."""
    _, dot, ending = name.rpartition(".")
    if not dot or ending.lower() not in kind.endings:
        raise no.NameDisagrees(file=no.shown(file), name=no.shown(name), kind=kind.shown)
