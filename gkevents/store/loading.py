"""Rows -> forms -> facts. A body is read straight into the form of its name, and a fact is made straight of that.

Only a row of an older version goes by way of a plain object, which `upcasts` brings up to today's shape.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from gkevents import upcasts
from gkevents.aggregates.stored import DAYS, DUES, INSTANTS, NUMBERS
from gkevents.scoring.fact import Fact
from gkevents.store.form import FactForm, Form
from gkevents.store.forms import FORMS

Make = Callable[[Any, int, str], Fact]
"""(the form of a fact, its position, when it was recorded) -> the scoring core's view of it."""


class Load(NamedTuple):
    """How the rows of one stored name are read: today's "name.version", the body's reader, what makes a fact of it."""

    name: str
    read: Callable[[bytes | str], Form]
    make: Make | None


class Loads(dict[str, Load]):
    """The way of each stored name, found when it is first met. Raises UnknownEvent for a name not listed."""

    def __missing__(self, stored_name: str) -> Load:
        name, _ = upcasts.split(stored_name)
        form, today = FORMS[name], f"{name}.{upcasts.EVENT_VERSIONS[name]}"

        def brought_up(text: bytes | str) -> Form:
            body = upcasts.upcast(stored_name, json.loads(text))[1]
            return msgspec.json.decode(msgspec.json.encode(body), type=form)

        read = msgspec.json.Decoder(form).decode if stored_name == today else brought_up
        load = self[stored_name] = Load(today, read, MAKES.get(form))
        return load


def fact_of(form: FactForm, position: int, recorded_at: str) -> Fact:
    """The scoring core's view of a stored fact. Raises ValueError or TypeError where a day or a number is none."""
    return MAKES[type(form)](form, position, recorded_at)


_GIVEN: Final = frozenset({"position", "day", "when", "at", "recorded_at"})
_OTHER_NAMES: Final = {"times": "count", "problems": "problem"}
_READ: Final = {
    "amount": "NUMBERS", "points": "NUMBERS", "value": "NUMBERS", "numerator": "NUMBERS", "denominator": "NUMBERS",
    "previous": "NUMBERS", "current": "NUMBERS", "due": "DUES",
}  # fmt: skip
"""What the text of a field stands for is looked up in these."""


def _make(form: type[FactForm]) -> Make:
    """What makes a fact of one form: a function that names only the fields which the form has.

    It is put together as text, as a dataclass's own functions are: in a log of millions, asking each fact for the many
    fields that its type does not have takes longer than reading it.
    """
    values = ", ".join(_value(field, form.__struct_fields__) for field in Fact._fields)
    text = (
        "def make(form, position, recorded_at):\n"
        "    at = form.effective_at\n"
        "    day, when, at = DAYS[form.effective_on] if at is None else INSTANTS[at]\n"
        f"    return new(Fact, ({values}))\n"
    )
    names = {
        "DAYS": DAYS, "INSTANTS": INSTANTS, "NUMBERS": NUMBERS, "DUES": DUES, "Fact": Fact, "new": tuple.__new__
    }  # fmt: skip
    exec(text, names)  # noqa: S102 - the text is made here, of the names of fields alone
    made: Make = names["make"]  # type: ignore[assignment]
    return made


def _value(field: str, said: tuple[str, ...]) -> str:
    """Where a fact's field comes from."""
    name = _OTHER_NAMES.get(field, field)
    if field in _GIVEN:
        return field
    if name not in said:
        return repr(Fact._field_defaults[field])
    if field == "problems":
        return f"tuple(form.{name})"
    return f"{_READ[field]}[form.{name}]" if field in _READ else f"form.{name}"


MAKES: Final[Mapping[type[Form], Make]] = {form: _make(form) for form in FORMS.values() if issubclass(form, FactForm)}
LOADS: Final = Loads()
"""How each stored name is read."""
