"""What the contract's tests drive: the command `gk` as a script would, in this process or as a process of its own."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from cli.main import run

Fact = dict[str, Any]
ROOT: Final = Path(__file__).resolve().parents[2]
SCRIPT: Final = str(Path(sys.executable).with_name("gk"))
_numbers: Final = itertools.count(1)

Where = tuple[str, str]
HEBEI: Final = ("hebei-stats-2018", "省统计局")
DOCS: Final = ("hunan-docs-departments-2017", "省直部门X")
CITIES: Final = ("hunan-cities-2017", "市州A")
COUNTIES: Final = ("sanmenxia-counties-2017", "县A")
LUANCHENG: Final = ("luancheng-2020", "栾城镇")
BEILUN: Final = ("beilun-2019", "财政局")
"""A scheme each, with a unit that it assesses."""


@dataclass(frozen=True)
class Result:
    """What a run of the command came to."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the command answers
        """The answer, which has to be JSON and nothing else on stdout."""
        return json.loads(self.out)

    @property
    def sentence(self) -> str:
        """What was said on stderr, in one line."""
        return " ".join(self.err.split())


def moment(text: str) -> str:
    """An instant for --now or recorded_at; a bare day means its evening."""
    return text if "T" in text else f"{text}T18:00:00+08:00"


@dataclass
class Gk:
    """The command on one store. Words are English unless asked for otherwise."""

    folder: Path
    store: str = ""
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Name the store that lies in the folder."""
        self.store = self.store or f"sqlite:///{self.folder / 'store.db'}"

    @property
    def file(self) -> Path:
        """The store's file."""
        return Path(self.store.removeprefix("sqlite:///"))

    def arguments(self, args: Iterable[object], *, now: str | None, lang: str | None) -> list[str]:
        """The words of the command line."""
        before = ["--store", self.store] if self.store else []
        before += ["--now", moment(now)] if now is not None else []
        before += ["--lang", lang] if lang is not None else []
        return [*before, *map(str, args)]

    def __call__(
        self, *args: object, stdin: str | bytes | None = None, now: str | None = None, lang: str | None = "en"
    ) -> Result:
        """Run the command in this process."""
        fed = stdin.encode() if isinstance(stdin, str) else stdin or b""
        streams = [io.TextIOWrapper(io.BytesIO(start), encoding="utf-8") for start in (fed, b"", b"")]
        names = ("sys.stdin", "sys.stdout", "sys.stderr")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("GK_", "LC_", "LANG"))}
        with (
            patch.dict(os.environ, {**kept, **self.env}, clear=True),
            patch(names[0], streams[0]),
            patch(names[1], streams[1]),
            patch(names[2], streams[2]),
        ):
            status = run(*self.arguments(args, now=now, lang=lang))
        said = []
        for stream in streams[1:]:
            stream.flush()
            said.append(stream.buffer.getvalue().decode())
        return Result(status, *said)

    def process(
        self, *args: object, stdin: bytes | None = None, now: str | None = None, lang: str | None = "en"
    ) -> Result:
        """Run the installed script as a process of its own."""
        words = [SCRIPT, *self.arguments(args, now=now, lang=lang)]
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GK_")}
        ran = subprocess.run(
            words, input=stdin or b"", capture_output=True, check=False, cwd=self.folder, env={**kept, **self.env}
        )
        return Result(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    def stored(self) -> int:
        """How many events lie in the store's table, asked of the database itself."""
        with closing(sqlite3.connect(self.file)) as store:
            return int(store.execute("SELECT count(*) FROM events").fetchone()[0])

    def events(self) -> int:
        """How many events the store holds; it has to be sound."""
        verified = self("verify", "--json")
        assert (verified.status, verified.json["faults"]) == (0, []), verified
        return int(verified.json["events"])


def fact(kind: str, unit: str, on: str, item: str | None = None, /, **fields: Any) -> Fact:  # noqa: ANN401
    """A fact as JSON Lines have it, under a number of its own; `on` is a day or an instant."""
    when = {"effective_at" if "T" in on else "effective_on": on}
    named = {"item": item} if item is not None else {}
    return {"ref": f"f{next(_numbers)}", "type": kind, "unit": unit, **when, **named, **fields}


def day(where: Where, number: int = 1) -> str:
    """A day of March of a scheme's year."""
    return f"{where[0][-4:]}-03-{number:02}"


def lines(facts: Iterable[Mapping[str, Any]]) -> str:
    """Facts as JSON Lines."""
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in facts)


