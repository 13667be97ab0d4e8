# Everything sets itself up: Python 3.11+ with venv, git and make are enough.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types docs bench clean setup

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable '.[sandbox]'
	touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group test --group clients --group lint
	touch $@

demo: $(VENV)/.installed  ## a throw-away team publishes three posts to a sandbox
	$(BIN)/socialauto demo

test: $(VENV)/.dev  ## the whole suite
	$(BIN)/python -m pytest -n auto

docs: $(VENV)/.dev  ## write the reference pages from the program
	PYTHONPATH=tests $(BIN)/python tests/support/reference.py

bench: $(VENV)/.dev  ## validate and start-up, beside the floor and a peer
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python -m bench

lint: $(VENV)/.dev  ## style, types, workflows
	$(BIN)/ruff format --check src tests bench
	$(BIN)/ruff check src tests bench
	$(BIN)/mypy
	$(BIN)/zizmor --offline --quiet --persona pedantic .github/workflows
	$(BIN)/actionlint .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
