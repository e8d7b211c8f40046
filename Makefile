# Each target creates .venv and installs what it needs first; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo run test coverage lint types bench lock

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# One stamp per requirements file: a target installs again only when its file has changed.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Hakken needs Python 3.11 or newer: run make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(VENV)/bench.stamp: requirements-bench.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

setup: $(VENV)/run.stamp  ## only install what the bot needs

demo: $(VENV)/dev.stamp  ## the real bot in a local browser, without a token
	$(BIN)/python -m demo

run: $(VENV)/run.stamp  ## connect to Discord with DISCORD_TOKEN
	@$(BIN)/python -m bot

test: $(VENV)/dev.stamp  ## the whole test suite
	$(BIN)/python -m pytest -n logical --dist worksteal

coverage: $(VENV)/dev.stamp  ## the whole test suite, and which lines no test runs (htmlcov/index.html)
	$(BIN)/python -m pytest -n logical --dist worksteal --cov --cov-report=term --cov-report=html

lint: $(VENV)/dev.stamp  ## ruff, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/dev.stamp  ## mypy in strict mode
	$(BIN)/mypy

bench: $(VENV)/bench.stamp  ## this project and its peers, side by side; ARGS='--ratings 45000000' for the full size
	@$(BIN)/python -m benchmarks $(ARGS)

lock: $(VENV)/dev.stamp  ## resolve pyproject.toml into the pinned requirements files
	$(BIN)/uv pip compile --universal --quiet --no-header --no-annotate pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile --universal --quiet --no-header --no-annotate --extra dev -c requirements.txt pyproject.toml -o requirements-dev.txt
	$(BIN)/uv pip compile --universal --quiet --no-header --no-annotate --extra bench -c requirements-dev.txt pyproject.toml -o requirements-bench.txt
