"""Whether an issued bulletin still follows from the log: derived again, rendered again, and every difference named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gkevents import paper
from gkevents.aggregates.bulletin import template_digest
from gkevents.aggregates.refusals import Refusal
from gkevents.app.bulletins import UNREADABLE_BODY, Issued, canonical_of, derived, sha256
from gkevents.app.differing import Proof, named, other_program
from gkevents.reports.document import canonical
from gkevents.store.reading import Reader
from gkevents.store.trouble import StoreDamaged
from gkevents.words import N_, Message, message


def proved(reader: Reader, one: Issued, *, files: bool = True) -> Proof:
    """Derive a bulletin again and compare; `files`: make its files again too. One that cannot be read is a fault."""
    faults: list[Message] = []
    try:
        kept = canonical_of(one.form)
        whole = sha256(kept) == one.form.digest
        faults += [] if whole else [message(_CHANGED)]
        faults += [*_of_content(reader, one, kept), *_of_terms(one)]
        if files and whole:
            faults += _files(one)
    except UNREADABLE_BODY:
        faults.append(message(N_("the event at position {position} does not hold a bulletin"), position=one.position))
    return Proof(one.form.id, one.form.digest, one.position, faults)


_CHANGED: Final = N_("the content that the log keeps is not the one that was issued: its digest differs")


def _of_terms(one: Issued) -> Iterator[Message]:
    """What is said twice in the event, and differs."""
    form, text = one.form, N_("{what} is not what was issued")
    if form.template_digest != template_digest(form.template):
        yield message(text, what="template_digest")
    if form.editions != one.content["head"]["editions"]:
        yield message(text, what="editions")
    if {*form.files} != {*paper.FORMATS} or form.files["json"] != form.digest:
        yield message(text, what="files")


def _of_content(reader: Reader, one: Issued, kept: bytes) -> list[Message]:
    """What is no longer so in the content, or why it cannot be derived any more."""
    try:
        content = derived(reader, one.terms)
    except (Refusal, StoreDamaged) as error:
        return [error.message, *other_program(one.form.program)]
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
