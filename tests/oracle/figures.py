"""The figures of the nine schemes as plain tables, copied once from the published rules.

Why it stands alone: the oracle must not share a line with the scheme files it checks, so a figure mistyped there shows
up as a difference. Points are text and exact. An item is (greatest points, kind of rule, parameters); an adjustment is
(side, kind of rule, parameters).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Item = tuple[str | None, str, dict[str, Any]]
Rule = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True)
class Scheme:
    """One scheme: its items and adjustments by code, and what holds for the whole."""

    year: int
    items: dict[str, Item]
    adjustments: dict[str, Rule] = field(default_factory=dict)
    group: str | None = None
    caps: dict[str, str] = field(default_factory=dict)
    one_matter_once: bool = False
    peers_mean: bool = False
    zero_out: bool = False
    only: dict[str, str] = field(default_factory=dict)
    bands: tuple[tuple[str, str | None], ...] = ()


HEBEI_STATS_2018 = Scheme(
    year=2018,
    items={
        "H01": ("2", "grade", {}),
        "H02": ("1", "grade", {}),
        "H03": ("1", "grade", {}),
        "H04": ("1", "grade", {}),
        "H05": ("1", "grade", {}),
        "H06": ("2", "grade", {}),
        "H07": ("1", "grade", {}),
        "H08": ("2", "grade", {}),
        "H09": ("1", "grade", {}),
        "H10": ("1", "grade", {}),
        "H11": ("14", "grade", {}),
        "H12a": ("1", "grade", {}),
        "H12b": ("1", "grade", {}),
        "H13a": ("1", "count", {"tiers": ((0, "0"), (1, "0.8"), (2, "1"))}),
        "H13b": ("0.5", "grade", {"allowed": ("0", "0.2", "0.5")}),
        "H13c": ("0.5", "grade", {"allowed": ("0", "0.5")}),
        "H13d": ("0.5", "grade", {"allowed": ("0", "0.5")}),
        "H13e": ("0.5", "grade", {"allowed": ("0", "0.3", "0.5")}),
        "H13f": ("0.5", "grade", {"allowed": ("0", "0.5")}),
        "H13g": ("1.5", "grade", {"allowed": ("0", "0.5", "1", "1.5")}),
        "H13h": ("1.5", "grade", {"allowed": ("0", "0.5", "1", "1.5")}),
        "H13i": ("0.5", "count", {"tiers": ((0, "0"), (1, "0.3"), (2, "0.5")), "forms": True}),
        "H14a": ("1", "events", {"each": "year", "price": "all"}),
        "H14b": ("1", "events", {"each": "year", "price": "all"}),
        "H15": ("2", "grade", {}),
        "H16a": ("3", "grade", {}),
        "H16b": ("1", "grade", {}),
        "H16c": ("1", "grade", {}),
        "H17": ("1", "grade", {}),
        "H18a": ("1", "grade", {}),
        "H18b": ("1", "grade", {}),
        "H18c": ("1", "grade", {}),
        "H19": ("3", "cards", {"first": "0.1", "again": "0.5"}),
        "H20": ("2", "surplus", {"above": "1", "per": "0.5"}),
        "H21": ("2", "events", {"each": "event", "price": "0.5", "messages": "3 working days"}),
        "H22a": ("0.5", "checklist", {"of": 1, "each": "0.5"}),
        "H22b": ("0.5", "checklist", {"of": 1, "each": "0.5"}),
        "H23": ("1", "grade", {}),
        "H24": ("1", "grade", {}),
        "H25a": ("1", "events", {"each": "event", "price": "0.1"}),
        "H25b": ("1", "events", {"each": "event", "price": "0.2", "messages": "7 working days"}),
        "H26a": (
            "6",
            "ratio",
            {"tiers": (("0.8", "6"), ("0.7", "5"), ("0.6", "4"), ("0.5", "3"), ("0.4", "2"), ("0.1", "1"), ("0", "0"))},
        ),
        "H26b": ("1.5", "checklist", {"of": 3, "each": "0.5"}),
        "H27": ("1", "grade", {}),
        "H28a": ("2", "grade", {}),
        "H28b": ("1", "grade", {}),
        "H29a": ("1", "grade", {}),
        "H29b": ("2", "checklist", {"of": 7, "missing": "0.5"}),
        "H30a": ("1", "grade", {}),
        "H30b": ("3", "grade", {}),
        "H30c": ("2", "grade", {}),
        "H30d": ("1", "grade", {}),
        "H31": ("3", "grade", {}),
        "H32": ("2", "events", {"each": "event", "price": "0.5"}),
        "H33": ("3", "checklist", {"of": 3, "each": "1"}),
        "H34": ("2", "checklist", {"of": 2, "each": "1"}),
        "H35": ("1", "grade", {}),
        "H36": ("1", "count", {"tiers": ((0, "0"), (1, "1"))}),
    },
)

LUANCHENG_2020 = Scheme(
    year=2020,
    items={
        "L01": ("3", "grade", {}),
        "L02": ("3", "grade", {}),
        "L03": ("3", "grade", {}),
        "L04": ("3", "grade", {}),
        "L05": ("3", "grade", {}),
        "L06": ("3", "grade", {}),
        "L07": ("1", "grade", {}),
        "L08": ("1", "grade", {}),
        "L09": ("1", "grade", {}),
        "L10": ("2", "grade", {}),
        "L11": ("2", "grade", {}),
        "L12": ("2", "grade", {}),
        "L13": ("2", "grade", {}),
        "L14": ("2", "grade", {}),
        "L15": ("8", "grade", {}),
        "L16": ("8", "grade", {}),
        "L17": ("8", "grade-events", {"each": "event", "price": "1", "level_min": "city"}),
        "L18": ("5", "grade", {}),
        "L19": ("3", "grade", {}),
        "L20": ("7", "grade", {}),
        "L21T": ("20", "grade", {}),
        "L21D": ("20", "grade", {}),
        "L22": ("10", "amounts", {}),
    },
    peers_mean=True,
    only={"L21T": "乡镇", "L21D": "部门"},
)

HUNAN_CITIES_2017 = Scheme(
    year=2017,
    items={
        "NC01": ("1", "grade", {}),
        "NC02": ("1", "grade", {}),
        "NC03": ("1", "grade", {}),
        "NC04": ("1", "grade", {}),
        "NC05": ("1", "grade", {}),
        "NC06": ("1", "grade", {}),
        "NC07": ("1", "grade", {}),
        "NC08": ("3", "grade", {}),
        "NC09": ("2", "grade", {}),
        "NC10": ("1", "grade", {}),
        "NC11": ("2", "grade", {}),
        "NC12": ("8", "grade", {}),
        "NC13": ("2", "grade", {}),
        "NC14": ("2", "grade", {}),
        "NC15": ("4", "grade", {}),
        "NC16": ("4", "grade", {}),
        "NC17": ("3", "grade", {}),
        "NC18": ("2", "grade", {}),
        "NC19": ("3", "grade", {}),
        "NC20": ("3", "grade", {}),
        "NC21": ("3", "grade", {}),
        "NC22": ("3", "grade", {}),
        "NC23": ("3", "grade", {}),
        "NC24": ("1", "grade", {}),
        "NC25": ("2", "grade", {}),
        "NC26": ("2", "grade", {}),
        "NC27": ("2", "grade", {}),
        "NC28": ("1", "grade", {}),
        "NC29": ("1", "grade", {}),
        "NC30": ("1", "grade", {}),
        "NC31": ("1", "grade", {}),
        "NC32": ("10", "grade", {}),
        "NC33": ("4", "grade", {}),
        "NC34": ("3", "grade", {}),
        "NC35": ("5", "grade", {}),
        "NC36": ("6", "grade", {}),
        "NC37": ("6", "grade", {}),
    },
    adjustments={
        "NC-P1": ("bonus", "needs", {"price": "1", "join": "all", "needs": {"report": 12, "commission-done": 1}}),
        "NC-P2": ("bonus", "events", {"each": "matter", "price": {"national": "1", "provincial": "0.5"}}),
        "NC-P3": ("bonus", "events", {"each": "matter", "price": "2"}),
        "NC-P4": ("bonus", "events", {"each": "matter", "price": "0.5"}),
        "NC-P5": ("bonus", "events", {"each": "matter", "price": "0.2"}),
        "NC-P6": ("bonus", "events", {"each": "matter", "price": "0.5"}),
        "NC-M1": ("deduction", "events", {"each": "matter", "price": {"national": "2", "provincial": "1"}}),
        "NC-M2": ("deduction", "events", {"each": "matter", "price": "1"}),
        "NC-M3": ("deduction", "events", {"each": "matter", "price": "1"}),
    },
    group="NC-PM",
    caps={"bonus": "5", "deduction": "5"},
    one_matter_once=True,
)

HUNAN_DEPARTMENTS_2017 = Scheme(
    year=2017,
    items={
        "NP01": ("1", "grade", {}),
        "NP02": ("1", "grade", {}),
        "NP03": ("1", "grade", {}),
        "NP04": ("1", "grade", {}),
        "NP05": ("1", "grade", {}),
        "NP06": ("1", "grade", {}),
        "NP07": ("1", "grade", {}),
        "NP08": ("3", "grade", {}),
        "NP09": ("2", "grade", {}),
        "NP10": ("1", "grade", {}),
        "NP11": ("3", "grade", {}),
        "NP12": ("10", "grade", {}),
        "NP13": ("2", "grade", {}),
        "NP14": ("2", "grade", {}),
        "NP15": ("5", "grade", {}),
        "NP16": ("3", "grade", {}),
        "NP17": ("1", "grade", {}),
        "NP18": ("3", "grade", {}),
        "NP19": ("4", "grade", {}),
        "NP20": ("3", "grade", {}),
        "NP21": ("3", "grade", {}),
        "NP22": ("3", "grade", {}),
        "NP23": ("4", "grade", {}),
        "NP24": ("4", "grade", {}),
        "NP25": ("5", "grade", {}),
        "NP26": ("5", "grade", {}),
        "NP27": ("4", "grade", {}),
        "NP28": ("3", "grade", {}),
        "NP29": ("4", "grade", {}),
        "NP30": ("8", "grade", {}),
        "NP31": ("8", "grade", {}),
    },
    adjustments={
        "NP-P1": ("bonus", "needs", {"price": "1", "join": "all", "needs": {"report": 12, "commission-done": 1}}),
        "NP-P2": ("bonus", "events", {"each": "matter", "price": {"national": "1", "provincial": "0.5"}}),
        "NP-P3": ("bonus", "events", {"each": "matter", "price": "2"}),
        "NP-P4": ("bonus", "events", {"each": "matter", "price": "0.5"}),
        "NP-P5": ("bonus", "events", {"each": "matter", "price": "0.2"}),
        "NP-P6": ("bonus", "events", {"each": "matter", "price": "0.5"}),
        "NP-M1": ("deduction", "events", {"each": "matter", "price": {"national": "2", "provincial": "1"}}),
        "NP-M2": ("deduction", "events", {"each": "matter", "price": "2"}),
        "NP-M3": ("deduction", "events", {"each": "matter", "price": "1"}),
    },
    group="NP-PM",
    caps={"bonus": "5", "deduction": "5"},
    one_matter_once=True,
)

HUNAN_DOCS_CITIES_2017 = Scheme(
    year=2017,
    items={
        "DC01": ("25", "events", {"each": "event", "price": "5", "when": {"justified": False}}),
        "DC02": ("25", "events", {"each": "event", "price": "2"}),
        "DC03": ("25", "events", {"each": "event", "price": "2"}),
        "DC04": ("25", "fall", {"target": "10", "per": "2.5"}),
    },
)

HUNAN_DOCS_DEPARTMENTS_2017 = Scheme(
    year=2017,
    items={
        "DP01": ("10", "events", {"each": "matter", "price": "5"}),
        "DP02": ("10", "events", {"each": "event", "price": "2"}),
        "DP03": ("10", "events", {"each": "event", "price": "2", "when": {"serious": True, "justified": False}}),
        "DP04": ("15", "events", {"each": "event", "price": "5"}),
        "DP05": ("10", "events", {"each": "event", "price": "5"}),
        "DP06": ("10", "events", {"each": "event", "price": "5"}),
        "DP07": ("10", "events", {"each": "event", "price": "2"}),
        "DP08": ("15", "events", {"each": "event", "price": "2"}),
        "DP09": ("10", "fall", {"target": "10", "per": "1"}),
    },
)

SANMENXIA_DEPARTMENTS_2017 = Scheme(
    year=2017,
    items={f"SD{n:02d}": (None, "pointer" if n in (14, 28) else "grade", {}) for n in range(1, 67)},
    adjustments={
        "SD-P1": ("bonus", "events", {"each": "matter", "price": "overlay", "level_min": "city"}),
        "SD-P2": ("bonus", "events", {"each": "matter", "price": "overlay", "level_min": "city"}),
        "SD-P3": ("bonus", "events", {"each": "matter", "price": "overlay", "level_min": "city"}),
        "SD-M1": ("deduction", "events", {"each": "matter", "price": "overlay", "level_min": "city"}),
        "SD-M2": ("deduction", "events", {"each": "matter", "price": "overlay", "level_min": "city"}),
        "SD-M3": ("deduction", "events", {"each": "matter", "price": "overlay", "level_min": "city"}),
        "SD-M4": ("deduction", "events", {"each": "matter", "price": "overlay", "level_min": "city"}),
    },
    group="SD-SP",
    zero_out=True,
    bands=(("优秀", "90"), ("良好", "80"), ("合格", "60"), ("不合格", None)),
)

SANMENXIA_COUNTIES_2017 = Scheme(
    year=2017,
    items={f"SC{n:02d}": (None, "pointer" if n in (15, 29) else "grade", {}) for n in range(1, 73)},
    adjustments={
        "SC-P1": ("bonus", "events", {"each": "matter", "price": "overlay", "level_min": "city"}),
        "SC-P2": ("bonus", "events", {"each": "matter", "price": "overlay", "level_min": "city"}),
        "SC-P3": ("bonus", "events", {"each": "matter", "price": "overlay", "level_min": "city"}),
        "SC-M1": ("deduction", "events", {"each": "matter", "price": "overlay", "level_min": "city"}),
        "SC-M2": ("deduction", "events", {"each": "matter", "price": "overlay", "level_min": "city"}),
        "SC-M3": ("deduction", "events", {"each": "matter", "price": "overlay", "level_min": "city"}),
        "SC-M4": ("deduction", "events", {"each": "matter", "price": "overlay", "level_min": "city"}),
    },
    group="SC-SP",
    zero_out=True,
    bands=(("优秀", "90"), ("良好", "80"), ("合格", "60"), ("不合格", None)),
)

BEILUN_2019 = Scheme(
    year=2019,
    items={
        "B01": ("5", "grade", {}),
        "B02": ("5", "grade", {}),
        "B03": ("5", "grade", {}),
        "B04": ("5", "grade", {}),
        "B05": ("5", "grade", {}),
        "B06": ("20", "grade", {}),
        "B07": ("5", "grade", {}),
        "B08": ("5", "grade", {}),
        "B09": ("5", "grade", {}),
        "B10": ("5", "grade", {}),
        "B11": ("5", "grade", {}),
        "B12": ("5", "grade", {}),
        "B13": ("5", "grade", {}),
        "B14": ("5", "grade", {}),
        "B15": ("5", "grade", {}),
        "B16": ("5", "grade", {}),
        "B17": ("5", "grade", {}),
    },
    adjustments={
        "B-P1": ("bonus", "events", {"each": "matter-level", "price": "1", "cap": "5"}),
        "B-P2": (
            "bonus",
            "needs",
            {"price": "5", "join": "any", "needs": {"press-conference-with-feature": 1, "briefing-with-feature": 1}},
        ),
        "B-D1": ("deduction", "events", {"each": "event", "price": "1"}),
        "B-D2": ("deduction", "events", {"each": "event", "price": "1"}),
        "B-D3": ("deduction", "below-mean", {"price": "2", "share": "0.5"}),
        "B-D4": ("deduction", "events", {"each": "matter", "total": ("3", "5")}),
        "B-D5": ("deduction", "events", {"each": "matter", "total": ("3", "5")}),
    },
    group="B-PM",
)

SCHEMES: dict[str, Scheme] = {
    "hebei-stats-2018": HEBEI_STATS_2018,
    "luancheng-2020": LUANCHENG_2020,
    "hunan-cities-2017": HUNAN_CITIES_2017,
    "hunan-departments-2017": HUNAN_DEPARTMENTS_2017,
    "hunan-docs-cities-2017": HUNAN_DOCS_CITIES_2017,
    "hunan-docs-departments-2017": HUNAN_DOCS_DEPARTMENTS_2017,
    "sanmenxia-departments-2017": SANMENXIA_DEPARTMENTS_2017,
    "sanmenxia-counties-2017": SANMENXIA_COUNTIES_2017,
    "beilun-2019": BEILUN_2019,
}

# Weekdays off and rest days worked, 2017 to 2021, with the amendments of 2019 and 2020, as month-day.
WEEKDAYS_OFF: dict[int, str] = {
    2017: "01-02 01-27 01-30 01-31 02-01 02-02 04-03 04-04 05-01 05-29 05-30 10-02 10-03 10-04 10-05 10-06",
    2018: "01-01 02-15 02-16 02-19 02-20 02-21 04-05 04-06 04-30 05-01 06-18 09-24 10-01 10-02 10-03 10-04 10-05 12-31",
    2019: "01-01 02-04 02-05 02-06 02-07 02-08 04-05 05-01 05-02 05-03 06-07 09-13 10-01 10-02 10-03 10-04 10-07",
    2020: (
        "01-01 01-24 01-27 01-28 01-29 01-30 01-31 04-06 05-01 "
        "05-04 05-05 06-25 06-26 10-01 10-02 10-05 10-06 10-07 10-08"
    ),
    2021: "01-01 02-11 02-12 02-15 02-16 02-17 04-05 05-03 05-04 05-05 06-14 09-20 09-21 10-01 10-04 10-05 10-06 10-07",
}

MAKE_UP_DAYS: dict[int, str] = {
    2017: "01-22 02-04 04-01 05-27 09-30",
    2018: "02-11 02-24 04-08 04-28 09-29 09-30 12-29",
    2019: "02-02 02-03 04-28 05-05 09-29 10-12",
    2020: "01-19 04-26 05-09 06-28 09-27 10-10",
    2021: "02-07 02-20 04-25 05-08 09-18 09-26 10-09",
}
