"""A small year with bulletins of July and October, between which three things come to light about the spring."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any, Final

from gkevents.aggregates.bulletin import Excluded, Options, bulletin_id, period_of
from gkevents.app.bulletins import Asking, IssuedNow, canonical_of
from gkevents.reports.document import canonical
from tests.app.case_office import FILE, SCHEME
from tests.app.worlds import World, fact

UNITS: Final = ("甲局", "乙局", "丙局", "丁局", "戊局")
Q2: Final = bulletin_id(SCHEME, 2020, period_of(2020, quarter=2))
Q3: Final = bulletin_id(SCHEME, 2020, period_of(2020, quarter=3))
ISSUED_ON: Final = {2: "2020-07-10", 3: "2020-10-12"}

SPRING: Final[list[dict[str, Any]]] = [
    fact("g1", "grade", "2020-03-10", "G", unit="甲局", points="9", by="考核组"),
    fact("g2", "grade", "2020-03-10", "G", unit="乙局", points="8.5", by="考核组"),
    fact("g3", "grade", "2020-03-11", "G", unit="丁局", points="8", by="考核组"),
    fact("c1", "supervision-card", "2020-04-20", "C", unit="甲局", problem="栏目不更新", source="督〔2020〕1号"),
    fact("t1", "criticism", "2020-05-11", "T", unit="乙局", matter="季度抽查", source="通〔2020〕3号"),
    fact("c2", "supervision-card", "2020-05-18", "C", unit="乙局", problem="链接失效", source="督〔2020〕2号"),
    fact("m1", "netizen-message", "2020-06-01", "M", unit="甲局", key="M1"),
    fact("p1", "praise", "2020-06-10", "P", unit="甲局", level="city", matter="经验推广"),
]
SINCE: Final[list[dict[str, Any]]] = [
    fact("p2", "praise", "2020-07-20", "P", unit="丙局", level="national", matter="试点经验"),
    fact("t2", "criticism", "2020-06-20", "T", unit="甲局", matter="专项检查", source="通〔2020〕6号"),
    fact("r1", "retraction", "2020-08-05", unit="乙局", of="t1", reason="核实为另一单位"),
    fact("n2", "case-notified", "2020-08-06", unit="乙局", of="c2", by="督办员"),
    fact("n3", "case-contested", "2020-08-10", unit="乙局", of="c2", by="联络员", reason="链接已修复"),
    fact("n4", "case-overturned", "2020-08-20", unit="乙局", of="c2", by="负责人", reason="督办前已修复"),
    fact("c3", "supervision-card", "2020-09-01", "C", unit="甲局", problem="栏目不更新", source="督〔2020〕7号"),
    fact("n5", "case-notified", "2020-09-02", unit="甲局", of="c3", by="督办员"),
    fact("n8", "case-accepted", "2020-09-02", unit="甲局", of="c3", by="联络员"),
    fact("o1", "rectification-ordered", "2020-09-03", unit="甲局", of="c3", by="督办员", limit="2020-10-30"),
    fact("g4", "grade", "2020-09-15", "G", unit="丙局", points="9.5", by="考核组"),
]
AUTUMN: Final[list[dict[str, Any]]] = [
    fact("n6", "case-notified", "2020-10-15", unit="甲局", of="c1", by="督办员"),
    fact("n7", "case-contested", "2020-10-20", unit="甲局", of="c1", by="联络员", reason="栏目已更新"),
    fact("g5", "grade", "2020-12-10", "G", unit="戊局", points="7", by="考核组"),
]


def asking(quarter: int, **said: Any) -> Asking:  # noqa: ANN401 - any option
    """The bulletin of a quarter, with a unit that is not ranked."""
    options = Options(excluded=(Excluded("丁局", "机构撤并"),))._replace(**said)
    return Asking(SCHEME, 2020, period_of(2020, quarter=quarter), options)


def spring(world: World) -> World:
    """The year up to the first bulletin."""
    world.init().adopt(FILE, units=[(unit, None) for unit in UNITS], now="2020-03-02T09:00:00+08:00")
    each_on_its_day(world, SPRING)
    scan(world, "2020-06-30", now="2020-07-10T08:00:00+08:00")
    return world


def autumn(world: World) -> World:
    """From there to the second one: what is logged late in August happened in June."""
    each_on_its_day(world, SINCE, {"t2": "2020-08-03"})
    scan(world, "2020-09-30", now="2020-10-12T08:00:00+08:00")
    return world


def each_on_its_day(world: World, facts: list[dict[str, Any]], late: dict[str, str] | None = None) -> None:
    """Log each fact in the evening of its day, or on a later one."""
    told = [
        {**one, "recorded_at": f"{(late or {}).get(one['ref'], one['effective_on'])}T18:00:00+08:00"} for one in facts
    ]
    world.log(*told, scheme=SCHEME)


def scan(world: World, day: str, *, now: str) -> None:
    """Record what ran out by a day."""
    with world.gk(now) as gk:
        gk.scan(as_of=dt.date.fromisoformat(day))


def issue(world: World, quarter: int, **said: Any) -> IssuedNow:  # noqa: ANN401 - any option
    """Issue the bulletin of a quarter on its day."""
    with world.gk(f"{ISSUED_ON[quarter]}T09:00:00+08:00") as gk:
        return gk.issue_bulletin(asking(quarter, **said))


def whole(world: World) -> World:
    """Both bulletins issued."""
    spring(world)
    issue(world, 2, number="样发〔2020〕2号", issuer="样本办公室", addressees="各样本单位：")
    autumn(world)
    issue(world, 3, number="样发〔2020〕3号", issuer="样本办公室", rectify_by=dt.date(2020, 10, 30))
    each_on_its_day(world, AUTUMN)
    return world


def golden(world: World) -> dict[str, bytes]:
    """What is kept of the story: the contents as they were issued, and the terms beside them."""
    kept = {}
    with world.gk() as gk:
        for one in gk.bulletins():
            terms = {name: value for name, value in one.form.terms().items() if name != "template"}
            kept[f"{one.form.id}.json"] = canonical_of(one.form)
            kept[f"{one.form.id}.terms.json"] = canonical({**terms, "position": one.position})
    return kept


if __name__ == "__main__":
    folder = Path(__file__).parent / "golden"
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        for name, data in golden(whole(World(Path(made) / "gk.db"))).items():
            (folder / name).write_bytes(data)
