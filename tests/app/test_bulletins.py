"""Bulletins on a real store: issued once, derived again, corrected in the next one, the same bytes everywhere."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest

from gkevents import paper
from gkevents.aggregates import bulletin_refusals as no_bulletin
from gkevents.aggregates import refusals as no
from gkevents.aggregates.bulletin import Excluded, Options
from gkevents.app.bulletins import canonical_of, template_of
from gkevents.app.checking import _of_bulletins
from gkevents.app.files import FolderUnusable, write_all
from gkevents.reports.bulletin.template import standard_text
from gkevents.reports.document import digest
from gkevents.store.reading import Reader
from gkevents.store.trouble import StoreDamaged
from gkevents.words import say
from tests.app import bulletin_story as story
from tests.app.bulletin_story import Q2, Q3, asking, issue
from tests.app.case_office import FILE, SCHEME
from tests.app.worlds import World, fact

GOLDEN: Final = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The whole story, told once; nobody changes it."""
    return story.whole(World(tmp_path_factory.mktemp("told") / "gk.db"))


@pytest.fixture
def copied(told: World, tmp_path: Path) -> World:
    """A copy of it, to be changed."""
    told.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(told.path, tmp_path / "gk.db")
    return World(tmp_path / "gk.db")


def content(world: World, name: str) -> dict[str, Any]:
    """What a bulletin said when it was issued."""
    with world.gk() as gk:
        found: dict[str, Any] = json.loads(canonical_of(gk.bulletin(name).form))
    return found


# ---------------------------------------------------------------- golden


def test_both_bulletins_are_to_the_byte_what_they_were_on_another_day_and_machine(told: World) -> None:
    for name, data in story.golden(told).items():
        assert data == (GOLDEN / name).read_bytes(), f"{name} differs; if it should: python -m tests.app.bulletin_story"
    assert {file.name for file in GOLDEN.iterdir()} == {*story.golden(told)}, (
        "a golden file that nothing is compared with"
    )


def test_a_server_tells_the_same_to_the_byte(told: World, database_url: str) -> None:
    shared = story.whole(World(database_url))
    assert story.golden(shared) == story.golden(told)
    with shared.gk() as gk:
        assert [one.faults for one in gk.prove_bulletins()] == [[], []]
        there = {one.form.id: one.form.files for one in gk.bulletins()}
    with told.gk() as gk:
        assert there == {one.form.id: one.form.files for one in gk.bulletins()}


@pytest.mark.parametrize(("zone", "locale"), [("America/St_Johns", "C"), ("Pacific/Kiritimati", "C.UTF-8")])
def test_other_processes_time_zones_and_locales_make_the_same_files(
    told: World, tmp_path: Path, zone: str, locale: str
) -> None:
    here = {**os.environ, "TZ": zone, "LC_ALL": locale, "PYTHONHASHSEED": "7", "LANGUAGE": "en"}
    words = [sys.executable, "-m", "cli.main", "--store", told.url, "bulletin"]
    for command in (["verify"], ["export", Q3, "--out", str(tmp_path)]):  # derived again there, and made again
        subprocess.run([*words, *command], check=True, env=here, capture_output=True, cwd=Path(__file__).parents[2])
    with told.gk() as gk:
        files = gk.bulletin(Q3).form.files
    assert {*files} == {*paper.FORMATS}
    for kind, then in files.items():
        assert hashlib.sha256((tmp_path / f"{Q3}.{kind}").read_bytes()).hexdigest() == then, kind


def test_the_digest_that_is_printed_is_that_of_the_json_file(told: World) -> None:
    with told.gk() as gk:
        one = gk.bulletin(Q3)
    assert one.form.digest == digest(one.content) == hashlib.sha256(paper.render("json", one.content)).hexdigest()
    assert one.form.files["json"] == one.form.digest
    assert one.form.digest in paper.render("html", one.content).decode()


# ---------------------------------------------------------------- what is learnt later


