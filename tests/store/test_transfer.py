"""A log out of one store and into another: every byte, or a refusal that names the line."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import psycopg
import pytest
from sqlalchemy import select

from gkevents.app import Gk, keeping
from gkevents.store import transfer
from gkevents.store.engine import Store
from gkevents.store.placing import FileFull, FileNoFolder, FileOfTheStore, FileThere, NoPlainFile
from gkevents.store.reading import GENESIS, digest, encode
from gkevents.store.tables import events
from gkevents.store.transfer import Imported, LineRefused, WrittenMeanwhile
from gkevents.store.trouble import StoreDamaged
from gkevents.words import say
from tests.app.worlds import World, fact, grade

TINY = Path(__file__).parents[1] / "app" / "tiny.yaml"
NewUrl = Callable[[], str]
AT = "2020-01-01T00:00:00.000000+08:00"


def tiny(url: str | Path, *, facts: int = 6) -> World:
    """A store with a small scheme and some facts, one with text that is awkward to carry."""
    world = World(url).init()
    world.adopt(TINY, now="2020-01-06T09:00:00+08:00")
    awkward = "“引号”\\n 反斜线 \\ 制表\u2028行 🙂 \x7f"
    notes = [awkward if number == 2 else f"第{number}次" for number in range(facts)]
    told = [grade(f"G{number}", "2020-11-20", "T1", "5", unit="甲局", note=note) for number, note in enumerate(notes)]
    world.log(*told, scheme="tiny-2020", now="2020-12-01T09:00:00+08:00")
    return world


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An exported log."""
    return exported(tiny(tmp_path_factory.mktemp("log") / "gk.db").url)


def exported(url: str) -> bytes:
    store, written = Store(url), io.BytesIO()
    try:
        keeping.export_log(store, written.write)
    finally:
        store.close()
    return written.getvalue()


def take(url: str, source: BinaryIO | bytes) -> Imported:
    store = Store(url)
    try:
        return transfer.import_log(store, io.BytesIO(source) if isinstance(source, bytes) else source, file="log.jsonl")
    finally:
        store.close()


def piped(content: bytes) -> BinaryIO:
    """What comes through a pipe and can be read only once."""
    reading, writing = os.pipe()

    def feed() -> None:
        with os.fdopen(writing, "wb") as target:
            target.write(content)

    threading.Thread(target=feed, daemon=True).start()
    return os.fdopen(reading, "rb")


def new(url: str, *, simulated: bool = True) -> str:
    World(url).init(simulated=simulated)
    return url


def rows(url: str) -> list[tuple[Any, ...]]:
    store = Store(url)
    with store.reading() as connection:
        found = [tuple(row) for row in connection.execute(select(events).order_by(events.c.position))]
    store.close()
    return found


def refused(url: str, source: BinaryIO | bytes) -> str:
    with pytest.raises(LineRefused) as caught:
        take(url, source)
    said = say(caught.value.message, "en")
    assert said.startswith("Line ")
    assert "\n" not in said
    return said.removeprefix("Line ").replace("of log.jsonl: ", "")


def chained(rows_: list[list[Any]]) -> bytes:
    """A log of rows (without digests), its digests right."""
    before, lines = GENESIS, [b'{"gk-log":1,"clock":"simulated"}']
    for row in rows_:
        before = digest(before, (row[0], row[1], row[2], row[3], row[4], row[5], row[6]))
        names = ("position", "stream", "stream_version", "name", "recorded_at", "ref")
        fields = dict(zip(names, row[:6], strict=True))
        head = json.dumps(fields, ensure_ascii=False)[:-1]
        lines.append(f'{head},"body":{row[6]},"digest":"{before}"}}'.encode())
    lines.append(json.dumps({"events": len(rows_), "digest": before}).encode())
    return b"\n".join(lines) + b"\n"


def invented(number: int) -> list[list[Any]]:
    """Rows of notices nobody issued, in one stream."""
    body = {
        "document": "样例〔2020〕1号", "issued_on": "2019-12-01", "year": 2020, "amends": False, "days_off": [],
        "make_up_workdays": [], "withdrawn_workdays": [], "verified": "no: made up for a test",
    }  # fmt: skip
    return [[n, "calendar", n, "calendar-notice-adopted.1", AT, None, encode(body)] for n in range(1, number + 1)]


