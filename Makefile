# Two commands do everything on a fresh Debian or Ubuntu machine: `make demo` and
# `make test`.  Variables: PYTHON=/path/to/python  ARGS="…"  UPGRADE=1 (with lock).

VENV ?= .venv
PYTHON ?=
ARGS ?=
UV_VERSION := 0.13.9

BIN := $(VENV)/bin
RUN := $(VENV)/.run-installed
DEV := $(VENV)/.dev-installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input
export PYTHON

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: help demo test test-fast test-all-pythons check bench lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-18s %s\n", $$1, $$2}' Makefile

demo: $(RUN) ## Run the demo: several rooms, a broker and simulated sensors
	@$(BIN)/room-monitor demo $(ARGS)

test: $(DEV) ## Run every test, fast ones first; installs what they need
	@.ci/install-test-programs
	@$(BIN)/python -m pytest $(ARGS)

test-fast: $(DEV) ## Run the tests that need neither broker nor process
	@$(BIN)/python -m pytest -m "not slow" $(ARGS)

test-all-pythons: ## Run the fast tests on every supported Python that is found
	@failed=; for version in 3.11 3.12 3.13; do \
	    if python=$$(.ci/find-python $$version); then \
	        echo "Python $$version: $$python"; \
	        $(MAKE) --no-print-directory VENV=.venv-$$version PYTHON=$$python test-fast \
	            || failed="$$failed $$version"; \
	    else \
	        echo "Python $$version: not found on the PATH or with pyenv"; \
	    fi; \
	done; \
	if [ -n "$$failed" ]; then echo "Failed on Python$$failed." >&2; exit 1; fi

check: $(DEV) ## Lint, check the format, the types and the structure
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict room_monitor sensors tests
	@$(BIN)/lint-imports --no-logo

bench: $(DEV) ## Measure; figures of this machine go to docs/performance.md by hand
	@.ci/install-test-programs
	@$(BIN)/python -m tests.bench $(ARGS)

lock: .venv-lock/bin/uv ## Pin what pyproject.toml asks for (UPGRADE=1: newest versions)
	@$(call pin,--group build) --output-file requirements.lock
	@$(call pin,--group build --group dev --constraints requirements.lock) \
	    --output-file requirements-dev.lock

clean: ## Remove what make and the tests made; never ./state, which is evidence
	rm -rf .venv .venv-* build dist *.egg-info .mypy_cache .ruff_cache \
	    .pytest_cache .hypothesis .import_linter_cache .cache
	find room_monitor sensors tests -name __pycache__ -prune -exec rm -rf {} +

# One lock serves Python 3.11 to 3.13, and names no place where packages come from.
pin = .venv-lock/bin/uv pip compile pyproject.toml $(1) $(if $(UPGRADE),--upgrade) \
    --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
    --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

.venv-lock/bin/uv:
	@.ci/make-venv .venv-lock
	@.venv-lock/bin/python -m pip --disable-pip-version-check --quiet \
	    install uv==$(UV_VERSION)

$(BIN)/python:
	@.ci/make-venv $(VENV)

# The stamps: nothing is installed twice, and a changed lock is installed again.
$(RUN): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing what Room Monitor needs into $(VENV) …"
	@$(PIP) install --require-hashes --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUN) | $(BIN)/python
	@echo "Installing what its tests need into $(VENV) …"
	@$(PIP) install --require-hashes --requirement requirements-dev.lock
	@touch $@
