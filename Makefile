# Everything a newcomer needs: make demo, make test. Nothing is left outside .venv/ and build/.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
BUILD := build
EXAMPLES := examples/calls.jsonl examples/hip_fracture.txt examples/overdose.txt
PYTHON ?=

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test lint bench mutation lock clean

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

demo: $(INSTALLED) ## analyse the shipped examples, in the terminal and as one HTML page
	@mkdir -p $(BUILD)
	$(BIN)/tripsheet analyze $(EXAMPLES) --output $(BUILD)/demo.html --force
	head -n 1 examples/calls.jsonl | $(BIN)/tripsheet analyze
	$(BIN)/tripsheet analyze $(EXAMPLES) --brief
	echo "All of them in full, with every finding marked in its narrative: $(BUILD)/demo.html"

test: $(INSTALLED) ## every test
	@$(BIN)/python -m pytest $(PYTEST)

lint: $(INSTALLED) ## ruff and mypy
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict

bench: $(INSTALLED) ## how fast it is, on this machine
	@mkdir -p $(BUILD)
	$(BIN)/python benchmarks/reading.py --json $(BUILD)/reading.json
	$(BIN)/python benchmarks/volume.py --json $(BUILD)/volume.json

# numpy 1 has no wheels for Python 3.13; the last three are for the tests and the build
BESIDE := 'numpy>=2.1; python_version >= "3.13"' jsonschema hatchling editables
lock: $(INSTALLED) ## rebuild requirements.lock from pyproject.toml
	@$(BIN)/python -m pip install -qq uv
	{ sed -n '/^#/p' requirements.lock
	  printf '%s\n' $(BESIDE) \
	  | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --extra dev --extra tables \
	      --no-annotate --no-header --no-emit-index-url pyproject.toml - ; } > $(VENV)/lock
	mv $(VENV)/lock requirements.lock

mutation: $(INSTALLED) ## mutation testing of the coding module; MUTATION="--every 6" for a sample
	@$(BIN)/python -m pip install -qq mutmut==3.8.1
	nice $(BIN)/python tests/coding/mutation/run.py $(MUTATION)

clean: ## remove everything that was made
	@rm -rf $(VENV) $(BUILD) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find nlp tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# One environment for all of it, made once and again only when what it is made from changes.
$(INSTALLED): requirements.lock pyproject.toml
	@python=
	for candidate in $(if $(PYTHON),$(PYTHON),python3.12 python3.11 python3.13 python3); do
	  if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
	  then python=$$candidate; break; fi
	done
	if [ -z "$$python" ]; then
	  echo "tripsheet needs Python 3.11, 3.12 or 3.13 with venv; none was found: install one, or name it with make PYTHON=/path/to/python3.11" >&2
	  exit 1
	fi
	echo "Making $(VENV) with $$($$python --version); this takes a minute, once." >&2
	$$python -m venv --clear $(VENV)
	$(BIN)/python -m pip install -qq --requirement requirements.lock
	$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	touch $@
