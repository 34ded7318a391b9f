"""Blocks are what the renderers read."""

from __future__ import annotations

from gkevents.reports.blocks import heading, paragraph, table


def test_a_block_is_said_in_a_word() -> None:
    assert heading("一、甲") == {"kind": "heading", "level": 1, "text": "一、甲"}
    assert heading("（一）甲", 2)["level"] == 2
    assert paragraph("甲。") == {"kind": "paragraph", "text": "甲。"}


def test_a_table_has_a_note_only_where_one_is_said() -> None:
    made = table("t", "表", [("单位", "text", 6), ("总分", "number", 3)], [["甲", None]])
    assert made == {
        "kind": "table", "id": "t", "caption": "表", "rows": [["甲", None]],
        "columns": [
            {"title": "单位", "kind": "text", "width": 6}, {"title": "总分", "kind": "number", "width": 3},
        ],
    }  # fmt: skip
    assert table("t", "表", [], [], "注：甲。")["note"] == "注：甲。"
