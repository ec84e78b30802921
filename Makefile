# `make demo` and `make test` do all their own set-up: what running needs, and what testing needs on top of it.

SHELL := bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNNING := $(VENV)/.running
TESTING := $(VENV)/.testing

.PHONY: setup setup-soundcard lock demo test check bench ear listen pictures mutants clean

# Both ways take what the lock says, byte for byte; hashes leave no place for an editable package, so ours comes by itself.
ifneq ($(shell command -v uv),)
VENV_MADE := uv venv --quiet --allow-existing --python '>=3.11' $(VENV)
INSTALL := VIRTUAL_ENV=$(VENV) uv pip install
TOLD := cat
else
VENV_MADE := $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")' && \
	$(PYTHON) -m venv $(VENV)
INSTALL := PYTHONUNBUFFERED=1 $(BIN)/python -m pip install --disable-pip-version-check --progress-bar off
TOLD := { grep --line-buffered -vE '^(Requirement already|Collecting|Ignoring|Looking in|Successfully)' || true; }
endif
# An environment that uv has made has no pip, and uv may be gone.
PIP_THERE := [ -x $(BIN)/pip ] || { $(VENV_MADE); }
LOCKED := --require-hashes --no-deps -r

setup: $(TESTING)

$(RUNNING): pyproject.toml requirements.lock
	@echo "Setting up $(VENV) for running ..."
	@$(VENV_MADE)
	@set -o pipefail; $(INSTALL) $(LOCKED) requirements.lock 2>&1 | $(TOLD)
	@$(INSTALL) --quiet --no-deps --no-build-isolation -e .
	@echo "Compiling the decoder and what carries sound (once, half a minute) ..."
	@$(BIN)/python -c 'import dtmf; from ivr.lines.sip import preparing; dtmf.prepare(); preparing.prepare()'
	@touch $@

$(TESTING): $(RUNNING) requirements-dev.lock
	@echo "Setting up $(VENV) for testing ..."
	@$(PIP_THERE)
	@set -o pipefail; $(INSTALL) $(LOCKED) requirements-dev.lock 2>&1 | $(TOLD)
	@touch $@

# What `ivr phone` needs: PortAudio and what PyAudio is built with.
SOUND := portaudio19-dev libasound2-dev libasound2-plugins

setup-soundcard: $(RUNNING)
	@if command -v apt-get >/dev/null 2>&1; then \
		missing=$$(for package in $(SOUND); do dpkg -s $$package >/dev/null 2>&1 || echo $$package; done); \
		command -v gcc >/dev/null 2>&1 || missing="$$missing gcc libc6-dev"; \
		$(BIN)/python -c 'import pathlib, sys, sysconfig; sys.exit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").exists())' \
			|| missing="$$missing python3-dev"; \
		if [ -n "$$missing" ]; then \
			echo "Installing" $$missing "..."; \
			sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
			$$sudo apt-get update -qq && \
			DEBIAN_FRONTEND=noninteractive $$sudo apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
		fi; \
	else \
		echo "PyAudio is built with PortAudio: if that fails, install it first (macOS: brew install portaudio)."; \
	fi
	@$(PIP_THERE)
	@$(INSTALL) --quiet $(LOCKED) requirements-soundcard.lock
	@$(BIN)/python -c 'import pyaudio; print("PyAudio is ready:", pyaudio.get_portaudio_version_text().partition(",")[0])'

# Pins that still fit stay; `make lock NEWEST=1` takes the newest of all. What is written names no registry and no machine.
UV := $(or $(shell command -v uv),build/uv/bin/uv)
LOCK = $(UV) pip compile --universal --generate-hashes --python-version 3.11 --no-header --no-annotate --quiet \
	$(if $(NEWEST),--upgrade)
ASKED = $(PYTHON) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))$(1), sep="\n")'
BUILT_WITH := $(call ASKED,["build-system"]["requires"])

build/uv/bin/uv:
	@$(PYTHON) -m venv build/uv && build/uv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'

lock: $(UV)
	@$(BUILT_WITH) | $(LOCK) pyproject.toml - --extra dev --output-file requirements-dev.lock
	@$(BUILT_WITH) | $(LOCK) pyproject.toml - --constraint requirements-dev.lock --output-file requirements.lock
	@$(call ASKED,["project"]["optional-dependencies"]["soundcard"]) | $(LOCK) - --output-file requirements-soundcard.lock
	@wc -l requirements*.lock

demo: $(RUNNING)
	@$(BIN)/ivr demo --report demo-report

# What Python compiles is kept: each of the many processes that tests start would compile it anew.
test: $(TESTING)
	@OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses auto --dist worksteal

check: $(TESTING)
	@$(BIN)/ruff check
	@$(BIN)/mypy

bench: $(TESTING)
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done
	@$(BIN)/python -m benchmarks.realtime
	@$(BIN)/python -m benchmarks.compared

ear: $(TESTING)
	@$(BIN)/python -m benchmarks.ear

listen: $(TESTING)
	@$(BIN)/python -m benchmarks.sound

# Pictures, the table of figures, and what the pages say that commands print; tests say when one is old.
pictures: $(TESTING)
	@$(BIN)/python -m benchmarks.pictures
	@$(BIN)/python -m benchmarks.pictures.figures
	@$(BIN)/python tests/support/pages.py

mutants: $(TESTING)
	@nice $(BIN)/python -m benchmarks.mutation

clean:
	rm -rf $(VENV) demo-report build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
