"""What the reckoning says where it knows no answer: never a guess."""

from __future__ import annotations


class CannotReckon(Exception):
    """The log or the scheme holds something of which the reckoning does not know what it is worth; `why` names it."""

    def __init__(self, why: str) -> None:
        """Keep the reason, in words."""
        super().__init__(why)
        self.why = why
