# Everything sets itself up: Python 3.11+ with venv, git and make are enough.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types docs bench simulate year mutants clean setup torture pages screenshots

setup: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable '.[sandbox]'
	touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --group test --group clients --group lint
	# One independent client is not written in Python; its tests are skipped where npm is missing.
	-command -v npm >/dev/null && npm install --silent --no-audit --no-fund --prefix $(VENV)/npm instagram-graph-api@7.0.0
	touch $@

demo: $(VENV)/.installed  ## a throw-away team publishes three posts to a sandbox
	$(BIN)/socialauto demo

test: $(VENV)/.dev  ## the whole suite
	$(BIN)/python -m pytest -n auto

N ?= 1000
torture: $(VENV)/.dev  ## eight machines on one remote, killed and stopped N times (N=100: a minute)
	PYTHONPATH=tests $(BIN)/python -m torture $(N)
	PYTHONPATH=tests $(BIN)/python -m torture.claims

pages: $(VENV)/.dev  ## every page of the dashboard in a browser, light and dark, phone and desk, to 10,000 posts
	PYTHONPATH=tests $(BIN)/python -m support.every_page

screenshots: $(VENV)/.dev  ## paint the dashboard's pictures anew; look at them before you commit
	PYTHONPATH=tests $(BIN)/python -m support.screenshots

docs: $(VENV)/.dev  ## write the reference pages from the program
	PYTHONPATH=tests $(BIN)/python tests/support/reference.py

TIER ?= protocol
SEED ?= 1
DELIVERIES ?= 1000000
WORKERS ?= 2

simulate: $(VENV)/.dev  ## histories of misfortune: TIER=protocol|full DELIVERIES= SEED= WORKERS= TRACE=1
	PYTHONPATH=tests $(BIN)/python -m support.simulation --tier $(TIER) --seed $(SEED) \
		--deliveries $(DELIVERIES) --workers $(WORKERS) $(if $(TRACE),--trace)

YEARS ?= 1
year: $(VENV)/.dev  ## a year of a team against a calendar of its own, and every zone: SEED= YEARS= WORKERS=
	PYTHONPATH=tests $(BIN)/python -m support.simulation.year_long $(SEED) $(YEARS) $(WORKERS)
	PYTHONPATH=tests $(BIN)/python -m support.every_zone $(WORKERS)

mutants: $(VENV)/.dev  ## take each protection away; a suite that does not notice protects nothing
	PYTHONPATH=tests $(BIN)/python -m mutants $(MUTANT)

bench: $(VENV)/.dev  ## validate and start-up, beside the floor and a peer
	$(BIN)/python -m pip install --quiet --group bench
	$(BIN)/python -m bench
	PYTHONPATH=tests $(BIN)/python -m bench.throughput
	$(BIN)/python -m bench.lateness
	PYTHONPATH=tests $(BIN)/python -m bench.dashboard

lint: $(VENV)/.dev  ## style, types, workflows
	$(BIN)/ruff format --check src tests bench
	$(BIN)/ruff check src tests bench
	$(BIN)/mypy
	$(BIN)/zizmor --offline --quiet --persona pedantic .github/workflows
	$(BIN)/actionlint .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache
