"""The names of papers' files, and what is said where some of them cannot be written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gkevents.app.files import FolderUnusable
from gkevents.app.paper_files import FilesLeft, file_name, write_papers
from tests.paper import sample


def content(name: str) -> Any:  # noqa: ANN401 - a content
    return {**sample.content(), "id": name}


@pytest.mark.parametrize("name", ["luancheng-2020-2020-result-栾城镇", "a" * 190, "镇" * 63])
def test_what_every_system_takes_is_called_by_its_id(name: str) -> None:
    assert file_name(name) == name


@pytest.mark.parametrize("name", ["甲/局", "甲:局", "甲\n局", "镇" * 200, "a" * 191, "甲\u200b"])
def test_any_other_name_is_cut_and_ends_in_a_piece_of_its_digest(name: str) -> None:
    made = file_name(name)
    assert len(f"{made}.docx".encode()) <= 200
    assert made.isprintable()
    assert "/" not in made
    assert made == file_name(name, ["others"])


def test_names_that_are_alike_once_they_are_cut_are_told_apart() -> None:
    names = ["甲/局", "甲:局", "甲_局", "镇" * 200, "镇" * 201]
    assert len({file_name(name) for name in names}) == len(names)


def test_names_that_differ_in_their_capitals_only_are_told_apart(tmp_path: Path) -> None:
    files = write_papers(tmp_path, [content("r-A区"), content("r-a区")], ["json"])
    assert len({file.name.casefold() for file in files}) == 2
    assert files[0].name == "r-A区.json"


def test_files_that_are_left_half_way_are_counted(tmp_path: Path) -> None:
    (tmp_path / "b.json").mkdir()
    with pytest.raises(FilesLeft) as caught:
        write_papers(tmp_path, [content("a"), content("b"), content("c")], ["json", "html"])
    assert "2 files had been written before" in str(caught.value)
    assert "b and of whatever follows" in str(caught.value)
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["a.html", "a.json"]
    with pytest.raises(FolderUnusable):
        write_papers(tmp_path, [content("b")], ["json"])
