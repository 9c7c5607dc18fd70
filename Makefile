# make help lists the targets. Everything is installed into .venv; nothing is expected but Python 3.11+, make and git.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
CONSTRAINTS := .ci/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Not compiled: Python does that to a module at its first import, and most of what is installed never has one.
INSTALL := $(BIN)/python -m pip install -q --no-compile -c $(CONSTRAINTS)

# Two processes, and a share of the tests in their order for each: those that look at the same built site stay together.
PYTEST := $(BIN)/python -m pytest -n 2 --dist worksteal

.PHONY: help site quick test nightly check bench model kernel clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' Makefile

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "sitegen needs Python 3.11 or newer; name one: make PYTHON=python3.12 site")'
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml $(CONSTRAINTS) | $(BIN)/python
	$(INSTALL) -e '.[sklearn]'
	@touch $@

.venv/installed-dev: pyproject.toml $(CONSTRAINTS) | $(BIN)/python
	$(INSTALL) -e '.[dev]'
	@touch .venv/installed $@

.venv/installed-browser: .venv/installed-dev
	@.ci/chromium $(BIN)/python
	@touch $@

site: .venv/installed  ## build the demo site from content/ into _site/
	$(BIN)/sitegen build content/site.toml --output _site
	@echo 'Open it by a double click, or with: $(BIN)/sitegen serve content/site.toml'

quick: .venv/installed-dev  ## run most tests, in a minute and a half: no browser, no wheel, nothing slow
	$(PYTEST) -m 'not browser and not wheel and not slow and not nightly' --hypothesis-profile quick

test: .venv/installed-browser  ## run every test, the browser's too: what has to pass before a change is merged
	$(PYTEST)

nightly: .venv/installed-browser  ## run every test and those of full size, ten times as many random examples, late browsers
	SITEGEN_LATE=1 $(PYTEST) -m '' --hypothesis-profile nightly

check: .venv/installed-dev  ## format, lint, check types
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	$(BIN)/mypy

bench: .venv/installed-browser  ## measure everything, ten minutes: print the table, write tests/benchmarks/results.*
	$(BIN)/python -m tests.benchmarks

model: .venv/installed  ## retrain the demo model: make model PAPERS=papers.csv
	@test -n '$(PAPERS)' || { echo 'Name the labelled papers: make model PAPERS=papers.csv'; exit 2; }
	$(BIN)/sitegen train '$(PAPERS)' --output content/model --force --id eid --label class --positive computational \
	  --negative 'not computational' --confounder 'source title' --confounder year --min-count 7

kernel: .venv/installed-dev  ## compile the loops of the model in the page: live-kernel.c into live-kernel.js
	$(BIN)/python .ci/kernel

clean:  ## remove what was built; the environment and the scores stay
	rm -rf _site dist