def mark(position: int, version: int, ref: str) -> list[Any]:
    """A row of a mark that nobody gave."""
    body = {"type": "grade", "ref": ref, "unit": "甲局", "item": "T1", "effective_on": "2020-01-01", "points": "5"}
    return [position, "unit-year/tiny-2020/2020/甲局", version, "grade-given.1", AT, ref, encode(body)]


def totals(world: World) -> dict[str, Any]:
    """What every unit has come to."""
    scores = world.standing(scheme="tiny-2020").scores
    return {unit: (score.total, score.low, score.high) for unit, score in scores.items()}


# ---------------------------------------------------------------- there and back


def test_a_log_goes_from_any_database_to_any_other_and_back_to_the_byte(
    new_store_url: NewUrl, database_url: str, tmp_path: Path
) -> None:
    world = tiny(new_store_url())
    first = exported(world.url)
    for url in (new(new_store_url()), new(database_url), new(f"sqlite:///{tmp_path}/other.db")):
        taken = take(url, first)
        assert (taken.stored, taken.events) == (taken.events, len(rows(world.url)))
        assert taken.digest == rows(world.url)[-1][-1]
        assert rows(url) == rows(world.url)
        assert exported(url) == first
        assert World(url).faults() == []
        assert totals(World(url)) == totals(world)


def test_the_lines_are_what_they_are_said_to_be(log: bytes) -> None:
    first, *middle, last = [json.loads(line) for line in log.splitlines()]
    assert first == {"gk-log": 1, "clock": "simulated"}
    columns = ["position", "stream", "stream_version", "name", "recorded_at", "ref", "body", "digest"]
    assert [list(line) for line in middle] == [columns] * len(middle)
    assert [line["position"] for line in middle] == list(range(1, len(middle) + 1))
    assert last == {"events": len(middle), "digest": middle[-1]["digest"]}


def test_an_empty_log_is_two_lines_and_comes_in_as_nothing(new_store_url: NewUrl) -> None:
    empty = exported(new(new_store_url()))
    assert empty.splitlines()[1] == b'{"events":0,"digest":"%s"}' % (b"0" * 64)
    assert take(new(new_store_url()), empty) == (0, 0, "0" * 64)


def test_the_same_file_again_stores_nothing(new_store_url: NewUrl, log: bytes) -> None:
    url = new(new_store_url())
    taken = take(url, log)
    assert take(url, log) == (0, taken.events, taken.digest)
    assert take(url, piped(log)) == (0, taken.events, taken.digest)
    assert exported(url) == log


def test_what_was_broken_off_goes_on_where_it_stopped(new_store_url: NewUrl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "PORTION", 10)
    url, whole = new(new_store_url()), chained(invented(95))
    lines = whole.splitlines(keepends=True)
    said = refused(url, piped(b"".join(lines[:58])))
    assert said == (
        "59 the file is cut off here. "
        "The events before it are stored, up to position 50; a good file goes on from there."
    )
    assert len(rows(url)) == 50
    assert take(url, piped(whole))[:2] == (45, 95)
    assert exported(url).splitlines()[-1] == whole.splitlines()[-1].replace(b": ", b":").replace(b", ", b",")


def test_a_file_that_is_changed_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "PORTION", 10)
    url, whole = new(f"sqlite:///{tmp_path}/gk.db"), chained(invented(40))

    class Changing(io.BytesIO):
        def seek(self, place: int, whence: int = 0) -> int:
            self.getbuffer()[whole.index(b'"position": 36') + 12] ^= 1
            return super().seek(place, whence)

    said = refused(url, Changing(whole))
    assert said.startswith(
        "37 the file was changed while it was read. The events before it are stored, up to position 30;"
    )
    assert take(url, whole)[:2] == (10, 40)


def test_a_longer_log_of_the_same_store_brings_what_is_new(new_store_url: NewUrl) -> None:
    url = new(new_store_url())
    assert take(url, chained(invented(5))).stored == 5
    assert take(url, chained(invented(8)))[:2] == (3, 8)


def test_facts_can_be_logged_behind_an_imported_log(new_store_url: NewUrl, log: bytes) -> None:
    world = World(new(new_store_url()))
    take(world.url, log)
    [position] = world.log(
        fact("N1", "occurrence", "2020-03-02", "T3", unit="乙局"), scheme="tiny-2020", now="2020-12-02T09:00:00+08:00"
    )
    assert position == log.count(b"\n") - 1
    assert world.faults() == []


