"""A real store in a temporary folder, with a few words to ask it: what most tests of the outer rooms begin with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from gkevents.app import Gk
from gkevents.app.asking import Question, Standing, standing
from gkevents.app.recording import Logged
from gkevents.exchange import Row
from gkevents.scoring.score import Score
from gkevents.store import tables
from gkevents.store.reading import Reader
from gkevents.terms import instant
from gkevents.words import say

SCHEME: Final = "luancheng-2020"
TOWN: Final = "栾城镇"
BUREAU: Final = "区气象局"
TRIGGERS: Final = ("events_never_update", "events_never_delete", "events_never_replace")


class World:
    """One store by its file or URL; every question opens it anew, as the command does."""

    def __init__(self, where: Path | str, *, query: str = "") -> None:
        """Know the file, or the URL on either database; `query` goes behind it."""
        self.url = f"{where}{query}" if isinstance(where, str) else f"sqlite:///{where}{query}"
        self.path = Path(self.url.partition("sqlite:///")[2].partition("?")[0])
        self.shared = self.url.startswith("postgresql")

    @contextmanager
    def gk(self, now: str | None = None) -> Iterator[Gk]:
        """The use cases, told the time if given, their connections given back at the end."""
        gk = Gk(self.url, now=instant(now) if now else None)
        try:
            yield gk
        finally:
            gk.store.close()

    def init(self, *, simulated: bool = True) -> World:
        """Make the store."""
        with self.gk() as gk:
            gk.init(simulated_clock=simulated)
        return self

    def adopt(self, scheme: str | Path = SCHEME, *, year: int = 2020, now: str | None = None, **given: Any) -> Any:  # noqa: ANN401
        """Adopt a scheme; in a simulated store in the first hour of its year, if nothing else is said."""
        with self.gk(now) as gk:
            return gk.adopt(str(scheme), year=year, **given)

    def try_log(self, *facts: dict[str, Any], scheme: str = SCHEME, year: int = 2020, **how: Any) -> Logged:  # noqa: ANN401
        """Log facts."""
        now = how.pop("now", None)
        with self.gk(now) as gk:
            return gk.log_facts(rows(*facts), scheme=scheme, year=year, **how)

    def log(self, *facts: dict[str, Any], **how: Any) -> list[int]:  # noqa: ANN401
        """Log facts that are all good; their positions."""
        logged = self.try_log(*facts, **how)
        assert [say(refused.message, "en") for refused in logged.refused] == []
        return [position for _, position in logged.recorded]

    def standing(
        self,
        *,
        scheme: str = SCHEME,
        year: int = 2020,
        unit: str | None = None,
        **asked: Any,  # noqa: ANN401
    ) -> Standing[Score]:
        """Scores by a replay of the log, with all that they were worked out from."""
        with self.gk() as gk, gk.store.reading() as connection:
            found = standing(Reader(connection, gk.store.name), Question(scheme, year, **asked), unit)
            return found._replace(simulated=gk.store.settings(connection)["clock"] == "simulated")

    def score(self, unit: str, **asked: Any) -> Score:  # noqa: ANN401
        """One unit's score."""
        return self.standing(unit=unit, **asked).scores[unit]

    def faults(self) -> list[tuple[int | None, str]]:
        """What verify finds."""
        with self.gk() as gk:
            return [(position, say(what, "en")) for position, what in gk.verify().faults]

    def sql(self, *statements: str, guarded: bool = False) -> None:
        """Go at the database by SQL, the triggers away for the while unless `guarded`."""
        with self._connected() as connection:
            if not guarded:
                for statement in self._without_guards():
                    connection.exec_driver_sql(statement)
            for statement in statements:
                connection.exec_driver_sql(statement)
            if not guarded:
                for statement in tables.POSTGRESQL_TRIGGERS if self.shared else tables.TRIGGERS:
                    connection.exec_driver_sql(statement)

    def _without_guards(self) -> list[str]:
        on = " ON events" if self.shared else ""
        names = tables.GUARDS["postgresql" if self.shared else "sqlite"]
        return [f"DROP TRIGGER IF EXISTS {name}{on}" for name in names]

    def rows(self, statement: str) -> list[Any]:
        """What a query gives, each row a tuple."""
        with self._connected() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement)]

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        engine = create_engine(self.url.partition("?")[0], poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection
        engine.dispose()

    def count(self) -> int:
        """How many events there are."""
        return int(self.rows("SELECT count(*) FROM events")[0][0])


def rows(*facts: dict[str, Any]) -> list[Row]:
    """Rows of an input, numbered from 1."""
    return [Row(number, fact, None) for number, fact in enumerate(facts, 1)]


def fact(ref: str, kind: str, on: str, item: str | None = None, /, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """A fact of the bureau unless said otherwise, dated on a day or at an instant."""
    when = "effective_at" if "T" in on else "effective_on"
    named = {} if item is None else {"item": item}
    return {"ref": ref, "type": kind, "unit": BUREAU, when: on} | named | fields


def grade(ref: str, on: str, item: str, points: str, **fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """An assessor's mark."""
    return fact(ref, "grade", on, item, points=points, **fields)


def day(text: str) -> dt.date:
    """A day."""
    return dt.date.fromisoformat(text)
