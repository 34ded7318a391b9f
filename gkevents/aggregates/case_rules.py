"""What an office decides about its cases: who stands for a finding, how long it can be contested, what follows.

None of the published schemes states any of this, so every part of it is empty until an office says it.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class CaseRules(NamedTuple):
    """An office's rules. Limits are as facts write them ("5 working days"); None: there is none.

    `four_eyes`: types of facts that a second person must endorse before the unit is told. `contest_window`: how long
    after the notice a unit may contest. `deciders`: who may decide on what is contested; empty: anybody. `plan`: the
    limit for the plan after an order to put right, which then must be handed in; `rectification`: for the fault itself,
    where the order states none; `recheck`: for looking again after the unit reports.
    """

    four_eyes: frozenset[str] = frozenset()
    contest_window: str | None = None
    deciders: frozenset[str] = frozenset()
    plan: str | None = None
    rectification: str | None = None
    recheck: str | None = None


NO_RULES: Final = CaseRules()
