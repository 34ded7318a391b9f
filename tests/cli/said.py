"""What tests of the command share: what it said, and facts for Hebei 2018."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple


class Said(NamedTuple):
    """What a command said: its exit status, stdout and stderr."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The answer in JSON."""
        answer: dict[str, Any] = json.loads(self.out)
        return answer


Run = Callable[..., Said]

UNIT = "河北省统计局"
AT = ("--scheme", "hebei-stats-2018", "--year", "2018")


def fact(ref: str, **fields: object) -> str:
    """A fact as a line of JSON, recorded at the end of the year where nothing else is said."""
    at = str(fields.pop("recorded_at", "2018-12-31T18:00:00+08:00"))
    return json.dumps({"ref": ref, "unit": UNIT, "recorded_at": at, **fields}, ensure_ascii=False)


def card(ref: str, on: str = "2018-05-03", problem: str = "首页栏目未更新") -> str:
    """A supervision card on H19."""
    return fact(ref, type="supervision-card", item="H19", effective_on=on, problem=problem)
