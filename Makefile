# Needs python3 (3.11 to 3.13) and make. Every target sets up what it needs in .venv by itself.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test lint types check checks bench fuzz golden pictures wheel locks clean demo-check env test-env

PYTHON ?= python3
BIN := $(CURDIR)/.venv/bin
SOURCES := claims_service tests wsgi.py .ci/set_up.py
ARGS ?=
ROWS ?=
FUZZ_SECONDS ?= 3600
UV ?= uv
COMPILE := $(UV) pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --quiet

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: env ## One clinic, from encounter to reconciled money, then the sites on http://127.0.0.1:8000 (ARGS=--no-serve ends before)
	@$(BIN)/claims demo $(ARGS)

test: test-env ## The tests, on SQLite and on PostgreSQL, with a real browser (ARGS="-k remittance -n0")
	@$(PYTHON) .ci/set_up.py browser hledger
	@$(BIN)/pytest -m "not slow and not browser" $(ARGS)
	@# pytest ends with 5 where nothing is left to run: no Chromium here, or none of these was asked for
	@$(BIN)/pytest -m "browser and not slow" $(ARGS) || test $$? -eq 5

lint: test-env ## Style, layout, and who may import whom
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/lint-imports --no-cache

types: test-env ## Types, strictly
	@$(BIN)/mypy

check: lint types demo-check test ## All of the above: what has to pass before a change lands

checks: test-env ## The 96 reliability checks: which tests prove each, and whether they pass
	@$(BIN)/python -m tests.checks

bench: test-env ## Speed against floors timed in the same run (ROWS="encounters_to_837 portal_page")
	@$(BIN)/python -m tests.bench $(ROWS)

fuzz: test-env ## Damaged files through every X12 reader, for an hour (FUZZ_SECONDS=60)
	@$(BIN)/python -m tests.formats.x12.fuzz $(FUZZ_SECONDS)

golden: test-env ## Write the golden files anew; read the difference before you keep it
	@$(BIN)/pytest -n0 -m "not slow" --write-golden

pictures: test-env ## Pictures of every story of the statement book, to be looked at (ARGS="spanish")
	@$(BIN)/python -m tests.browser.statement_pictures var/pictures $(ARGS)

wheel: test-env ## Build the package, install it outside the checkout, run the demo there
	@rm -rf dist
	@$(BIN)/python -m build --no-isolation --outdir dist . >/dev/null
	@place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT && cp dist/*.whl requirements/runtime.lock "$$place" && cd "$$place" \
		&& $(BIN)/python -m venv venv \
		&& venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r runtime.lock \
		&& venv/bin/pip install --quiet --disable-pip-version-check ./*.whl \
		&& venv/bin/claims demo --no-serve
	@ls dist

locks: ## Resolve the locked packages anew (needs uv)
	@$(COMPILE) --custom-compile-command "make locks" --upgrade --all-extras pyproject.toml -o requirements/test.lock >/dev/null
	@$(COMPILE) --custom-compile-command "make locks" --upgrade -c requirements/test.lock pyproject.toml -o requirements/runtime.lock >/dev/null
	@echo 'hatchling>=1.27' | $(COMPILE) --custom-compile-command "make locks" --upgrade -c requirements/test.lock - -o requirements/build.lock >/dev/null

clean: ## Remove what make made: .venv, var, dist
	@rm -rf .venv var dist

env:
	@$(PYTHON) .ci/set_up.py runtime

test-env:
	@$(PYTHON) .ci/set_up.py test

demo-check: test-env
	@place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT && cd "$$place" && $(BIN)/claims demo --no-serve
