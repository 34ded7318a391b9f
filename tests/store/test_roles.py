"""The role that the application runs under on a server: every command works, and nothing changes an event."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.engine import URL

from gkevents.app import Gk as UseCases
from gkevents.store import roles, trouble
from gkevents.store.roles import NoNameOfARole, RolesOnServersOnly, RoleTooMighty
from gkevents.words import say
from tests.app.worlds import World
from tests.contract.office import Gk
from tests.servers.postgres import Server

TINY: Final = str(Path(__file__).parents[1] / "app" / "tiny.yaml")
AT: Final = ("--scheme", "tiny-2020", "--year", "2020")
HOSTILE: Final = ('x"; DROP TABLE events; --', "O'Brien %s %(x)s {}", "岗位 甲", "Upper Case", "select", "a:b\\c", "%")


@pytest.fixture
def made(postgres: Server) -> Iterator[list[str]]:
    """The roles that a test makes; they are dropped with everything that was granted to them."""
    names: list[str] = []
    yield names
    with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
        found = [row[0] for row in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'gk_%'")]
        for database in found:
            with psycopg.connect(postgres.dsn(database), autocommit=True) as inside:
                for name in names:
                    if inside.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
                        inside.execute(f"REASSIGN OWNED BY {quoted(name)} TO postgres".encode())
                        inside.execute(f"DROP OWNED BY {quoted(name)}".encode())
        for name in names:
            connection.execute(f"DROP ROLE IF EXISTS {quoted(name)}".encode())


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def grant(url: str, role: str, made: list[str]) -> bool:
    made.append(role)
    gk = UseCases(url)
    try:
        return gk.init(simulated_clock=True, role=role).role_made
    finally:
        gk.store.close()


def as_role(url: str, role: str) -> URL:
    return make_url(url).set(username=role)


def connected(url: str, role: str) -> psycopg.Connection[tuple[object, ...]]:
    said = make_url(url)
    return psycopg.connect(host=said.host, port=said.port, user=role, dbname=said.database, autocommit=True)


def rights(url: str, role: str) -> dict[str, set[str]]:
    """What a role may do with each table, as the database itself sees it."""
    query = """SELECT c.relname, p FROM pg_class c,
        unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']) p
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
        AND has_table_privilege(%s, c.oid, p)"""
    found: dict[str, set[str]] = {}
    with connected(url, "postgres") as connection:
        for table, right in connection.execute(query, [role]):
            found.setdefault(str(table), set()).add(str(right))
    return found


def test_it_has_the_rights_it_needs_and_no_others(database_url: str, made: list[str]) -> None:
    assert grant(database_url, "gk_clerk", made)
    found = rights(database_url, "gk_clerk")
    assert found.pop("events") == {"SELECT", "INSERT"}
    assert found.pop("meta") == {"SELECT"}
    assert found.pop("turn") == {"SELECT", "UPDATE"}
    assert {"checkpoints", "limits", "unit_scores", "item_scores", "ledger_entries"} <= set(found)
    assert all(each == {"SELECT", "INSERT", "UPDATE", "DELETE"} for each in found.values())


def test_again_it_takes_back_what_was_granted_beyond_that(database_url: str, made: list[str]) -> None:
    grant(database_url, "gk_clerk", made)
    before = rights(database_url, "gk_clerk")
    with connected(database_url, "postgres") as connection:
        connection.execute("GRANT ALL ON events, meta, turn TO gk_clerk")
    assert not grant(database_url, "gk_clerk", made)
    assert rights(database_url, "gk_clerk") == before


def test_every_command_works_under_it(
    database_url: str, made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    grant(database_url, "gk_clerk", made)
    gk = Gk(tmp_path, as_role(database_url, "gk_clerk").render_as_string())
    facts = (
        '{"ref":"G1","type":"grade","unit":"甲局","item":"T1","effective_on":"2020-11-20","points":"8"}\n'
        '{"ref":"M1","type":"netizen-message","unit":"甲局","item":"T2","key":"k1","effective_on":"2020-09-14"}\n'
    )
    evening = "2020-12-31"
    commands: tuple[tuple[tuple[str, ...], str | None], ...] = (
        (("init",), None),
        (("scheme", "adopt", TINY, "--year", "2020"), "2020-01-06"),
        (("log", "-", *AT), evening),
        (("correct", "G1", "--reason", "分值写错", "points=7"), evening),
        (("deadlines", "scan", "--as-of", "2020-12-31"), evening),
        (("deadlines", "list"), None),
        (("score", *AT), None),
        (("score", "甲局", *AT, "--as-of", "2020-10-01"), None),
        (("rank", *AT), None),
        (("replay", "甲局", *AT), None),
        (("verify",), None),
        (("projections", "status"), None),
        (("projections", "catch-up"), None),
        (("projections", "rebuild"), None),
        (("projections", "verify"), None),
        (("export-log", "log.jsonl"), None),
    )
    for words, now in commands:
        ran = gk(*words, stdin=facts, now=now)
        assert ran.status == 0, (words, ran)
    assert gk("score", "甲局", *AT, "--json").json["items"]["T1"]["score"] == "7"


def test_a_log_can_be_imported_under_it(database_url: str, made: list[str], tmp_path: Path) -> None:
    source = Gk(tmp_path)
    assert source("init", "--simulated-clock").status == 0
    assert source("scheme", "adopt", TINY, "--year", "2020", now="2020-01-06").status == 0
    assert source("export-log", tmp_path / "log.jsonl").status == 0
    grant(database_url, "gk_clerk", made)
    gk = Gk(tmp_path, as_role(database_url, "gk_clerk").render_as_string())
    assert gk("import-log", tmp_path / "log.jsonl").status == 0
    assert gk("verify", "--json").json["faults"] == []


REFUSED: Final = (
    "UPDATE events SET body = '{}'",
    "UPDATE events SET body = body WHERE false",
    "DELETE FROM events",
    "DELETE FROM events WHERE position = 1",
    "TRUNCATE events",
    "INSERT INTO events SELECT * FROM events WHERE position = 1 ON CONFLICT (position) DO UPDATE SET body = '{}'",
    "MERGE INTO events e USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET body = '{}'",
    "ALTER TABLE events ADD COLUMN more text",
    "ALTER TABLE events DISABLE TRIGGER ALL",
    "ALTER TABLE events DISABLE TRIGGER events_never_change",
    "ALTER TABLE events OWNER TO CURRENT_USER",
    "DROP TABLE events",
    "DROP TRIGGER events_never_change ON events",
    "DROP TRIGGER events_never_truncate ON events",
    "CREATE OR REPLACE FUNCTION events_never_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "DROP FUNCTION events_never_change() CASCADE",
    "CREATE TRIGGER another BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION events_never_change()",
    "CREATE RULE another AS ON INSERT TO events DO INSTEAD NOTHING",
    "SET session_replication_role = replica",
    "BEGIN; LOCK TABLE events IN EXCLUSIVE MODE",
    "UPDATE meta SET value = '1'",
    "DELETE FROM meta",
    "TRUNCATE turn",
    "INSERT INTO turn VALUES (1)",
    "CREATE TABLE mine (a int)",
    "DROP SCHEMA public CASCADE",
    "GRANT UPDATE ON events TO CURRENT_USER",
    "SET ROLE postgres",
    "ALTER ROLE CURRENT_USER SUPERUSER",
)


def test_the_database_refuses_everything_else_under_it(database_url: str, made: list[str]) -> None:
    grant(database_url, "gk_clerk", made)
    world = World(as_role(database_url, "gk_clerk").render_as_string())
    world.adopt(TINY, now="2020-01-06T09:00:00+08:00")
    owner = World(database_url)
    before = owner.rows("SELECT * FROM events ORDER BY position")
    let_through: list[tuple[str, Exception | None]] = []
    for statement in REFUSED:
        with connected(database_url, "gk_clerk") as connection:
            try:
                connection.execute(statement.encode())
            except psycopg.errors.InsufficientPrivilege:
                continue
            except psycopg.Error as error:
                let_through.append((statement, error))
                continue
            granted = statement.startswith("GRANT") and rights(database_url, "gk_clerk")["events"] == {
                "SELECT",
                "INSERT",
            }
            if not granted:  # granting what one has not is a warning, no error
                let_through.append((statement, None))
    assert let_through == []
    assert owner.rows("SELECT * FROM events ORDER BY position") == before
    assert owner.faults() == []


def test_even_the_owner_s_changes_are_refused_by_the_guards(database_url: str) -> None:
    World(database_url).init().adopt(TINY, now="2020-01-06T09:00:00+08:00")
    for statement in REFUSED[:7]:
        if "WHERE false" not in statement:
            with (
                connected(database_url, "postgres") as connection,
                pytest.raises(psycopg.errors.RaiseException, match="answer a wrong fact with another fact"),
            ):
                connection.execute(statement.encode())


@pytest.mark.parametrize("name", HOSTILE)
def test_a_strange_name_is_only_a_name(database_url: str, made: list[str], name: str) -> None:
    assert grant(database_url, name, made)
    assert rights(database_url, name)["events"] == {"SELECT", "INSERT"}
    with connected(database_url, name) as connection:
        assert connection.execute("SELECT current_user, count(*) FROM events").fetchall() == [(name, 0)]
    assert not grant(database_url, name, made)


@pytest.mark.parametrize("name", ["", "public", "none", "pg_monitor", "pg_mine", "x" * 64, "岗" * 22, "a\0b", "a\nb"])
def test_a_name_that_postgresql_keeps_or_cuts_off_is_refused(database_url: str, name: str) -> None:
    with pytest.raises(NoNameOfARole, match="cannot be the name of a role"):
        UseCases(database_url).init(role=name)


def test_a_role_that_may_do_more_is_refused_and_nothing_is_made(
    postgres: Server, database_url: str, made: list[str]
) -> None:
    made += ["gk_member", "gk_writer"]
    with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE gk_member LOGIN IN ROLE postgres")
        connection.execute("CREATE ROLE gk_writer LOGIN IN ROLE pg_write_all_data")
    for name in ("postgres", "gk_member", "gk_writer"):
        with pytest.raises(RoleTooMighty, match="Name another one"):
            UseCases(database_url).init(role=name)
    with pytest.raises(trouble.NoStore):
        UseCases(database_url).report()


def test_who_may_make_no_roles_is_told_so_and_nothing_is_made(
    postgres: Server, database_url: str, made: list[str]
) -> None:
    made.append("gk_owner")
    with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE gk_owner LOGIN")
        connection.execute(f'ALTER DATABASE "{make_url(database_url).database}" OWNER TO gk_owner'.encode())
    gk = UseCases(as_role(database_url, "gk_owner").render_as_string())
    with pytest.raises(trouble.MayNot) as caught:
        gk.init(role="gk_clerk")
    assert "does not let this user do that" in say(caught.value.message, "en")
    gk.store.close()
    with pytest.raises(trouble.NoStore):
        UseCases(database_url).report()


def test_the_owner_of_the_database_needs_no_superuser_once_the_role_is_there(
    postgres: Server, database_url: str, made: list[str]
) -> None:
    made += ["gk_clerk", "gk_owner"]
    with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE gk_owner LOGIN")
        connection.execute("CREATE ROLE gk_clerk LOGIN")
        connection.execute(f'ALTER DATABASE "{make_url(database_url).database}" OWNER TO gk_owner'.encode())
    assert not grant(as_role(database_url, "gk_owner").render_as_string(), "gk_clerk", made)
    assert rights(database_url, "gk_clerk")["events"] == {"SELECT", "INSERT"}


def test_a_file_has_no_roles(tmp_path: Path) -> None:
    with pytest.raises(RolesOnServersOnly, match="is a file: it has no roles"):
        World(tmp_path / "gk.db").init().gk().__enter__().init(role="gk_clerk")
    with pytest.raises(RolesOnServersOnly):
        UseCases(f"sqlite:///{tmp_path}/new.db").init(role="gk_clerk")


def test_the_command_says_what_became_of_the_role(database_url: str, made: list[str], tmp_path: Path) -> None:
    made.append("gk_clerk")
    gk = Gk(tmp_path, database_url)
    ran = gk("init", "--role", "gk_clerk")
    assert (ran.status, ran.err) == (0, "")
    assert "The role gk_clerk is made, without a password" in " ".join(ran.out.split())
    again = gk("init", "--role", "gk_clerk", "--json")
    assert again.json == {"created": False, "version": 2, "role": "gk_clerk", "role_created": False}
    assert "has the rights it needs, and no others" in " ".join(gk("init", "--role", "gk_clerk").out.split())
    for name in ("public", "x" * 64):
        assert gk("init", "--role", name).status == 1
    assert gk("init", "--role", "postgres").status == 1
    ran = Gk(tmp_path)("init", "--role", "gk_clerk")
    assert (ran.status, ran.out) == (1, "")


def test_every_table_is_thought_of() -> None:
    assert set(roles._RIGHTS) == {"meta", "events", "turn"}
