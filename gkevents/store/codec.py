"""Events in eventsourcing's terms: names and versions of our own, bodies as canonical JSON; nothing is pickled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent, Transcoder

from gkevents.store.forms import encode
from gkevents.store.loading import LOADS
from gkevents.upcasts import EVENT_VERSIONS


@dataclass(frozen=True)
class LogEvent:
    """A domain event of any aggregate: its stream, its place in it, its own name with version, its body."""

    originator_id: str
    originator_version: int
    name: str
    body: dict[str, Any]


class LogMapper(Mapper[str]):
    """LogEvent <-> StoredEvent. Unknown names and unreadable bodies are refused, never guessed."""

    def __init__(
        self, *, transcoder: Transcoder | None = None, compressor: object = None, cipher: object = None
    ) -> None:
        """Make a mapper; a `transcoder` is not used. Raises TypeError for a compressor or cipher: bodies are text."""
        if compressor or cipher:
            msg = "the log keeps its bodies as plain text: no compressor and no cipher"
            raise TypeError(msg)
        super().__init__(transcoder=transcoder or JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The row of a domain event. Raises TypeError for anything but a LogEvent with a known name."""
        if not isinstance(domain_event, LogEvent) or domain_event.name not in KNOWN:
            msg = f"not an event of the log: {domain_event!r}"
            raise TypeError(msg)
        state = encode(domain_event.body).encode()
        return StoredEvent(domain_event.originator_id, domain_event.originator_version, domain_event.name, state)

    def to_domain_event(self, stored_event: StoredEvent) -> LogEvent:
        """The domain event of a row, in today's shape. Raises ValueError where its name or its body is not known."""
        name, read, _ = LOADS[stored_event.topic]
        body = read(stored_event.state).plain()
        return LogEvent(str(stored_event.originator_id), stored_event.originator_version, name, body)


KNOWN: Final = frozenset(f"{name}.{version}" for name, version in EVENT_VERSIONS.items())
