"""ZIP files with the same bytes on any day."""

from __future__ import annotations

import io
import zipfile

import pytest

from gkevents.paper.zipped import DATE, stored


def _archive(year: int, compression: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as archive:
        for name in ("second.xml", "first.xml"):
            member = zipfile.ZipInfo(name, (year, 5, 4, 3, 2, 2))
            member.create_system = year % 2 * 3
            archive.writestr(member, f"<{name}/>" * 50, compression)
    return made.getvalue()


def test_the_day_the_machine_and_the_packing_leave_no_mark() -> None:
    assert stored(_archive(2020, zipfile.ZIP_DEFLATED)) == stored(_archive(2031, zipfile.ZIP_STORED))


def test_members_keep_their_order_and_what_they_hold() -> None:
    with zipfile.ZipFile(io.BytesIO(stored(_archive(2020, zipfile.ZIP_DEFLATED)))) as archive:
        assert archive.namelist() == ["second.xml", "first.xml"]
        assert {(member.date_time, member.compress_type) for member in archive.infolist()} == {
            (DATE, zipfile.ZIP_STORED)
        }
        assert archive.read("first.xml") == b"<first.xml/>" * 50


def test_what_is_no_zip_file_is_refused() -> None:
    with pytest.raises(zipfile.BadZipFile):
        stored(b"a letter")