def test_what_is_learnt_later_leaves_the_bulletin_as_it_was_and_is_a_correction_in_the_next(told: World) -> None:
    with told.gk() as gk:
        assert [(one.id, one.faults) for one in gk.prove_bulletins([Q2, Q3])] == [(Q2, []), (Q3, [])]
    spring = content(told, Q2)["figures"]
    assert {unit: said["total"] for unit, said in spring["units"].items()} == {
        "甲局": "29.9", "乙局": "28.4", "丙局": None, "戊局": None,
    }  # fmt: skip
    assert spring["corrections"] == []
    corrected = {one["unit"]: one for one in content(told, Q3)["figures"]["corrections"]}
    assert {*corrected} == {"甲局", "乙局"}
    late, taken_back = corrected["甲局"], corrected["乙局"]
    assert (late["bulletin"], late["printed_in"]) == (Q2, Q2)
    assert (late["printed"]["total"], late["now"]["total"], late["printed"]["rank"], late["now"]["rank"]) == (
        "29.9", "27.9", 1, 2,
    )  # fmt: skip
    assert [(one["cause"], one["ref"], one["points"]) for one in late["causes"]] == [("late", "t2", "-2")]
    assert (taken_back["printed"]["total"], taken_back["now"]["total"]) == ("28.4", "30.5")
    assert [(one["cause"], one["ref"], one["points"]) for one in taken_back["causes"][:2]] == [
        ("reversals", "r1", "2"), ("reversals", "n4", "0.1"),
    ]  # fmt: skip


def test_the_years_score_has_them_and_the_score_known_then_has_not(told: World) -> None:
    now, then = told.standing(scheme=SCHEME), told.standing(scheme=SCHEME, known_at="2020-07-10")
    assert [str(now.scores[unit].total) for unit in ("甲局", "乙局")] == ["137/5", "61/2"]
    assert [str(then.scores[unit].total) for unit in ("甲局", "乙局")] == ["299/10", "142/5"]


def test_a_correction_is_printed_once_unless_it_changes_again(copied: World) -> None:
    with copied.gk("2021-01-10T09:00:00+08:00") as gk:
        gk.scan(as_of=dt.date(2020, 12, 31))
        made = gk.draft_bulletin(asking(4))
    assert made.content["figures"]["corrections"] == []
    copied.log(
        fact("t3", "criticism", "2020-06-25", "T", unit="甲局", matter="补登"),
        scheme=SCHEME, now="2021-01-10T10:00:00+08:00",
    )  # fmt: skip
    with copied.gk("2021-01-11T09:00:00+08:00") as gk:
        made = gk.draft_bulletin(asking(4))
    said = [
        (one["bulletin"], one["unit"], one["printed"]["total"], one["printed_in"], one["now"]["total"])
        for one in made.content["figures"]["corrections"]
    ]
    assert (Q2, "甲局", "27.9", Q3, "26.9") in said
    assert (Q3, "甲局", "27.4", Q3, "26.4") in said
    assert {unit for _, unit, *_ in said} == {"甲局"}


def test_every_step_from_one_bulletin_to_the_next_adds_up(told: World) -> None:
    with told.gk() as gk:
        found = gk.compare_bulletins(Q2, Q3)
        with pytest.raises(no.NoSuchUnit):
            gk.compare_bulletins(Q2, Q3, ["己局"])
    for movement in found.movements.values():
        before, after = movement.before, movement.after
        assert before is not None
        assert after is not None
        assert before.low is not None
        assert after.low is not None
        assert before.low + sum(step.points_low for step in movement.steps) == after.low
    assert found.movements["丁局"].after is not None
    assert found.movements["丁局"].after.rank is None


# ---------------------------------------------------------------- issuing


