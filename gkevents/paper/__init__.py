"""How a paper looks: each format is a function of the content alone, and gives the same bytes every time."""

from __future__ import annotations
