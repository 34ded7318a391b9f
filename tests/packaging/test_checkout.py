"""What lies in the repository: only what belongs at the top, and nothing that is true on one machine alone.

Without git (a plain copy of the sources) the files are found by walking, past what .gitignore names.
"""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / ".ci" / "requirements.lock"

TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "README.zh-CN.md",
    "cli",
    "docs",
    "gkevents",
    "pyproject.toml",
    "schemes",
    "tests",
}
MADE_BY_MAKE = {".git", ".venv", "dist", "build", "mutants", "__pycache__"}

# Written so that no pattern matches the line it stands on.
INDEX_HOSTS = re.compile(r"py(?:pi)[.](?:org|io)|pythonhosted[.]|(?:pypi|mirrors?)(?:[.][a-z]+)+[.](?:cn|com|edu|org)")
MACHINE_PATHS = re.compile(r"(?<![\w.}>])/(?:home|root|work|opt|farm|srv|Users)/[\w.]|[A-Z]:\\Users\\|file:/(?=/)")
LOCK_LINE = re.compile(r"[a-z0-9-]+==[\w.!]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|\s*#.*")
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


def tracked() -> list[str]:
    """The files of the repository, as paths from its top."""
    if shutil.which("git") and (ROOT / ".git").exists():
        answer = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
        return [name for name in answer.stdout.split("\0") if name and (ROOT / name).is_file()]
    files = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [str(path) for path in files if MADE_BY_MAKE.isdisjoint(path.parts) and not path.name.startswith(".cov")]


def places(pattern: re.Pattern[str]) -> list[str]:
    """Where the pattern occurs in the text files of the repository, as file:line and the line."""
    found = []
    for name in tracked():
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name}:{n}: {line.strip()}" for n, line in enumerate(text.splitlines(), 1) if pattern.search(line)]
    return found


def test_the_top_level_has_only_what_belongs_there() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("a plain copy of the sources may lie among other things")
    assert {Path(name).parts[0] for name in tracked()} <= TOP_LEVEL


def test_no_file_names_the_host_of_a_package_index() -> None:
    assert places(INDEX_HOSTS) == []


def test_no_file_names_an_absolute_path_of_a_machine() -> None:
    assert places(MACHINE_PATHS) == []


@pytest.mark.parametrize("line", ["see https://pypi" + ".org/simple", "https://pypi" + ".example.edu.cn/web"])
def test_an_index_host_would_be_found(line: str) -> None:
    assert INDEX_HOSTS.search(line)


@pytest.mark.parametrize(
    "line", ['"/ho' + 'me/someone/x"', "in /wo" + "rk/main", "file:/" + "//x", "(/ro" + "ot/.cache)"]
)
def test_a_path_of_a_machine_would_be_found(line: str) -> None:
    assert MACHINE_PATHS.search(line)


def test_the_lock_pins_versions_and_hashes_and_names_nothing_else() -> None:
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not LOCK_LINE.fullmatch(line)] == []


def test_the_lock_satisfies_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    pins = dict(PIN.findall(LOCK.read_text(encoding="utf-8")))
    wanted = [Requirement(text) for text in project["project"]["dependencies"] + project["dependency-groups"]["dev"]]
    missing = [one.name for one in wanted if one.name.lower() not in pins]
    assert missing == []
    assert [str(one) for one in wanted if not one.specifier.contains(pins[one.name.lower()])] == []
