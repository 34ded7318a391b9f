"""ZIP files with the same bytes whoever makes them: a library writes today's date, and packs as its zlib happens to."""

from __future__ import annotations

import io
import zipfile
from typing import Final

DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The first day a ZIP file can tell, for every member."""

_UNIX: Final = 3
_READABLE: Final = 0o100644 << 16


def stored(data: bytes) -> bytes:
    """The ZIP file anew: its members in their order, not packed, with one fixed date and no marks of the machine.

    Not packed, because builds of zlib pack differently. Raises zipfile.BadZipFile for anything else than a ZIP file.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, DATE)
            member.create_system, member.external_attr = _UNIX, _READABLE
            target.writestr(member, source.read(name))
    return made.getvalue()
