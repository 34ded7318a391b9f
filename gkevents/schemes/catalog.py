"""The schemes and the calendar notices that come with the program, found in a checkout and in an installed copy alike.

Finding a scheme reads no YAML; only the notices are parsed, when they are asked for.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from gkevents.calendar import Notice

ORDER: Final = (
    "hebei-stats-2018",
    "luancheng-2020",
    "hunan-cities-2017",
    "hunan-departments-2017",
    "hunan-docs-cities-2017",
    "hunan-docs-departments-2017",
    "sanmenxia-departments-2017",
    "sanmenxia-counties-2017",
    "beilun-2019",
)
"""The order in which schemes are shown: that of the published documents; others follow by name."""


def folder() -> Path:
    """Where the files lie: inside the installed package, else at the top of the checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_published"
    return installed if installed.is_dir() else package.parent / "schemes"


def published() -> list[str]:
    """The ids of the schemes that come with the program. Beside them lie their scenarios, ID.tests.yaml."""
    found = {path.stem for path in folder().glob("*.yaml") if "." not in path.stem}
    return [name for name in ORDER if name in found] + sorted(found - set(ORDER))


def text_of(scheme_id: str) -> str:
    """The text of a scheme that comes with the program. Raises LookupError where there is none of that id."""
    if scheme_id not in published():
        raise LookupError(scheme_id)
    return (folder() / f"{scheme_id}.yaml").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def calendar_notices() -> tuple[Notice, ...]:
    """The State Council's notices that come with the program, in the order in which they were issued.

    Raises ValueError, with the file's name, where a calendar file cannot be read.
    """
    notices = [notice for path in sorted((folder() / "calendars").glob("*.yaml")) for notice in notices_of(path)]
    return tuple(sorted(notices, key=lambda notice: (notice.issued_on, notice.year)))


def notices_of(path: Path) -> list[Notice]:
    """The notices of one calendar file: a mapping with the one key `notices`. Raises ValueError."""
    from gkevents.schemes.tree import plant  # noqa: PLC0415 - brings the YAML library, which most commands never need

    tree, faults = plant(path.read_bytes())
    held = tree.data.get("notices") if tree is not None and isinstance(tree.data, dict) else None
    if faults or not isinstance(held, list):
        raise ValueError(f"{path.name} is no calendar file")
    entries = [entry for entry in held if isinstance(entry, dict)]
    if len(entries) < len(held):
        raise ValueError(f"{path.name}: a notice holds keys and values")
    return [Notice.from_dict(entry) for entry in entries]
