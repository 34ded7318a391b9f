"""The stored forms of the year's result: proposed with its whole content, approved, published, opened again."""

from __future__ import annotations

from typing import Any

import msgspec

from gkevents.store.form import Form


class ResultProposed(Form, kw_only=True):
    """A result put forward (see `aggregates.result.ResultProposed`): its terms and its whole content.

    `head`: what an office said of the paper (its number, to whom, by whom); `template` the text that it was set with;
    `simulated`: whether the store was told the time.
    The content is large; it is looked into where it is asked for.
    """

    scheme: str
    year: int
    by: str
    on: str
    known_at: int
    editions: list[str]
    program: str
    digest: str
    content: msgspec.Raw
    document: str | None = None
    reason: str | None = None
    publish_by: str | None = None
    despite: str | None = None
    lacking: int = 0
    replaces: str | None = None
    head: dict[str, str] = msgspec.field(default_factory=dict)
    template: str | None = None
    simulated: bool = False

    def terms(self) -> dict[str, Any]:
        """The body without the content."""
        said = {name: getattr(self, name) for name in self.__struct_fields__ if name != "content"}
        return {name: value for name, value in said.items() if name in _ALWAYS or value}

    def plain(self) -> dict[str, Any]:
        """The body as it was written."""
        return {**self.terms(), "content": msgspec.json.decode(self.content)}


_ALWAYS = frozenset({"scheme", "year", "by", "on", "known_at", "editions", "program", "digest"})


class ResultApproved(Form, kw_only=True):
    """The proposal of a digest was approved."""

    by: str
    on: str
    document: str
    digest: str


class ResultPublished(Form, kw_only=True):
    """The approved result was published."""

    on: str
    where: str | None = None
    document: str | None = None


class ResultReopened(Form, kw_only=True):
    """The year was opened again."""

    by: str
    on: str
    document: str
    reason: str
