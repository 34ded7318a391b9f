"""The wheel alone is enough: installed into an empty environment, away from the checkout, `gk` does its main job.

Nothing is fetched: the libraries come from the wheels that `make venv` keeps beside the environment it made.
"""

import os
import subprocess
import sys
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEPT_WHEELS = Path(sys.prefix) / "wheels"

pytestmark = pytest.mark.xdist_group("wheel")  # built and installed once, by one process


def run(*command: str | Path, cwd: Path) -> str:
    """What the command prints; fails with all it said if it ends with another status than 0."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GK_", "COV_"))}
    done = subprocess.run(
        command, cwd=cwd, env={**clean, "PYTHONUTF8": "1"}, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout with the pinned builder."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, cwd=ROOT)
    (built,) = folder.glob("gkevents-*.whl")
    return built


@pytest.fixture(scope="module")
def gk(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command `gk` of an environment that holds the wheel, its libraries, and nothing of the checkout."""
    if not KEPT_WHEELS.is_dir():
        pytest.fail("the libraries' wheels are kept by `make venv`: run the tests with `make test`")
    home = tmp_path_factory.mktemp("elsewhere") / "env"
    venv.create(home, with_pip=False)
    run(
        *(sys.executable, "-m", "pip", "--python", home / "bin" / "python", "install", "--quiet", "--no-compile"),
        *("--no-index", "--find-links", KEPT_WHEELS, wheel),
        cwd=home,
    )
    return home / "bin" / "gk"


def test_the_wheel_brings_every_scheme_and_calendar(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    published = {
        path.relative_to(ROOT / "schemes").as_posix()
        for path in (ROOT / "schemes").rglob("*")
        if path.suffix in (".yaml", ".csv")
    }
    assert published
    assert {f"gkevents/_published/{name}" for name in published} <= set(names)


def test_the_wheel_brings_the_compiled_words_and_the_licence(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    words = {path.relative_to(ROOT).as_posix() for path in (ROOT / "gkevents" / "locale").rglob("*.mo")}
    assert words
    assert words <= set(names)
    assert [name for name in names if name.endswith("licenses/LICENSE")]


def test_the_wheel_brings_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"gkevents", "cli"}


def test_the_installed_command_says_the_projects_version(gk: Path, tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    said = run(
        gk.with_name("python"), "-c", "from importlib.metadata import version as v; print(v('gkevents'))", cwd=tmp_path
    )
    assert said.strip() == project["version"]


def test_the_installed_command_lists_every_scheme(gk: Path, tmp_path: Path) -> None:
    said = run(gk, "scheme", "list", cwd=tmp_path)
    schemes = [path.stem for path in (ROOT / "schemes").glob("*.yaml") if "." not in path.stem]
    assert [name for name in schemes if name not in said] == []


def test_the_installed_command_runs_the_demo(gk: Path, tmp_path: Path) -> None:
    assert run(gk, "demo", tmp_path / "demo", cwd=tmp_path)
