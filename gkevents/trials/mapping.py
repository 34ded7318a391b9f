"""Where each code of one scheme leads in another: as said, else by the same code, else by the same title.

A guess is shown with how it was found, never hidden: the codes of two schemes mean nothing to each other by themselves.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from gkevents.aggregates import refusals as no
from gkevents.aggregates.pairing import Rule, taken_by
from gkevents.schemes.edition import Edition
from gkevents.scoring.fact import NOT_APPLICABLE

Given = Mapping[str, Sequence[str]]
"""What was said: code -> codes of the draft (of several, the one on a unit's own form holds); "": it leads nowhere."""


class Lead(NamedTuple):
    """Where a code leads (None: nowhere), and how that was found: `given`, `code`, `title` or `none`."""

    code: str
    to: str | None
    how: str


def rules_of(edition: Edition, category: str) -> dict[str, Rule]:
    """Everything that a fact on a unit of a category may name, by code."""
    vetoes = {veto.code: veto for veto in edition.vetoes}
    return {**edition.items_for(category), **edition.rules, **vetoes}


class Way:
    """From the codes of one form to those of a form of the draft; each is looked for once, when first asked for."""

    def __init__(
        self,
        before: Mapping[str, Rule],
        draft: Mapping[str, Rule],
        *,
        given: Given,
        logged: Mapping[str, Collection[str]],
    ) -> None:
        """`logged`: the types of the facts on each code, which a code of the draft should take."""
        self.before = before
        self.draft = draft
        self._given = given
        self._logged = logged
        self._titles = Counter(plain_title(rule) for rule in before.values())
        self._by_title: dict[str, list[str]] = {}
        for code, rule in draft.items():
            self._by_title.setdefault(plain_title(rule), []).append(code)
        self._found: dict[str, Lead] = {}

    def lead(self, code: str) -> Lead:
        """Where a code leads."""
        found = self._found.get(code)
        if found is None:
            found = self._found[code] = self._look(code)
        return found

    def leads(self, codes: Iterable[str]) -> list[Lead]:
        """Where every code of the form leads, and each of `codes` that is not on it."""
        return [self.lead(code) for code in dict.fromkeys([*self.before, *codes])]

    def _look(self, code: str) -> Lead:
        if code in self._given:
            said = self._given[code]
            to = next((to for to in said if to in self.draft), said[0])
            return Lead(code, to or None, "given")
        same, named = self._same(code), self._named(code)
        if same and (named is None or named == code):
            return Lead(code, code, "code")
        return Lead(code, named, "title") if named is not None else Lead(code, None, "none")

    def _same(self, code: str) -> bool:
        return code in self.draft and self._takes(code, code)

    def _named(self, code: str) -> str | None:
        """The one code of the draft with this one's title, where no other code here bears that title too."""
        rule = self.before.get(code)
        title = plain_title(rule) if rule is not None else ""
        codes = self._by_title.get(title, [])
        alone = len(codes) == 1 and self._titles[title] == 1
        return codes[0] if alone and self._takes(code, codes[0]) else None

    def _takes(self, code: str, to: str) -> bool:
        """Whether a code of the draft takes anything that is logged on this one; else anything that this one takes."""
        rule = self.before.get(code)
        wanted = set(self._logged.get(code) or (taken_by(rule) if rule is not None else ()))
        wanted = wanted - {NOT_APPLICABLE} or wanted
        return not wanted or not wanted.isdisjoint(taken_by(self.draft[to]))


def plain_title(rule: Rule) -> str:
    """A title to compare by: full-width and half-width forms alike, no spaces."""
    return "".join(unicodedata.normalize("NFKC", rule.title).split())


def check_given(before: Edition, draft: Edition, given: Given, logged: Collection[str]) -> None:
    """Raise NoSuchItem where a code that was said to lead somewhere, or its end, does not exist."""
    known = dict.fromkeys([*before.codes, *sorted(logged)])
    for code, ends in given.items():
        if code not in known:
            raise no.NoSuchItem(scheme=before.scheme, item=code, hint=no.nearest(code, known))
        for to in ends:
            if to and to not in draft.codes:
                raise no.NoSuchItem(scheme=draft.scheme, item=to, hint=no.nearest(to, draft.codes))
