# The one list of commands. `make` alone says what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

# What an activated environment, a git hook or a personal pip setting leaves behind must not reach us.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME PYTHONSTARTUP CONDA_PREFIX
unexport PIP_USER PIP_TARGET PIP_PREFIX PIP_ROOT PIP_REQUIRE_VIRTUALENV PIP_EDITABLE PIP_REQUIREMENT
unexport GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_PREFIX

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=

.PHONY: help setup demo test serve bench soak slow lint format docs pictures lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml tools/develop/environment
	@tools/develop/environment $(VENV)

setup: $(READY) ## make .venv with everything that the other targets need

demo: $(READY) ## make a sample company in demo/, work in it a little, and build its site
	@tools/develop/demo demo

test: $(READY) ## run the tests (ARGS="tests/plan -k late" for some of them)
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not slow" $(ARGS)

serve: $(READY) ## show this repository's site, rebuilt as files change (ARGS="--address 127.0.0.1:8001")
	$(BIN)/handrail site serve $(ARGS)

bench: $(READY) ## measure and print; never fails because of a slow machine
	$(BIN)/python tools/develop/bench.py $(ARGS)

soak: $(READY) ## many writers, pull requests and crashes at full size: is anything lost or doubled? (ARGS="--size 0.1")
	$(BIN)/python tests/soak/soak.py $(ARGS)

slow: $(READY) ## all tests, the slow ones too, and the property tests with many more examples
	HANDRAIL_HYPOTHESIS=soak $(BIN)/python -m pytest -n 2 $(ARGS)

lint: $(READY) ## style, types and layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## let ruff mend what it can
	$(BIN)/ruff check --fix --exit-zero
	$(BIN)/ruff format

docs: $(READY) ## write the generated reference pages and build the site strictly into site/
	$(BIN)/python -m handrail.cli.reference docs/reference
	$(BIN)/python tools/develop/states.py docs/reference/states.md
	$(BIN)/handrail site build

pictures: $(READY) ## take the guide's pictures of the site anew (needs Chromium)
	$(BIN)/python tools/develop/pictures.py docs/guide/pictures

lock: ## resolve the dependencies anew into requirements.lock (needs uv)
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links --upgrade --output-file requirements.lock

clean: ## remove all that the other targets made
	rm -rf $(VENV) demo site dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find tools tests -name __pycache__ -prune -exec rm -rf {} +
