"""Two units of the scheme of cases at the end of 2020, graded and ready: what tests of the year's result begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from gkevents.aggregates.result import Result, ResultApproved, ResultPublished, ResultReopened
from gkevents.app.after_result import Shown
from gkevents.app.results import ProposedNow, Proposing
from gkevents.reports.year.readiness import Readiness
from tests.app.case_office import FILE, SCHEME
from tests.app.worlds import World, day, fact

OF: Final[dict[str, Any]] = {"scheme": SCHEME, "year": 2020}
UNITS: Final = ("甲局", "乙局")


def at(on: str) -> str:
    """The evening of a day."""
    return f"{on}T18:00:00+08:00"


class YearEnd:
    """A store with the scheme of cases for 2020: cards, a self-assessment, and a mark for each of its two units."""

    def __init__(self, where: Path | str) -> None:
        """Know the store."""
        self.world = World(where)

    def begin(self) -> YearEnd:
        """Adopt the scheme and log a card in May."""
        self.world.init().adopt(FILE, now=at("2020-03-02"))
        self.log("supervision-card", "c", "2020-05-05", "C", problem="栏目", recorded_by="张三")
        return self

    def graded(self) -> YearEnd:
        """What the units say of themselves and the assessors' marks, in January."""
        self.log("self-assessment", "s", "2021-01-10", "G", points="9")
        self.log("grade", "g1", "2021-01-20", "G", points="8", by="评委")
        self.log("grade", "g2", "2021-01-20", "G", points="7", unit="乙局")
        return self

    def log(self, kind: str, ref: str, on: str, item: str | None = None, /, **fields: Any) -> int:  # noqa: ANN401
        """Log a fact of 甲局, unless said otherwise, in the evening of its day; its position."""
        now = fields.pop("now", at(on[:10]))
        (position,) = self.world.log(fact(ref, kind, on, item, **{"unit": "甲局", **fields}), scheme=SCHEME, now=now)
        return position

    def step(self, kind: str, of: str, on: str, **fields: Any) -> None:  # noqa: ANN401 - the step's own
        """Take a step of a case."""
        with self.world.gk(at(on)) as gk:
            gk.take_step(of, kind, fields)

    def readiness(self, on: str = "2021-02-01") -> Readiness:
        """What is missing on a day."""
        with self.world.gk(at(on)) as gk:
            return gk.readiness(**OF)[1]

    def propose(self, on: str = "2021-02-01", **said: Any) -> ProposedNow:  # noqa: ANN401 - what is proposed
        """Propose the result."""
        with self.world.gk(at(on)) as gk:
            return gk.propose_result(Proposing(**{**OF, "by": "张三", "document": "文1", **said}))

    def approve(self, digest: str, on: str = "2021-02-02", by: str = "李四") -> Result:
        """Approve a proposal."""
        with self.world.gk(at(on)) as gk:
            return gk.approve_result(ResultApproved(by, day(on), "文2", digest), **OF)

    def publish(self, on: str = "2021-04-28") -> Result:
        """Publish the result."""
        with self.world.gk(at(on)) as gk:
            return gk.publish_result(ResultPublished(day(on), "市政府网站"), **OF)

    def reopen(self, on: str = "2021-05-06") -> Result:
        """Open the year again."""
        with self.world.gk(at(on)) as gk:
            return gk.reopen_result(ResultReopened("王五", day(on), "文3", "漏登一件"), **OF)

    def closed(self) -> ProposedNow:
        """Propose the result and approve it."""
        done = self.propose()
        self.approve(done.proposal.digest)
        return done

    def show(self) -> Shown:
        """The result and what came after."""
        with self.world.gk() as gk:
            return gk.result(**OF)

    def proofs(self) -> list[tuple[str, list[str]]]:
        """What its proof comes to: each proposal's id, and its faults."""
        with self.world.gk() as gk:
            return [
                (proof.id, [str(fault.values.get("place", "kept")) for fault in proof.faults])
                for proof in gk.prove_results()
            ]
