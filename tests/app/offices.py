"""Stores made from one template, an input of random rows logged to each in another way, and all that came of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st

from gkevents.app.recording import Logged, RefusedRow
from gkevents.exchange import Row
from gkevents.words import N_, message, say
from tests.app.worlds import World

TINY: Final = (Path(__file__).parent / "tiny.yaml").read_text(encoding="utf-8")
OTHER: Final = TINY.replace("on: happenings", "on: cards")
"""The same scheme where T3 counts cards, and takes no criticism any more."""
SCHEME: Final = "tiny-2020"
JANUARY: Final = "2020-01-06T09:00:00+08:00"
REFS: Final = [f"R{number}" for number in range(1, 7)]
KEYS: Final = ["K1", "K2"]
DAYS: Final = ["2020-03-02", "2020-03-03", "2020-03-12", "2020-05-01", "2021-02-01"]
MOMENTS: Final = [f"2020-{month:02}-10T10:00:00+08:00" for month in (5, 6, 7)] + ["2021-03-01T09:00:00+08:00"]
CLOCK: Final = "2020-05-09T10:00:00+08:00"


def of(ref: str, kind: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - fields of a fact
    return {"ref": ref, "type": kind, "unit": "甲局", "effective_on": "2020-03-03"} | fields


def _told(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    always = {
        "ref": st.sampled_from(REFS), "type": st.just(kind), "unit": st.sampled_from(["甲局", "甲局", "乙局", "丙局"]),
        "effective_on": st.sampled_from(DAYS),
    }  # fmt: skip
    return st.fixed_dictionaries(
        always | fields, optional={"recorded_at": st.sampled_from(MOMENTS), "note": st.sampled_from(["", " 注 ", "\n"])}
    )


FACTS: Final = st.one_of(
    _told("grade", item=st.sampled_from(["T1", "T1", "T3", "T9"]), points=st.sampled_from(["1", "1.0", 2, 11, "x"])),
    _told("criticism", item=st.just("T3"), count=st.sampled_from([1, "1", 2, True])),
    _told("netizen-message", item=st.just("T2"), key=st.sampled_from(KEYS)),
    _told("netizen-message", item=st.just("T2"), key=st.sampled_from(KEYS), limit=st.just("3 working days")),
    _told("netizen-reply", key=st.sampled_from(KEYS)),
    _told("reply-timeout", item=st.just("T2"), key=st.sampled_from(KEYS)),
    _told("retraction", of=st.sampled_from([*REFS, "OLD"])),
    _told("duplicate-ruling", of=st.sampled_from(REFS)),
    _told("fraud"),
    st.just({"type": "grade"}),
)


@st.composite
def inputs(draw: st.DrawFn) -> list[Row]:
    """Rows: good ones, bad ones, some that could not be read."""
    facts = draw(st.lists(FACTS, min_size=1, max_size=16))
    broken = draw(st.sets(st.integers(0, 40), max_size=2))
    fault = message(N_("there is no fact in it"))
    return [
        Row(number, None, fault) if number in broken else Row(number, given, None)
        for number, given in enumerate(facts, 2)
    ]


class Found(NamedTuple):
    """What became of an input: what was answered, and the whole log, digests and all."""

    recorded: list[tuple[str, int]]
    already: list[str]
    refused: list[tuple[int, str | None, str, str]]
    log: list[Any]


Act = Callable[[World], None]


class Office:
    """A store of its own for each way of logging, made from the template."""

    def __init__(self, template: Path, name: str) -> None:
        self.world = World(template.with_name(name))
        for end in ("", "-wal", "-shm"):
            Path(f"{self.world.path}{end}").unlink(missing_ok=True)
        shutil.copy(template, self.world.path)
        self.recorded: list[tuple[str, int]] = []
        self.already: list[str] = []
        self.refused: list[RefusedRow] = []

    def one_by_one(self, rows: Sequence[Row]) -> None:
        """Each row in a call of its own."""
        with self.world.gk() as gk:
            for row in rows:
                self.take(gk.log_facts([row], scheme=SCHEME, year=2020, skip_refused=True))

    def log(self, rows: Sequence[Row], **how: Any) -> Logged:  # noqa: ANN401 - how to log
        """The rows in one call; refused ones are left out."""
        with self.world.gk() as gk:
            logged = gk.log_facts(rows, scheme=SCHEME, year=2020, **({"skip_refused": True} | how))
        self.take(logged)
        return logged

    def take(self, logged: Logged) -> None:
        """Remember an answer."""
        self.recorded += logged.recorded
        self.already += logged.already_recorded
        self.refused += logged.refused

    def found(self) -> Found:
        """All that came of it."""
        assert self.world.rows("PRAGMA integrity_check") == [("ok",)]
        refused = [(row.row, row.ref, row.code, say(row.message, "en")) for row in self.refused]
        return Found(self.recorded, self.already, refused, self.world.rows("SELECT * FROM events ORDER BY position"))