def test_the_same_bulletin_is_issued_once_and_never_on_other_terms(copied: World) -> None:
    before = copied.count()
    said = {"number": "样发〔2020〕3号", "issuer": "样本办公室", "rectify_by": dt.date(2020, 10, 30)}
    with copied.gk("2021-01-10T09:00:00+08:00") as gk:
        again = gk.issue_bulletin(asking(3, **said))
        assert (again.fresh, again.issued.form.id, again.files) == (False, Q3, {})
        with pytest.raises(no_bulletin.AlreadyIssued, match="it would differ in: --number, --issuer"):
            gk.issue_bulletin(asking(3, number="样发〔2020〕4号"))
    assert copied.count() == before


def test_nothing_is_issued_while_a_limit_is_unscanned(tmp_path: Path) -> None:
    world = story.spring(World(tmp_path / "gk.db"))
    world.log(
        fact("m2", "netizen-message", "2020-06-10", "M", unit="乙局", key="M2"),
        scheme=SCHEME, now="2020-07-10T08:30:00+08:00",
    )  # fmt: skip
    before = world.count()
    with pytest.raises(
        no_bulletin.LimitsUnscanned, match="1 limits ran out by 2020-06-30 and were not scanned"
    ) as caught:
        issue(world, 2)
    assert "gk deadlines scan" in str(caught.value)
    assert world.count() == before
    story.scan(world, "2020-06-30", now="2020-07-10T08:40:00+08:00")
    assert issue(world, 2).fresh


def test_nothing_is_issued_while_an_event_cannot_be_applied_wherever_it_is(copied: World) -> None:
    copied.adopt(FILE, year=2021, units=[("甲局", None)], now="2021-01-05T09:00:00+08:00")
    copied.log(
        fact("x1", "grade", "2021-01-06", "G", unit="甲局", points="9"),
        scheme=SCHEME, year=2021, now="2021-01-06T18:00:00+08:00",
    )  # fmt: skip
    copied.sql("UPDATE events SET body = replace(body, '2021-01-06', '2021-13-06') WHERE ref = 'x1'")
    before = copied.count()
    with copied.gk("2021-01-10T09:00:00+08:00") as gk, pytest.raises(no_bulletin.ViewStopped, match="position 41"):
        gk.issue_bulletin(asking(4))
    copied.sql("UPDATE events SET body = replace(body, '2020-10-20', '2020-13-20') WHERE ref = 'n7'")
    with copied.gk("2021-01-10T09:00:00+08:00") as gk, pytest.raises(StoreDamaged, match="event 36"):
        gk.issue_bulletin(asking(4))
    assert copied.count() == before


def test_it_is_not_issued_before_its_day(copied: World) -> None:
    with copied.gk("2020-12-11T09:00:00+08:00") as gk, pytest.raises(no_bulletin.NotOver, match="2020-12-31"):
        gk.issue_bulletin(asking(4))


def test_a_unit_that_is_not_assessed_cannot_be_left_out(told: World) -> None:
    unknown = Options(excluded=(Excluded("己局", "撤销"),))
    with (
        told.gk() as gk,
        pytest.raises(no_bulletin.ExcludedUnknown, match="己局 is not assessed under cases-2020 2020"),
    ):
        gk.draft_bulletin(asking(3)._replace(options=unknown))


def test_a_draft_says_so_and_stores_nothing(told: World) -> None:
    before = told.count()
    with told.gk() as gk:
        made = gk.draft_bulletin(asking(4))
    assert "草稿" in (made.content["document"]["mark"] or "")
    assert told.count() == before


def test_an_unknown_bulletin_is_told_apart_from_the_nearest(told: World) -> None:
    with told.gk() as gk:
        with pytest.raises(no_bulletin.NoSuchBulletin, match=f"Did you mean {Q3}"):
            gk.bulletin("cases-2020-2020-q3")
        with pytest.raises(no_bulletin.NoSuchBulletin):
            gk.prove_bulletins(["nothing"])


# ---------------------------------------------------------------- proving


def change(world: World, name: str, before: str, after: str) -> None:
    """Change the event of a bulletin behind the program's back."""
    world.sql(f"UPDATE events SET body = replace(body, '{before}', '{after}') WHERE stream = 'bulletin/{name}'")  # noqa: S608 - our own words


