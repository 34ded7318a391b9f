"""The three forms of a file of facts, by their English and Chinese headings, give the same facts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from tests.contract.office import (
    CITIES,
    COUNTIES,
    DOCS,
    HEBEI,
    LUANCHENG,
    Fact,
    Gk,
    Office,
    Where,
    day,
    fact,
)

Opener = Callable[..., Office]


LABELS: Final = {
    "ref": "编号",
    "type": "类型",
    "unit": "单位",
    "item": "指标",
    "effective_on": "日期",
    "effective_at": "时间",
    "problem": "问题",
    "matter": "事项",
    "level": "级别",
    "count": "次数",
    "points": "分值",
    "amount": "扣分",
    "reason": "理由",
    "key": "留言编号",
    "limit": "时限",
    "value": "数值",
    "numerator": "分子",
    "denominator": "分母",
    "previous": "上年",
    "current": "本年",
    "met": "已具备",
    "missing": "缺少",
    "of": "撤回编号",
    "kind": "种类",
    "form": "形式",
    "justified": "正当理由",
    "serious": "严重",
    "recorded_by": "登记人",
    "by": "评分人",
    "source": "依据",
    "note": "备注",
}
CHINESE: Final = {
    "supervision-card": "督办卡",
    "netizen-message": "网民留言",
    "reply-timeout": "留言超期",
    "praise": "表扬",
    "criticism": "通报批评",
    "fraud": "弄虚作假",
}
LEVELS: Final = {"national": "国家级", "provincial": "省级", "city": "市级", "county": "县级"}


def told_everything(unit: str) -> list[Fact]:
    """Facts that between them use every label but those of a figure's other ways."""
    rows = [
        fact("supervision-card", unit, "2018-03-01", "H19", problem=["链接失效", "栏目空白"], matter="三月抽查"),
        fact("netizen-message", unit, "2018-03-01", "H21", key="m1", limit="4 working days"),
        fact("netizen-reply", unit, "2018-03-05T09:30:00+08:00", key="m1", justified=False, serious=True),
        fact("reply-timeout", unit, "2018-03-02", "H25b", count=2),
        fact("occurrence", unit, "2018-03-02", "H32", note="备注, 带逗号", source="文〔2018〕1号", recorded_by="张三"),
        fact("occurrence", unit, "2018-03-02", "H13i", form="发布会"),
        fact("criticism", unit, "2018-03-02", "H32", level="national"),
        fact("grade", unit, "2018-03-02", "H02", points="0.75", by="李四", reason="抽查"),
        fact("metric", unit, "2018-03-02", "H26a", numerator="7", denominator="10"),
        fact("metric", unit, "2018-03-02", "H20", value="2"),
        fact("checklist", unit, "2018-03-02", "H33", met=2),
        fact("checklist", unit, "2018-03-02", "H34", missing=1),
        fact("confirmation", unit, "2018-03-02", "H13i"),
    ]
    return [*rows, fact("retraction", unit, "2018-03-03", of=rows[4]["ref"], reason="误记")]


def chinese(row: Fact) -> Fact:
    """A fact as a Chinese form has it."""
    told = dict(row)
    told["type"] = CHINESE.get(row["type"], row["type"])
    if "level" in told:
        told["level"] = LEVELS[told["level"]]
    for name in ("justified", "serious"):
        if name in told:
            told[name] = "是" if told[name] else "否"
    if "problem" in told:
        told["problem"] = "、".join(told["problem"])
    return told


def cells(rows: list[Fact], labels: dict[str, str]) -> Iterator[list[Any]]:
    """The heading row and the rows of a form."""
    used = [name for name in labels if any(name in row for row in rows)]
    yield [labels[name] for name in used]
    yield from ([row.get(name, "") for name in used] for row in rows)


def csv_text(rows: list[Fact], labels: dict[str, str]) -> str:
    """Rows as CSV."""
    text = io.StringIO()
    csv.writer(text).writerows(cells(rows, labels))
    return text.getvalue()


