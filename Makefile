# Picket. `make run` answers questions, `make test` checks everything; both prepare what they need, once.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
CONFIG ?= bot.toml
# No hub at run time: the model comes from an installed package or a local path unless bot.toml names a hub.
export PYTHONUTF8 := 1
export TOKENIZERS_PARALLELISM := true

.PHONY: run ask reindex test check format explore bench quality clean help

run: .venv/installed ## answer questions: on Discord where DISCORD_TOKEN is set, else on standard input or in a chat
	@if [ -z "$$DISCORD_TOKEN" ]; then exec $(BIN)/python -m bot chat --config $(CONFIG); fi; \
	$(BIN)/python -m index reindex --config $(CONFIG) >&2; \
	exec $(BIN)/python -m bot --config $(CONFIG)

ask: .venv/installed ## make ask q="when did SAG-AFTRA resume talks?"
	@$(BIN)/python -m index reindex --config $(CONFIG) >/dev/null || [ $$? -eq 1 ] # told; what was indexed still answers
	@$(BIN)/python -m index ask --config $(CONFIG) -- "$${q:?give a question: make ask q=\"…\"}"

reindex: .venv/installed ## bring the index up to date with the articles
	@$(BIN)/python -m index reindex --config $(CONFIG)

test: check ## every check: style, types, import contracts, tests
	$(BIN)/python -m pytest -n 2

explore: .venv/tested ## the property tests with new examples; what fails prints how to draw it again
	$(BIN)/python -m pytest -n 2 -m hypothesis --hypothesis-profile=new

check: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: .venv/tested ## put the code in its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/tested ## speed and memory, as ratios; writes bench.json
	$(BIN)/python -m tests.bench

quality: .venv/tested ## how well it answers, measured on the questions beside the repository
	$(BIN)/python -m tests.quality
	$(BIN)/python -m tests.quality_golden
	$(BIN)/python -m tests.quality_dates

clean: ## remove what can be made again, the index included; people's data and kept versions stay
	rm -rf .venv var/index var/models var/embeddings.db* var/golden bench.json .mypy_cache .ruff_cache .import_linter_cache .hypothesis

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Picket needs Python 3.11 or newer; set PYTHON=python3.11.")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what requirements.txt lists (once, a few minutes)…" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@$(BIN)/python -m compileall -q bot corpus index # where Python may not write byte code, each start would take a third longer
	@touch $@

.venv/tested: .venv/installed tests/requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@
