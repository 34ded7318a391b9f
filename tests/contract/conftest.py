"""A fresh store for every test."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.contract.answers import desk
from tests.contract.office import Gk, Office, Offices

__all__ = ["desk"]


@pytest.fixture
def gk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gk:
    """The command on a store that is not there yet, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return Gk(tmp_path)


@pytest.fixture(scope="session")
def offices(tmp_path_factory: pytest.TempPathFactory) -> Offices:
    """What makes offices."""
    return Offices(tmp_path_factory.mktemp("offices"))


@pytest.fixture
def office(gk: Gk, offices: Offices) -> Callable[..., Office]:
    """Make an office: a scheme adopted for its year (or another), for some units, with or without an overlay."""

    def make(scheme: str, *units: str, year: int = 0, overlay: Mapping[str, Any] | None = None) -> Office:
        decided = json.dumps(overlay, ensure_ascii=False) if overlay is not None else ""
        return offices.make(gk, scheme, year or int(scheme[-4:]), units, decided)

    return make
