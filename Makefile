# `make demo` and `make test` do all their own set-up.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup setup-soundcard demo test check bench ear listen mutants clean

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml
	@echo "Setting up $(VENV) (once) ..."
	@if command -v uv >/dev/null 2>&1; then \
		uv venv --quiet --allow-existing --python '>=3.11' $(VENV) && \
		VIRTUAL_ENV=$(VENV) uv pip install --quiet -e '.[dev]'; \
	else \
		$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=")' && \
		$(PYTHON) -m venv $(VENV) && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'; \
	fi
	@echo "Compiling the decoder (once, half a minute) ..."
	@$(BIN)/python -c 'import dtmf; dtmf.prepare()'
	@touch $@

# What `ivr phone` needs: PortAudio and what PyAudio is built with.
SOUND := portaudio19-dev libasound2-dev libasound2-plugins

setup-soundcard: setup
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
	@if [ -x $(BIN)/pip ]; then $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[soundcard]'; \
	else VIRTUAL_ENV=$(VENV) uv pip install --quiet -e '.[soundcard]'; fi
	@$(BIN)/python -c 'import pyaudio; print("PyAudio is ready:", pyaudio.get_portaudio_version_text().partition(",")[0])'

demo: setup
	@$(BIN)/ivr demo --report demo-report

# What Python compiles is kept: each of the many processes that tests start would compile it anew.
test: setup
	@OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses auto --dist worksteal

check: setup
	@$(BIN)/ruff check
	@$(BIN)/mypy

bench: setup
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

ear: setup
	@$(BIN)/python -m benchmarks.ear

listen: setup
	@$(BIN)/python -m benchmarks.sound

mutants: setup
	@nice $(BIN)/python -m benchmarks.mutation

clean:
	rm -rf $(VENV) demo-report build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
