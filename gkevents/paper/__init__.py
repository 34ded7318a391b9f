"""How a paper looks: each format is a function of the content alone, and gives the same bytes every time.

`charts` (one SVG macro for all of them; `raster` makes pictures of it), `html`, `pdf`, `docx`, `xlsx`; JSON is the
canonical content itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module, metadata
from typing import Final

from gkevents.reports.document import Content, canonical

FORMATS: Final = ("json", "html", "pdf", "docx", "xlsx")
"""The formats of a paper, each also the end of its files' names."""
_LIBRARIES: Final = ("jinja2", "pylopdf-fonts-zh-cn", "python-docx", "typst", "xlsxwriter")


def render(kind: str, content: Content) -> bytes:
    """The file of a content in one of the `FORMATS`."""
    if kind == "json":
        return canonical(content)
    data: bytes = import_module(f"gkevents.paper.{kind}").render(content)
    return data


def made_with() -> Mapping[str, str]:
    """The versions of the libraries that the files are made with: another version may make other bytes."""
    return {name: metadata.version(name) for name in _LIBRARIES}
