"""Every reason to say no, one class each, in the order in which they are checked.

A refusal says what, where, why and what to do next; `template` is the sentence (a gettext message id), `code` is for
programs. Nothing has been stored when one is raised.
"""

# ruff: noqa: D101 - a refusal says itself what it is for: its template is the sentence people read

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any, ClassVar, Final

from gkevents.aggregates.vocabulary import LABELS
from gkevents.words import N_, Message, Term, message

_COMPARED_MAX: Final = 100
"""With how many right words a wrong one is compared."""
_SHOWN_MAX: Final = 12
"""How many right words a hint lists; the rest is an ellipsis."""


class Refusal(Exception):
    """A reason to say no. `code` names it for programs, `message` is the sentence for people."""

    code: ClassVar[str] = "refused"
    template: ClassVar[str] = ""

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 - whatever the sentence shows
        """Keep what the sentence names."""
        super().__init__(self.template)
        plain = {name for name, value in values.items() if name in _TERMS and not isinstance(value, Term)}
        named = {name: term(value) if name in plain else value for name, value in values.items()}
        self.message: Message = message(self.template, **named)

    def __str__(self) -> str:
        """The sentence in English, for logs and tests."""
        return _english(self.message)


_TERMS: Final = frozenset({"type", "field", "fields", "takes"})
"""The values of a sentence that are words of a fact, which each language says in its own way."""


def term(name: str) -> Term:
    """The name of a type or field, or several in one text, with what a Chinese sentence calls them."""
    return Term(name, re.sub(r"[a-z_-]+", lambda word: LABELS.get(word[0], word[0]), name).replace(", ", "、"))


def _english(sentence: Message) -> str:
    values = {name: _english(part) if isinstance(part, Message) else part for name, part in sentence.values.items()}
    return sentence.template.format(**values)


def nearest(word: str, words: Iterable[str]) -> Message:
    """A hint naming the nearest right word, or where to look."""
    known = list(words)
    close = difflib.get_close_matches(word, _alike(word, known), n=1, cutoff=0.4)
    shown = known[:_SHOWN_MAX]
    if close:
        return message(N_("Did you mean {word}?"), word=close[0])
    return message(N_("Known are: {words}."), words=", ".join(shown) + (" …" if len(known) > len(shown) else ""))