def workbook(path: Path, rows: list[Fact], labels: dict[str, str]) -> Path:
    """Rows as a spreadsheet."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(cells(rows, labels)):
            sheet.write_row(number, 0, row)
    return path


def ledger(desk: Office) -> Any:  # noqa: ANN401 - a JSON answer
    answer = desk.ask("replay", HEBEI[1])
    for entry in answer["entries"]:
        assert entry.pop("recorded_at")
    return answer


def test_jsonl_csv_and_xlsx_give_the_same_facts(office: Opener, tmp_path: Path) -> None:
    rows = told_everything(HEBEI[1])
    plain = [row | ({"problem": "、".join(row["problem"])} if "problem" in row else {}) for row in rows]
    names = {name: name for name in LABELS}
    (tmp_path / "zh.csv").write_text(csv_text([chinese(row) for row in rows], LABELS), encoding="utf-8-sig")
    (tmp_path / "gb.csv").write_text(csv_text([chinese(row) for row in rows], LABELS), encoding="gb18030")
    (tmp_path / "en.csv").write_text(csv_text(plain, names), encoding="utf-8")
    workbook(tmp_path / "zh.xlsx", [chinese(row) for row in rows], LABELS)
    workbook(tmp_path / "en.xlsx", plain, names)
    desk = office(*HEBEI)
    desk.take(*rows)
    wanted = ledger(desk)
    for name in ("zh.csv", "gb.csv", "en.csv", "zh.xlsx", "en.xlsx"):
        again = desk.gk("log", tmp_path / name, *desk.named, "--json", now=desk.evening)
        assert again.status == 0, (name, again.json["refused"])
        assert again.json["already_recorded"] == [row["ref"] for row in rows], name
        fresh = Office(Gk(desk.gk.folder, f"sqlite:///{tmp_path / name}.db"), desk.scheme, desk.year)
        fresh.gk("init", "--simulated-clock")
        fresh.gk("scheme", "adopt", desk.scheme, "--year", 2018, "--unit", HEBEI[1], now="2018-01-01T07:00:00+08:00")
        logged = fresh.gk("log", tmp_path / name, *desk.named, "--json", now=desk.evening)
        assert logged.status == 0, logged.json
        assert ledger(fresh) == wanted, name


def test_csv_from_stdin(office: Opener) -> None:
    desk = office(*HEBEI)
    rows = told_everything(HEBEI[1])
    logged = desk.gk(
        "log", "-", *desk.named, "--json", stdin=csv_text([chinese(row) for row in rows], LABELS), now=desk.evening
    )
    assert (logged.status, len(logged.json["recorded"])) == (0, len(rows)), logged


@pytest.mark.parametrize(
    ("where", "told"),
    [
        (LUANCHENG, {"type": "occurrence", "item": "L22", "amount": "0.5", "reason": "迟报"}),
        (CITIES, {"type": "occurrence", "item": "NC-P1", "kind": "report", "count": 12}),
        (CITIES, {"type": "表扬", "item": "NC-P2", "level": "国家级"}),
        (CITIES, {"type": "通报批评", "item": "NC-M1", "level": "省级", "matter": "事项甲"}),
        (DOCS, {"type": "metric", "item": "DP09", "previous": "100", "current": "80"}),
        (COUNTIES, {"type": "弄虚作假", "reason": "属实"}),
    ],
    ids=lambda value: str(value)[:30],
)
def test_labels_of_other_schemes_through_a_form(office: Opener, where: Where, told: Fact) -> None:
    desk = office(*where)
    row = fact("", where[1], day(where)) | told
    logged = desk.gk("log", "-", *desk.named, "--json", stdin=csv_text([row], LABELS), now=desk.evening)
    assert logged.status == 0, logged.json
    assert desk.log(row).json["already_recorded"] == [row["ref"]]


def test_every_label_of_the_contract_is_understood(office: Opener) -> None:
    desk = office(*HEBEI)
    for name, label in LABELS.items():
        changed = {"ref": "x", "type": "grade", "unit": HEBEI[1], name: ""}
        logged = desk.gk("log", "-", *desk.named, stdin=csv_text([changed], LABELS), now=desk.evening)
        assert logged.status == 1
        assert label not in logged.err or "heading" not in logged.err, logged.err


def test_chinese_level_names_have_the_price_of_their_level(office: Opener) -> None:
    desk = office(*CITIES)
    desk.take(
        *(fact("criticism", CITIES[1], day(CITIES), "NC-M1", level=name) for name in ("国家级", "省级", "市级", "县级"))
    )
    entries = desk.ask("replay", CITIES[1])["entries"]
    assert [entry["applied"] for entry in entries if entry["type"] == "criticism"] == ["-2", "-1", "0", "0"]
