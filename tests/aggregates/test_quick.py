"""The quick ways come to what the long ways come to: of any fact, however written, however often."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gkevents.aggregates import facts as written_facts
from gkevents.aggregates import fitting, quick
from gkevents.aggregates import refusals as no
from gkevents.aggregates import unit_year as decisions
from gkevents.aggregates.facts import canonical
from gkevents.aggregates.quick import plainly
from gkevents.aggregates.reversals import Reversals
from gkevents.aggregates.unit_year import UnitYear, record
from gkevents.aggregates.vocabulary import FACT_TYPES, FIELDS
from gkevents.scoring.fact import Fact
from gkevents.scoring.view import reversed_facts
from gkevents.terms import BEIJING
from tests.aggregates.samples import METRIC_WAYS, SAMPLES, written
from tests.oracle.agreement import edition, full_calendar

ODD: Final[list[Any]] = [
    None, "", " ", "　", [], [""], ["甲", " 甲 "], {"甲": 1}, True, False, 1, 0, 1.0, 0.5, -1, 10**16, 10**300, "1",
    "1.0", "01", "true", "１", "½", " 甲 ", "甲\n乙", "甲\0", "\ud800", "x" * 201, "x" * 61, "字" * 4001, "2018-05-05",
    "20180505", "2018-02-30", "2018-05-05T09:00:00Z", "15个工作日", "80%", "1/0", "1/3", "nan", "省级", "target",
    "2017年", "〔2018〕1号",
]  # fmt: skip
_PLAIN: Final = {name: st.sampled_from([sample[0], sample[1]]) for name, sample in SAMPLES.items()}
_PLAIN["effective_on"] = st.sampled_from(["2018-05-05", "２０１８-05-06", "2018-5-5"])
_PLAIN["effective_at"] = st.sampled_from(["2018-05-05T09:00:00Z", "2018-05-05T23:30:00.5+08:00", "2018-05-05"])
_KINDS: Final = [*FACT_TYPES, *(kind.label for kind in FACT_TYPES.values()), " grade ", "Ｇrade", "grades"]


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """A fact of some type: mostly as it should be, with fields too many, too few, or oddly written."""
    kind = draw(st.sampled_from(_KINDS))
    name = kind if kind in FACT_TYPES else {each.label: each.name for each in FACT_TYPES.values()}.get(kind, "grade")
    names = {"ref", "unit", draw(st.sampled_from(["effective_on", "effective_on", "effective_at"]))}
    names |= {*FACT_TYPES[name].required}
    names |= draw(st.sets(st.sampled_from(FACT_TYPES[name].fields), max_size=4)) - {"type"}
    if name == "metric":
        names |= {*draw(st.sampled_from(METRIC_WAYS))}
    if name == "checklist":
        names.add(draw(st.sampled_from(["met", "missing"])))
    names -= draw(st.sets(st.sampled_from(sorted(FIELDS)), max_size=1))
    names |= draw(
        st.one_of(st.just(set[str]()), st.just(set[str]()), st.sets(st.sampled_from([*FIELDS, "x"]), max_size=1))
    )
    odd = draw(st.sets(st.sampled_from(sorted(names) or ["x"]), max_size=1))
    fact = {
        each: draw(st.sampled_from(ODD) if each in odd else _PLAIN.get(each, st.just("x"))) for each in sorted(names)
    }
    return fact if "type" in odd else {**fact, "type": kind}


def outcome(read: Any, fact: dict[str, Any]) -> Any:  # noqa: ANN401 - a function of a fact, and what it gives
    """What a way of reading gives, types and all; or the refusal."""
    try:
        body = read(fact)
    except no.Refusal as refusal:
        return type(refusal), str(refusal)
    return [(name, type(value), value) for name, value in body.items()]


@settings(max_examples=600, deadline=None)
@given(fact=facts())
def test_a_fact_read_the_quick_way_is_read_as_the_long_way_reads_it(fact: dict[str, Any]) -> None:
    expected = outcome(written_facts._canonical, fact)
    assert outcome(canonical, fact) == expected
    assert outcome(canonical, fact) == expected, "and again, with what was kept of the first time"


@pytest.mark.parametrize("kind", FACT_TYPES)
def test_a_plain_fact_of_each_type_goes_the_quick_way(kind: str) -> None:
    assert plainly(written(kind)) == written_facts._canonical(written(kind))


def test_what_is_written_otherwise_never_stands_for_what_was_written_before() -> None:
    told: list[tuple[Any, Any]] = [("1", None), (1, None), ("2", 2), (2, 2), ("2.0", no.FieldUnreadable)]
    for value, kept in told * 2:
        fact = written("praise", count=value)
        if isinstance(kept, type):
            with pytest.raises(kept):
                canonical(fact)
        else:
            assert canonical(fact).get("count") == kept
    for odd in (True, 1.0):
        with pytest.raises(no.FieldUnreadable):
            canonical(written("praise", count=odd))


def test_what_is_kept_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quick, "_KEPT_MOST", 3)
    monkeypatch.setattr(quick, "_PLANS_MOST", 3)
    monkeypatch.setattr(fitting, "_SHAPES_MOST", 3)
    monkeypatch.setattr(decisions, "_FITS_MOST", 3)
    quick._PLANS.clear()
    fitting._VALUES.clear()
    state = luancheng("部门")
    for number in range(16):
        more = [name for bit, name in enumerate(("note", "matter", "source")) if number >> bit & 1]
        fact = written(
            "grade", item="L01", points=f"{number % 3}.{number}", by=f"某人{number}", **dict.fromkeys(more, "甲")
        )
        body = canonical({**fact, "effective_on": "2020-05-05"})
        record(state, body, recorded_at=NOW, calendar=full_calendar())
    assert len(quick._PLANS) <= 3
    assert len(fitting._VALUES) <= 3
    assert len(state.fits) <= 3


# ---- what fits

NOW: Final = dt.datetime(2021, 3, 1, 9, tzinfo=BEIJING)
CODES: Final = ["L01", "L15", "L17", "L21T", "L21D", "L22", "L99"]


def luancheng(category: str, fits: decisions.Fits | None = None) -> UnitYear:
    return UnitYear(
        "luancheng-2020", 2020, "某局", category, edition("luancheng-2020", None), fits={} if fits is None else fits
    )


def bodies() -> st.SearchStrategy[dict[str, Any]]:
    """Canonical facts on the items of a form, with the fields that matter there and some that do not."""

    def told(kind: str) -> st.SearchStrategy[dict[str, Any]]:
        always = {"ref": st.sampled_from(["a", "b"]), "unit": st.just("某局"), "type": st.just(kind)}
        always |= {"effective_on": st.sampled_from(["2019-12-31", "2020-05-05", "2021-01-05", "2021-06-01"])}
        samples = {name: st.just(SAMPLES[name][1]) for name in FACT_TYPES[kind].required if name != "item"}
        may = {name: st.just(SAMPLES[name][1]) for name in FACT_TYPES[kind].optional}
        some = {"points": st.sampled_from(["0", "2", "2.55", "99"]), "amount": st.sampled_from(["0", "1"])}
        item = {"item": st.sampled_from(CODES)} if "item" in FACT_TYPES[kind].required else {}
        always |= samples | item | ({"points": some["points"]} if "points" in samples else {})
        may |= {"amount": some["amount"]} if "amount" in may else {}
        return st.fixed_dictionaries(always, optional=may)

    return st.sampled_from([kind for kind in FACT_TYPES if kind not in ("metric", "checklist")]).flatmap(told)


@settings(max_examples=300, deadline=None)
@given(told=st.lists(st.tuples(bodies(), st.sampled_from(["乡镇", "部门"])), min_size=1, max_size=12))
def test_what_once_fitted_is_let_through_only_where_it_fits(told: list[tuple[dict[str, Any], str]]) -> None:
    """Unit-years that share what they found to fit decide as one that works everything out anew."""
    shared: decisions.Fits = {}
    for body, category in told:
        decided = outcome(lambda body, of=category: _recorded(luancheng(of, shared), body), body)
        assert decided == outcome(lambda body, of=category: _recorded(luancheng(of), body), body)


def _recorded(state: UnitYear, body: dict[str, Any]) -> dict[str, Any]:
    return record(state, body, recorded_at=NOW, calendar=full_calendar())


# ---- what is taken back


@settings(max_examples=300, deadline=None)
@given(data=st.data(), number=st.integers(1, 12))
def test_what_is_taken_back_is_the_same_kept_up_or_worked_out(data: st.DataObject, number: int) -> None:
    kept, every = Reversals(), list[Fact]()
    for place in range(number):
        of = data.draw(st.sampled_from([*(f"r{earlier}" for earlier in range(place)), "a", "b"]))
        kind = data.draw(st.sampled_from(["retraction", "duplicate-ruling"]))
        every.append(Fact(place, f"r{place}", kind, dt.date(2020, 5, 5), 0, of=of))
        kept.take(every[-1])
        assert kept.taken_back == reversed_facts(every)
        assert list(kept) == every
        for ref in ("a", "b", f"r{place}"):
            for kind_ in ("retraction", "duplicate-ruling"):
                standing = [
                    one for one in every if (one.of, one.type) == (ref, kind_) and one.ref not in kept.taken_back
                ]
                assert kept.standing(ref, kind_) == (standing[0] if standing else None)
