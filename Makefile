# `make demo` and `make test` do all their own set-up.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup demo test check bench ear listen clean

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

demo: setup
	@$(BIN)/ivr demo --report demo-report

test: setup
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --dist worksteal

check: setup
	@$(BIN)/ruff check
	@$(BIN)/mypy

bench: setup
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

ear: setup
	@$(BIN)/python -m benchmarks.ear

listen: setup
	@$(BIN)/python -m benchmarks.sound

clean:
	rm -rf $(VENV) demo-report build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