# ---------------------------------------------------------------- what is refused


def test_a_changed_byte_anywhere_in_a_plain_file_is_refused_and_nothing_is_stored(tmp_path: Path, log: bytes) -> None:
    url = new(f"sqlite:///{tmp_path}/gk.db")
    for place in range(0, len(log), 97):
        changed = bytearray(log)
        changed[place] ^= 0x01
        said = refused(url, bytes(changed))
        assert said.endswith("Nothing was stored.")
        line = log[:place].count(b"\n") + 1
        assert int(said.split()[0]) in (line, line + 1), (place, said)
    assert rows(url) == []


@pytest.mark.parametrize("through", [io.BytesIO, piped])
def test_a_file_cut_off_anywhere_is_refused(tmp_path: Path, log: bytes, through: Callable[[bytes], BinaryIO]) -> None:
    url = new(f"sqlite:///{tmp_path}/gk.db")
    for end in (*range(0, len(log) - 1, 997), len(log) - 2):
        said = refused(url, through(log[:end]))
        assert "the file is cut off here" in said or end < len(b'{"gk-log":1,"clock":"simulated"}'), said
        assert rows(url) == []
    assert take(url, through(log[:-1])).stored > 0, "only the end of the last line was missing"


def _line(log: bytes, number: int, new: bytes) -> bytes:
    lines = log.splitlines(keepends=True)
    lines[number - 1] = new
    return b"".join(lines)


def test_what_is_no_log_is_refused_at_its_first_line(tmp_path: Path, log: bytes) -> None:
    url = new(f"sqlite:///{tmp_path}/gk.db")
    for content in (b"", b"\n", b"\xff\xfe", b"[]\n", b'{"ref":"x"}\n', b"\x1f\x8b\x08\x00", log.partition(b"\n")[2]):
        assert refused(url, content) == "1 it is not the first line of an exported log. Nothing was stored."
    newer = _line(log, 1, b'{"gk-log":2,"clock":"simulated"}\n')
    assert refused(url, newer).startswith("1 a newer program exported it (form 2)")


def test_a_log_of_another_kind_of_clock_is_refused(tmp_path: Path, log: bytes) -> None:
    real = new(f"sqlite:///{tmp_path}/real.db", simulated=False)
    assert refused(real, log).startswith("1 its store had a simulated clock, this one has not: gk init --simulated-")
    simulated = new(f"sqlite:///{tmp_path}/gk.db")
    assert refused(simulated, exported(real)).startswith("1 its store had a real clock, this one has a simulated one")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({3: "no-such-event.1"}, "its name or body is not one this program knows (no-such-event.1)"),
        (
            {3: "units-joined.9"},
            "its name or body is not one this program knows (units-joined.9)",
        ),
        ({2: 7}, "it is not the next event of its stream calendar"),
        ({0: 9}, "the positions before it are missing, from 3 on"),
        ({6: '{"year":2020}'}, "its name or body is not one this program knows (calendar-notice-adopted.1)"),
        (dict(enumerate(mark(3, 1, "R1")[1:], 1)) | {5: "R2"}, "its number is not the one in its body (R2)"),
        (
            dict(enumerate(mark(3, 1, "R1")[1:], 1)) | {6: mark(3, 1, "R1")[6].replace("2020-01", "2020-13")},
            "its name or body is not one this program knows (grade-given.1)",
        ),
        ({6: "[1]"}, "its name or body is not one this program knows (calendar-notice-adopted.1)"),
        ({5: "R1"}, "its number is not the one in its body (R1)"),
    ],
)
def test_a_line_whose_digests_are_right_is_refused_for_what_it_says(
    tmp_path: Path, change: dict[int, Any], why: str
) -> None:
    url, made = new(f"sqlite:///{tmp_path}/gk.db"), invented(5)
    for column, value in change.items():
        made[2][column] = value
    assert refused(url, chained(made)) == f"4 {why}. Nothing was stored."
    assert rows(url) == []


