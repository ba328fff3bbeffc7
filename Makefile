# The first commands are `make setup`, `make run` and `make test`; what must hold before a commit is `make check`.

VENV ?= .venv
UV ?= $(shell command -v uv)
# The first that runs: a version manager may leave commands on the PATH that answer only with an error.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; (3, 11) <= sys.version_info[:2] <= (3, 13) or sys.exit(1); print(sys.executable)' \
	2>/dev/null && break; done)
ARGS ?=

BIN = $(VENV)/bin
COMPILE_LOCK = $(BIN)/uv pip compile pyproject.toml --python $(BIN)/python --group dev --extra postgres --universal \
	--python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate --quiet

.PHONY: setup run test fuzz check lint format types layers lock lock-check clean

setup: $(VENV)/.installed $(VENV)/.catalogues

run: setup
	@CASELINE_DEVELOPMENT=1 exec $(BIN)/gateway simulate --child-of $$PPID $(ARGS)

test: setup
	$(BIN)/pytest -n 2 $(ARGS)

# Ten thousand dialogues of anything, where `make test` plays three hundred. The seed plays the same ones again.
fuzz: setup
	@seed=$${SEED:-$$(date +%s)}; echo "SEED=$$seed"; \
	FUZZ_RUNS=10000 $(BIN)/pytest tests/conversations/test_any_dialogue.py --timeout 0 --hypothesis-seed=$$seed $(ARGS)

check: lint types layers lock-check

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup
	$(BIN)/mypy

layers: setup
	$(BIN)/lint-imports --no-logo

# Pins are kept where they still fit; `make lock ARGS=--upgrade` takes the newest of everything.
lock: setup
	$(COMPILE_LOCK) $(ARGS) --output-file requirements.lock

# Compiled onto a copy, so that our own change makes a difference and a new release of something does not.
lock-check: setup
	@cp requirements.lock $(VENV)/requirements.lock
	@$(COMPILE_LOCK) --output-file $(VENV)/requirements.lock
	@cmp -s requirements.lock $(VENV)/requirements.lock \
	|| { echo 'requirements.lock does not fit pyproject.toml: run `make lock` and commit both.'; exit 1; }

clean:
	rm -rf $(VENV) conversations/locale/*.mo .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache

$(VENV)/.installed: requirements.lock pyproject.toml
	@[ -n '$(PYTHON)' ] || { echo 'Caseline needs Python 3.11, 3.12 or 3.13; found none that runs.'; exit 1; }
ifneq ($(UV),)
	@$(UV) venv --quiet --allow-existing --python '$(PYTHON)' $(VENV)
	@$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
	@'$(PYTHON)' -c 'import ensurepip, venv' 2>/dev/null || { '$(PYTHON)' -c 'import sys; print("This Python cannot make \
	environments. On Debian and Ubuntu: apt-get install python%d.%d-venv" % sys.version_info[:2])'; exit 1; }
	@echo 'Installing into $(VENV); this takes about a minute.'
	@'$(PYTHON)' -m venv $(VENV)
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install --require-hashes -r requirements.lock
	@$(BIN)/python -m pip --quiet --disable-pip-version-check install --no-deps --no-build-isolation --editable .
endif
	@touch $@

$(VENV)/.catalogues: hatch_build.py $(VENV)/.installed $(wildcard conversations/locale/*.po)
	@$(BIN)/python hatch_build.py
	@touch $@
