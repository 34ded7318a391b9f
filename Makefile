# Every target makes what it needs first. Nothing here wants root, a server, or anything but Python 3.11 and make.
# Another Python: make test PYTHON=python3.12     Another number of test processes: make test JOBS=4

PYTHON ?= python3
JOBS ?= 2

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
LOCK := .ci/requirements.lock
WHEELS := .venv/wheels
LIBRARIES := .venv/.libraries-installed
READY := .venv/.gk-installed

.DEFAULT_GOAL := help
.PHONY: help venv demo test check format soak bench mutation catalogues lock wheel clean

help:  ## shows this list
	@echo "make TARGET, where TARGET is one of:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 14

venv: $(READY)  ## makes .venv and installs what is needed (the other targets do it by themselves)

demo: $(READY)  ## a district's 34 units and a year of sample facts, scored; a bulletin of it in out/
	@$(BIN)/gk demo --out out

test: $(READY)  ## runs the tests; the scoring, scheme and aggregate code must be covered to the last branch
	@echo "Running the tests in $(JOBS) processes ..."
	@rm -f .coverage .coverage.*
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --cov --cov-report= --cov-fail-under=0
	@$(BIN)/coverage report

check: $(READY)  ## format, lint, types, import contracts, and whether the catalogues of words are fresh
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/catalogues.py check

format: $(READY)  ## formats the code and mends what the linter can mend by itself
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

soak: $(READY)  ## the long runs: many random logs a scheme, then the mutation score
	@echo "Running the long tests in $(JOBS) processes; this takes a while ..."
	@$(BIN)/python -m pytest -m soak -n $(JOBS) --dist loadgroup
	@$(MAKE) --no-print-directory mutation

bench: $(READY)  ## measures how long things take, beside references, and writes docs/benchmarks.md
	@figures=$$(mktemp); trap 'rm -f "$$figures"' EXIT; \
	GK_FIGURES=$$figures $(BIN)/python -m pytest -m bench -q -s && $(BIN)/python .ci/benchmarks.py "$$figures"

mutation: $(READY)  ## changes the scoring code in small ways and counts how many the tests notice (at least 90 %)
	@$(BIN)/mutmut run
	@$(BIN)/mutmut export-cicd-stats
	@$(BIN)/python .ci/mutation.py

catalogues: $(READY)  ## brings the catalogues of words up to date with the code, and compiles them
	@$(BIN)/python .ci/catalogues.py update

lock:  ## pins anew the versions of every library, from pyproject.toml
	@echo "Pinning the libraries in $(LOCK) ..."
	@set -eu; tools=$$(mktemp -d); trap 'rm -rf "$$tools"' EXIT; \
	$(PYTHON) -m venv "$$tools"; "$$tools/bin/pip" --disable-pip-version-check --quiet install uv; \
	"$$tools/bin/uv" pip compile --quiet --universal --group dev --generate-hashes --upgrade \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" pyproject.toml --output-file $(LOCK)

wheel: $(READY)  ## builds dist/gkevents-*.whl, schemes and calendars inside
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist

clean:  ## removes everything these targets made, .venv too
	rm -rf .venv dist build mutants out .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find cli gkevents tests .ci -name __pycache__ -type d -prune -exec rm -rf {} +

# The wheels are kept beside the environment: the test that installs ours elsewhere takes them from there, offline.
$(LIBRARIES): $(LOCK)
	@command -v $(PYTHON) >/dev/null || { echo "There is no '$(PYTHON)' here. Install Python 3.11 or later, or name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version.split()[0]; sys.exit(None if sys.version_info >= (3, 11) else f"$(PYTHON) is Python {v}; 3.11 or later is needed. Name one: make PYTHON=/path/to/python3")'
	@echo "Making .venv and installing the libraries of $(LOCK); a minute or two, this once ..."
	@$(PYTHON) -m venv .venv || { echo "Python could not make .venv. On Debian and Ubuntu the package python3-venv is wanted." >&2; exit 1; }
	@rm -rf $(WHEELS)
	@$(PIP) download --require-hashes --requirement $(LOCK) --dest $(WHEELS)
	@$(PIP) install --require-hashes --requirement $(LOCK) --no-index --find-links $(WHEELS)
	@touch $@

$(READY): $(LIBRARIES) pyproject.toml
	@echo "Installing gk from this checkout into .venv ..."
	@$(PIP) install --no-index --no-deps --no-build-isolation --editable .
	@touch $@