@pytest.mark.parametrize(
    ("last", "why"),
    [
        (b'{"events":4,"digest":"%s"}', "it names 4 events, but 5 came before it"),
        (b'{"events":5,"digest":"' + b"0" * 64 + b'"}', "it names 5 events, but 5 came before it, or they end in"),
        (b"{}", "it is no event of a log"),
        (b'{"events":5,"digest":"%s"}\n{"events":5,"digest":"%s"}', "something follows the last line of the log"),
    ],
)
def test_the_last_line_has_to_fit(tmp_path: Path, last: bytes, why: str) -> None:
    url, whole = new(f"sqlite:///{tmp_path}/gk.db"), chained(invented(5))
    end = str(json.loads(whole.splitlines()[-1])["digest"]).encode()
    said = refused(url, _line(whole, 7, last.replace(b"%s", end) + b"\n"))
    assert why in said
    assert rows(url) == []


def test_a_store_that_holds_another_log_is_refused_with_the_line_where_they_part(
    new_store_url: NewUrl, log: bytes
) -> None:
    world = tiny(new_store_url(), facts=2)
    at = "2020-12-02T09:00:00+08:00"
    world.log(fact("X1", "occurrence", "2020-03-02", "T3", unit="乙局"), scheme="tiny-2020", now=at)
    before = exported(world.url)
    assert log.splitlines()[8] == before.splitlines()[8]
    parts = next(n for n, (a, b) in enumerate(zip(log.splitlines(), before.splitlines(), strict=False), 1) if a != b)
    for source in (log, piped(log)):
        said = refused(world.url, source)
        assert said == (
            f"{parts} the store holds another event at position {parts - 1}: import the file into a new store. "
            "Nothing was stored."
        )
    assert exported(world.url) == before


def test_a_log_that_is_only_the_beginning_of_the_store_s_is_refused(new_store_url: NewUrl) -> None:
    url = new(new_store_url())
    take(url, chained(invented(8)))
    said = refused(url, chained(invented(5)))
    assert said.startswith("7 the log ends here, but the store goes on to position 8; there is nothing to import.")
    assert len(rows(url)) == 8


def test_a_number_that_is_there_twice_is_refused_with_its_line(new_store_url: NewUrl) -> None:
    url = new(new_store_url())
    made = [*invented(3), mark(4, 1, "R1"), mark(5, 2, "R2"), mark(6, 3, "R1")]
    assert refused(url, chained(made)) == "7 its number R1 is taken by another event. Nothing was stored."
    assert rows(url) == []


def test_whoever_writes_meanwhile_is_not_written_over(new_store_url: NewUrl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "PORTION", 10)
    url = new(new_store_url())
    store, whole = Store(url), chained(invented(40))

    def write(position: int) -> None:
        if position == 20:
            other = Store(url)
            with other.writing() as connection:
                row = [21, "x", 1, "calendar-notice-adopted.1", "2020-01-01", None, "{}"]
                connection.execute(events.insert(), dict(zip(events.c.keys(), [*row, "d"], strict=True)))
            other.close()

    with pytest.raises(WrittenMeanwhile, match=r"behind position 20 while log\.jsonl was being imported"):
        transfer.import_log(store, io.BytesIO(whole), file="log.jsonl", progress=write)
    store.close()
    assert [row[0] for row in rows(url)] == list(range(1, 22))


# ---------------------------------------------------------------- a damaged store is not exported


def test_a_store_that_was_tampered_with_is_not_exported(new_store_url: NewUrl, tmp_path: Path) -> None:
    world = tiny(new_store_url())
    position = 9
    world.sql(f"UPDATE events SET body = '{{}}' WHERE position = {position}")  # noqa: S608
    target = tmp_path / "log.jsonl"
    store = Store(world.url)
    with pytest.raises(StoreDamaged, match=f"event {position} is not as it was written"):
        keeping.export_to_file(store, target)
    store.close()
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".jsonl", ".part")]


def test_an_export_sees_one_moment_while_others_write(new_store_url: NewUrl) -> None:
    world = tiny(new_store_url())
    store, lines = Store(world.url), list[bytes]()

    def write(line: bytes) -> None:
        if len(lines) == 3:
            at = "2020-12-03T09:00:00+08:00"
            world.log(grade("LATE", "2020-11-21", "T1", "6", unit="甲局"), scheme="tiny-2020", now=at)
        lines.append(line)

    before = len(rows(world.url))
    assert keeping.export_log(store, write).events == before
    store.close()
    assert json.loads(lines[-1])["events"] == before
    assert len(rows(world.url)) == before + 1


# ---------------------------------------------------------------- the file


