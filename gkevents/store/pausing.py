"""Reading a whole log makes millions of small things, none of which refers back to another.

Looking for rings among them again and again takes longer than making them. So whoever goes through a whole log, part by
part, does that without the search.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collecting() -> Iterator[None]:
    """Leave the search for rings of objects aside until the end of the block, or of the outermost one.

    What is there then counts as old, so that the search does not begin with all of it at once.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.unfreeze()
        gc.enable()
