"""The edition that content describes: every part of the format arrives as the exact thing it stands for."""

import datetime as dt
from fractions import Fraction

import pytest

from gkevents.schemes.compiling import edition_of
from gkevents.schemes.edition import Edition, digest_of
from gkevents.schemes.model import Aside, Band, Line, Pricing, Ties, cited, limit_parts
from gkevents.schemes.reading import read
from tests.schemes.small import SMALL, UNWEIGHTED


@pytest.fixture(scope="module")
def edition() -> Edition:
    """The edition of the small scheme."""
    return edition_of(read(SMALL).content or {}, digest="d")


def test_the_head_of_a_scheme(edition: Edition) -> None:
    assert (edition.scheme, edition.family, edition.year, edition.digest) == ("small-2020", "small", 2020, "d")
    assert (edition.base_total, edition.floor, edition.ceiling) == (Fraction(20), Fraction(0), Fraction(120))
    assert (edition.grade_decimals, edition.display_decimals, edition.ties) == (2, 2, Ties((), "1,1,3"))
    assert edition.bands == (Band("好", Fraction(90)), Band("中", Fraction(60)), Band("差"))
    assert edition.aside == Aside("peers-mean", "category", Fraction(1), "total", "取平均（公布文本第3行）")
    assert {item.aside for item in edition.items.values()} == {edition.aside}
    assert edition.zero_out is not None
    assert (edition.zero_out.effect, edition.zero_out.band, cited(edition.zero_out)) == (
        "total-and-band", "差", "弄虚作假归零（公布文本第4行）",
    )  # fmt: skip
    assert edition.weighted
    assert not edition.overlaid


def test_a_scheme_without_the_rare_rules() -> None:
    edition = edition_of(read(UNWEIGHTED).content or {}, digest="")
    assert (edition.aside, edition.zero_out, edition.vetoes, edition.rounding) == (None, None, (), {})
    assert not edition.weighted
    pricing = edition.rules["SP1"].pricing
    assert pricing is not None
    assert (pricing.from_overlay, pricing.price, pricing.level_floor) == (True, None, 2 - 1)


def test_codes_are_those_of_items_then_of_rules(edition: Edition) -> None:
    assert edition.codes == (*edition.items, "P1", "P2", "M1", "M2")


def test_the_form_of_a_category_leaves_out_pointers_and_other_variants(edition: Edition) -> None:
    towns, offices = edition.items_for("乡镇"), edition.items_for("部门")
    assert set(towns) - set(offices) == {"A4T"}
    assert set(offices) - set(towns) == {"A4D"}
    assert "A9" not in towns
    assert edition.items_for("乡镇") is towns


def test_a_unit_is_known_by_either_name(edition: Edition) -> None:
    assert [edition.category_of(name) for name in ("东镇", "甲局", "甲", "乙")] == ["乡镇", "部门", "部门", None]


def test_an_item_and_its_clause(edition: Edition) -> None:
    item = edition.items["A1"]
    assert cited(item) == "评分（公布文本第7、8行）"
    assert cited(edition.items["A2"]) == "定额"
    assert (item.named, item.always, item.others) == (("甲局",), ("乡镇",), "decide")
    assert item.allowed == {Fraction(0): "无", Fraction(3, 2): "半", Fraction(3): "全"}
    assert [dict(advice) for advice in item.advice] == [
        {"limit": "10 working days", "from": "决定", "to": "公开"},
        {"by": "2020-06-30", "to": "公开"},
        {"threshold": ">= 70%", "of": "占比"},
    ]
    assert (edition.items["A9"].see, edition.items["A9"].points) == ("平台", None)


def test_prices_of_items(edition: Edition) -> None:
    (flat,) = edition.items["A1"].deduct
    assert (flat.price, flat.level_floor, flat.cap) == (Fraction(1), 1, Fraction(2))
    amount, once = edition.items["A2"].deduct
    assert (amount.by_assessor, amount.listens) == (True, frozenset({"occurrence"}))
    assert (once.whole, once.when) == (True, (("justified", False), ("serious", True)))
    cards, messages = edition.items["A3"].deduct
    assert (cards.first, cards.again, cards.first_card) == (Fraction(1, 10), Fraction(1, 2), "escalated")
    assert "supervision-card" in cards.listens
    assert (messages.limit, messages.listens) == ("3 working days", frozenset({"reply-timeout", "deadline-missed"}))


