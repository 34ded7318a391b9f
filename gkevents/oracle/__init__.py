"""A second reckoning of the same scores, by a program that shares nothing with the first.

`gk projections verify` holds what the views have stored against it. It was written from the rules of the format alone,
imports the standard library only and nothing else of this house, and has its own calendar, its own reading of an
edition and its own arithmetic; it is slow and plain on purpose. Where it has no rule it says so (`CannotReckon`).

In reading order: `log` (events -> answers: `reckon_log`), `answers`, `contents` (an edition with everything said),
`days`, `world` (how limits stand), `cases` (what stands, and for how much at most), `heard` (what a rule may hear),
`charges` (what that costs or earns), `worths` (what a figure is worth), `places`, `marks` (an item), `sides` (the ±
groups), `wholes` (from items to the total), `standings` (bands and ranks), `reckoning` (all of it together).
"""

from .answers import Answer, ItemAnswer, LimitAnswer, PartAnswer
from .log import Recorded, reckon_log
from .refusal import CannotReckon

__all__ = ["Answer", "CannotReckon", "ItemAnswer", "LimitAnswer", "PartAnswer", "Recorded", "reckon_log"]
