"""Spreadsheets and text files in: rows of fields, or a fault with the row it stands in.

`reading` says what a file holds, `texts` reads JSON Lines and CSV, `sheets` reads XLSX, `headings` knows the column
names, `cells` what a cell says. Nothing here judges a fact: that is for the aggregates.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from gkevents.words import Message


class Row(NamedTuple):
    """One row of an input file: its line or sheet row (from 1), and either its fields or what is wrong with it.

    Values are plain: str, int, bool or a list of str; a number with a decimal point stays text, exactly as written.
    """

    number: int
    fields: dict[str, Any] | None
    fault: Message | None
