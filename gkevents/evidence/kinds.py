"""What a file is by its bytes, and which endings of a name agree with that.

A name says nothing: a program called 通知.pdf is a program. Kept is what an office has to show and can still open in
ten years: documents, tables, pictures, a recording, plain text. No archives (nobody sees what is in them), no macros.
"""

from __future__ import annotations

import codecs
import re
import struct
import zipfile
from typing import BinaryIO, Final, NamedTuple

from gkevents.evidence import ole
from gkevents.evidence import refusals as no
from gkevents.words import N_, Message, message


class Kind(NamedTuple):
    """A kind of file: its media type, and the endings that a name of such a file may have."""

    media: str
    endings: tuple[str, ...]

    @property
    def shown(self) -> str:
        """What a sentence calls it."""
        return " / ".join(self.endings)


_OFFICE: Final = "application/vnd.openxmlformats-officedocument"
PDF: Final = Kind("application/pdf", ("pdf",))
PNG: Final = Kind("image/png", ("png",))
JPEG: Final = Kind("image/jpeg", ("jpg", "jpeg"))
GIF: Final = Kind("image/gif", ("gif",))
TIFF: Final = Kind("image/tiff", ("tif", "tiff"))
MP4: Final = Kind("video/mp4", ("mp4",))
DOCX: Final = Kind(f"{_OFFICE}.wordprocessingml.document", ("docx",))
XLSX: Final = Kind(f"{_OFFICE}.spreadsheetml.sheet", ("xlsx",))
OFD: Final = Kind("application/ofd", ("ofd",))
DOC: Final = Kind("application/msword", ("doc", "wps"))
XLS: Final = Kind("application/vnd.ms-excel", ("xls", "et"))
TEXT: Final = Kind("text/plain", ("txt", "csv"))
KINDS: Final = (PDF, OFD, DOCX, XLSX, DOC, XLS, PNG, JPEG, GIF, TIFF, MP4, TEXT)
KEPT: Final = ", ".join(ending for kind in KINDS for ending in kind.endings)
"""Every ending, for sentences."""

_BY_MEDIA: Final = {kind.media: kind for kind in (PDF, PNG, JPEG, GIF, TIFF, MP4)}
_HEAD: Final = 8192
_CHUNK: Final = 1 << 16


def kind_of(file: BinaryIO, *, name: str) -> Kind:
    """The kind of a file, by its bytes. Raises KindNotKept or KindUnknown; `name` is what the sentence calls it."""
    file.seek(0)
    head = file.read(_HEAD)
    guessed: Message | str | None
    if head.startswith(ole.MAGIC):
        kind, guessed = _of_ole(file)
    elif head.startswith(b"PK\x03\x04"):
        kind, guessed = _of_zip(file)
    else:
        media, ending = _guess(head)
        guessed = _called(ending) if ending is not None else None
        kind = _BY_MEDIA.get(media) or (TEXT if _is_text(file) else None)
    if kind is not None:
        return kind
    if guessed is None:
        raise no.KindUnknown(file=no.shown(name), kinds=KEPT)
    raise no.KindNotKept(file=no.shown(name), kind=guessed, kinds=KEPT)


def _guess(head: bytes) -> tuple[str, str | None]:
    """(media type, usual ending) by the signatures that `filetype` knows."""
    import filetype  # noqa: PLC0415 - needed where a file is added, and slow to import

    try:
        found = filetype.guess(head)
    except (IndexError, ValueError, TypeError, struct.error):  # bytes made to look like a beginning
        found = None
    return (found.mime, found.extension) if found is not None else ("", None)


_PROGRAMS: Final = frozenset({"exe", "elf", "wasm", "crx", "deb", "rpm"})
_ARCHIVES: Final = frozenset(
    {"zip", "rar", "7z", "tar", "gz", "bz2", "xz", "zst", "lz", "lz4", "lzo", "Z", "cab", "br"}
)


def _called(ending: str) -> Message | str:
    """What a sentence calls a kind that is not kept, by its usual ending."""
    if ending in _PROGRAMS:
        return message(N_("a program ({ending})"), ending=ending)
    return message(N_("an archive ({ending})"), ending=ending) if ending in _ARCHIVES else ending


def _of_ole(file: BinaryIO) -> tuple[Kind | None, Message]:
    """The kind of a file of the older Office; else what it is instead. Locked documents are packed so too."""
    names = ole.names_at_top(file)
    other = message(N_("of a program whose files are not known here"))
    if "EncryptedPackage" in names:
        return None, message(N_("a document locked with a password"))
    if "WordDocument" in names:
        return DOC, other
    return XLS if names & {"Workbook", "Book"} else None, other


_ZIP_END: Final = b"PK\x05\x06"
_ZIP_TAIL: Final = 65_557
"""The end of an archive and the longest remark behind it."""
_ZIP_LISTED_MAX: Final = 4_000_000
"""A list of contents longer than this is no document's: it is made to take up memory."""
_MAIN_OF: Final = (
    (DOCX, re.compile(r"word/document\d*\.xml")), (XLSX, re.compile(r"xl/workbook\d*\.xml")),
    (OFD, re.compile(r"OFD\.xml")),
)  # fmt: skip


def _of_zip(file: BinaryIO) -> tuple[Kind | None, Message | str]:
    """The kind of a document that is packed as an archive; else what it is instead. Only its list of names is read."""
    names = _zip_names(file)
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None, message(N_("a document with macros"))
    office = "[Content_Types].xml" in names
    for kind, main in _MAIN_OF:
        if (office or kind is OFD) and any(map(main.fullmatch, names)):
            return kind, ""
    return None, _called("zip")


def _zip_names(file: BinaryIO) -> list[str]:
    size = file.seek(0, 2)
    file.seek(max(0, size - _ZIP_TAIL))
    tail = file.read()
    end = tail.rfind(_ZIP_END)
    try:
        (listed,) = struct.unpack_from("<I", tail, end + 12) if end >= 0 else (0,)
        if end < 0 or listed > _ZIP_LISTED_MAX:
            return []
        with zipfile.ZipFile(file) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, OverflowError, OSError):
        return []


_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ufffe\uffff]")
"""What no text has that people write; a line, a tab and a page do no harm."""


def _is_text(file: BinaryIO) -> bool:
    """Whether all bytes are text, in UTF-8 or in the national encoding."""
    return any(_decodes(file, encoding) for encoding in ("utf-8", "gb18030"))


def _decodes(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            if _UNSEEN.search(decoder.decode(chunk)):
                return False
        return not _UNSEEN.search(decoder.decode(b"", final=True))
    except UnicodeDecodeError:
        return False
