"""What was decided on and is not stored yet: the portions of a large input, in a temporary file.

Of each portion lie there its events, and what else it takes to decide on its rows again. In memory stays in which
portion each ref is, what became of the rows, and why rows were refused.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from gkevents.aggregates.facts import Body, as_written
from gkevents.app.recording import RefusedRow, Session, Told
from gkevents.calendar import Notice
from gkevents.store.log import stamp
from gkevents.store.placing import of_file

_IN_MEMORY: Final = 64_000_000
"""So many bytes are kept before a file is made of them."""

Outcome = int | RefusedRow | None
"""What became of a row: the position it is recorded at, why it is refused, None where it is already recorded."""


class Became(NamedTuple):
    """What became of the rows of a portion."""

    recorded: list[tuple[str, int]]
    already: list[str]
    refused: list[RefusedRow]


def became(told: Sequence[Told | RefusedRow], outcomes: Sequence[Outcome]) -> Became:
    """What became of some rows."""
    pairs = list(zip(told, outcomes, strict=True))
    recorded = [(each.ref or "", outcome) for each, outcome in pairs if type(outcome) is int]
    if len(recorded) == len(pairs):
        return Became(recorded, [], [])
    already = [each.ref or "" for each, outcome in pairs if outcome is None]
    return Became(recorded, already, [outcome for outcome in outcomes if isinstance(outcome, RefusedRow)])


class Drafted(NamedTuple):
    """An event decided on; `recorded_at` as the log writes it, where the clock is not a real one."""

    stream: str
    name: str
    body: Body
    recorded_at: str
    ref: str | None


class _Other(NamedTuple):
    """A row whose event, if it has one, does not say all that was written: its place in the portion, and what was.

    `body` is the canonical body; None where the row is refused for what it says by itself.
    """

    place: int
    ref: str
    body: Body | None
    recorded: bool


class _Draft(NamedTuple):
    """A portion as it was decided: its events in order, the numbers of its rows, and the rows that need more said."""

    events: list[Drafted]
    numbers: list[int]
    others: list[_Other]


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(_Draft)


class Drafts:
    """The portions in order.

    `head`: the digest of the newest event by which they were decided; `versions`: those of the streams then; `waiting`:
    the calendar notices that were to come.
    """

    def __init__(self) -> None:
        """Nothing has been decided."""
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - closed in `close`
        self._ends = [0]
        self._portion_of: dict[str, int] = {}
        self._faults: list[list[RefusedRow]] = []
        self.became: list[Became] = []
        self.head = ""
        self.versions: dict[str, int] = {}
        self.waiting: Sequence[Notice] = ()
        self._at_hand: tuple[int, Mapping[str, tuple[str, Body]]] = (-1, {})

    def __len__(self) -> int:
        """How many portions there are."""
        return len(self.became)

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def put(self, told: Sequence[Told | RefusedRow], outcomes: Sequence[Outcome], session: Session) -> None:
        """Keep a portion of rows, what became of them, and the events that the session holds."""
        events = [
            Drafted(stream, name, body, stamp(recorded_at), ref)
            for stream, name, body, recorded_at, ref in session.hand_over()
        ]
        others = [
            _other(place, each, recorded=isinstance(outcome, int))
            for place, (each, outcome) in enumerate(zip(told, outcomes, strict=True))
            if type(outcome) is not int or type(each) is not Told or _says_more(each)
        ]
        with of_file(tempfile.gettempdir()):
            self._file.seek(self._ends[-1])
            self._file.write(_ENCODER.encode(_Draft(events, [each.row for each in told], others)))
            self._ends.append(self._file.tell())
        self._portion_of.update((event.ref, len(self)) for event in events if event.ref is not None)
        self._faults.append([each for each in told if isinstance(each, RefusedRow)])
        self.became.append(became(told, outcomes))

    def events(self, number: int) -> list[Drafted]:
        """The events of a portion."""
        return self._get(number).events

    def told(self, number: int) -> list[Told | RefusedRow]:
        """The rows of a portion as they were read."""
        draft, faults = self._get(number), iter(self._faults[number])
        others = {other.place: other for other in draft.others}
        recorded = (event for event in draft.events if event.ref is not None)
        return [
            _told(row, recorded) if place not in others else _again(row, others[place], recorded, faults)
            for place, row in enumerate(draft.numbers)
        ]

    def under(self, refs: Iterable[str]) -> Mapping[str, tuple[str, Body]]:
        """The stream and body of what was decided on under some refs."""
        wanted: dict[int, set[str]] = defaultdict(set)
        for ref in refs:
            if ref in self._portion_of:
                wanted[self._portion_of[ref]].add(ref)
        found = {number: self._by_ref(number) for number in wanted}
        return {ref: found[number][ref] for number, among in wanted.items() for ref in among}

    def _by_ref(self, number: int) -> Mapping[str, tuple[str, Body]]:
        """What a portion has under each ref; the last one looked into stays at hand, to be asked again and again."""
        if self._at_hand[0] != number:
            refs = {event.ref: (event.stream, event.body) for event in self.events(number) if event.ref is not None}
            self._at_hand = (number, refs)
        return self._at_hand[1]

    def _get(self, number: int) -> _Draft:
        self._file.seek(self._ends[number])
        return _DECODER.decode(self._file.read(self._ends[number + 1] - self._ends[number]))


def _says_more(told: Told) -> bool:
    """Whether something was written that the event does not say."""
    return told.ref != told.body["ref"] or "recorded_at" in told.body


def _other(place: int, told: Told | RefusedRow, *, recorded: bool) -> _Other:
    return _Other(place, told.ref or "", told.body if isinstance(told, Told) else None, recorded)


def _told(row: int, recorded: Iterator[Drafted]) -> Told:
    """A row as its event says it, without what the store added."""
    body = as_written(next(recorded).body)
    return Told(row, body["ref"], body)


def _again(row: int, other: _Other, recorded: Iterator[Drafted], faults: Iterator[RefusedRow]) -> Told | RefusedRow:
    if other.body is None:
        return next(faults)
    if other.recorded:
        next(recorded)
    return Told(row, other.ref, other.body)