def test_a_changed_content_is_named_place_by_place(copied: World) -> None:
    change(copied, Q3, '"total":"27.4"', '"total":"29.4"')
    with copied.gk() as gk:
        faults = [say(fault, "en") for fault in gk.prove_bulletins([Q3], files=False)[0].faults]
    assert any("its digest differs" in fault for fault in faults)
    assert "figures.units.甲局.total: issued as 29.4, follows from the log as 27.4" in faults


def test_a_file_that_comes_out_otherwise_is_named(copied: World) -> None:
    change(copied, Q2, '"typst":"', '"typst":"x')
    change(copied, Q2, '"pdf":"', '"pdf":"0')
    with copied.gk() as gk:
        (proof,) = gk.prove_bulletins([Q2])
    (fault,) = [say(fault, "en") for fault in proof.faults]
    assert fault.startswith("the pdf file comes out otherwise than issued; the libraries differ: typst x")


def test_verify_holds_the_bulletins_against_the_log_too(copied: World) -> None:
    assert copied.faults() == []
    change(copied, Q2, '"as_of":"2020-06-30"', '"as_of":"2020-06-29"')
    with copied.gk() as gk, gk.store.reading() as connection:
        faults = [*_of_bulletins(Reader(connection, "it"))]
    assert {fault.position for fault in faults} == {22, 34}  # the next one speaks of it
    assert "the bulletin cases-2020-2020-Q2: " in say(faults[0].what, "en")


# ---------------------------------------------------------------- files


def test_files_are_written_whole_and_again_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert write_all(folder, {"x.json": b"1", "x.pdf": b"2"}) == [folder / "x.json", folder / "x.pdf"]
    before = (folder / "x.json").stat().st_mtime_ns
    write_all(folder, {"x.json": b"1", "x.pdf": b"3"})
    assert (folder / "x.json").stat().st_mtime_ns == before
    assert (folder / "x.pdf").read_bytes() == b"3"
    assert sorted(file.name for file in folder.iterdir()) == ["x.json", "x.pdf"]
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FolderUnusable, match="Name another folder"):
        write_all(tmp_path / "file", {"x.json": b"1"})


def test_a_faulty_template_is_refused_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "our.yaml"
    wrong = re.sub(r"^title: .*$", "title: '{{ nothing_of_that_name }}'", standard_text(), flags=re.MULTILINE)
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(no_bulletin.TemplateFaulty, match=r"line \d+, column \d+: .*nothing_of_that_name"):
        template_of(file)
    with pytest.raises(no_bulletin.TemplateFaulty, match="cannot be read"):
        template_of(tmp_path / "none.yaml")
    file.write_text(standard_text(), encoding="utf-8")
    assert template_of(file).text == standard_text()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"as_of":"2020-06-30"', '"as_of":"x"'),
        ('"issued_on":"2020-07-10"', '"issued_on":"x"'),
        ('"kind":"bulletin"', '"kind":"sulletin"'),
        ('"document":{', '"documents":{'),
        ('"head":{', '"heads":{'),
        ('"figures":{', '"figured":{'),
        ('"editions":["4', '"editions":["5'),
        ('"template_digest":"', '"template_digest":"x'),
        ('"files":{"docx":', '"files":{"doc":'),
        ('"digest":"', '"digest":"0'),
        ('"known_at":21', '"known_at":9'),
        ('"scheme":"cases-2020","', '"scheme":"cases-2021","'),
    ],
)
def test_whatever_is_changed_in_the_event_is_named_and_the_other_bulletin_is_proved(
    copied: World, before: str, after: str
) -> None:
    change(copied, Q2, before, after)
    with copied.gk() as gk:
        first, second = gk.prove_bulletins(files=False)
        assert first.faults
        assert second.id == Q3
        for ask in (gk.bulletin, lambda name: gk.compare_bulletins(name, Q3)):
            with suppress(StoreDamaged, no.Refusal):  # a sentence, where it can be seen at once
                ask(Q2)
