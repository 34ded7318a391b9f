"""A content as one HTML file: all its text, nothing that runs, nothing that is fetched."""

from __future__ import annotations

import copy
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any, Final

import pytest

from gkevents.paper.html import render
from gkevents.paper.reading import as_table, said
from gkevents.reports.document import Content, digest
from tests.paper.sample import AWKWARD, content

VOID: Final = {"meta", "link", "col", "hr"}
HOSTILE: Final = "\"'></style></title><script>alert(1)</script><img src=x onerror=alert(1)>\x00\x1b{{ 7*7 }}{% raw %}"


class Seen(HTMLParser):
    """What a reader of the file meets: elements with their attributes and text, in order."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], list[str]]] = []
        self._open: list[tuple[str, dict[str, str | None], list[str]]] = []
        self.feed(data.decode())
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element: tuple[str, dict[str, str | None], list[str]] = (tag, dict(attrs), [])
        self.found.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element[2].append(data)

    def texts(self, *tags: str, css: str = "") -> list[str]:
        """The text of every such element."""
        return ["".join(text) for tag, attrs, text in self.found if tag in tags and (attrs.get("class") or "") == css]

    def all_of(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every such element."""
        return [attrs for found, attrs, _ in self.found if found == tag]


def _tables(of: Content) -> list[Any]:
    blocks = [*of["document"]["body"], *(block for annex in of["document"]["annexes"] for block in annex["body"])]
    return [
        block if block["kind"] == "table" else as_table(block)  # type: ignore[arg-type]
        for block in blocks
        if block["kind"] not in ("heading", "paragraph")
    ]


@pytest.fixture(scope="module")
def seen() -> Seen:
    return Seen(render(content()))


def test_every_cell_is_there_in_its_order(seen: Seen) -> None:
    cells = ["".join(text) for tag, _, text in seen.found if tag == "td"]
    assert cells == [said(cell) for table in _tables(content()) for row in table["rows"] for cell in row]
    assert AWKWARD in cells


def test_every_column_has_a_heading_that_says_it_is_one(seen: Seen) -> None:
    assert seen.texts("th") == [column["title"] for table in _tables(content()) for column in table["columns"]]
    assert {attrs["scope"] for attrs in seen.all_of("th")} == {"col"}
    assert len(seen.all_of("thead")) == len(_tables(content()))


def test_numbers_stand_at_the_right_places_in_the_middle_days_in_one_line(seen: Seen) -> None:
    assert [attrs.get("class") for attrs in seen.all_of("td")][:5] == ["c", None, "n", "n", None]
    assert [attrs.get("class") for attrs in seen.all_of("td")][-6:] == ["c", None, "s", None, None, "n"]


def test_the_parts_of_a_paper_are_all_there(seen: Seen) -> None:
    document = content()["document"]
    text = "".join(seen.texts("main", css="sheet"))
    for name in ("title", "issuer", "number", "addressees", "signed_by", "signed_on", "copies_to", "printed"):
        assert str(document[name]) in text
    assert "（此件公开发布）" in text
    assert document["small_print"][0] in text
    assert AWKWARD in seen.texts("p")
    assert "注：示例数据，非真实考核记录。" in seen.texts("p", css="note")


def test_the_digest_of_the_content_is_printed(seen: Seen) -> None:
    assert f"内容摘要 SHA-256: {digest(content())}" in seen.texts("p")


def test_what_is_left_out_leaves_nothing_behind() -> None:
    bare = content(3)
    document = bare["document"]
    for name in ("issuer", "number", "addressees", "signed_by", "signed_on", "note", "copies_to", "printed", "mark"):
        document[name] = None
    document["annexes"], document["small_print"] = [], []
    document["body"] = [{"kind": "paragraph", "text": "只有一段。"}]
    found = Seen(render(bare))
    assert found.texts("p") == ["只有一段。", f"内容摘要 SHA-256: {digest(bare)}"]
    assert not found.all_of("nav") + found.all_of("hr") + found.all_of("section") + found.all_of("ol")
    assert "None" not in "".join(found.texts("body"))


def test_no_text_becomes_a_tag_a_style_or_a_script() -> None:
    hostile = _everywhere(content(5, annex_rows=3))
    data = render(hostile)
    found = Seen(data)
    tags = {tag for tag, _, _ in found.found}
    assert not tags & {"script", "img", "b", "iframe", "object", "form", "base", "image", "foreignobject"}
    assert not [name for _, attrs, _ in found.found for name in attrs if name.startswith("on")]
    assert len(found.all_of("style")) == 1
    assert b"\x00" not in data
    assert b"\x1b" not in data
    assert HOSTILE.replace("\x00", "\ufffd").replace("\x1b", "\ufffd") in found.texts("p")


