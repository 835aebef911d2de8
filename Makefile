# make demo: set up, build, make a class, grade it.   make test: the tests.   make check: lint and types.
# make labs: run the labs top to bottom (minutes).    make audit: measure the hidden checks (minutes).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test check labs audit setup clean

setup: $(STAMP)

$(STAMP): requirements.txt pyproject.toml
	@echo "== virtual environment in $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "== install (torch is large: a minute or more)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]' 2>build.pip.log || (cat build.pip.log; rm -f build.pip.log; exit 1)
	@rm -f build.pip.log
	@touch $(STAMP)

demo: setup
	@$(BIN)/autograder demo --out build/demo

test: setup
	@$(BIN)/python -m pytest -q

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

labs: setup
	@$(BIN)/python scripts/run_lab.py vae lab build/labs

audit: setup
	@$(BIN)/autograder audit --mutants

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache
