"""The stored form of an issued bulletin: its terms, its whole content, and what its files were."""

from __future__ import annotations

from typing import Any

import msgspec

from gkevents.store.form import Form


class PeriodForm(Form, kw_only=True):
    """What a bulletin is about."""

    kind: str
    number: int | None
    since: str
    until: str


class OptionsForm(Form, kw_only=True):
    """What an office said of a bulletin."""

    number: str | None
    addressees: str | None
    issuer: str | None
    issued_on: str | None
    rectify_by: str | None
    excluded: list[tuple[str, str]]

    def plain(self) -> dict[str, Any]:
        """The options as they were written."""
        return {**super().plain(), "excluded": list(map(list, self.excluded))}


class BulletinIssued(Form, kw_only=True):
    """A bulletin as it was issued (see `aggregates.bulletin.Terms`).

    `digest` is that of the content's canonical bytes, `files` those of the files made of it, by format; `made_with`
    the libraries that made them. The content is large; it is looked into where it is asked for.
    """

    id: str
    scheme: str
    year: int
    period: PeriodForm
    as_of: str | None
    known_at: int
    issued_on: str
    template: str
    template_digest: str
    options: OptionsForm
    program: str
    editions: list[str]
    content: msgspec.Raw
    digest: str
    files: dict[str, str]
    made_with: dict[str, str]
    simulated: bool = False

    def terms(self) -> dict[str, Any]:
        """The body without what is large."""
        large = ("content", "period", "options", *(() if self.simulated else ("simulated",)))
        said = {name: getattr(self, name) for name in self.__struct_fields__ if name not in large}
        return {**said, "period": self.period.plain(), "options": self.options.plain()}

    def plain(self) -> dict[str, Any]:
        """The body as it was written."""
        return {**self.terms(), "content": msgspec.json.decode(self.content)}