def _everywhere(of: Content) -> Content:
    """The same with hostile text in every place where somebody can write."""

    def spoilt(part: Any, key: str = "") -> Any:  # noqa: ANN401 - any part of a content
        if isinstance(part, dict):
            return {name: spoilt(value, name) for name, value in part.items()}
        if isinstance(part, list):
            return [spoilt(value, key) for value in part]
        kept = key in ("kind", "value", "low", "high", "start", "end", "page_numbers", "values", "cells")
        return part if kept or not isinstance(part, str) else HOSTILE

    made = copy.deepcopy(of)
    made["document"] = spoilt(made["document"])
    return made


def test_nothing_runs_and_nothing_is_fetched(seen: Seen) -> None:
    policies = [a["content"] for a in seen.all_of("meta") if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies == [
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    ]
    assert not seen.all_of("script")
    places = [
        attrs[name] or "" for _, attrs, _ in seen.found for name in ("href", "src", "xlink:href") if name in attrs
    ]
    assert all(place.startswith(("#", "data:")) for place in places)
    styles = "".join(seen.texts("style"))
    assert not re.search(r"url\(|@import|@font-face|expression|image-set", styles)
    addresses = set(re.findall(r"\w+://[^\"'\s<]*", render(content()).decode()))
    assert addresses <= {"http://www.w3.org/2000/svg"}  # a name, not an address


def test_headings_go_down_one_step_at_a_time(seen: Seen) -> None:
    levels = [int(tag[1]) for tag, _, _ in seen.found if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_list_of_contents_leads_somewhere(seen: Seen) -> None:
    ids = [attrs["id"] for _, attrs, _ in seen.found if "id" in attrs]
    assert len(ids) == len(set(ids))
    targets = [(attrs["href"] or "").removeprefix("#") for attrs in seen.all_of("a")]
    assert len(targets) > 4
    assert set(targets) <= set(ids)
    assert {attrs["aria-labelledby"] for _, attrs, _ in seen.found if "aria-labelledby" in attrs} <= set(ids)


def test_a_chart_is_a_named_picture_and_its_numbers_stand_beside_it(seen: Seen) -> None:
    charts = [block for block in content()["document"]["body"] if block["kind"] in ("bars", "heat", "trend")]
    pictures = seen.all_of("svg")
    assert len(pictures) >= len(charts)
    assert {attrs["role"] for attrs in pictures} == {"img"}
    assert seen.texts("figcaption") == [chart["caption"] for chart in charts]
    assert set(seen.texts("desc")) == {chart["alt"] for chart in charts}
    assert len(seen.all_of("details")) == len(charts)


def test_the_file_says_its_language_its_letters_and_its_title(seen: Seen) -> None:
    assert seen.all_of("html") == [{"lang": "zh-CN"}]
    assert {"charset": "utf-8"} in seen.all_of("meta")
    assert seen.texts("title")[0] == "【示例】关于示例县2020年第三季度政务公开考核情况的通报"
    assert seen.texts("h1") == ["关于示例县2020年第三季度政务公开考核情况的通报"]


def test_a_mark_is_said_and_lies_behind_the_text(seen: Seen) -> None:
    assert seen.texts("p", css="banner") == ["【示例】"]
    assert len(seen.texts("div", css="watermark")) == 1
    plain = Seen(render(content(mark=None)))
    assert plain.texts("p", css="banner") + plain.texts("div", css="watermark") == []
    assert not plain.texts("title")[0].startswith("【")


def test_a_house_without_a_red_head_prints_its_number_below_the_title() -> None:
    house = content(3)
    house["document"]["page"] = {**house["document"]["page"], "red_head": False}
    found = Seen(render(house))
    assert found.texts("p", css="issuer") == []
    assert found.all_of("hr") == []
    assert found.texts("p", css="number below") == ["示政公开办〔2020〕5号"]


@pytest.mark.parametrize(("where", "places"), [("outside", 2), ("centre", 1), ("none", 0)])
def test_pages_are_numbered_where_the_house_wants_it(where: str, places: int) -> None:
    house = content(3)
    house["document"]["page"] = {**house["document"]["page"], "page_numbers": where}  # type: ignore[typeddict-item]
    assert "".join(Seen(render(house)).texts("style")).count("counter(page)") == places


def test_the_page_is_as_the_house_has_it(seen: Seen) -> None:
    style = "".join(seen.texts("style"))
    assert "@page { size: A4; margin: 37mm 26mm 35mm 28mm; }" in style
    assert '--body: "仿宋_GB2312", "仿宋", "FangSong"' in style
    assert "--size: 16pt" in style


def test_only_a_wide_annex_is_turned_on_its_side(seen: Seen) -> None:
    assert [attrs["class"] for attrs in seen.all_of("section")] == ["annex wide", "annex"]


def test_the_same_bytes_in_another_place_and_time() -> None:
    program = (
        "import sys; from gkevents.paper.html import render; from tests.paper.sample import content;"
        "sys.stdout.buffer.write(render(content(9, annex_rows=5)))"
    )
    environment = {
        **os.environ,
        "TZ": "America/St_Johns",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "77",
        "PYTHONPATH": os.curdir,
    }
    other = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True)
    assert other.stdout == render(content(9, annex_rows=5))
