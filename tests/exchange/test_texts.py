"""JSON Lines and CSV: what is read, and what is said of a line that cannot be."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gkevents.aggregates.vocabulary import FIELDS
from gkevents.exchange import Row
from gkevents.exchange.cells import from_form
from gkevents.exchange.reading import rows_of
from gkevents.words import say

HEAD = ("ref", "type", "unit", "effective_on")
LINE = ",".join(HEAD)


def read(content: bytes) -> list[Row]:
    return list(rows_of("-", io.BytesIO(content)))


def fields(content: bytes | str) -> list[dict[str, Any] | None]:
    return [row.fields for row in read(content.encode() if isinstance(content, str) else content)]


def faults(content: bytes | str) -> list[tuple[int, str]]:
    rows = read(content.encode() if isinstance(content, str) else content)
    return [(row.number, say(row.fault, "en")) for row in rows if row.fault is not None]


def test_a_number_with_a_point_stays_as_it_was_written() -> None:
    assert fields('{"points": 0.10, "count": 3, "value": "79.996%", "justified": true}') == [
        {"points": "0.10", "count": 3, "value": "79.996%", "justified": True}
    ]


def test_a_line_may_call_its_fields_by_their_labels() -> None:
    assert fields('{"编号": "1", "类型": "督办卡", "problem": ["a"], "某栏": 1}') == [
        {"ref": "1", "type": "督办卡", "problem": ["a"], "某栏": 1}
    ]


def test_a_field_called_by_two_names_is_a_fault() -> None:
    assert faults('{"ref": "1", "编号": "2"}') == [(1, "the field ref is named twice")]
    assert "编号（ref）" in say(read('{"编号": "1", "ref": "2"}'.encode())[0].fault or "", "zh")


def test_blank_lines_are_no_rows_and_keep_their_numbers() -> None:
    assert [row.number for row in read(b'\n{"ref": "1"}\r\n\n{"ref": "2"}')] == [2, 4]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "broken JSON at column 2"),
        ("[1]", "not a fact"),
        ('"x"', "not a fact"),
        ('{"a": NaN}', "NaN is not a number"),
        ('{"a": -Infinity}', "-Infinity is not a number"),
        ('{"a": 1, "a": 2}', "named twice"),
        ('{"a": ' + "9" * 5000 + "}", "too many digits"),
        ('{"a": 0.' + "9" * 5000 + "}", "too many digits"),
        ('{"a": ' + "[" * 100_000 + "}", "broken JSON"),
        ('{"a": "\\ud800"}', "no text"),
        ('{"a": ["x", "\\u0000"]}', "no text"),
    ],
)
def test_a_line_that_is_no_fact_is_a_fault_of_its_own(line: str, says: str) -> None:
    rows = read(f'{{"ref": "1"}}\n{line}\n{{"ref": "2"}}\n'.encode())
    assert [row.number for row in rows] == [1, 2, 3]
    assert [row.fields for row in rows if row.fault is None] == [{"ref": "1"}, {"ref": "2"}]
    assert says in say(rows[1].fault or "", "en")


def test_text_in_gb18030_is_understood() -> None:
    assert fields('{"unit": "栾城镇"}\n{"unit": "楼底镇"}'.encode("gb18030")) == [
        {"unit": "栾城镇"},
        {"unit": "楼底镇"},
    ]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert fields(b'\xef\xbb\xbf{"unit": "\xe5\xb1\x80"}') == [{"unit": "局"}]


def test_bytes_that_are_no_text_are_a_fault_of_their_line() -> None:
    content = '{"unit": "局"}\n'.encode() + b'{"unit": "\xff\xfe"}\n{"ref": "3"}'
    assert faults(content) == [(2, "the line is not valid UTF-8 text")]


def test_utf_16_is_named() -> None:
    assert "UTF-16" in faults('{"ref": "1"}'.encode("utf-16"))[0][1]


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"\xef\xbb\xbf", b"ref,type,unit,effective_on\n", b"ref,type,unit,effective_on\n,,,\n"]
)
def test_a_file_without_a_fact_is_one_fault(content: bytes) -> None:
    assert [row.fields for row in read(content)] == [None]


class Endless(io.RawIOBase):
    """A line of 200 MB that counts how much of it was asked for at once."""

    def __init__(self) -> None:
        self.left, self.most = 200_000_000, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self.most = max(self.most, len(buffer))
        part = min(len(buffer), self.left)
        buffer[:part] = b"x" * part
        self.left -= part
        return part


def test_a_line_of_200_mb_is_refused_without_being_kept() -> None:
    source = Endless()
    rows = list(rows_of("-", io.BufferedReader(source)))
    assert [row.number for row in rows] == [1]
    assert "1000000 bytes" in say(rows[0].fault or "", "en")
    assert source.most <= 2_000_000


def test_lines_after_a_long_one_are_read() -> None:
    assert [row.fields for row in read(b"x" * 3_000_000 + b'\n{"ref": "2"}')] == [None, {"ref": "2"}]


def test_csv_takes_chinese_headings_and_the_days_people_write() -> None:
    content = "编号,类型,单位,指标,日期,问题\n1,督办卡,栾城镇,H19,2020年9月4日,首页打不开、栏目未更新\n"
    assert fields(content) == [
        {
            "ref": "1",
            "type": "督办卡",
            "unit": "栾城镇",
            "item": "H19",
            "effective_on": "2020-09-04",
            "problem": ["首页打不开", "栏目未更新"],
        }
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "，"])
def test_csv_finds_its_delimiter(delimiter: str) -> None:
    assert fields(f"{delimiter.join(HEAD)}\n1{delimiter}grade\n") == [{"ref": "1", "type": "grade"}]


def test_csv_in_gb18030_is_understood() -> None:
    assert fields("编号,单位,类型,日期\n1,楼底镇（街道）\n".encode("gb18030")) == [
        {"ref": "1", "unit": "楼底镇（街道）"}
    ]


def test_a_row_of_csv_is_numbered_by_its_first_line() -> None:
    rows = read('\n编号,备注,类型,单位,日期\n1,"a\n\nb"\n\n2,c\n'.encode())
    assert [(row.number, row.fields) for row in rows] == [
        (3, {"ref": "1", "note": "a\n\nb"}),
        (7, {"ref": "2", "note": "c"}),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("ref,pionts\n1,2\n", "(did you mean “points”?); missing: "),
        ("编号,类型,单位,日期,扣份\n1,2\n", "; did you mean “扣分”?"),
        ("编号,类型,单位,日期,zzzzqqqq\n1,2\n", "the headings are ref, type, "),
        ("ref,编号\n1,2\n", "same field"),
        ("ref,zzzzqqqq\n1,2\n", "unknown heading"),
        (f'{LINE},note\n1,,,,"open\n2,x\n', "quotation mark"),
        (f'{LINE},note\n1,,,,"a"b\n2,x\n', "quotation mark"),
        (f"{LINE},note\n1,,,,a,b\n", "without a heading"),
        (f"{LINE},note\n1,,,,a\0b\n", "no text"),
    ],
)
def test_csv_that_cannot_be_read_says_why(content: str, says: str) -> None:
    assert says in faults(content)[0][1]


def test_a_csv_file_is_known_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "facts.csv").write_text("nonsense\n1\n", encoding="utf-8")
    row = next(rows_of(tmp_path / "facts.csv"))
    assert "unknown heading" in say(row.fault or "", "en")


@pytest.mark.parametrize(
    "written", ["2020-09-04", "2020-9-4", "2020/9/4", "2020.9.4", "2020年9月4日", "20200904", "２０２０-９-４"]
)
def test_a_day_may_be_written_in_many_ways(written: str) -> None:
    assert from_form("effective_on", written) == "2020-09-04"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2020-9-4 9:30", "2020-09-04T09:30:00+08:00"),
        ("2020年9月4日 09:30:15", "2020-09-04T09:30:15+08:00"),
        ("2020-09-04T01:30:00Z", "2020-09-04T01:30:00Z"),
        ("2020-09-04T09:30+08:00", "2020-09-04T09:30:00+08:00"),
        ("soon", "soon"),
    ],
)
def test_an_instant_on_a_form_is_in_beijing_time(written: str, read_as: str) -> None:
    assert from_form("effective_at", written) == read_as


def test_a_list_of_names_may_be_json() -> None:
    assert from_form("problem", '["a、b", "c"]') == ["a、b", "c"]


def test_prose_keeps_its_punctuation() -> None:
    assert from_form("unit", " 楼底镇（街道） ") == "楼底镇（街道）"


def plain(row: Row) -> bool:
    return (row.fields is None) != (row.fault is None) and row.number > 0


@given(st.binary(max_size=300))
def test_no_bytes_do_more_than_be_a_fault(content: bytes) -> None:
    assert all(plain(row) and say(row.fault or "", "zh") is not None for row in read(content))


@given(st.text(max_size=200), st.sampled_from(["", "{", "编号,备注\n", '{"ref": "', "ref\ttype\n"]))
def test_no_text_does_more_than_be_a_fault(text: str, start: str) -> None:
    assert all(plain(row) for row in read((start + text).encode("utf-8", "surrogatepass")))


@given(
    st.dictionaries(
        st.sampled_from(sorted(FIELDS)), st.text(st.characters(exclude_categories=["Cs", "Cc"])), min_size=1
    )
)
def test_what_is_written_as_json_is_read_as_it_was(facts: dict[str, str]) -> None:
    assert fields(json.dumps(facts)) == [facts]


@given(st.sampled_from(sorted(FIELDS)), st.text())
def test_no_text_in_a_form_raises(field: str, text: str) -> None:
    value = from_form(field, text)
    assert value is None or value or value == []
