# make demo   set up, build, make a class, grade it     make test    the tests
# make check  lint and types                            make labs    run the labs top to bottom
# make audit  measure the hidden checks
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# All that a change of counts: with git what is tracked and what is new, else (an unpacked archive)
# every file but hidden ones and what the commands here make.
MADE := build dist submitted autograded feedback results artifacts __pycache__ '*.egg-info'
FILES := $(wildcard $(shell git ls-files --cached --others --exclude-standard 2>/dev/null))
ifeq ($(FILES),)
FILES := $(shell find * $(foreach name,$(MADE),-name $(name) -prune -o) -name '.?*' -prune -o -type f ! -name '*[ :%$$]*' ! -name 'gradebook.db*' -print)
endif
SHELL := /bin/bash
# Tests that look at the processes, time or memory of the machine run alone. The others run in
# parallel where safe, the longest files first: three at a time on two cores, since a third of their
# time is waiting for processes.
ALONE := tests/hostile tests/sandbox tests/benchmarks tests/grading/test_grade.py \
  tests/grading/test_budget.py
LONGEST := tests/test_labs.py tests/suites tests/class_run tests/test_kernel.py tests/executor
BESIDE := $(LONGEST) $(filter-out $(LONGEST) $(ALONE) tests/grading,$(sort \
  $(patsubst %/,%,$(dir $(wildcard tests/*/test_*.py)))) $(wildcard tests/test_*.py)) \
  $(filter-out $(ALONE),$(wildcard tests/grading/test_*.py))

.PHONY: demo test check labs audit setup clean

setup: $(STAMP)

$(STAMP): requirements.txt assignments/requirements.txt pyproject.toml
	@echo "== virtual environment in $(VENV)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "== install (torch is large: a minute or more)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]' 2>build.pip.log || (cat build.pip.log; rm -f build.pip.log; exit 1)
	@rm -f build.pip.log
	@touch $(STAMP)

# Skipped if no file has changed since; `make -B demo` and `make -B test` run anyway.
demo: setup
	@if $(MAKE) -q build/demo/grades.json 2>/dev/null; then \
	  echo "== nothing has changed since the last demo (to run it anyway: make -B demo)"; \
	  $(BIN)/autograder report build/demo/grades.json; \
	else $(MAKE) --no-print-directory build/demo/grades.json; fi

build/demo/grades.json: $(STAMP) $(FILES)
	@$(BIN)/autograder demo --out build/demo

test: setup
	@if $(MAKE) -q build/tested 2>/dev/null; then \
	  echo "== nothing has changed since the tests passed: $$(cat build/tested) (to run them anyway: make -B test)"; \
	else $(MAKE) --no-print-directory build/tested; fi

build/tested: $(STAMP) $(FILES)
	@mkdir -p build
	@OMP_NUM_THREADS=1 $(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder $(BESIDE) 2>&1 | tee build/test.log; test $${PIPESTATUS[0]} -eq 0
	@$(BIN)/python -m pytest -q $(ALONE) 2>&1 | tee -a build/test.log; test $${PIPESTATUS[0]} -eq 0
	@grep -E "^[0-9]+ passed" build/test.log | paste -sd ";" > $@

check: setup
	@twice=$$(find tests -name 'test_*.py' | sed 's|.*/||' | sort | uniq -d); test -z "$$twice" || { echo "rename one of two: pytest wants each name once: $$twice"; exit 1; }
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

labs: setup
	@$(BIN)/python scripts/run_lab.py build/labs

audit: setup
	@$(BIN)/autograder audit --mutants

clean:
	rm -rf build dist .pytest_cache .mypy_cache .ruff_cache
