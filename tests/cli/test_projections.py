"""`gk projections`: where the views stand, bringing them up, making them anew, holding them against the log."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.said import Run

OFFICE = "河北省统计局"
NOW = "2018-12-01T09:00:00+08:00"
FACT = {"ref": "1", "type": "supervision-card", "unit": OFFICE, "item": "H19", "problem": "甲"}
DAY = {"effective_on": "2018-03-01"}
HOW = ("--scheme", "hebei-stats-2018", "--year", "2018")


def log(hebei: Run, **fields: Any) -> None:  # noqa: ANN401
    assert hebei("--now", NOW, "log", "-", *HOW, stdin=json.dumps(FACT | DAY | fields)).status == 0


def views(hebei: Run, *command: str) -> dict[str, Any]:
    said = hebei("projections", *command, "--json")
    assert said.status == 0, said
    return {view["view"]: view for view in json.loads(said.out)["views"]}


def go_at(*statements: str) -> None:
    with closing(sqlite3.connect("gkevents.db", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_status_says_where_each_view_stands_and_what_to_do(hebei: Run) -> None:
    first = views(hebei, "status")
    assert {name: (view["state"], view["position"]) for name, view in first.items()} == {
        "scores": ("none", None), "deadlines": ("none", None),
    }  # fmt: skip
    assert "gk projections catch-up" in first["scores"]["advice"]
    log(hebei)
    caught = views(hebei, "catch-up")
    assert {view["state"] for view in caught.values()} == {"current"}
    assert caught["scores"]["advice"] is None
    log(hebei, ref="2")
    behind = views(hebei, "status")["scores"]
    assert (behind["state"], behind["behind"]) == ("behind", 1)
    assert hebei("score", *HOW).status == 0
    assert views(hebei, "status")["scores"]["state"] == "current", "a question brings its view up"


def test_status_is_a_table_in_both_languages(hebei: Run) -> None:
    log(hebei)
    english, chinese = hebei("projections", "status"), hebei("projections", "status", lang="zh")
    assert "not made yet" in english.out
    assert "View" in english.out
    assert "scores: The next question makes it" in english.out
    assert "not made yet" not in chinese.out
    assert english.status == chinese.status == 0


def test_a_view_that_has_stopped_is_said_with_the_event_and_exit_status_3(hebei: Run) -> None:
    views(hebei, "catch-up")
    log(hebei)
    why = json.dumps(["{store} is full", {"store": "某库"}])
    go_at(f"UPDATE checkpoints SET stopped = position + 1, why = '{why}'")  # noqa: S608 - our own words
    said = hebei("projections", "status")
    assert said.status == 3
    assert "某库 is full" in said.out
    assert "stopped before position" in said.out
    assert hebei("score", *HOW, "--json").status == 0, "a question replays the log"
    assert {view["state"] for view in views(hebei, "catch-up").values()} == {"current"}


def test_a_rebuild_that_stops_is_exit_status_3_and_says_what_to_do(hebei: Run) -> None:
    log(hebei)
    views(hebei, "catch-up")
    with closing(sqlite3.connect("gkevents.db", isolation_level=None)) as connection:
        [(trigger,)] = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'events_never_update'").fetchall()
        [(body,)] = connection.execute("SELECT body FROM events WHERE ref = '1'").fetchall()
        connection.execute("DROP TRIGGER events_never_update")
        connection.execute("UPDATE events SET body = '[' WHERE ref = '1'")
        said = hebei("projections", "rebuild")
        assert (said.status, "up to date" in said.out.split("deadlines")[0]) == (3, False)
        assert "stopped before position" in said.out
        assert "gk projections rebuild" in said.out.replace("\n    ", " ")
        connection.execute("UPDATE events SET body = ? WHERE ref = '1'", (body,))
        connection.execute(trigger)
    assert views(hebei, "rebuild")["scores"]["state"] == "current"


def test_rows_left_over_are_said_and_thrown_away_by_catching_up(hebei: Run) -> None:
    log(hebei)
    views(hebei, "catch-up")
    go_at("INSERT INTO limits VALUES (77, 'x', 2018, '甲局', '甲', NULL, '2018-01-02', NULL, 'open')")
    page, told = hebei("projections", "status"), hebei("projections", "verify")
    assert "left over from builds that are gone (77)" in page.out.replace("\n    ", " ")
    assert (told.status, "(77)" in told.out) == (0, True)
    assert json.loads(hebei("projections", "verify", "--json").out)["left_over"] == {"scores": [], "deadlines": [77]}
    assert hebei("verify").status == 0
    assert views(hebei, "status")["deadlines"]["left_over"] == [77]
    assert views(hebei, "catch-up")["deadlines"]["left_over"] == []


def test_rebuild_makes_everything_or_a_part_anew(hebei: Run) -> None:
    log(hebei)
    before = views(hebei, "catch-up")["scores"]["build"]
    assert views(hebei, "rebuild")["scores"]["build"] == before + 1
    go_at("UPDATE item_scores SET score = '99'")
    assert hebei("projections", "verify").status == 3
    said = hebei("projections", "rebuild", *HOW, "--unit", OFFICE)
    assert (said.status, said.err.splitlines()[0]) == (0, "Unit-years made anew: 1.")
    assert hebei("projections", "verify").status == 0
    assert views(hebei, "rebuild", *HOW[:2])["scores"]["build"] == before + 1


@pytest.mark.parametrize("wrong", [("--year", "2018"), ("--scheme", "hebei-stats-2018", "--unit", OFFICE)])
def test_a_part_is_named_from_the_scheme_down(hebei: Run, wrong: tuple[str, ...]) -> None:
    said = hebei("projections", "rebuild", *wrong)
    assert said.status == 2
    assert "--year goes with --scheme" in said.err


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (("--scheme", "x"), "not been adopted"),
        (("--scheme", "hebei-stats-2018", "--year", "2019"), "has not been adopted for 2019"),
        ((*HOW, "--unit", "某局"), "某局"),
    ],
)
def test_a_part_that_there_is_not_is_refused(hebei: Run, part: tuple[str, ...], words: str) -> None:
    views(hebei, "catch-up")
    said = hebei("projections", "rebuild", *part)
    assert said.status == 1
    assert words in said.err


def test_verify_names_every_difference(hebei: Run) -> None:
    nothing = hebei("projections", "verify")
    assert (nothing.status, nothing.out) == (
        0,
        "There are no rows of scores, deadlines to compare: gk projections status says why.\n",
    )
    log(hebei)
    views(hebei, "catch-up")
    good = hebei("projections", "verify")
    assert (good.status, "Every row is what the log gives" in good.out) == (0, True)
    go_at("UPDATE item_scores SET score = '99', low = '99' WHERE item = 'H19'")
    bad, told = hebei("projections", "verify"), hebei("projections", "verify", "--json")
    assert (bad.status, told.status) == (3, 3)
    assert "2 differences:" in bad.out
    found = json.loads(told.out)
    assert [(row["table"], row["unit"], row["key"], row["by"]) for row in found["differences"]] == [
        ("item_scores", OFFICE, "H19", "replay"), ("item_scores", OFFICE, "H19", "oracle"),
    ]  # fmt: skip
    assert all(row["there"] == {"score": "99", "low": "99"} for row in found["differences"])
    assert found["positions"]["scores"] == found["positions"]["deadlines"]
    assert found["simulated_clock"] is True


def test_whoever_follows_brings_the_views_up_until_interrupted(hebei: Run, tmp_path: Path) -> None:
    log(hebei)
    command = [sys.executable, "-m", "cli.main", "--lang", "en", "projections", "catch-up", "--follow", "--json"]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(root)}
    ) as process:
        assert process.stdout is not None
        heads = [json.loads(process.stdout.readline())["head"]]
        log(hebei, ref="2")
        heads.append(json.loads(process.stdout.readline())["head"])
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
    assert heads[1] == heads[0] + 1
    assert {view["state"] for view in views(hebei, "status").values()} == {"current"}