@dataclass
class Office:
    """One adopted scheme-year in a store with a simulated clock."""

    gk: Gk
    scheme: str
    year: int

    @property
    def named(self) -> tuple[str, ...]:
        """The options that name the scheme-year."""
        return ("--scheme", self.scheme, "--year", str(self.year))

    @property
    def evening(self) -> str:
        """The last evening of the year, when facts are recorded unless something else is said."""
        return f"{self.year}-12-31"

    def log(self, *facts: Mapping[str, Any], now: str | None = None, options: tuple[str, ...] = ()) -> Result:
        """Log facts as JSON Lines from stdin."""
        words = ("log", "-", *self.named, "--json", *options)
        return self.gk(*words, stdin=lines(facts), now=now or self.evening)

    def take(self, *facts: Mapping[str, Any], now: str | None = None) -> list[int]:
        """Log facts that are good; their positions."""
        logged = self.log(*facts, now=now)
        assert logged.status == 0, logged.out + logged.err
        return [row["position"] for row in logged.json["recorded"]]

    def refuse_all(self, *facts: Mapping[str, Any], now: str | None = None) -> list[dict[str, Any]]:
        """Log facts of which each has to be refused; what is said of them. Nothing may have been stored."""
        before = self.gk.stored()
        logged = self.log(*facts, now=now)
        assert logged.status == 1, f"not refused: {logged.out}"
        answer = logged.json
        assert answer["recorded"] == []
        assert [row["row"] for row in answer["refused"]] == list(range(1, len(facts) + 1)), answer
        assert self.gk.events() == before
        rows: list[dict[str, Any]] = answer["refused"]
        for row in rows:
            assert set(row) == {"row", "ref", "code", "message"}
            assert row["code"], row
            assert len(row["message"]) > len(row["code"]), row
        return rows

    def refuse(self, told: Mapping[str, Any], now: str | None = None) -> dict[str, Any]:
        """Log a fact that has to be refused; what is said of it."""
        (row,) = self.refuse_all(told, now=now)
        return row

    def ask(self, command: str, *args: object) -> Any:  # noqa: ANN401 - a JSON answer
        """A reading command's answer."""
        asked = self.gk(command, *args, *self.named, "--json")
        assert asked.status == 0, asked
        return asked.json

    def score(self, unit: str, *args: object) -> dict[str, Any]:
        """A unit's score."""
        found: dict[str, Any] = self.ask("score", unit, *args)
        return found

    def item(self, unit: str, code: str, *args: object) -> dict[str, Any]:
        """One item of a unit's score."""
        found: dict[str, Any] = self.score(unit, *args)["items"][code]
        return found

    def deadline(self, unit: str, key: str, *args: object) -> dict[str, Any]:
        """One limit of a unit's score."""
        found: dict[str, Any] = self.score(unit, *args)["deadlines"][key]
        return found

    def scan(self, as_of: str, now: str | None = None) -> list[dict[str, Any]]:
        """What a scan by the end of a day records, on that evening unless something else is said."""
        scanned = self.gk("deadlines", "scan", "--as-of", as_of, "--json", now=now or as_of)
        assert scanned.status == 0, scanned
        missed: list[dict[str, Any]] = scanned.json["missed"]
        return missed

    def settle(self, *units: str, leave: tuple[str, ...] = (), now: str | None = None) -> None:
        """Give every open item of some units its full marks, but for those to leave open."""
        marks = [
            fact("grade", unit, f"{self.year}-01-01", code, points=item["max"])
            for unit in units
            for code, item in self.score(unit)["items"].items()
            if item["state"] == "open" and code not in leave
        ]
        self.take(*marks, now=now)


class Offices:
    """Makes offices; what is adopted alike is adopted once and copied, for reading a scheme takes its time."""

    def __init__(self, folder: Path) -> None:
        """Keep the patterns in a folder."""
        self.folder = folder
        self.patterns: dict[tuple[object, ...], Path] = {}

    def make(self, gk: Gk, scheme: str, year: int, units: tuple[str, ...], overlay: str) -> Office:
        """An office on a store of its own, adopted on New Year's morning."""
        key = (scheme, year, units, overlay)
        if key not in self.patterns:
            self.patterns[key] = self._adopt(Gk(self.folder, f"sqlite:///{self.folder}/{len(self.patterns)}.db"), key)
        with closing(sqlite3.connect(self.patterns[key])) as pattern, closing(sqlite3.connect(gk.file)) as copy:
            pattern.backup(copy)
        return Office(gk, scheme, year)

    def _adopt(self, gk: Gk, key: tuple[object, ...]) -> Path:
        scheme, year, units, overlay = key
        assert isinstance(units, tuple)
        named = [word for unit in units for word in ("--unit", unit)]
        if overlay:
            decided = self.folder / f"overlay-{len(self.patterns)}.json"
            decided.write_text(str(overlay), encoding="utf-8")
            named += ["--overlay", str(decided)]
        assert gk("init", "--simulated-clock").status == 0
        adopted = gk("scheme", "adopt", scheme, "--year", year, *named, now=f"{year}-01-01T07:00:00+08:00")
        assert adopted.status == 0, adopted
        return gk.file


def today() -> dt.date:
    """The day it is in Beijing."""
    return dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()


WEIGHTED: Final = tuple(f"SC{number:02}" for number in range(1, 73) if number not in (15, 29))
"""The items of sanmenxia-counties-2017 that take points."""


def weights(prices: Mapping[str, str] | None = None, **points: str) -> dict[str, Any]:
    """An overlay for the counties' scheme: a point for each item but those named; SC72 gets what is left of 100."""
    given = {code: points.get(code, "1") for code in WEIGHTED}
    given["SC72"] = str(100 - sum(int(mark) for code, mark in given.items() if code != "SC72"))
    rules = ("SC-P1", "SC-P2", "SC-P3", "SC-M1", "SC-M2", "SC-M3", "SC-M4")
    return {
        "status": "invented for tests",
        "source": "tests",
        "decided_on": "2017-01-01",
        "points": given,
        "adjustments": {rule: (prices or {}).get(rule, "1") for rule in rules},
    }
