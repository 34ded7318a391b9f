"""Files attached to facts: the file first, then the event; all of a command or nothing; once, whoever else adds it."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from gkevents.aggregates import refusals
from gkevents.aggregates.facts import canonical
from gkevents.app import Gk
from gkevents.app.evidence import Added, Attached, Checked, Got
from gkevents.evidence import refusals as no
from gkevents.store.placing import FileOfTheStore, FileThere
from tests.app.worlds import BUREAU, SCHEME, TOWN, World, day, fact, grade
from tests.evidence import samples

JUNE = "2020-06-01T09:00:00+08:00"
DIGEST = hashlib.sha256(samples.PDF).hexdigest()


class Desk:
    """A store with two facts, and files to attach to them."""

    def __init__(self, world: World, folder: Path, place: str | None) -> None:
        self.world, self.folder, self.place = world, folder, place
        for name, content in {"督办单.pdf": samples.PDF, "截图.png": samples.PNG, "程序.pdf": samples.PROGRAM}.items():
            (folder / name).write_bytes(content)

    def add(self, *names: str, of: str = "C1", now: str = JUNE, **said: object) -> list[Added]:
        with self.world.gk(now) as gk:
            files = [self.folder / name for name in names]
            return gk.evidence(self.place).add(files, of=of, **said)  # type: ignore[arg-type]

    def listed(self, *asked: str, **more: object) -> list[Attached]:
        with self.world.gk() as gk:
            return gk.evidence(self.place).listed(*asked, **more)  # type: ignore[arg-type]

    def get(self, what: str, target: Path | None = None, *, force: bool = False) -> Got:
        with self.world.gk() as gk:
            return gk.evidence(self.place).get(what, target, force=force)

    def check(self) -> Checked:
        with self.world.gk() as gk:
            return gk.evidence(self.place).check()

    def faults(self) -> list[tuple[int | None, str]]:
        from gkevents.words import say

        with self.world.gk() as gk:
            return [(position, say(what, "en")) for position, what in gk.verify(evidence=self.place).faults]

    def path(self, digest: str = DIGEST) -> Path:
        root = Path(self.place or f"{self.world.path}.evidence")
        return root / digest[:2] / digest[2:]


def begun(url: str) -> World:
    world = World(url).init()
    world.adopt(now="2020-01-06T09:00:00+08:00", units=[(BUREAU, None), (TOWN, None)])
    world.log(
        fact("C1", "criticism", "2020-05-11", "L17", level="city"),
        grade("G1", "2020-05-20", "L15", "7", unit=TOWN),
        now="2020-05-21T09:00:00+08:00",
    )
    return world


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begun(f"sqlite:///{tmp_path_factory.mktemp('template')}/gk.db").path


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Desk:
    """A store in a file, its evidence beside it."""
    shutil.copy(template, tmp_path / "gk.db")
    return Desk(World(tmp_path / "gk.db"), tmp_path, None)


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """On either database; on a server the folder is named."""
    if request.param == "sqlite":
        desk: Desk = request.getfixturevalue("desk")
        return desk
    (tmp_path / "files").mkdir()
    return Desk(begun(request.getfixturevalue("database_url")), tmp_path, str(tmp_path / "files"))


def test_a_file_is_kept_and_recorded_with_the_fact_it_shows(either: Desk) -> None:
    [added] = either.add("督办单.pdf", by="张三", note="样本")
    assert (added.ref, added.of, added.digest, added.aside) == ("C1-e1", "C1", DIGEST, None)
    assert either.path().read_bytes() == samples.PDF
    [found] = either.listed()
    assert (found.position, found.scheme, found.year, found.unit) == (added.position, SCHEME, 2020, BUREAU)
    assert found.body == {
        "ref": "C1-e1", "type": "evidence-attached", "unit": BUREAU, "effective_on": "2020-06-01", "of": "C1",
        "digest": DIGEST, "name": "督办单.pdf", "media": "application/pdf", "size": len(samples.PDF), "by": "张三",
        "note": "样本",
    }  # fmt: skip
    assert (either.check().files, either.check().unsound, either.faults()) == (1, [], [])


def test_evidence_moves_no_points(desk: Desk) -> None:
    before = desk.world.score(BUREAU).total
    desk.add("督办单.pdf")
    assert desk.world.score(BUREAU).total == before


def test_the_same_file_to_the_same_fact_is_recorded_once_and_kept_once(desk: Desk) -> None:
    desk.add("督办单.pdf", "截图.png")
    count = desk.world.count()
    shutil.copy(desk.folder / "督办单.pdf", desk.folder / "同一.pdf")
    [again] = desk.add("同一.pdf", on=day("2020-05-30"), by="李四")
    assert (again.ref, again.position, desk.world.count()) == ("C1-e1", None, count)
    [other] = desk.add("督办单.pdf", of="G1")
    assert (other.ref, other.position) == ("G1-e1", count + 1)
    assert desk.check().files == 2


def test_one_file_given_twice_in_one_command_is_recorded_once(desk: Desk) -> None:
    first, second = desk.add("督办单.pdf", "督办单.pdf")
    assert first.position is not None
    assert (second.ref, second.position) == (first.ref, None)


def test_where_one_file_is_refused_none_is_kept(desk: Desk) -> None:
    count = desk.world.count()
    with pytest.raises(no.KindNotKept, match=r"程序\.pdf is a program"):
        desk.add("督办单.pdf", "程序.pdf")
    with pytest.raises(no.NoSuchFile):
        desk.add("督办单.pdf", "nix.pdf")
    assert (desk.world.count(), desk.check().orphans, desk.check().others) == (count, [], [])


def test_what_the_log_refuses_leaves_no_file_behind(desk: Desk) -> None:
    with pytest.raises(no.NothingToShow, match=r"There is no fact C2 here .* Did you mean C1"):
        desk.add("督办单.pdf", of="C2")
    with pytest.raises(refusals.InTheFuture):
        desk.add("督办单.pdf", on=day("2020-06-02"))
    with pytest.raises(refusals.FieldUnreadable):
        desk.add("督办单.pdf", note="x" * 5000)
    assert (desk.listed(), desk.check().files, desk.check().orphans) == ([], 0, [])


def test_a_name_may_be_given_and_is_held_against_the_bytes(desk: Desk) -> None:
    [added] = desk.add("督办单.pdf", name="整改报告.PDF")
    assert added.name == "整改报告.PDF"
    with pytest.raises(no.NameDisagrees):
        desk.add("截图.png", name="截图.pdf")
    with pytest.raises(no.BadName):
        desk.add("截图.png", name="../截图.png")


def test_evidence_that_was_taken_back_may_be_attached_anew(either: Desk) -> None:
    either.add("督办单.pdf")
    either.world.log(fact("R1", "retraction", "2020-06-02", of="C1-e1"), now="2020-06-02T09:00:00+08:00")
    assert [(each.ref, each.taken_back) for each in either.listed("C1")] == [("C1-e1", "R1")]
    [anew] = either.add("督办单.pdf", now="2020-06-03T09:00:00+08:00")
    assert (anew.ref, either.path().exists()) == ("C1-e2", True)
    assert either.get("C1", either.folder / "out.pdf").digest == DIGEST


def test_a_list_is_of_one_fact_unit_or_year(desk: Desk) -> None:
    desk.add("督办单.pdf", "截图.png")
    desk.add("督办单.pdf", of="G1")

    def refs(*asked: str, **more: object) -> list[str]:
        return [each.ref for each in desk.listed(*asked, **more)]

    assert refs() == ["C1-e1", "C1-e2", "G1-e1"]
    assert refs("C1") == refs(unit=BUREAU) == ["C1-e1", "C1-e2"]
    assert refs("C1-e2") == ["C1-e2"]
    assert refs(scheme=SCHEME, year=2020, unit=TOWN) == ["G1-e1"]
    assert refs(year=2021) == refs("nix") == refs(scheme="other") == []


def record(desk: Desk, written: dict[str, Any], now: str) -> None:
    """Record a fact without the guards of the command."""
    with desk.world.gk(now) as gk, gk._writing() as session:
        session.record(session.scheme_year(SCHEME, 2020), canonical(written))


def test_evidence_of_another_units_fact_or_of_none_is_refused_however_it_comes(desk: Desk) -> None:
    what = {"digest": DIGEST, "name": "x.pdf", "media": "application/pdf", "size": 69}
    for number, (of, code) in enumerate((("C1", "other-unit"), ("nix", "unknown-target"))):
        told = fact(f"E{number}", "evidence-attached", "2020-06-01", unit=TOWN, of=of, **what)
        with pytest.raises(refusals.Refusal) as refused:
            record(desk, told, JUNE)
        assert refused.value.code == code, of
    assert desk.listed() == []


def test_a_file_is_got_by_its_digest_its_number_or_its_fact(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.add("督办单.pdf")
    for number, what in enumerate((DIGEST, DIGEST.upper(), "C1-e1", "C1")):
        got = desk.get(what, desk.folder / f"out{number}.pdf")
        assert (got.size, got.file.read_bytes()) == (len(samples.PDF), samples.PDF)
    (desk.folder / "here").mkdir()
    monkeypatch.chdir(desk.folder / "here")
    assert desk.get("C1").file == desk.folder / "here" / "督办单.pdf"
    with pytest.raises(FileThere):
        desk.get("C1")
    assert desk.get("C1", force=True).size == len(samples.PDF)


def test_a_fact_with_several_files_wants_one_named(desk: Desk) -> None:
    desk.add("督办单.pdf", "截图.png")
    with pytest.raises(no.SeveralFiles, match=r"C1 has 2 files.*C1-e1 \(督办单.pdf\), C1-e2 \(截图.png\)"):
        desk.get("C1", desk.folder / "out.pdf")
    for what in ("G1", "nix", "C1-e9"):
        with pytest.raises(no.NoEvidence):
            desk.get(what, desk.folder / "out.pdf")


def test_a_changed_or_missing_file_is_never_handed_out(either: Desk) -> None:
    either.add("督办单.pdf", "截图.png")
    changed, gone = either.path(), either.path(hashlib.sha256(samples.PNG).hexdigest())
    changed.chmod(0o644)
    changed.write_bytes(samples.PDF + b"more")
    gone.unlink()
    with pytest.raises(no.FileChanged):
        either.get("C1-e1", either.folder / "out.pdf")
    with pytest.raises(no.FileMissing):
        either.get("C1-e2", either.folder / "out.png")
    assert sorted(path.name for path in either.folder.glob("*out*")) == []
    unsound = either.check().unsound
    assert [(each.state.state, [of.ref for of in each.of]) for each in unsound] == [
        ("changed", ["C1-e1"]), ("missing", ["C1-e2"]),
    ]  # fmt: skip
    first, second = either.listed()
    [(one, changed_said), (other, missing_said)] = either.faults()
    assert (one, other) == (first.position, second.position)
    assert changed_said.startswith("the file 督办单.pdf of the evidence C1-e1 is no longer what was attached")
    assert missing_said.startswith("the file 截图.png of the evidence C1-e2 is not in ")


def test_to_add_a_file_again_puts_it_back_and_the_changed_one_aside(desk: Desk) -> None:
    desk.add("督办单.pdf", "截图.png")
    desk.path().chmod(0o644)
    desk.path().write_bytes(b"other")
    desk.path(hashlib.sha256(samples.PNG).hexdigest()).unlink()
    first, second = desk.add("督办单.pdf", "截图.png")
    assert (first.position, second.position, second.aside) == (None, None, None)
    assert first.aside is not None
    assert Path(first.aside).read_bytes() == b"other"
    assert (desk.check().unsound, desk.faults(), len(desk.check().others)) == ([], [], 1)


def test_a_name_in_the_log_that_leads_elsewhere_is_not_followed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.add("督办单.pdf")
    monkeypatch.chdir(desk.folder)
    size = len(samples.PDF)
    said = {"of": "C1", "digest": DIGEST, "name": "../../x.pdf", "media": "application/pdf", "size": size}
    record(desk, fact("E9", "evidence-attached", "2020-06-02", **said), "2020-06-02T09:00:00+08:00")
    with pytest.raises(no.BadName):
        desk.get("E9")
    assert desk.get("E9", desk.folder / "x.pdf").size == len(samples.PDF)


def test_neither_the_store_nor_the_evidence_is_written_over(desk: Desk) -> None:
    desk.add("督办单.pdf")
    targets = [desk.path().parent / "x", desk.path()] + ([] if desk.world.shared else [desk.world.path])
    for target in targets:
        with pytest.raises(FileOfTheStore):
            desk.get("C1", target, force=True)
    assert desk.faults() == []


def test_a_file_that_nothing_names_is_found_and_does_no_harm(desk: Desk) -> None:
    desk.add("督办单.pdf")
    orphan = hashlib.sha256(b"x").hexdigest()
    desk.path(orphan).parent.mkdir()
    desk.path(orphan).write_bytes(b"x")
    found = desk.check()
    assert (found.orphans, found.unsound, desk.faults()) == ([orphan], [], [])


def test_a_folder_that_is_gone_is_one_fault_and_not_made_again(desk: Desk) -> None:
    desk.add("督办单.pdf", "截图.png")
    shutil.rmtree(desk.path().parents[1])
    with pytest.raises(no.NoPlaceThere):
        desk.check()
    with pytest.raises(no.NoPlaceThere):
        desk.get("C1-e1", desk.folder / "out.pdf")
    [(position, said)] = desk.faults()
    assert position is None
    assert "with the files of evidence (2) is not there" in said
    assert not desk.path().parents[1].exists()


def test_a_place_that_was_named_is_never_made(desk: Desk) -> None:
    desk.place = str(desk.folder / "not-mounted")
    with pytest.raises(no.NoPlaceThere):
        desk.add("督办单.pdf")
    with pytest.raises(no.NoPlaceThere):
        desk.check()
    assert not Path(desk.place).exists()
    assert desk.listed() == []


def test_on_a_server_the_place_is_to_be_named(database_url: str, tmp_path: Path) -> None:
    world = World(database_url).init()
    with world.gk() as gk, pytest.raises(no.NoPlace, match="GK_EVIDENCE"):
        gk.evidence().add([tmp_path / "x.pdf"], of="C1")
    with world.gk() as gk:
        assert (gk.evidence().listed(), gk.verify().unseen) == ([], 0)


def _add(desk: Desk, name: str, of: str, times: int) -> None:
    for _ in range(times):
        desk.add(name, of=of)
    os._exit(0)


def test_whoever_adds_the_same_file_at_once_it_is_recorded_once(either: Desk) -> None:
    spawn = multiprocessing.get_context("fork").Process
    jobs = [("督办单.pdf", "C1"), ("督办单.pdf", "C1"), ("督办单.pdf", "G1"), ("截图.png", "C1")]
    processes = [spawn(target=_add, args=(either, *job, 3)) for job in jobs]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * len(jobs)
    assert sorted((each.of, each.name) for each in either.listed()) == [
        ("C1", "截图.png"), ("C1", "督办单.pdf"), ("G1", "督办单.pdf"),
    ]  # fmt: skip
    found = either.check()
    assert (found.files, found.unsound, found.orphans, found.others, either.faults()) == (2, [], [], [], [])


@pytest.mark.parametrize("place", ["before the name", "before the event", "before the commit"])
def test_a_power_cut_between_file_and_event_loses_nothing(desk: Desk, place: str) -> None:
    def die(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def doomed() -> None:
        from gkevents.store.log import Writing

        if place == "before the name":
            os.link = die
        elif place == "before the event":
            Gk._writing = die  # type: ignore[assignment, method-assign]
        else:
            Writing.append = die  # type: ignore[assignment, method-assign]
        desk.add("督办单.pdf")

    count = desk.world.count()
    process = multiprocessing.get_context("fork").Process(target=doomed)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    found = desk.check()
    assert (desk.world.count(), desk.listed(), found.unsound, desk.faults()) == (count, [], [], [])
    assert found.orphans == ([] if place == "before the name" else [DIGEST])
    assert len(found.others) == (1 if place == "before the name" else 0), "the part it was writing"
    [added] = desk.add("督办单.pdf")
    assert added.position == count + 1
    assert (desk.check().orphans, desk.check().unsound, desk.faults()) == ([], [], [])


def kill_at_random(desk: Desk, dice: random.Random, *, start: int, files: int, most: int) -> int:
    """Add files in one process after another, killed at any moment (at most so many), until one comes to its end."""

    def work() -> None:
        for name in names:
            desk.add(name)
        os._exit(0)

    names = [f"{start + number}.pdf" for number in range(files)]
    for name in names:
        (desk.folder / name).write_bytes(samples.PDF + name.encode() + bytes(dice.randrange(200_000)))
    kills = 0
    while True:
        process = multiprocessing.get_context("fork").Process(target=work)
        process.start()
        process.join(dice.uniform(0, 0.15) if kills < most else None)
        if process.exitcode is None:
            process.kill()
            process.join()
        if process.exitcode == 0:
            break
        assert process.exitcode == -signal.SIGKILL
        kills += 1
    assert sorted(each.name for each in desk.listed()) == sorted(f"{number}.pdf" for number in range(start + files))
    found = desk.check()
    assert (found.files, found.unsound, found.orphans, desk.faults()) == (start + files, [], [], [])
    return kills


def test_whoever_is_killed_each_file_is_recorded_once_and_whole(desk: Desk) -> None:
    assert kill_at_random(desk, random.Random(1), start=0, files=8, most=6) > 0


@pytest.mark.soak
def test_100_kills_lose_and_double_nothing(either: Desk) -> None:
    dice, killed, start = random.Random(2), 0, 0
    while killed < 100:
        killed += kill_at_random(either, dice, start=start, files=30, most=100 - killed)
        start += 30


def test_a_file_that_shows_a_decision_may_come_after_the_year(tmp_path: Path) -> None:
    desk = Desk(World(tmp_path / "gk.db").init(), tmp_path, None)
    desk.world.adopt(SCHEME, year=2020, now="2020-01-06T09:00:00+08:00", units=[(BUREAU, None)])
    desk.world.log(fact("C1", "criticism", "2020-05-11", "L17", level="city"), now=JUNE)
    (added,) = desk.add("督办单.pdf", now="2021-02-01T09:00:00+08:00")
    assert added.digest == DIGEST


def test_a_row_that_only_speaks_of_a_file_is_refused(tmp_path: Path) -> None:
    world = World(tmp_path / "gk.db").init()
    world.adopt(SCHEME, year=2020, now="2020-01-06T09:00:00+08:00", units=[(BUREAU, None)])
    world.log(fact("C1", "criticism", "2020-05-11", "L17", level="city"), now=JUNE)
    row = fact(
        "E1", "evidence-attached", "2020-05-12", unit=BUREAU, of="C1", digest=DIGEST, name="a.pdf", media="x", size=1
    )
    logged = world.try_log(row, now=JUNE)
    assert [(one.ref, one.code) for one in logged.refused] == [("E1", "file-first")]


def test_a_file_is_not_shown_by_another_file(desk: Desk) -> None:
    desk.add("督办单.pdf")
    with pytest.raises(refusals.Refusal, match="C1-e1 is itself a file that shows C1"):
        desk.add("截图.png", of="C1-e1")


def test_a_fact_that_is_gone_takes_no_files(desk: Desk) -> None:
    desk.world.log(fact("R1", "retraction", "2020-06-02", of="C1"), now="2020-06-02T09:00:00+08:00")
    with pytest.raises(refusals.AlreadyTakenBack, match="C1 has already been taken back, by R1"):
        desk.add("督办单.pdf", now="2020-06-03T09:00:00+08:00")
