"""What the paper of a year's result, and each unit's feedback, is made of. Plain data: nothing here asks a clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from gkevents.aggregates.case_rules import NO_RULES, CaseRules
from gkevents.aggregates.result import ResultProposed
from gkevents.calendar import Calendar
from gkevents.reports.bulletin.case import Completeness, Reckoned, Source
from gkevents.reports.document import Page
from gkevents.reports.wording import Numbers, subject
from gkevents.reports.year.readiness import Lack
from gkevents.schemes.edition import Edition

PAGE: Final[Page] = {
    "margin_top": 37, "margin_left": 28, "margin_right": 26, "margin_bottom": 35, "lines": 22,
    "title_size": 22, "body_size": 16, "table_size": 10,
    "title_fonts": ["方正小标宋简体", "小标宋", "宋体", "SimSun"], "body_fonts": ["仿宋_GB2312", "仿宋", "FangSong"],
    "heading_fonts": ["黑体", "SimHei"], "subheading_fonts": ["楷体_GB2312", "楷体", "KaiTi"],
    "red_head": True, "page_numbers": "outside",
}  # fmt: skip
"""The page of a result and of a feedback, as GB/T 9704-2012 has it."""


class YearCase(NamedTuple):
    """All that the paper of a result is made of.

    `proposal`: by whom, when, as known at which position (its digest is not known yet); `number`: the how manieth
    proposal of the year it is; `recorded_at`: when the event at its position was recorded; `head`: what an office said
    of the paper (`number`, `issuer`, `addressees`). `lacks`: what was missing on the day of the proposal.
    `page`, `subject`, `chart_units`: what the office's template says of the paper; of more units no chart is drawn.
    `completeness`: how many facts the log held then, and how many the scores have heard.
    """

    proposal: ResultProposed
    number: int
    recorded_at: str
    source: Source
    standing: Reckoned
    calendar: Calendar
    rules: CaseRules = NO_RULES
    lacks: Sequence[Lack] = ()
    completeness: Completeness = Completeness(0, 0)
    head: Mapping[str, str] = {}
    page: Page = PAGE
    subject: str | None = None
    chart_units: int = 60

    @property
    def edition(self) -> Edition:
        """The edition that priced the year."""
        return self.standing.edition

    @property
    def about(self) -> str:
        """What is assessed, as titles say it."""
        return self.subject or subject(self.edition.title)

    @property
    def numbers(self) -> Numbers:
        """Points as the scheme prints them."""
        return Numbers(self.edition.display_decimals)


def result_id(scheme: str, year: int, number: int) -> str:
    """By what the paper of a result is named; a later proposal of the year bears its number."""
    return f"{scheme}-{year}-result" + (f"-{number}" if number > 1 else "")
