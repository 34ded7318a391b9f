"""Every reason not to take a file, and what can be wrong with the place where files are kept."""

# ruff: noqa: D101 - a refusal says itself what it is for: its template is the sentence people read

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import ClassVar, Final

from gkevents.aggregates.refusals import Refusal
from gkevents.store.trouble import StoreTrouble
from gkevents.words import N_, Message, message

_SHOWN_MAX: Final = 200


def shown(name: str | Path) -> str:
    """A name as a sentence may show it: it comes from other people, and may hold what moves a cursor."""
    text = str(name)
    clean = "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(one)[0] == "C" else one for one in text)
    return clean if len(clean) <= _SHOWN_MAX else f"{clean[:_SHOWN_MAX]}…"


class NoSuchFile(Refusal):
    code = "no-such-file"
    template = N_("There is no file {file}; nothing was stored. Check the name and the folder.")


class NotAFile(Refusal):
    code = "not-a-file"
    template = N_("{file} is {what}, not a file; nothing was stored. Name the file itself.")


class FileUnreadable(Refusal):
    code = "file-unreadable"
    template = N_("{file} cannot be read: {why}. Nothing was stored; check its rights, or copy it elsewhere first.")


class FileEmpty(Refusal):
    code = "file-empty"
    template = N_("{file} is empty: there is nothing in it that could show anything. Nothing was stored.")


class FileTooLarge(Refusal):
    code = "file-too-large"
    template = N_(
        "{file} is too large: {size} MB, and evidence may have {most} MB. Nothing was stored; make it smaller, or "
        "allow more with --size-max."
    )


class FileChanging(Refusal):
    code = "file-changing"
    template = N_("{file} was changed while it was read; nothing was stored. Close it elsewhere and add it again.")


class KindNotKept(Refusal):
    code = "kind-not-kept"
    template = N_(
        "{file} is {kind} by its bytes, which is not kept as evidence; nothing was stored. Kept are: {kinds}. Save it "
        "as one of these, such as pdf."
    )


class KindUnknown(Refusal):
    code = "kind-unknown"
    template = N_(
        "{file} is of no kind known here by its bytes; nothing was stored. Kept are: {kinds}. Save it as one of these, "
        "such as pdf."
    )


class NameDisagrees(Refusal):
    code = "name-disagrees"
    template = N_(
        "{file} is called {name}, but is {kind} by its bytes; nothing was stored. See whether it is the right file; if "
        "it is, give it its right name with --name."
    )


class BadName(Refusal):
    code = "bad-name"
    template = N_("{name} cannot be the name of a file: {why}. Nothing was stored; give it another name with --name.")


class NoPlace(Refusal):
    code = "no-evidence-place"
    template = N_(
        "{store} has no folder beside it for evidence: say where it is kept, with --evidence or GK_EVIDENCE, such as "
        "../evidence."
    )


class NothingToShow(Refusal):
    code = "unknown-evidence"
    template = N_("There is no fact {ref} here that evidence could belong to; nothing was stored. {hint}")


class NoEvidence(Refusal):
    code = "no-evidence"
    template = N_("There is no evidence under {what} here. See: gk evidence list")


class SeveralFiles(Refusal):
    code = "several-files"
    template = N_("{ref} has {count} files; name one of them by its own number or digest: {refs}")


class NeedsFsspec(Refusal):
    code = "fsspec-missing"
    template = N_(
        "{place} is not a folder of this machine: reaching it takes the library fsspec, which is not installed here. "
        'Install it with: pip install "gkevents[remote]"'
    )


class PlaceUnknown(Refusal):
    code = "place-unknown"
    template = N_("{place} is no place that evidence can be kept in ({detail}). Check --evidence or GK_EVIDENCE.")


class EvidenceTrouble(StoreTrouble):
    """The place of the evidence cannot be used, or a file in it is not what was put there."""

    code: ClassVar[str] = "evidence"


class NoPlaceThere(EvidenceTrouble):
    """The folder is not there: never made, not mounted, or named wrongly."""

    code = "no-evidence-folder"
    template = N_("There is no folder {store} for evidence. Make it, or check --evidence or GK_EVIDENCE.")


class PlaceIsNoFolder(EvidenceTrouble):
    """Something else lies there."""

    code = "no-evidence-folder"
    template = N_("{store} is not a folder, so no evidence can be kept in it. Check --evidence or GK_EVIDENCE.")


class PlaceTrouble(EvidenceTrouble):
    """What a place elsewhere says when it cannot be used."""

    template = N_("{store} cannot be used for evidence: {detail}. Nothing was recorded; try again in a moment.")


class StoredBadly(EvidenceTrouble):
    """What was written there reads otherwise at once."""

    template = N_("{store} did not keep {detail} as it was written. Nothing was recorded; have the disk looked at.")


class FileMissing(EvidenceTrouble):
    """A file that the log names is not there."""

    code = "evidence-missing"
    template = N_(
        "The file {detail} is not in {store}. Put it back from a copy of that folder, or add the same file again."
    )


class FileChanged(EvidenceTrouble):
    """A file is not what it was when it was attached."""

    code = "evidence-changed"
    template = N_(
        "The file {detail} in {store} is not the one that was attached: its digest is another. Nothing was written; "
        "put it back from a copy of that folder, or add the right file again."
    )


class FileLost(EvidenceTrouble):
    """A file is there and cannot be read."""

    code = "evidence-unreadable"
    template = N_("A file in {store} cannot be read ({detail}). Check the rights of the folder and the disk.")


LINK: Final[Message] = message(N_("a link to another file"))
FOLDER: Final[Message] = message(N_("a folder"))
OTHER: Final[Message] = message(N_("a pipe, a device or the like"))
