"""Charts as pictures of dots, for what cannot show SVG (the DOCX of an office's program).

Drawn by the same program as the PDF, with the same two typefaces: the same drawing gives the same bytes anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from gkevents.paper.fonts import fonts, printable

PAGES: Final = b"""#set page(width: auto, height: auto, margin: 0pt)
#let count = int(sys.inputs.count)
#for n in range(count) {
  if n > 0 { pagebreak() }
  image(bytes(sys.inputs.at(str(n))), format: "svg")
}
"""
"""A page for each drawing, as large as the drawing."""


def png(svg: str, *, ppi: int) -> bytes:
    """A drawing as PNG, so many dots an inch."""
    return pngs([svg], ppi=ppi)[0]


def pngs(drawings: Sequence[str], *, ppi: int) -> list[bytes]:
    """Drawings as PNG, each for itself; together, because starting takes longer than drawing."""
    if not drawings:
        return []
    import typst  # noqa: PLC0415 - slow to import, and not every paper has a chart

    inputs = {str(n): str(printable(one)) for n, one in enumerate(drawings)} | {"count": str(len(drawings))}
    made: Any = typst.compile(
        PAGES, format="png", ppi=float(ppi), font_paths=fonts(), ignore_system_fonts=True, sys_inputs=inputs
    )
    return [made] if isinstance(made, bytes) else list(made)
