"""Many facts at once: decided as a whole first, without holding anybody up, then stored in portions.

The decision is that of any fact (`Session.record`); this is only about when it is made, and what is kept until it is
stored. The first pass decides on a snapshot of the log and keeps what comes of it (`drafts`); where a fact is refused,
and refused ones are not to be skipped, nothing is stored. The second pass appends it, 10,000 rows a transaction. If
anybody has written to the log in between, each portion that is left is decided again behind the lock, as if its rows
had been logged then; while nothing has been stored yet, the whole is decided again on a new snapshot first. A crash
leaves whole portions, and the same command again finds them already recorded.

What grows with the input: in memory a ref and a position for each fact (they are the answer, too), the refusals, and
of each unit-year that it touches the types of its facts and its limits; on the disk the encoded facts. The facts
themselves are never there all at once.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from typing import Final

from gkevents.app.clock import Clock
from gkevents.app.drafts import Became, Drafted, Drafts, Outcome, became
from gkevents.app.recording import Logged, RefusedRow, Row, Session, Told, decide, read
from gkevents.calendar import Notice
from gkevents.store.archive import CALENDAR_STREAM, SchemeYear
from gkevents.store.forms import encode
from gkevents.store.log import learn, stamp, stored_name
from gkevents.store.rows import Written

PORTION: Final = 10_000
"""So many rows are decided and stored together."""
_TRIES: Final = 3
"""So often the whole is decided on a snapshot, before it is left to the portions behind the lock."""


class Bulk:
    """One large input on its way into the log.

    `looking` gives a session on a snapshot, `writing` one behind the write lock, whose events are appended at its end.
    """

    def __init__(
        self,
        looking: Callable[[], AbstractContextManager[Session]],
        writing: Callable[[], AbstractContextManager[Session]],
        *,
        scheme: str,
        year: int,
        skip_refused: bool,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Log to a scheme-year. `progress` hears of each row twice over, so that it is told half of them each time."""
        self._looking, self._writing = looking, writing
        self._of = (scheme, year)
        self._skip_refused = skip_refused
        self._progress = progress or _unheard
        self._done = 0

    def log(self, rows: Iterable[Row], *, dry_run: bool) -> Logged:
        """Decide on every row, then store. Raises NotAdopted or StoreTrouble; what is stored then is whole portions."""
        drafts = self._decided(_read(rows))
        try:
            for _ in range(_TRIES - 1):
                if not self._may_store(drafts) or dry_run or not self._outdated(drafts):
                    break
                drafts, outdated = self._decided(_again(drafts)), drafts
                outdated.close()
            if not self._may_store(drafts) or dry_run:
                return _logged(drafts.became, stored=self._may_store(drafts))
            return self._stored(drafts)
        finally:
            drafts.close()

    def _may_store(self, drafts: Drafts) -> bool:
        return self._skip_refused or not any(each.refused for each in drafts.became)

    def _decided(self, portions: Iterable[list[Told | RefusedRow]]) -> Drafts:
        """The first pass."""
        drafts = Drafts()
        self._done = 0
        with self._looking() as session:
            adopted = session.scheme_year(*self._of)
            session.elsewhere = drafts.under
            drafts.head = session.memory.head.digest
            for told in portions:
                with undisturbed():
                    drafts.put(told, _decide(session, adopted, told), session)
                self._step(len(told))
            learn(session.writing, (CALENDAR_STREAM,), session.memory.versions)
            drafts.versions, drafts.waiting = session.memory.versions, session.waiting
        return drafts

    def _outdated(self, drafts: Drafts) -> bool:
        """Whether others have written since; it may still happen before the lock is taken."""
        with self._looking() as session:
            return session.memory.head.digest != drafts.head

    def _stored(self, drafts: Drafts) -> Logged:
        """The second pass."""
        found: list[Became] = []
        head, again = drafts.head, False
        for number in range(len(drafts)):
            with self._writing() as session:
                again = again or session.memory.head.digest != head or _calendar_moved(session, drafts.waiting)
                if again:
                    found.append(self._decide_again(session, drafts.told(number)))
                else:
                    with undisturbed():
                        events = drafts.events(number)
                        session.store(
                            _written(events, drafts.versions, session.clock), {event.stream for event in events}
                        )
                    found.append(drafts.became[number])
            head = session.memory.head.digest
            if again and found[-1].refused and not self._skip_refused:
                break
            self._step(sum(len(of_a_kind) for of_a_kind in found[-1]))
        return _logged(found, stored=True)

    def _decide_again(self, session: Session, told: Sequence[Told | RefusedRow]) -> Became:
        found = became(told, _decide(session, session.scheme_year(*self._of), told))
        if found.refused and not self._skip_refused:
            session.drop()
            found.recorded.clear()
        return found

    def _step(self, rows: int) -> None:
        self._done += rows
        self._progress(self._done // 2)


def _unheard(_done: int) -> None:
    """Nobody wants to know how far it is."""


def _read(rows: Iterable[Row]) -> Iterator[list[Told | RefusedRow]]:
    coming = iter(rows)
    while True:
        with undisturbed():
            portion = [read(row.number, row.fields or {}, row.fault) for row in islice(coming, PORTION)]
        if not portion:
            return
        yield portion


def _again(drafts: Drafts) -> Iterator[list[Told | RefusedRow]]:
    return (drafts.told(number) for number in range(len(drafts)))


def _decide(session: Session, adopted: SchemeYear, told: Sequence[Told | RefusedRow]) -> list[Outcome]:
    with undisturbed():
        session.prepare(adopted, [each.body for each in told if isinstance(each, Told)])
        return [decide(session, adopted, each) for each in told]


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put the search for garbage off until a portion is done: it would look through all of it again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _calendar_moved(session: Session, waiting: Sequence[Notice]) -> bool:
    """Whether the day has come, since the first pass, of a calendar notice that is adopted with the next fact."""
    return not session.clock.simulated and any(notice.issued_on <= session.clock.now().date() for notice in waiting)


def _written(events: Sequence[Drafted], versions: dict[str, int], clock: Clock) -> Iterator[Written]:
    """Events as they are written; a real clock says when they are stored, not when they were decided on."""
    now = None if clock.simulated else stamp(clock.now())
    for stream, name, body, recorded_at, ref in events:
        version = versions[stream] = versions[stream] + 1
        yield stream, version, stored_name(name), now or recorded_at, ref, encode(body)


def _logged(found: Sequence[Became], *, stored: bool) -> Logged:
    recorded = [pair for each in found for pair in each.recorded] if stored else []
    already = [ref for each in found for ref in each.already]
    refused = [row for each in found for row in each.refused]
    return Logged(recorded, already, refused, stored=bool(recorded))
