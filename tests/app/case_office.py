"""The scheme that cases are tried on, in which every kind of price has its item; read once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from gkevents.schemes.compiling import edition_of
from gkevents.schemes.edition import Edition, digest_of
from gkevents.schemes.reading import read

FILE: Final = Path(__file__).parent / "cases.yaml"
SCHEME: Final = "cases-2020"


@lru_cache
def case_edition() -> Edition:
    """The scheme: T capped happenings, M messages, C cards, L limits, G a mark; P a bonus and N a deduction beside."""
    text = FILE.read_text(encoding="utf-8")
    content = read(text).content
    assert content is not None
    return edition_of(content, digest=digest_of(text, None), overlay=None)
