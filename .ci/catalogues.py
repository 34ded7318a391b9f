"""The catalogues of words: brings them up to date with the code, and says where they are not.

`update` takes every marked sentence out of the source, merges it into the catalogue of each language and compiles it.
`check` changes nothing: it fails where a sentence has no translation, where a catalogue still has a sentence that no
code speaks any more, and where the compiled catalogue is not what the readable one gives. Both forms are kept in the
repository, so that an installed copy needs no compiler.
"""

import ast
import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

DOMAIN = "gk"
SOURCE_LANGUAGE = "en"  # the one the code is written in: an empty translation means the sentence as it stands
LANGUAGES = ("zh", SOURCE_LANGUAGE)
SOURCES = ("gkevents", "cli")
LOCALE = Path("gkevents/locale")
# N_ marks a sentence where it is written; it is translated where it is spoken.
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None}
WIDTH = 120


def spoken() -> Catalog:
    """Every sentence marked in the source, with the files it stands in."""
    catalog = Catalog(domain=DOMAIN)
    for source in SOURCES:
        for file, _line, message, comments, context in extract_from_dir(
            source, [("**.py", "python")], keywords=KEYWORDS, comment_tags=("Translators:",)
        ):
            # No line numbers: they would change the catalogue with every edit of the code.
            catalog.add(message, locations=[(f"{source}/{file}", 0)], auto_comments=comments, context=context)
    return catalog


def readable(language: str) -> Path:
    """Where the catalogue that people edit lies."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def compiled(catalog: Catalog) -> bytes:
    """The form that gettext reads, of the catalogue given."""
    target = io.BytesIO()
    write_mo(target, catalog)
    return target.getvalue()


def read(language: str) -> Catalog:
    """The catalogue of a language as it is now; an empty one if there is none yet."""
    path = readable(language)
    if not path.exists():
        return Catalog(
            locale=language,
            domain=DOMAIN,
            header_comment=f"# The words of {DOMAIN}, language {language}.",
            project="gkevents",
            version="0",
            msgid_bugs_address="-",
            last_translator="-",
            language_team=language,
            revision_date=datetime.now(UTC),
            fuzzy=False,
        )
    with path.open("rb") as source:
        return read_po(source, locale=language, domain=DOMAIN)


def unheard() -> list[str]:
    """Where a sentence is marked inside an f-string, which nothing takes it out of: one line each."""
    found = []
    for path in sorted(path for source in SOURCES for path in Path(source).rglob("*.py")):
        strings = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.JoinedStr)]
        calls = [call for string in strings for call in ast.walk(string) if isinstance(call, ast.Call)]
        lines = [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "N_"]
        found += [f"{path}:{line}: a sentence inside an f-string is not found; take it out first" for line in lines]
    return found


def update() -> list[str]:
    """Merges what the code speaks into every catalogue, compiles it, and gives the sentences still to be translated."""
    template = spoken()
    left = unheard()
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        path = readable(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as target:
            write_po(target, catalog, width=WIDTH, sort_output=True, omit_header=False, include_lineno=False)
        path.with_suffix(".mo").write_bytes(compiled(read(language)))
        left += untranslated(language, read(language))
    return left


def untranslated(language: str, catalog: Catalog) -> list[str]:
    """One line for each sentence of the catalogue that has no translation, or only a guessed one."""
    if language == SOURCE_LANGUAGE:
        return []
    return [
        f"{readable(language)}: no translation of {message.id!r}"
        for message in catalog
        if message.id and (message.fuzzy or not is_translated(message))
    ]


def is_translated(message: Message) -> bool:
    """Whether every form of the sentence, singular and plural, has its words."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms)


def faults() -> list[str]:
    """What is not as `update` would leave it, one line each; empty if all is well."""
    keys = {(message.context, str(message.id)) for message in spoken() if message.id}
    found = unheard()
    for language in LANGUAGES:
        path, catalog = readable(language), read(language)
        have = {(message.context, str(message.id)) for message in catalog if message.id}
        found += [f"{path}: lacks {key!r}" for _, key in sorted(keys - have, key=str)]
        found += [f"{path}: no code speaks {key!r} any more" for _, key in sorted(have - keys, key=str)]
        found += untranslated(language, catalog)
        binary = path.with_suffix(".mo")
        if not binary.exists() or binary.read_bytes() != compiled(catalog):
            found.append(f"{binary}: not what {path.name} gives")
    return found


def main(arguments: list[str]) -> int:
    """Exit status 0 if the catalogues are in order, 1 if something is left to do, 2 if the order was not understood."""
    if arguments == ["update"]:
        todo, done, advice = update(), "The catalogues are up to date.", "Translate these, then run it again."
    elif arguments == ["check"]:
        todo, done, advice = faults(), "The catalogues are fresh.", "`make catalogues` brings them up to date."
    else:
        print("usage: catalogues.py update|check")
        return 2
    print("\n".join([*todo, advice]) if todo else done)
    return 1 if todo else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
