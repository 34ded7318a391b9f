"""Words for people: messages are made as (template, values) anywhere and become a sentence only at the edge.

Templates are English and are the gettext message ids; the catalogues `zh` and `en` lie in `locale/`. Making a message
touches neither a file nor the environment, so the pure rooms may use it.
"""

from __future__ import annotations

import gettext
import os
from functools import lru_cache
from typing import Any, Final, NamedTuple, Self

DOMAIN: Final = "gk"
LANGUAGES: Final = ("zh", "en")
LOCALE: Final = os.path.join(os.path.dirname(__file__), "locale")  # noqa: PTH118, PTH120 - pathlib costs 3 ms


class Message(NamedTuple):
    """A sentence not yet said: a template with `{named}` places, and what goes there."""

    template: str
    values: dict[str, Any]


class Term(str):  # noqa: SLOT000 - a str cannot have slots of its own
    """A word that has a name (what it is as a text) and a label, which Chinese sentences use instead."""

    label: str

    def __new__(cls, name: str, label: str) -> Self:
        """A term by its name and its label."""
        term = super().__new__(cls, name)
        term.label = label
        return term


def N_(template: str) -> str:  # noqa: N802 - the name gettext's extractors look for
    """Mark a template for the catalogues, unchanged."""
    return template


def message(template: str, **values: Any) -> Message:  # noqa: ANN401 - whatever str.format can show
    """A message from a template marked with `N_`, and its values."""
    return Message(template, values)


def language(asked: str | None = None) -> str:
    """The language to speak: as asked, else GK_LANG, else the locale (LC_ALL, LC_MESSAGES, LANG); `zh` or `en`.

    Chinese where nothing is said: the offices are Chinese.
    """
    for name in (asked, os.environ.get("GK_LANG")):
        if name:
            return "en" if name.lower().startswith("en") else "zh"
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        said = os.environ.get(variable, "")
        if said and said not in ("C", "POSIX", "C.UTF-8"):
            return "zh" if said.lower().startswith("zh") else "en"
    return "zh"


@lru_cache(maxsize=4)
def catalogue(lang: str) -> gettext.NullTranslations:
    """The catalogue of a language; the templates themselves where it is missing."""
    return gettext.translation(DOMAIN, LOCALE, languages=[lang], fallback=True)


def say(text: Message | str, lang: str) -> str:
    """The sentence a message (or a template without places) makes in a language."""
    if isinstance(text, str):
        return catalogue(lang).gettext(text)
    values = {name: _said(value, lang) for name, value in text.values.items()}
    return catalogue(lang).gettext(text.template).format(**values)


def _said(value: Any, lang: str) -> Any:  # noqa: ANN401 - whatever str.format can show
    if isinstance(value, Message):
        return say(value, lang)
    return value.label if isinstance(value, Term) and lang == "zh" else value
