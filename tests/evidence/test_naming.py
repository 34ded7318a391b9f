"""Names that come from other people."""

from __future__ import annotations

import pytest

from gkevents.evidence.naming import checked
from gkevents.evidence.refusals import BadName, shown


@pytest.mark.parametrize(
    "name", ["督办单.pdf", "a b (1).pdf", "整改报告（终稿）.docx", "x" * 251 + ".pdf", " 报告.pdf "]
)
def test_a_plain_name_is_taken_without_spaces_around_it(name: str) -> None:
    assert checked(name) == name.strip()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "it is empty"),
        ("  ", "it is empty"),
        ("../a.pdf", "parts of a path"),
        ("a/b.pdf", "parts of a path"),
        ("..\\a.pdf", "parts of a path"),
        ("/etc/passwd", "parts of a path"),
        (".pdf", "begins with a dot"),
        ("..", "begins with a dot"),
        ("a\nb.pdf", "cannot be seen"),
        ("a\x1b[2J.pdf", "cannot be seen"),
        ("a\0.pdf", "cannot be seen"),
        ("报告\u202efdp.exe", "cannot be seen"),
        ("a\u200b.pdf", "cannot be seen"),
        ("a\udcff.pdf", "cannot be seen"),
        ("样" * 84 + ".pdf", "longer than 255 bytes"),
    ],
)
def test_a_name_that_leads_elsewhere_or_hides_something_is_refused(name: str, why: str) -> None:
    with pytest.raises(BadName, match=why) as refused:
        checked(name)
    assert str(refused.value).isprintable()


def test_a_sentence_shows_no_more_of_a_name_than_is_good() -> None:
    assert shown("a\x1b[2J\u202eb") == "a\ufffd[2J\ufffdb"
    assert shown("x" * 500) == "x" * 200 + "…"
