"""What every stored form is, and what the forms of all facts have."""

from __future__ import annotations

from typing import Any

import msgspec


class Form(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, gc=False, kw_only=True):
    """The body of an event. Fields without a default are always written, the others only where something was said."""

    def plain(self) -> dict[str, Any]:
        """The body as a plain object, as it was written."""
        body: dict[str, Any] = msgspec.to_builtins(self)
        return body


class FactForm(Form, kw_only=True):
    """What the facts of all types have."""

    type: str
    ref: str
    unit: str
    effective_on: str | None = None
    effective_at: str | None = None
    matter: str | None = None
    recorded_by: str | None = None
    source: str | None = None
    note: str | None = None
