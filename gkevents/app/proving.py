"""Whether an issued bulletin still follows from the log: derived again, rendered again, and every difference named."""

from __future__ import annotations

from collections.abc import Iterator

from gkevents import paper
from gkevents.aggregates.refusals import Refusal
from gkevents.app.bulletins import Issued, canonical_of, derived, sha256
from gkevents.app.differing import Proof, named, other_program
from gkevents.reports.document import canonical
from gkevents.store.reading import Reader
from gkevents.words import N_, Message, message


def proved(reader: Reader, one: Issued, *, files: bool = True) -> Proof:
    """Derive a bulletin again and compare; `files`: make its files again too."""
    kept = canonical_of(one.form)
    faults = []
    if sha256(kept) != one.form.digest:
        faults.append(message(N_("the content that the log keeps is not the one that was issued: its digest differs")))
    faults += _of_content(reader, one, kept)
    if files:
        faults += _files(one)
    return Proof(one.form.id, one.form.digest, one.position, faults)


def _of_content(reader: Reader, one: Issued, kept: bytes) -> list[Message]:
    """What is no longer so in the content, or why it cannot be derived any more."""
    try:
        content = derived(reader, one.terms)
    except Refusal as refusal:
        return [refusal.message, *other_program(one.form.program)]
    if canonical(content) == kept:
        return []
    return [*named(one.content, content), *other_program(one.form.program)]


def _files(one: Issued) -> Iterator[Message]:
    """The files that come out otherwise than they were issued, with the library that is another now."""
    now = paper.made_with()
    other = ", ".join(
        f"{name} {then} → {now.get(name, '–')}" for name, then in one.form.made_with.items() if now.get(name) != then
    )
    for kind, then in one.form.files.items():
        if sha256(paper.render(kind, one.content)) != then:
            if other:
                yield message(
                    N_("the {kind} file comes out otherwise than issued; the libraries differ: {other}"),
                    kind=kind,
                    other=other,
                )
            else:
                yield message(N_("the {kind} file comes out otherwise than issued"), kind=kind)
