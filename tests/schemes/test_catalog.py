"""What comes with the program: nine schemes and the calendar notices, found without reading more than is asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

from gkevents.schemes import catalog


def test_the_published_schemes_stand_in_the_order_of_the_documents() -> None:
    assert catalog.published() == list(catalog.ORDER)


def test_a_text_is_given_by_its_id_only() -> None:
    assert catalog.text_of("luancheng-2020").splitlines()[1] == "scheme: luancheng-2020"
    for name in ("luancheng-2021", "../pyproject", "calendars/2020", ""):
        with pytest.raises(LookupError):
            catalog.text_of(name)


def test_files_of_an_installed_copy_go_before_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "gkevents"
    (package / "schemes").mkdir(parents=True)
    monkeypatch.setattr(catalog, "__file__", str(package / "schemes" / "catalog.py"))
    assert catalog.folder() == tmp_path / "schemes"
    (package / "_published").mkdir()
    (package / "_published" / "an-own-one.yaml").touch()
    (package / "_published" / "beilun-2019.yaml").touch()
    assert catalog.folder() == package / "_published"
    assert catalog.published() == ["beilun-2019", "an-own-one"]


def test_notices_come_in_the_order_in_which_they_were_issued() -> None:
    notices = catalog.calendar_notices()
    assert [notice.issued_on for notice in notices] == sorted(notice.issued_on for notice in notices)
    assert {notice.year for notice in notices} >= set(range(2017, 2027))
    assert [notice.year for notice in notices if notice.amends] == [2019, 2020]


@pytest.mark.parametrize(
    "text", ["", "- a\n", "notices: x\n", "notices: [\n", "notices: [x]\n", "notices: []\nnotices: []\n"]
)
def test_a_calendar_file_that_is_none_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "2031.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"2031\.yaml"):
        catalog.notices_of(path)


def test_neither_the_model_nor_the_catalog_brings_yaml_or_the_validator() -> None:
    code = (
        "import sys, gkevents.schemes.model, gkevents.schemes.catalog as catalog; catalog.text_of('beilun-2019'); "
        "print(sorted({'yaml', 'pydantic', 'pydantic_core'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
