# make run   sets up .venv, builds the graph of data/reports into var/store, audits it and serves it
# make test  sets up .venv and runs all tests
# Both need python3 >= 3.11, make and a package index; both can be repeated.

PYTHON ?= python3
REPORTS ?= data/reports
STORE ?= var/store
HOST ?= 127.0.0.1
PORT ?= 8000
SERVE ?= yes
TESTS ?=

BIN := .venv/bin
READY := .venv/.ready
READY_DEV := .venv/.ready-dev

.DEFAULT_GOAL := help
.PHONY: help run test check score model docs wheel clean

help: ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

run: $(READY) ## build, audit and serve the sample reports (SERVE=no stops after the build; HOST=, PORT=, REPORTS=, STORE=)
	@test -e "$(REPORTS)" || { echo "there is no $(REPORTS): name a folder of reports with make run REPORTS=..." >&2; exit 1; }
	@echo "==> building the graph of $(REPORTS) into $(STORE)"
	@$(BIN)/nianbao build $(REPORTS) --store $(STORE) || echo "==> some reports could not be read whole (see above); going on with the others"
	@echo "==> audit"
	@$(BIN)/nianbao audit --store $(STORE) --summary --fail-on never
	@if [ "$(SERVE)" = "no" ]; then echo "==> done; serve with: make run, or $(BIN)/nianbao serve --store $(STORE)"; \
	else echo "==> serving on http://$(HOST):$(PORT) (Ctrl-C stops)"; \
	exec $(BIN)/nianbao serve --store $(STORE) --host $(HOST) --port $(PORT); fi

test: $(READY_DEV) ## run all tests (TESTS="-k word" for some)
	@echo "==> tests"
	@$(BIN)/python -m pytest $(TESTS)

check: $(READY_DEV) ## types, lint and format
	@$(BIN)/mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

score: $(READY_DEV) ## quality of reading on the development corpus (NIANBAO_SHARED), against the committed score
	@$(BIN)/python bench/score.py
	@for kind in clean scrambled; do $(BIN)/python bench/form_score.py --quiet --kind $$kind; done
	@$(BIN)/python bench/unweave_score.py
	@$(BIN)/python bench/audit_score.py

model: $(READY_DEV) ## train the language model and its ranking again from texts outside the repository
	@$(BIN)/python -m nianbao.repair.train
	@$(BIN)/python -m nianbao.repair.fit

docs: $(READY_DEV) ## write the generated pages of docs/ again
	@$(BIN)/python docs/generate.py

wheel: $(READY_DEV) ## build sdist and wheel into dist/
	@$(BIN)/python -m build --outdir dist .

clean: ## remove the environment, the store and what was built
	rm -rf .venv var dist build

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "nianbao needs python3 3.11 or newer ($(PYTHON) is absent or older): install it, or name one with make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "nianbao needs python's venv module (on Debian and Ubuntu: apt-get install python3-venv)" >&2; exit 1; }
	@echo "==> making .venv and installing nianbao with what it needs"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(READY_DEV): $(READY) pyproject.toml
	@echo "==> installing what the tests need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@