def test_a_file_that_is_there_is_replaced_only_when_told_to(tmp_path: Path) -> None:
    world, target = tiny(tmp_path / "gk.db"), tmp_path / "log.jsonl"
    target.write_text("mine", encoding="utf-8")
    store = Store(world.url)
    with pytest.raises(FileThere):
        keeping.export_to_file(store, target)
    assert target.read_text(encoding="utf-8") == "mine"
    keeping.export_to_file(store, target, force=True)
    assert target.read_bytes() == exported(world.url)
    link = tmp_path / "link.jsonl"
    link.symlink_to(target)
    keeping.export_to_file(store, link, force=True)
    assert link.is_symlink()
    store.close()


@pytest.mark.parametrize("name", ["gk.db", "./x/../gk.db", "gk.db-wal", "gk.db-shm", "link.db", "hard.db"])
def test_an_export_never_goes_over_the_store(tmp_path: Path, name: str) -> None:
    world = tiny(tmp_path / "gk.db")
    (tmp_path / "x").mkdir()
    (tmp_path / "link.db").symlink_to(tmp_path / "gk.db")
    (tmp_path / "hard.db").hardlink_to(tmp_path / "gk.db")
    store = Store(world.url)
    with pytest.raises(FileOfTheStore):
        keeping.export_to_file(store, tmp_path / name, force=True)
    store.close()
    assert world.faults() == []


def test_an_export_goes_only_where_a_plain_file_can_be(tmp_path: Path) -> None:
    world = tiny(tmp_path / "gk.db")
    store = Store(world.url)
    for target in (tmp_path, Path("/dev/null")):
        with pytest.raises(NoPlainFile):
            keeping.export_to_file(store, target, force=True)
    with pytest.raises(FileNoFolder, match=r"no/such/log\.jsonl"):
        keeping.export_to_file(store, tmp_path / "no" / "such" / "log.jsonl")
    store.close()


def test_a_full_disk_leaves_no_file(tmp_path: Path) -> None:
    world, target = tiny(tmp_path / "gk.db", facts=200), tmp_path / "out" / "log.jsonl"
    target.parent.mkdir()
    program = """if True:
        import resource, sys
        from pathlib import Path
        from gkevents.app import keeping
        from gkevents.store.engine import Store
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
        try:
            keeping.export_to_file(Store(sys.argv[1]), Path(sys.argv[2]))
        except Exception as error:
            print(type(error).__name__)
    """
    words = [sys.executable, "-c", program, world.url, str(target)]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == (f"{FileFull.__name__}\n", "")
    assert list(target.parent.iterdir()) == []


def test_memory_stays_flat_however_long_the_log_is(tmp_path: Path) -> None:
    program = """if True:
        import sys
        from pathlib import Path
        sys.path.insert(0, sys.argv[3])
        from tests.store.test_transfer import chained, invented, new
        from gkevents.store import transfer
        from gkevents.store.engine import Store
        store = Store(sys.argv[1])
        with open(sys.argv[2], "rb") as lines:
            transfer.import_log(store, lines, file="x")
        from gkevents.app import keeping
        keeping.export_to_file(store, Path(sys.argv[2] + ".out"))
        status = Path("/proc/self/status").read_text()
        print(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))
    """
    peaks = []
    for number in (20_000, 60_000):
        source = tmp_path / f"{number}.jsonl"
        source.write_bytes(chained(invented(number)))
        url = new(f"sqlite:///{tmp_path}/{number}.db")
        words = [sys.executable, "-c", program, url, str(source), str(Path(__file__).parents[2])]
        peaks.append(int(subprocess.run(words, capture_output=True, text=True, check=True).stdout))
        written = Path(f"{source}.out").read_bytes().splitlines()
        assert len(written) == number + 2
    assert peaks[1] < peaks[0] * 1.1


def test_waiting_readers_are_told_of_an_imported_log(database_url: str, log: bytes) -> None:
    store = Store(new(database_url))
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as listening:
        listening.execute("LISTEN gk_log")
        taken = take(database_url, log)
        told = [note.payload for note in listening.notifies(timeout=5, stop_after=1)]
    store.close()
    assert told == [str(taken.events)]


def test_a_log_of_the_command_is_the_log_of_the_module(tmp_path: Path, log: bytes) -> None:
    world = tiny(tmp_path / "gk.db")
    assert exported(world.url) == log
    gk = Gk(world.url)
    assert gk.report().events == log.count(b"\n") - 2
    gk.store.close()