def test_prices_of_rules(edition: Edition) -> None:
    by_level, needed, total = (edition.rules[code].pricing for code in ("P1", "P2", "M1"))
    assert by_level is not None
    assert needed is not None
    assert total is not None
    assert by_level.levels == {"national": 1, "provincial": Fraction(1, 2)}
    assert by_level.level_floor == 2
    assert (needed.needs, needed.join, needed.each) == ({"report": 12, "commission-done": 1}, "all", "year")
    assert (total.totals, total.on, total.level_floor) == ((Fraction(3), Fraction(5)), "happenings", 0)
    relation = edition.rules["M2"].worth
    assert relation is not None
    assert relation.line == Line(source="mean", share=Fraction(1, 2))
    assert (relation.among, relation.per, relation.above, relation.each) == ("others", Fraction(2), False, None)
    assert edition.compared == {"M2": relation}
    (group,) = edition.groups
    assert (group.bonus_cap, group.deduction_cap, group.caps, group.same_matter) == (
        Fraction(5),
        Fraction(5),
        "net",
        "highest",
    )


def test_first_card_is_base_where_nothing_is_said() -> None:
    content = read(SMALL.replace(", first_card: escalated", "").replace("A3 first_card", "A3 first")).content or {}
    assert edition_of(content, digest="").items["A3"].deduct[0].first_card == "base"
    assert Pricing("cards", "problem").first_card == "base"


def test_what_figures_are_worth(edition: Edition) -> None:
    worth = {code: item.worth for code, item in edition.items.items() if item.worth is not None}
    shapes = {code: part.shape for code, part in worth.items()}
    assert shapes == {"A4T": "tiers", "A4D": "linear", "A5": "fall", "A6": "each", "A7": "missing", "A8": "tiers"}
    assert worth["A4T"].tiers == (
        (Fraction(4, 5), Fraction(2)),
        (Fraction(1, 2), Fraction(1)),
        (Fraction(0), Fraction(0)),
    )
    assert (worth["A4T"].interval, worth["A8"].interval) == ("upper", "lower")
    assert (worth["A4D"].line, worth["A4D"].per, worth["A4D"].above) == (Line(Fraction(1)), Fraction(1, 2), True)
    assert (worth["A5"].fall, worth["A5"].step) == (Fraction(1, 10), "linear")
    assert (worth["A6"].per, worth["A6"].of) == (Fraction(1, 2), 3)
    assert (worth["A7"].per, worth["A7"].of) == (Fraction(1, 2), 7)
    assert edition.items["A8"].counts == "form"


def test_a_digest_names_text_and_overlay() -> None:
    plain, decided = digest_of("a", None), digest_of("a", {"points": {"S1": "1"}})
    assert len({plain, decided, digest_of("b", None)}) == 3
    assert plain == digest_of("a", {})
    assert decided == digest_of("a", {"points": {"S1": "1"}})


@pytest.mark.parametrize(
    ("limit", "parts"),
    [
        ("15 working days", ("working_days", 15)),
        ("1 working day", ("working_days", 1)),
        ("5 hours", ("hours", 5)),
        (" 1  hour ", ("hours", 1)),
        ("2020-09-30", ("day", dt.date(2020, 9, 30))),
    ],
)
def test_a_limit_has_its_parts(limit: str, parts: tuple[str, int | dt.date]) -> None:
    assert limit_parts(limit) == parts


@pytest.mark.parametrize(
    "limit", ["", "5", "0 hours", "5 days", "-1 hours", "１ hours", "99999 hours", "2020-13-01", "soon"]
)
def test_a_limit_that_is_none_is_refused(limit: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        limit_parts(limit)
