"""Worked figures of the published schemes: working-day limits, the ratio of H26a, bands."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from gkevents.schemes.edition import Edition
from gkevents.schemes.model import cited
from gkevents.scoring.limits import end_of_limit
from gkevents.scoring.score import conclude, price_unit
from gkevents.scoring.unit import UnitLog
from gkevents.terms import exact_share, show
from tests.oracle.agreement import edition, full_calendar
from tests.scoring.made import F, fact, log, scored


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2018-09-28", 3, "2018-10-08"), ("2018-09-26", 7, "2018-10-10"), ("2018-09-20", 15, "2018-10-17"),
        ("2018-10-03", 3, "2018-10-10"), ("2018-02-09", 3, "2018-02-13"), ("2018-12-28", 3, "2019-01-03"),
        ("2018-04-03", 3, "2018-04-09"), ("2018-04-27", 5, "2018-05-07"),
    ],
)  # fmt: skip
def test_a_limit_ends_on_the_working_day_that_the_notices_give(start: str, days: int, due: str) -> None:
    end = end_of_limit(dt.date.fromisoformat(start), None, f"{days} working days", full_calendar())
    assert end == dt.date.fromisoformat(due)


@pytest.mark.parametrize(
    ("percent", "points"),
    [
        ("0", "0"),
        ("9.99", "0"),
        ("10", "1"),
        ("39.99", "1"),
        ("40", "2"),
        ("49.99", "2"),
        ("50", "3"),
        ("59.99", "3"),
        ("60", "4"),
        ("69.99", "4"),
        ("70", "5"),
        ("79.99", "5"),
        ("79.996", "5"),
        ("80", "6"),
        ("100", "6"),
    ],
)
def test_the_share_of_h26a_gives_the_points_of_its_step(percent: str, points: str) -> None:
    hebei = edition("hebei-stats-2018", None)
    report = fact("metric", "2018-12-31", "H26a", value=exact_share(f"{percent}%"))
    priced = price_unit(hebei, UnitLog("河北省统计局", "", 2018, log(report)))
    item = conclude(hebei, priced).items["H26a"]
    assert (show(item.score or F(0)), item.state) == (points, "reported")


def with_bands() -> Edition:
    """The first published scheme that prints bands down to 90, 80 and 60."""
    return edition("sanmenxia-departments-2017", overlay())


def with_thousandths() -> Edition:
    """The same with marks of three decimals allowed, so that totals just below a band can be marked at all."""
    frozen = with_bands()
    items = {code: item._replace(grade_decimals=3) for code, item in frozen.items.items()}
    return replace(frozen, items=items, grade_decimals=3)


def overlay() -> dict[str, object]:
    """Made-up points: one for each item, the first one the rest up to 100."""
    codes = list(edition("sanmenxia-departments-2017", None).items_for(""))
    points = dict.fromkeys(codes, "1")
    rules = dict.fromkeys(edition("sanmenxia-departments-2017", None).rules, "3")
    return {"points": points | {codes[0]: str(101 - len(codes))}, "adjustments": rules}


def test_a_group_cites_its_clause_with_the_lines_of_the_published_text() -> None:
    (group,) = edition("hunan-cities-2017", None).groups
    assert cited(group).endswith("（公布文本第210、211、216、217行）")


@pytest.mark.parametrize(
    ("total", "band"),
    [
        ("103", "优秀"),
        ("90", "优秀"),
        ("89.995", "良好"),
        ("89.5", "良好"),
        ("80", "良好"),
        ("79.5", "合格"),
        ("60", "合格"),
        ("59.999", "不合格"),
        ("0", "不合格"),
    ],
)
def test_a_band_is_told_from_the_exact_total(total: str, band: str) -> None:
    frozen = with_thousandths()
    left = F(total)
    facts = []
    for code, item in frozen.items_for("").items():
        points = min(left, item.points or F(0))
        left -= points
        facts.append(fact("grade", "2017-12-01", code, points=points))
    bonus = next(code for code, rule in frozen.rules.items() if rule.side == "bonus")
    facts += [fact("occurrence", "2017-12-01", bonus, level="national")] if left else []
    score = scored(frozen, *facts)
    assert (score.total, score.band) == (F(total), band)
