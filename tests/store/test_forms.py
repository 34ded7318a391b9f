"""The stored form of every event: what was ever written still loads into the same, and nothing else does."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gkevents import upcasts
from gkevents.aggregates import stored
from gkevents.aggregates.vocabulary import EVENT_TYPES, FACT_TYPES
from gkevents.schemes import catalog
from gkevents.schemes.reading import read
from gkevents.scoring.fact import Fact
from gkevents.store import reading
from gkevents.store.engine import Store
from gkevents.store.form import FactForm
from gkevents.store.forms import FORMS, encode
from gkevents.store.loading import LOADS, Loads, fact_of
from gkevents.store.log import NewEvent, writing
from gkevents.store.reading import EventDamaged, Reader, facts_of
from gkevents.terms import instant
from gkevents.upcasts import EVENT_VERSIONS, UnknownEvent
from tests.app.worlds import World, grade

FILE: Final = Path(__file__).parent / "fossils" / "events.jsonl"
LINES: Final = FILE.read_text(encoding="utf-8").splitlines()
FOSSILS: Final[list[dict[str, Any]]] = [json.loads(line) for line in LINES]
PINNED: Final = (
    (51, "4785b2cd11641396276a517b71d51b41abc38b51813354e6aab2664d31ff32d2"),
    (84, "3b7a2c32e9b4249c66ebef3a8667be1769045d41c707231d5dc68ef5aab50b43"),
)
"""So many of the first lines, and the SHA-256 of them: nothing is taken out or changed, new lines come behind."""
MOMENT: Final = "2020-12-01T09:00:00+08:00"
ADDED: Final = {
    "netizen-message": {"due", "calendar", "own_limit"},
    "deadline-opened": {"due", "calendar", "own_limit"},
    "reply-timeout": {"of", "scanned"},
    "deadline-missed": {"of", "scanned"},
    "retraction": {"scanned"},
    "duplicate-ruling": {"scanned"},
    "rectification-ordered": {"key", "due", "calendar", "own_limit"},
    "rectification-reported": {"key"},
}
"""What the store adds to what people write."""


def expected(said: Mapping[str, Any]) -> Fact:
    """The fact that a fossil says it is."""
    read: dict[str, Any] = dict(said)
    read["day"] = dt.date.fromisoformat(said["day"])
    for name in ("amount", "points", "value", "numerator", "denominator", "previous", "current"):
        if name in said:
            read[name] = Fraction(said[name])
    if "at" in said:
        read["at"] = instant(said["at"])
    if "due" in said:
        read["due"] = instant(said["due"]) if "T" in said["due"] else dt.date.fromisoformat(said["due"])
    if "problems" in said:
        read["problems"] = tuple(said["problems"])
    return Fact(position=7, recorded_at=MOMENT, **read)


@pytest.mark.parametrize(("number", "digest"), PINNED)
def test_no_fossil_is_taken_out_or_changed(number: int, digest: str) -> None:
    assert hashlib.sha256("".join(f"{line}\n" for line in LINES[:number]).encode()).hexdigest() == digest


def test_every_version_ever_stored_is_among_the_fossils() -> None:
    ever = {f"{name}.{version}" for name, today in EVENT_VERSIONS.items() for version in range(1, today + 1)}
    assert {fossil["name"] for fossil in FOSSILS} == ever


def test_every_field_of_every_form_is_among_the_fossils() -> None:
    said: dict[str, set[str]] = {}
    for fossil in FOSSILS:
        said.setdefault(fossil["name"].rpartition(".")[0], set()).update(json.loads(fossil["body"]))
    for name, form in FORMS.items():
        assert said[name] == set(form.__struct_fields__), name


@pytest.mark.parametrize(
    "fossil", FOSSILS, ids=lambda fossil: f"{fossil['name']} {json.loads(fossil['body']).get('ref')}"
)
def test_what_was_stored_loads_into_the_same_for_ever(fossil: dict[str, Any]) -> None:
    load = LOADS[fossil["name"]]
    form, body = load.read(fossil["body"]), json.loads(fossil["body"])
    assert load.read(fossil["body"].encode()) == form
    assert (load.make is not None) is (fossil["fact"] is not None) is isinstance(form, FactForm)
    if fossil["name"] == load.name:
        assert form.plain() == body
        assert encode(form.plain()) == fossil["body"]
    if isinstance(form, FactForm):
        fact = fact_of(form, 7, MOMENT)
        assert fact == expected(fossil["fact"])
        assert fact == stored.fact_of(form.plain(), position=7, recorded_at=MOMENT)
        assert type(fact) is Fact
        assert len(fact) == len(Fact._fields)


def test_a_form_holds_what_its_type_of_fact_may_say_and_what_the_store_adds() -> None:
    assert set(FORMS) == set(EVENT_VERSIONS)
    for name, kind in EVENT_TYPES.items():
        fields = {*FACT_TYPES[kind].fields, *ADDED.get(kind, ())} - {"recorded_at"}
        assert set(FORMS[name].__struct_fields__) == fields, name


@pytest.mark.parametrize("name", sorted(EVENT_TYPES))
@pytest.mark.parametrize(
    "change",
    [
        {"guessed": 1},
        {"recorded_at": "x"},
        {"ref": None},
        {"ref": 1},
        {"type": "guessed"},
        {"type": None},
        {"unit": []},
    ],
    ids=str,
)
def test_unknown_keys_and_wrong_types_are_refused(name: str, change: dict[str, Any]) -> None:
    body = next(json.loads(fossil["body"]) for fossil in FOSSILS if fossil["name"] == f"{name}.1")
    with pytest.raises(msgspec.ValidationError):
        LOADS[f"{name}.1"].read(json.dumps({**body, **change}))


@pytest.mark.parametrize("name", ["", "grade-given", "grade-given.2", "grade-given.0", "grade-given.²", "guessed.1"])
def test_unknown_names_are_refused(name: str) -> None:
    with pytest.raises(UnknownEvent):
        LOADS[name]


# ---------------------------------------------------------------- as it is written

plain_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=4)
    ),
)


def as_before(body: Any) -> str:  # noqa: ANN401 - any JSON
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@given(plain_json)
def test_bodies_are_written_byte_for_byte_as_ever(body: Any) -> None:  # noqa: ANN401 - any JSON
    assert encode(body) == as_before(body)


@pytest.mark.parametrize(
    "text", ["\0\x1f\x7f\x80\u2028\u2029\ufeff\U0010ffff/\\\"\b\f\n\r\t'<>&", "\ufffe", "é", "e\u0301"]
)
def test_hostile_texts_are_written_as_ever(text: str) -> None:
    assert encode({text: text, "a": [text]}) == as_before({text: text, "a": [text]})


@pytest.mark.parametrize("scheme", catalog.published())
def test_what_a_scheme_says_is_written_as_ever(scheme: str) -> None:
    content = read(catalog.text_of(scheme)).content
    assert content is not None
    assert encode(content) == as_before(content)


# ---------------------------------------------------------------- through the store


def test_a_row_of_an_older_version_is_read_in_todays_shape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second version of marks is made up: what was `score` in the first is `points` today."""
    store = Store(f"sqlite:///{tmp_path}/gk.db")
    store.make(simulated=True)
    body = {"ref": "G1", "type": "grade", "unit": "甲局", "effective_on": "2020-09-14", "item": "T1"}
    with writing(store) as write:
        write.append(
            [NewEvent("unit-year/s/2020/甲局", "grade-given", {**body, "score": "7.5"}, instant(MOMENT), "G1")]
        )
    monkeypatch.setattr(upcasts, "EVENT_VERSIONS", {**EVENT_VERSIONS, "grade-given": 2})
    monkeypatch.setattr(upcasts, "STEPS", {"grade-given.1": _score_to_points})
    monkeypatch.setattr(reading, "LOADS", Loads())
    with store.reading() as connection:
        reader = Reader(connection, store.name)
        [event] = reader.stream("unit-year/s/2020/甲局")
        assert (event.name, event.body) == ("grade-given.2", {**body, "points": "7.5"})
        [fact] = facts_of([event], store.name)
        assert fact.points == Fraction(15, 2)
        assert list(reader.unit_facts()) == [("unit-year/s/2020/甲局", [fact])]
    monkeypatch.setattr(upcasts, "STEPS", {"grade-given.1": lambda body: body})
    with store.reading() as connection, pytest.raises(EventDamaged, match="event 1 holds no fact"):
        list(Reader(connection, store.name).unit_facts())
    store.close()


