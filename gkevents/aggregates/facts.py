"""A fact as somebody writes it: its type, its fields, and its canonical form.

The canonical form is what the store keeps: known fields only, days and instants in ISO (Beijing time), numbers as
exact text, so that the same content written another way compares equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gkevents.aggregates import refusals as no
from gkevents.aggregates.quick import plainly
from gkevents.aggregates.values import plain, text_of, value_of
from gkevents.aggregates.vocabulary import FACT_TYPES, FIELDS, STEP_LABELS, TYPE_NAMES, FactType
from gkevents.scoring.fact import EVIDENCE, MISSES, ORDERED, REPORTED, REVERSALS, STEPS
from gkevents.terms import exact
from gkevents.words import N_, Term, message

Body = dict[str, Any]


def canonical(written: Mapping[str, Any]) -> Body:
    """A fact's canonical form. Empty fields count as absent.

    Raises the refusal that names the first thing wrong with it by itself: its type, its fields, its values.
    """
    return plainly(written) or _canonical(written)


def _canonical(written: Mapping[str, Any]) -> Body:
    fields = {name: value for name, value in written.items() if not _empty(value)}
    kind = _kind_of(fields)
    for name in fields:
        if name not in kind.fields:
            raise no.NoSuchField(type=kind.name, field=name, hint=no.nearest(name, kind.fields))
    for name in ("ref", "unit", *kind.required):
        if name not in fields:
            raise no.FieldMissing(type=kind.name, field=_called(kind, name))
    body = {name: value_of(FIELDS[name], fields[name]) for name in kind.fields if name in fields and name != "type"}
    body["type"] = kind.name
    _exactly_one(kind.name, body, ("effective_on", "effective_at"))
    if kind.name == "checklist":
        _exactly_one(kind.name, body, ("met", "missing"))
    if kind.name == "metric":
        _one_figure(body)
    if body.get("count") == 1:
        del body["count"]
    return body


def _called(kind: FactType, name: str) -> Term:
    """A field as a form calls it: on the row of a step some have names of their own."""
    label = STEP_LABELS.get(name) if kind.name in STEPS else None
    return no.term(name) if label is None else Term(name, f"{label}（{name}）")


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or (isinstance(value, list) and not value)


def _kind_of(fields: Mapping[str, Any]) -> FactType:
    if "type" not in fields:
        raise no.FieldMissing(type="fact", field="type")
    written = plain(str(text_of(FIELDS["type"], fields["type"])))
    if written not in TYPE_NAMES:
        raise no.NoSuchType(type=written, hint=no.nearest(written, TYPE_NAMES))
    return FACT_TYPES[TYPE_NAMES[written]]


def _exactly_one(kind: str, body: Body, names: tuple[str, ...]) -> None:
    if sum(name in body for name in names) != 1:
        raise no.OneOf(type=kind, fields=" / ".join(names))


def _one_figure(body: Body) -> None:
    """A metric is a value, or a numerator with its denominator, or a previous with a current figure."""
    ways = (("value",), ("numerator", "denominator"), ("previous", "current"))
    given = {name for way in ways for name in way if name in body}
    if given not in [set(way) for way in ways]:
        raise no.OneOf(type="metric", fields="value / numerator + denominator / previous + current")
    for name in ("denominator", "previous"):
        if name in body and not exact(body[name]):
            raise no.FieldUnreadable(field=name, value=0, expected=message(N_("it must be above 0")))


def differences(one: Body, other: Body) -> list[str]:
    """The fields in which two canonical facts differ; what the store adds, and `recorded_at`, are not looked at.

    A limit that the item gave says the same as no limit, and as the same limit written out.
    """
    left, right = as_written(one), as_written(other)
    differing = [name for name in {*left, *right} if left.get(name) != right.get(name)]
    return sorted(name for name in differing if name != "limit" or one.get(name) != other.get(name))


def as_written(body: Body) -> Body:
    """A stored fact without `recorded_at` and without what the store added to it."""
    added = {"recorded_at", "due", "calendar", "own_limit", "scanned"}
    added |= {"limit"} if body.get("own_limit") else set()
    added |= {"of"} if body.get("scanned") and body["type"] in MISSES else set()
    added |= {"key"} if body["type"] in (ORDERED, REPORTED) else set()
    return {name: value for name, value in body.items() if name not in added}


def restated(fact: Body, changes: Body, *, ref: str) -> Body:
    """A fact written anew with some fields changed, under a number of its own; what the store had added is dropped."""
    if fact["type"] in REVERSALS:
        raise no.CannotCorrect(ref=fact["ref"], why=message(N_("it is a retraction or ruling; take it back instead")))
    if fact["type"] == EVIDENCE:
        why = message(N_("it stands for a file; take it back and attach the right one: gk evidence add"))
        raise no.CannotCorrect(ref=fact["ref"], why=why)
    kept = as_written(fact)
    if "effective_at" in changes:
        kept.pop("effective_on", None)
    if "effective_on" in changes:
        kept.pop("effective_at", None)
    return {**kept, **changes, "ref": changes.get("ref", ref)}
