"""Small sample offices on published schemes, each with what a bulletin has to say something about. All made up."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

from gkevents.app.adopting import Decision
from gkevents.app.asking import Question, standing
from gkevents.schemes.model import Item
from gkevents.store.reading import Reader
from gkevents.terms import ZERO, show
from tests.app.worlds import World
from tests.reports.made import Office

LUANCHENG: Final = "luancheng-2020"
HEBEI: Final = "hebei-stats-2018"
BEILUN: Final = "beilun-2019"
SANMENXIA: Final = "sanmenxia-departments-2017"
UNITS: Final = ("示例甲局", "示例乙局", "示例丙局", "示例丁局", "示例戊局", "示例己局")
"""甲 has a fault to put right, 乙 contests a card, 丙 misses limits, 丁 is not fully marked, 戊 is not ranked, of 己
nothing is recorded."""


def said(ref: str, unit: str, kind: str, on: str, item: str | None = None, /, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """A fact, recorded on the evening of its day unless said otherwise."""
    recorded = fields.pop("recorded", on)
    named = {} if item is None else {"item": item}
    return {
        "ref": ref, "unit": unit, "type": kind, "effective_on": on, "recorded_at": f"{recorded}T18:00:00+08:00",
    } | named | fields  # fmt: skip


def best(item: Item) -> str:
    """The best mark that an item allows."""
    return show(max(item.allowed) if item.allowed else item.scale or item.points or ZERO)


def marks(office: Office, units: tuple[str, ...], on: str, *, but: tuple[str, str] = ("", "")) -> list[dict[str, Any]]:
    """The best mark for every item that wants one, one left out."""
    with office.world.gk() as gk, gk.store.reading() as connection:
        edition = standing(Reader(connection, gk.store.name), Question(office.scheme, office.year)).edition
    return [
        said(f"评分-{unit}-{item.code}", unit, "grade", on, item.code, points=best(item))
        for unit in units
        for item in edition.items.values()
        if item.start not in ("full", "zero", "elsewhere") and item.points and (unit, item.code) != but
    ]


def hebei(folder: Path) -> Office:
    """Half a year of cards, messages, a case and an order; some of it decided or known only after June."""
    world = World(folder / "hebei.db").init()
    world.adopt(HEBEI, year=2018, now="2018-03-01T09:00:00+08:00", units=[(unit, None) for unit in UNITS])
    return Office(world, HEBEI, 2018)


def first_half(office: Office) -> None:
    """What is known of the first half of the year by 12 July."""
    first, second, third, fourth, *_ = UNITS
    graded = marks(office, UNITS[:4], "2018-03-02", but=(fourth, "H01"))
    facts = [
        said(
            "卡-1", first, "supervision-card", "2018-05-11", "H19", problem="栏目更新不及时", source="示例督〔2018〕3号"
        ),
        said("卡-2", second, "supervision-card", "2018-05-14", "H19", problem=["链接失效", "附件打不开"]),
        said("卡-2告知", second, "case-notified", "2018-05-16", of="卡-2"),
        said("卡-2异议", second, "case-contested", "2018-05-17", of="卡-2", reason="示例：附件可以打开"),
        said("卡-1告知", first, "case-notified", "2018-05-18", of="卡-1"),
        said("卡-1认可", first, "case-accepted", "2018-05-21", of="卡-1"),
        said("留言-1", third, "netizen-message", "2018-06-12", "H21", key="留言一"),
        said("留言-2", third, "netizen-message", "2018-06-13", "H21", key="留言二"),
        said("令-1", first, "rectification-ordered", "2018-06-21", of="卡-1", limit="10 working days"),
        said("答复-1", third, "netizen-reply", "2018-06-22", key="留言一"),
        said("误记-1", third, "supervision-card", "2018-06-25", "H19", problem="内容有错字"),
    ]
    office.world.log(*graded, *facts, scheme=HEBEI, year=2018)
    with office.world.gk("2018-07-12T09:00:00+08:00") as gk:
        gk.scan()


def third_quarter(office: Office) -> None:
    """What became known after the bulletin of the second quarter, of that quarter and of the third."""
    first, second, third, *_ = UNITS
    late = {"recorded": "2018-07-20"}
    office.world.log(
        said("补记-1", first, "supervision-card", "2018-06-05", "H19", problem="栏目更新不及时", **late),
        said("撤回-1", third, "retraction", "2018-07-23", of="误记-1", reason="示例：不属本单位"),
        said("卡-2裁定", second, "case-overturned", "2018-07-24", of="卡-2", by="示例负责人", reason="示例：核实无误"),
        said("卡-3", second, "supervision-card", "2018-08-01", "H19", problem="搜索不可用"),
        said("答复-2", third, "netizen-reply", "2018-08-02", key="留言二"),
        scheme=HEBEI,
        year=2018,
    )
    with office.world.gk("2018-10-12T09:00:00+08:00") as gk:
        gk.scan()


def beilun(folder: Path) -> Office:
    """A quarter with bonuses, one matter named twice, a figure far below the mean, and a decision on the scheme."""
    world = World(folder / "beilun.db").init()
    units = ("新碶街道", "小港街道", "区财政局", "区审计局")
    decision = Decision("示例领导小组", dt.date(2019, 1, 2), "示例：年度方案")
    named = [(unit, None) for unit in units]
    world.adopt(BEILUN, year=2019, now="2019-01-03T09:00:00+08:00", units=named, decision=decision)
    office = Office(world, BEILUN, 2019)
    first, second, third, _ = units
    facts = [
        said("扬-1", first, "praise", "2019-02-02", "B-P1", matter="示例经验一", level="provincial"),
        said("批-1", second, "criticism", "2019-02-11", "B-D4", matter="示例差错一", source="示例通报〔2019〕7号"),
        said("批-2", second, "criticism", "2019-02-17", "B-D4", matter="示例差错一"),
        said("批-3", second, "criticism", "2019-03-11", "B-D4", matter="示例差错二"),
        said("数-1", first, "metric", "2019-03-20", "B-D3", value="120"),
        said("数-2", second, "metric", "2019-03-20", "B-D3", value="15"),
        said("数-3", third, "metric", "2019-03-20", "B-D3", value="60"),
    ]
    world.log(*marks(office, units, "2019-02-01"), *facts, scheme=BEILUN, year=2019)
    return office


def sanmenxia(folder: Path) -> Office:
    """A scheme whose items have no points yet: what happened is told, nothing is ranked."""
    world = World(folder / "sanmenxia.db").init()
    units = [("市教育局", None), ("市科技局", None)]
    world.adopt(SANMENXIA, year=2017, now="2017-01-03T09:00:00+08:00", units=units)
    world.log(
        said("批-1", "市教育局", "criticism", "2017-02-11", "SD-M1", level="city", matter="示例报道"),
        said("扬-1", "市科技局", "praise", "2017-02-12", "SD-P1", level="city", matter="示例经验"),
        scheme=SANMENXIA,
        year=2017,
    )
    return Office(world, SANMENXIA, 2017)


def luancheng(folder: Path) -> Office:
    """A scheme that is marked at the year's end only: by June all totals are ranges."""
    world = World(folder / "luancheng.db").init()
    units = [("栾城镇", None), ("冶河镇", None), ("区教育局", None), ("区气象局", None)]
    world.adopt(LUANCHENG, now="2020-03-16T09:00:00+08:00", units=units)
    world.log(
        said("批-1", "栾城镇", "criticism", "2020-04-15", "L17", level="city", matter="示例账号停更"),
        said("批-2", "栾城镇", "criticism", "2020-05-15", "L17", level="county", matter="示例账号差错"),
        said("日-1", "区教育局", "occurrence", "2020-05-20", "L22", amount="0.5", reason="示例：材料报送迟"),
        said("评-1", "区教育局", "grade", "2020-06-20", "L19", points="2.5", by="示例考核组"),
        scheme=LUANCHENG,
        year=2020,
    )
    return Office(world, LUANCHENG, 2020)
