"""Why a broker cannot be used, one class each, with the sentence that says what to do."""

from __future__ import annotations

from typing import ClassVar

from gkevents.words import N_, Message, message


class BrokerTrouble(Exception):
    """The broker cannot be used. `message` says which, why, and that nothing else depends on it."""

    code: ClassVar[str] = "broker"
    template: ClassVar[str] = ""

    def __init__(self, broker: str = "", detail: str = "") -> None:
        """Name the broker, its URL without a password; `detail`: what the system or the server said."""
        super().__init__(f"{broker}: {detail}")
        self.message: Message = message(self.template, broker=broker, detail=detail)


class NoBroker(BrokerTrouble):
    """Nobody said which broker."""

    code = "no-broker"
    template = N_(
        "Say which broker: --broker redis://HOST:PORT/NUMBER or GK_BROKER. Without one everything else works, and "
        "gk work --once does what workers would."
    )


class BrokerUrl(BrokerTrouble):
    """The URL is none that a broker can have."""

    code = "broker-url"
    template = N_(
        "{broker} is no broker's URL. One is given as redis://HOST:PORT/NUMBER, rediss://HOST:PORT/NUMBER or "
        "unix:///PATH?db=NUMBER."
    )


class BrokerGone(BrokerTrouble):
    """Nobody answers, or not what we ask."""

    code = "broker-gone"
    template = N_(
        "The broker {broker} cannot be used: {detail}. Check --broker or GK_BROKER, and whether it runs. Facts are "
        "stored without it, and gk work --once does what workers would."
    )


class BrokerRefuses(BrokerTrouble):
    """Somebody answers, but will never let us in as we come: asking again is of no use."""

    code = "broker-refuses"
    template = N_(
        "The broker {broker} answers, but refuses us: {detail}. Check --broker or GK_BROKER: the number of the "
        "database, user and password. Facts are stored without it, and gk work --once does what workers would."
    )


class OtherStore(BrokerTrouble):
    """Workers of another store have this broker: they would take our hints, and we theirs."""

    code = "other-store"
    template = N_(
        "The broker {broker} serves another store at the moment. Check --store and --broker (GK_STORE, GK_BROKER): "
        "each store has a number of its own, such as redis://HOST:PORT/1. Where that store is no more, wait a minute."
    )


class NoWorker(BrokerTrouble):
    """The broker is there, but nobody who would do what is sent."""

    code = "no-worker"
    template = N_("No worker listens at {broker}. Start one with gk worker, or do it here, without --workers.")