def _alike(word: str, known: list[str]) -> list[str]:
    """Of very many words the last ones that begin as a word does: an office counts its numbers up."""
    if len(known) <= _COMPARED_MAX:
        return known
    for length in (len(word) - 1, len(word) - 2, len(word) // 2):
        alike = [one for one in known if one.startswith(word[:length])] if length > 0 else []
        if alike:
            return alike[-_COMPARED_MAX:]
    return known[-_COMPARED_MAX:]


class NoSuchType(Refusal):
    code = "unknown-type"
    template = N_("There is no fact of type {type}. {hint}")


class NoSuchField(Refusal):
    code = "unknown-field"
    template = N_("A {type} has no field {field}. {hint}")


class FieldMissing(Refusal):
    code = "missing-field"
    template = N_("A {type} needs {field}. Give it and log the fact again.")


class FieldUnreadable(Refusal):
    code = "bad-value"
    template = N_("{field} cannot be {value}: {expected}.")


class OneOf(Refusal):
    code = "one-of"
    template = N_("Give exactly one of {fields} on a {type}.")


class NoSuchUnit(Refusal):
    code = "unknown-unit"
    template = N_("{unit} is not assessed under {scheme} in {year}. {hint}")


class SameUnit(Refusal):
    code = "same-unit"
    template = N_("{unit} is the unit itself: {field} names another unit of {scheme}. {hint}")


class NotAdopted(Refusal):
    code = "not-adopted"
    template = N_("{scheme} has not been adopted for {year}. Adopt it first: gk scheme adopt {scheme} --year {year}")


class NotAdoptedThen(NotAdopted):
    code = "not-adopted-then"
    template = N_(
        "As known then, {scheme} had not been adopted for {year}: that was recorded on {adopted} "
        "(position {position}). To ask as of a day, use --as-of."
    )


class OtherAdopted(NotAdopted):
    template = N_(
        "{scheme} has not been adopted for {year}; this store has: {adopted}. To adopt it: "
        "gk scheme adopt {scheme} --year {year}"
    )


class NoSuchItem(Refusal):
    code = "unknown-item"
    template = N_("{scheme} has no item {item}. {hint}")


class ItemOfOtherForm(Refusal):
    code = "other-variant"
    template = N_("{item} is on the form for {only}; {unit} is assessed as {category}. Name an item of its own form.")


class ItemElsewhere(Refusal):
    code = "cross-reference"
    template = N_("{item} only points to another item ({see}) and takes no facts. Record the fact there.")


class WrongPairing(Refusal):
    code = "wrong-pairing"
    template = N_("A {type} does not fit {item} ({title}): it takes {takes}.")


class VetoByScore(Refusal):
    code = "veto-by-score"
    template = N_("{item} ({title}) is decided by a score alone and takes no facts.")


class VetoHearsElsewhere(Refusal):
    code = "veto-hears-elsewhere"
    template = N_("{item} ({title}) counts what is logged on {other}: log it there.")


class NoZeroOut(Refusal):
    code = "no-zero-out"
    template = N_("{scheme} has no rule that zeroes a total for fraud; record a criticism or a grade instead.")


class LevelMissing(Refusal):
    code = "level-missing"
    template = N_("The price of {item} depends on the level: say {levels}.")


class KindUnknown(Refusal):
    code = "unknown-kind"
    template = N_("{item} needs to know what kind of happening it was: {kinds}.")


class FieldWithoutUse(Refusal):
    code = "field-without-use"
    template = N_("{field} means nothing on {item} ({title}); leave it out.")


class FormMissing(Refusal):
    code = "form-missing"
    template = N_("{item} counts distinct forms: say which form it was.")


class AmountNeeded(Refusal):
    code = "amount-needed"
    template = N_("On {item} the assessor sets the price: give the amount (above 0) and the reason, without a count.")


class AmountOutOfRange(Refusal):
    code = "amount-out-of-range"
    template = N_("On {item} ({title}) the assessor sets from {least} to {most}, not {amount}.")


class SourceNeeded(Refusal):
    code = "source-needed"
    template = N_(
        "This {type} on {item} ({title}) needs its source: the number of the document it comes from, or a link."
    )


class SubUnitNeeded(Refusal):
    code = "sub-unit-needed"
    template = N_("On {item} ({title}) each sub-unit is graded: say in {field} which one.")


class GradeNotAllowed(Refusal):
    code = "grade-not-allowed"
    template = N_(
        "{item} cannot be graded {points}: the scheme allows {allowed} ({title}). See: gk scheme show {scheme} {item}"
    )


class FigureNotAllowed(Refusal):
    code = "figure-not-allowed"
    template = N_("The figure on {item} cannot be {figure}: {expected}.")


class ReferenceWithoutUse(Refusal):
    code = "reference-without-use"
    template = N_("{item} ({title}) is not compared with a figure of {field}; what it reads is one of: {fields}.")


class OwnFigureWithoutUse(Refusal):
    code = "own-figure-without-use"
    template = N_("{item} ({title}) has no figure of its own; what it reads is one of: {fields}.")


class DuplicateContent(Refusal):
    code = "ref-reused"
    template = N_(
        "{ref} is already recorded with other content ({differences}). Use a new number, or gk correct {ref}."
    )


class RefOfScans(Refusal):
    code = "ref-of-scans"
    template = N_("{ref} cannot be given: only gk deadlines scan gives numbers that begin with scan:. Use another one.")


class OutsideYear(Refusal):
    code = "outside-year"
    template = N_("{day} is not in the assessment year {year}. Record it under the year it belongs to.")


class BeforeYear(Refusal):
    code = "before-year"
    template = N_("A decision about {year} cannot be dated {day}, before that year began.")


class InTheFuture(Refusal):
    code = "in-the-future"
    template = N_("{day} lies after the moment of recording ({recorded_at}). Record it once it has happened.")


class ClockGoesBack(Refusal):
    code = "clock-goes-back"
    template = N_("recorded_at {recorded_at} lies before the last record of the store ({last}).")


class ClockIsTheStores(Refusal):
    code = "clock-is-the-stores"
    template = N_("recorded_at is said by the store's clock: leave it out (only a simulated store takes it).")


class LimitNeeded(Refusal):
    code = "limit-needed"
    template = N_("{item} states no single limit of its own: say it, such as 15 working days, 5 hours or 2020-09-30.")


class LimitEndsBeforeStart(Refusal):
    code = "limit-before-start"
    template = N_("The limit ends on {due}, before it starts on {day}. Correct one of the two days.")


class InstantNeeded(Refusal):
    code = "instant-needed"
    template = N_(
        "A limit in hours needs the instant, such as effective_at 2020-09-14T09:30:00+08:00, not only the day."
    )


class KeyTaken(Refusal):
    code = "key-taken"
    template = N_("{key} is already open as a limit on {item} ({ref}). Give this one a key of its own.")


class KeyUnknown(Refusal):
    code = "key-unknown"
    template = N_("No message or limit {key} is open here to answer. {hint}")


class AnswerBeforeStart(Refusal):
    code = "answer-before-start"
    template = N_("{key} was opened on {opened}; it cannot have been answered on {day}.")


class NotYetMissed(Refusal):
    code = "not-yet-missed"
    template = N_("{key} runs until {due}; it cannot have been missed on {day}.")


class OtherItem(Refusal):
    code = "other-item"
    template = N_("{key} was opened on {item}, not on {other}.")


class NothingToTakeBack(Refusal):
    code = "unknown-target"
    template = N_("There is no fact {of} here to take back. {hint}")


class TargetOfOtherUnit(Refusal):
    code = "other-unit"
    template = N_("{of} was recorded for {owner}, not for {unit}: name its own unit, scheme and year.")


class AlreadyTakenBack(Refusal):
    code = "already-taken-back"
    template = N_("{of} has already been taken back, by {by}.")


class CannotBeRuled(Refusal):
    code = "cannot-be-ruled"
    template = N_("{of} is itself a retraction or ruling; take it back instead of ruling it a duplicate.")


class CannotCorrect(Refusal):
    code = "cannot-correct"
    template = N_("{ref} cannot be corrected: {why}.")


class SchemeFaulty(Refusal):
    code = "scheme-faulty"
    template = N_(
        "{name} has {count} faults, the first at line {line}, column {column}: {fault} See: gk scheme check {name}"
    )


class NoSuchScheme(Refusal):
    code = "unknown-scheme"
    template = N_("There is no scheme {scheme}, built in or as a file. {hint}")


class OverlayFaulty(Refusal):
    code = "overlay-faulty"
    template = N_("The overlay {name} does not fit {scheme}: {faults}")


class NoUnits(Refusal):
    code = "no-units"
    template = N_("{scheme} has no roster of its own: name the units, --unit NAME or --unit NAME=CATEGORY.")


class CategoryNeeded(Refusal):
    code = "category-needed"
    template = N_("{unit} needs a category, one of {categories}: --unit {unit}=CATEGORY")


class UnitNamedTwice(Refusal):
    code = "unit-twice"
    template = N_("{unit} is named twice; a unit has one category in one year.")


class CategoryFixed(Refusal):
    code = "category-fixed"
    template = N_('{unit} is already assessed in {year} with the category "{category}"; it does not change in a year.')


class SimulatedOnly(Refusal):
    code = "simulated-only"
    template = N_("--now works only in a store made with gk init --simulated-clock.")


class NoSuchPosition(Refusal):
    code = "bad-known-at"
    template = N_("known-at takes a log position or an instant such as 2018-10-08T18:00:00+08:00, not {text}.")
