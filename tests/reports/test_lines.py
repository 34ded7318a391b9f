"""What somebody wrote into a fact, an option or a decision stays one line of a paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pytest

from gkevents.reports.bulletin.content import bulletin_content
from gkevents.reports.bulletin.template import TemplateFaultyError, read_template, standard_text
from gkevents.words import say
from tests.reports.made import STANDARD, plainly, quarter
from tests.reports.offices import luancheng, said

FORGED: Final = "示例\n七、关于撤销\u2028八、关于\u2029九、\t关于\r\n\x1b十、\x85\u202e关于\u200b"
TOLD: Final = "示例 七、关于撤销 八、关于 九、 关于 十、 关于"

UNSEEN: Final = frozenset("\n\r\t\x1b\x85\u2028\u2029\u202e\u200b")


def texts(held: Any) -> list[str]:  # noqa: ANN401
    """Every text of a paper."""
    if isinstance(held, str):
        return [held]
    inner = held.values() if isinstance(held, dict) else held if isinstance(held, list) else ()
    return [text for one in inner for text in texts(one)]


def test_what_somebody_wrote_begins_no_paragraph_and_breaks_no_line(tmp_path: Path) -> None:
    office = luancheng(tmp_path)
    office.world.log(
        said(
            "伪-1",
            "栾城镇",
            "criticism",
            "2020-06-15",
            "L17",
            level="city",
            matter=FORGED,
            source=FORGED,
            recorded="2020-07-01",
        ),
        scheme=office.scheme,
        year=office.year,
    )
    options: dict[str, Any] = {"number": FORGED, "issuer": FORGED, "addressees": FORGED, "excluded": {"冶河镇": FORGED}}
    case = office.case(quarter(2020, 2), **options)
    decided: Any = case.standing
    (adoption,) = decided.editions
    decided = decided._replace(editions=(adoption._replace(decided_by=FORGED, reason=FORGED),))
    content = bulletin_content(case._replace(standing=decided), STANDARD)
    assert [
        text
        for text in texts(content["document"])
        if not set(text).isdisjoint("\n\r\t\x1b\x85\u2028\u2029\u202e\u200b")
    ] == []
    text = plainly(content)
    assert f"被市级通报批评：{TOLD}（依据：{TOLD}）" in text
    assert f"经{TOLD}决定启用（{TOLD}）。" in text
    assert f"冶河镇（{TOLD}）" in text
    document = content["document"]
    assert [document[name] for name in ("number", "issuer", "addressees", "signed_by")] == [TOLD] * 4
    assert content["figures"]["excluded"][0]["reason"] == FORGED
    assert [block["text"] for block in document["body"] if block["kind"] == "heading"] == [
        "一、总体情况", "二、得分和名次", "三、发现的问题", "四、整改要求",
    ]  # fmt: skip


@pytest.mark.parametrize("title", ["{{ number }}", "{% if 0 %}通报{% endif %}", "\u200b{{ number }}"])
def test_a_paper_without_a_title_is_a_fault_of_its_template(tmp_path: Path, title: str) -> None:
    office = luancheng(tmp_path)
    old = "title: 关于{{ period.full }}{{ subject }}考核情况的通报"
    written = standard_text().replace(old, f'title: "{title}"')
    annex = standard_text().replace("- title: 各单位分季度扣分（截至{{ as_of }}）", f'- title: "{title}"')
    for text, place in ((written, "title"), (annex, "annexes[2].title")):
        with pytest.raises(TemplateFaultyError) as found:
            bulletin_content(office.case(quarter(2020, 2)), read_template(text))
        (fault,) = found.value.faults
        assert title in text.splitlines()[fault.line - 1]
        assert say(fault.message, "en") == f"In {place}: this comes to nothing this time, and a paper needs a title"
