"""The command, option by option: exit statuses, what goes to stdout and stderr, and exactly the keys of the answers."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from tests.contract.answers import PUBLISHED, SCHEME, UNIT
from tests.contract.office import ROOT, Gk, Office, fact, lines, today

# ---------------------------------------------------------------- the store and its clock


def test_init_makes_a_store_and_is_harmless_to_repeat(gk: Gk) -> None:
    first, again = gk("init"), gk("init")
    assert (first.status, again.status) == (0, 0)
    assert first.out
    assert gk.events() == 0


def test_init_again_never_makes_a_real_clock_simulated(gk: Gk) -> None:
    gk("init")
    assert gk("init", "--simulated-clock", "--json").json.get("simulated_clock") is None
    assert gk("verify", now="2017-01-01").status == 1


def test_without_a_store_named_it_is_gkevents_db_in_the_current_folder(gk: Gk) -> None:
    gk.store = ""
    assert gk("init").status == 0
    assert (gk.folder / "gkevents.db").is_file()


def test_gk_store_names_the_store_and_the_option_goes_before_it(gk: Gk, tmp_path: Path) -> None:
    gk.env["GK_STORE"] = f"sqlite:///{tmp_path / 'named.db'}"
    gk("init")
    assert (gk.file.exists(), (tmp_path / "named.db").exists()) == (True, False)
    gk.store = ""
    gk("init")
    assert (tmp_path / "named.db").exists()


NOW_REFUSED: Final = (
    ("verify",),
    ("score", "--scheme", SCHEME, "--year", "2017"),
    ("rank", "--scheme", SCHEME, "--year", "2017"),
    ("replay", UNIT, "--scheme", SCHEME, "--year", "2017"),
    ("deadlines", "list"),
    ("deadlines", "scan"),
    ("scheme", "adopt", SCHEME, "--year", "2017", "--unit", UNIT),
    ("correct", "x", "--reason", "y"),
    ("log", "-", "--scheme", SCHEME, "--year", "2017"),
    ("init",),
)


@pytest.mark.parametrize("words", NOW_REFUSED, ids=lambda words: "-".join(words[:2]))
def test_now_is_refused_by_a_store_with_a_real_clock(gk: Gk, words: tuple[str, ...]) -> None:
    gk("init")
    refused = gk(*words, now="2017-05-01", stdin=lines([fact("grade", UNIT, "2017-01-01", "DP01", points="1")]))
    assert refused.status == 1
    assert "--simulated-clock" in refused.sentence
    assert gk.events() == 0


def test_recorded_at_is_refused_by_a_store_with_a_real_clock(gk: Gk) -> None:
    gk("init")
    year = today().year
    named = ("--scheme", SCHEME, "--year", year)
    assert gk("scheme", "adopt", SCHEME, "--year", year, "--unit", UNIT).status == 0
    said = fact("occurrence", UNIT, f"{year}-01-01", "DP08", recorded_at=f"{year}-01-01T18:00:00+08:00")
    refused = gk("log", "-", *named, "--json", stdin=lines([said]))
    assert (refused.status, refused.json["refused"][0]["ref"]) == (1, said["ref"])
    del said["recorded_at"]
    taken = gk("log", "-", *named, "--json", stdin=lines([said]))
    assert taken.status == 0
    assert set(taken.json) == {"recorded", "already_recorded", "refused"}


def test_recorded_at_never_goes_back_in_a_simulated_store(desk: Office) -> None:
    early = fact("occurrence", UNIT, "2017-01-05", "DP08", recorded_at="2017-01-06T09:00:00+08:00")
    row = desk.gk("log", "-", *desk.named, "--json", stdin=lines([early])).json["refused"][0]
    assert "2017-03-02" in row["message"]
    assert desk.gk("log", "-", *desk.named, stdin=lines([early]), now="2017-01-06").status == 1


def test_now_moves_a_simulated_store_and_the_ledger_says_so(desk: Office) -> None:
    desk.take(fact("occurrence", UNIT, "2017-04-01", "DP08"), now="2017-04-02T10:11:12+08:00")
    assert desk.ask("replay", UNIT)["entries"][-1]["recorded_at"] == "2017-04-02T10:11:12+08:00"


READING: Final = (
    ("score",),
    ("score", UNIT),
    ("rank",),
    ("replay", UNIT),
    ("deadlines", "list"),
)


@pytest.mark.parametrize("words", READING, ids="-".join)
def test_a_simulated_store_says_so_in_every_report(desk: Office, words: tuple[str, ...]) -> None:
    assert desk.gk(*words, *desk.named, "--json").json["simulated_clock"] is True
    text = desk.gk(*words, *desk.named)
    assert (text.status, bool(text.out)) == (0, True)
    assert "simulated clock" in text.sentence


def test_a_simulated_store_says_so_when_it_is_written_and_verified(desk: Office) -> None:
    runs: list[tuple[object, ...]] = [
        ("verify",),
        ("deadlines", "scan"),
        ("scheme", "adopt", SCHEME, "--year", 2017, "--unit", UNIT),
        ("correct", "x1", "--reason", "y"),
        ("log", "occurrence", "--unit", UNIT, "--item", "DP08", "--on", "2017-03-02", *desk.named),
        ("init",),
    ]
    desk.take(fact("occurrence", UNIT, "2017-03-01", "DP08") | {"ref": "x1"})
    assert all(desk.gk(*words, "--json").json["simulated_clock"] is True for words in runs[:3])
    for words in runs:
        assert "simulated clock" in desk.gk(*words).sentence, words


# ---------------------------------------------------------------- exit statuses and streams


def test_status_2_is_wrong_usage(desk: Office) -> None:
    wrong: list[tuple[object, ...]] = [
        ("nonsense",),
        ("score", "--as-of", "2017-02-30"),
        ("score", "--nonsense"),
        ("score", "a", "b"),
        ("scheme", "adopt", SCHEME),
        ("correct", "x1"),
        ("correct", "x1", "--reason", "y", "nonsense"),
        ("replay",),
        ("scheme", "check"),
        ("log",),
        ("--lang", "fr", "verify"),
    ]
    before = desk.gk.events()
    for words in wrong:
        ran = desk.gk(*words)
        assert (ran.status, ran.out) == (2, ""), words
        assert ran.err, words
    assert desk.gk("verify", now="no instant").status == 2
    assert desk.gk.events() == before


def test_status_3_is_a_store_that_is_not_there(gk: Gk) -> None:
    for words in (("verify",), ("score", "--scheme", SCHEME, "--year", "2017"), ("deadlines", "list")):
        ran = gk(*words)
        assert (ran.status, ran.out) == (3, "")
        assert "gk init" in ran.sentence
    assert not gk.file.exists(), "asking makes no store"


def test_status_1_is_a_refusal_said_on_stderr(desk: Office) -> None:
    ran = desk.gk("score", "省直部门Y", *desk.named)
    assert (ran.status, ran.out) == (1, "")
    assert "省直部门X" in ran.sentence


def test_a_process_of_its_own_does_the_same(gk: Gk) -> None:
    assert gk.process("init", "--simulated-clock").status == 0
    words = ("scheme", "adopt", SCHEME, "--year", 2017, "--unit", UNIT, "--json")
    adopted = gk.process(*words, now="2017-01-01")
    assert adopted.status == 0
    assert set(adopted.json) == {"scheme", "edition", "year", "units", "position", "simulated_clock"}
    rows = lines([fact("occurrence", UNIT, "2017-01-01", "DP08")]).encode()
    logged = gk.process("log", "-", "--scheme", SCHEME, "--year", 2017, "--json", stdin=rows)
    assert (logged.status, logged.err) == (0, "")
    assert len(logged.json["recorded"]) == 1
    assert gk.process("score", UNIT, "--json").json["items"]["DP08"]["score"] == "13"
    assert [gk.process(*words).status for words in (("nonsense",), ("score", "nobody"), ("verify",))] == [2, 1, 0]
    gk.store = "sqlite:///missing.db"
    assert gk.process("verify").status == 3


# ---------------------------------------------------------------- languages


def test_words_are_chinese_or_english_as_asked(desk: Office) -> None:
    def said(lang: str | None) -> str:
        return desk.gk("score", "谁也不是", *desk.named, lang=lang).sentence

    english, chinese = said("en"), said("zh")
    assert english.isascii() is False
    assert "not assessed" in english
    assert "not assessed" not in chinese
    desk.gk.env["GK_LANG"] = "en"
    assert said(None) == english
    assert said("zh") == chinese
    desk.gk.env = {"LC_ALL": "zh_CN.UTF-8"}
    assert said(None) == chinese
    desk.gk.env = {"LC_ALL": "en_US.UTF-8"}
    assert said(None) == english


def test_answers_in_json_are_alike_in_both_languages_but_for_their_sentences(desk: Office) -> None:
    answers = [desk.gk("replay", UNIT, *desk.named, "--json", lang=lang).json for lang in ("zh", "en")]
    assert [entry["why"] for entry in answers[0]["entries"]] != [entry["why"] for entry in answers[1]["entries"]]
    for answer in answers:
        for entry in answer["entries"]:
            entry.pop("why")
    assert answers[0] == answers[1]


COMMANDS: Final = (
    ("init",),
    ("scheme",),
    ("scheme", "list"),
    ("scheme", "show"),
    ("scheme", "check"),
    ("scheme", "adopt"),
    ("log",),
    ("correct",),
    ("deadlines",),
    ("deadlines", "scan"),
    ("deadlines", "list"),
    ("score",),
    ("rank",),
    ("replay",),
    ("verify",),
)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_has_a_help_text_with_an_example(gk: Gk, lang: str) -> None:
    for words in COMMANDS:
        helped = gk(*words, "--help", lang=lang)
        assert (helped.status, helped.err) == (0, "")
        examples = helped.out.splitlines()
        assert any(line.strip().startswith(f"gk {words[0]}") for line in examples), words
        assert any("一" <= letter <= "鿿" for letter in helped.out) or lang == "en"


# ---------------------------------------------------------------- gk scheme


def test_scheme_list_has_the_nine(gk: Gk) -> None:
    listed = gk("scheme", "list", "--json")
    assert listed.status == 0
    assert {row["scheme"] for row in listed.json["schemes"]} == set(PUBLISHED)
    text = gk("scheme", "list", lang="zh")
    assert all(name in text.out for name in PUBLISHED)


@pytest.mark.parametrize("scheme", PUBLISHED)
def test_scheme_show_shows_one_in_full(gk: Gk, scheme: str) -> None:
    text, answer = gk("scheme", "show", scheme, lang="zh"), gk("scheme", "show", scheme, "--json").json
    assert (text.status, text.err) == (0, "")
    codes = [row["code"] for row in answer["items"]]
    codes += [rule["code"] for group in answer["adjustments"] for rule in group["rules"]]
    assert [code for code in codes if code not in text.out] == []


def test_scheme_check_names_every_fault_with_line_and_column(gk: Gk, tmp_path: Path) -> None:
    good = ROOT / "schemes" / "luancheng-2020.yaml"
    bad = tmp_path / "bad.yaml"
    text = good.read_text(encoding="utf-8")
    bad.write_text(text.replace("base_total: 100", "base_total: 99").replace("start: full", "start: fall"), "utf-8")
    assert gk("scheme", "check", good).status == 0
    checked = gk("scheme", "check", good, bad, "--json")
    assert checked.status == 1
    faults = {Path(row["file"]).name: row["faults"] for row in checked.json["files"]}
    assert faults["luancheng-2020.yaml"] == []
    assert faults["bad.yaml"]
    assert all({"line", "column", "message"} <= set(fault) and fault["line"] > 1 for fault in faults["bad.yaml"])
    fault = faults["bad.yaml"][0]
    assert f"{fault['line']}:{fault['column']}" in gk("scheme", "check", bad).out


def test_scheme_adopt_takes_the_roster_or_the_units_named(gk: Gk) -> None:
    gk("init", "--simulated-clock")
    words = ("scheme", "adopt", "luancheng-2020", "--json", "--year")
    roster = gk(*words, 2020, now="2020-01-01").json
    assert set(roster) == {"scheme", "edition", "year", "units", "position", "simulated_clock"}
    assert len(roster["units"]) == 34
    named = ("--unit", "栾城镇", "--unit", "某某局=部门")
    few = gk(*words, 2021, *named, now="2021-01-01").json
    assert few["units"] == ["栾城镇", "某某局"]
    scores = gk("score", "--scheme", "luancheng-2020", "--year", 2021, "--json").json["units"]
    assert "L21T" in scores["栾城镇"]["items"]
    assert "L21D" in scores["某某局"]["items"]


def test_scheme_adopt_demands_a_category_where_there_are_variants(gk: Gk) -> None:
    gk("init", "--simulated-clock")
    words = ("scheme", "adopt", "luancheng-2020", "--year", 2020, "--unit")
    for unit in ("某某局", "某某局=街道", "某某局="):
        refused = gk(*words, unit, now="2020-01-01")
        assert refused.status == 1, unit
        assert all(word in refused.sentence for word in ("某某局", "乡镇", "部门"))
    assert gk.events() == 0


def test_scheme_adopt_keeps_a_category_where_there_are_no_variants(gk: Gk) -> None:
    gk("init", "--simulated-clock")
    words = (
        "scheme",
        "adopt",
        "beilun-2019",
        "--year",
        2019,
        "--unit",
        "甲=街道",
        "--unit",
        "乙=部门",
        "--unit",
        "丙=街道",
    )
    assert gk(*words, now="2019-01-01").status == 0
    groups = gk("rank", "--json").json["groups"]
    assert {name: [row["unit"] for row in rows] for name, rows in groups.items()} == {
        "街道": ["甲", "丙"],
        "部门": ["乙"],
    }


def test_scheme_adopt_takes_a_file_of_ones_own(gk: Gk, tmp_path: Path) -> None:
    gk("init", "--simulated-clock")
    own = tmp_path / "own.yaml"
    published = (ROOT / "schemes" / f"{SCHEME}.yaml").read_text(encoding="utf-8")
    own.write_text(published.replace(f"scheme: {SCHEME}", "scheme: own-2017"), encoding="utf-8")
    adopted = gk("scheme", "adopt", own, "--year", 2017, "--unit", UNIT, "--json", now="2017-01-01")
    assert (adopted.status, adopted.json["scheme"]) == (0, "own-2017")


def test_scheme_adopt_refuses_a_scheme_without_a_roster_and_without_units(gk: Gk) -> None:
    gk("init", "--simulated-clock")
    refused = gk("scheme", "adopt", SCHEME, "--year", 2017, now="2017-01-01")
    assert refused.status == 1
    assert "--unit" in refused.sentence


def test_scheme_adopt_again_changes_nothing(desk: Office) -> None:
    before, words = desk.gk.events(), ("scheme", "adopt", SCHEME, "--year", 2017, "--unit", UNIT, "--json")
    again = desk.gk(*words, now="2017-05-01")
    assert (again.status, desk.gk.events()) == (0, before)
    assert again.json["edition"] == desk.score(UNIT)["edition"]


def test_a_real_clock_records_the_past_and_says_when_it_did(gk: Gk) -> None:
    gk("init")
    assert gk("scheme", "adopt", SCHEME, "--year", 2017, "--unit", UNIT).status == 0
    desk = Office(gk, SCHEME, 2017)
    told = [
        fact("deadline-opened", UNIT, "2017-03-01", "DP02", key="d1", limit="5 working days"),
        fact("occurrence", UNIT, "2017-03-01", "DP08"),
    ]
    assert gk("log", "-", *desk.named, stdin=lines(told)).status == 0
    assert len(gk("deadlines", "scan", "--json").json["missed"]) == 1
    answer = gk("replay", UNIT, *desk.named, "--json").json
    assert "simulated_clock" not in answer
    assert (answer["items"]["DP02"]["score"], answer["items"]["DP08"]["score"]) == ("8", "13")
    assert {entry["recorded_at"][:10] for entry in answer["entries"]} <= {str(today())}
    assert "simulated" not in gk("score", UNIT).sentence