def _score_to_points(body: dict[str, Any]) -> dict[str, Any]:
    return {**{name: value for name, value in body.items() if name != "score"}, "points": body["score"]}


def every_way(reader: Reader, stream: str) -> list[Any]:
    """The ways in which the rows of a unit-year are read."""
    return [
        lambda: reader.stream(stream),
        lambda: reader.streams([stream]),
        lambda: reader.facts([stream]),
        lambda: reader.after(0),
        lambda: list(reader.unit_facts()),
        lambda: list(reader.unit_years()),
    ]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("name", "'grade-given.9'"),
        ("name", "x'ff'"),
        ("name", "CAST(x'ff' AS TEXT)"),
        ("name", "7"),
        ("recorded_at", "CAST(x'ff' AS TEXT)"),
        ("body", "'{'"),
        ("body", "'[]'"),
        ("body", "'{}'"),
        ("body", "x'7b7d'"),
        ("body", "CAST(x'7b22ff227d' AS TEXT)"),
        ("body", "replace(body, '\"points\"', '\"guessed\"')"),
        ("body", "replace(body, '\"7\"', '7')"),
        ("body", "replace(body, '}', ',\"guessed\":1}')"),
    ],
)
def test_a_damaged_row_is_refused_with_its_position_whichever_way_it_is_read(
    tmp_path: Path, column: str, value: str
) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(now="2020-01-02T09:00:00+08:00")
    [_, position] = world.log(grade("G0", "2020-11-20", "L15", "5"), grade("G1", "2020-11-20", "L15", "7"), now=MOMENT)
    stream = world.rows(f"SELECT stream FROM events WHERE position = {position}")[0][0]  # noqa: S608 - a number
    world.sql(f"UPDATE events SET {column} = {value} WHERE position = {position}")  # noqa: S608 - our own words
    store = Store(world.url)
    with store.reading() as connection:
        for way in every_way(Reader(connection, store.name), stream):
            with pytest.raises(
                EventDamaged, match=rf"event {position} (cannot be read|holds no fact|is not an object)"
            ) as met:
                way()
            assert met.value.position == position
    store.close()


@pytest.mark.parametrize(("written", "damaged"), [("2020-11-20", "2020-13-41"), ('"7"', '"1/0"'), ('"7"', '"sieben"')])
def test_a_day_or_a_number_that_is_none_is_refused_with_its_position(
    tmp_path: Path, written: str, damaged: str
) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(now="2020-01-02T09:00:00+08:00")
    [position] = world.log(grade("G1", "2020-11-20", "L15", "7"), now=MOMENT)
    world.sql(f"UPDATE events SET body = replace(body, '{written}', '{damaged}') WHERE ref = 'G1'")  # noqa: S608
    store = Store(world.url)
    with store.reading() as connection:
        reader = Reader(connection, store.name)
        for way in (lambda: list(reader.unit_facts()), lambda: facts_of(reader.after(0), store.name)):
            with pytest.raises(EventDamaged, match=f"event {position} holds no fact"):
                way()
    store.close()
