# What one can do with this house. `make run` and `make demo` need only Python 3.11 or later, make
# and a package registry; everything else is installed into .venv and .local.
.DEFAULT_GOAL := help
.PHONY: help run demo prove-expiry test fuzz check format package creditctl bench clean lock

PYTHON ?= python3
BIN := .venv/bin
SOURCES := app.py chalicelib creditctl infra tests
UV_VERSION := 0.13.9
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: .venv/ready ## serve the whole system at http://localhost:8000 until Ctrl-C (PORT, EMULATOR_PORT, RULEBOOK)
	@$(BIN)/python -m infra.local run

demo: .venv/ready ## the same on a fresh state, every step checked, without staying
	@$(BIN)/python -m infra.local demo

prove-expiry: .venv/ready ## prove on the system that make run serves that nothing shows what the rules withhold
	@$(BIN)/python -m infra.operate prove --local

test: .venv/ready ## all tests, the deployed ones included
	$(BIN)/pytest --numprocesses auto --dist loadgroup

fuzz: .venv/ready ## a hundred made-up requests of each operation and more, asked of the deployed system
	$(BIN)/pytest -m fuzz --numprocesses 2 --dist load

check: .venv/ready ## format, lint, types, import rules, the template
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m infra.package --stage prod
	$(BIN)/cfn-lint .local/package/prod/sam.json -a cfn_lint_serverless.rules

format: .venv/ready ## format and mend what can be mended
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)

package: .venv/ready ## template and code for AWS, in .local/package/prod
	@$(BIN)/python -m infra.package --stage prod

creditctl: .venv/ready ## the providers' client as one file, .local/creditctl.pyz
	@$(BIN)/python -m infra.client

lock: .venv/ready ## lock the requirements anew
	$(LOCK) infra/requirements.in --output-file requirements.txt
	$(LOCK) infra/bench/requirements.in --output-file infra/bench/requirements.txt
	$(LOCK) infra/local/requirements.in --output-file infra/local/requirements.txt
	$(LOCK) infra/client/requirements.in --output-file infra/client/requirements.txt
	$(LOCK) tests/requirements.in --output-file tests/requirements.txt

bench: .venv/ready ## measure intake and cold start beside other loaders; writes docs/benchmarks.md
	@$(BIN)/python -m infra.bench

clean: ## remove what was built and what the local system holds
	rm -rf .local .chalice/deployments .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

.venv/ready: tests/requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "make: Python 3.11 or later is needed: make PYTHON=python3.13 ..." >&2; exit 1; }
	@echo "Installing the tools into .venv ..."
	@$(PYTHON) -m venv --clear .venv || { \
		echo "make: $(PYTHON) cannot make environments (on Debian: apt install python3-venv)" >&2; exit 1; }
	@{ $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) && \
		$(BIN)/uv pip sync --quiet --require-hashes --python $(BIN)/python tests/requirements.txt; } \
		2> .venv/log || { \
		echo "make: packages cannot be installed, is a registry in reach? $$(tail -n 1 .venv/log)" >&2; exit 1; }
	@touch $@
