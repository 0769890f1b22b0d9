# Everything here works in a fresh clone with git, make and Python 3.11 or later.
# PYTHON=python3.13 make test takes that interpreter, in an environment of its own.

PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$name && break; done)
VERSION := $(shell [ -n "$(PYTHON)" ] && $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
VENV := $(if $(filter command environment,$(firstword $(origin PYTHON))),.venv-$(VERSION),.venv)
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SHELL := /bin/bash
.DELETE_ON_ERROR:

.PHONY: bench bench-instructions demo test lint test-lowest test-parity update-recordings clean help

help:
	@echo "make demo | test | lint | test-lowest | test-parity | test-real | bench"

$(READY): pyproject.toml
	@[ -n "$(VERSION)" ] || { echo "Python 3.11 or later was not found. Install it, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; }
	@echo "Python $(VERSION): making $(VENV) (a minute, the first time)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(READY)
	@$(BIN)/python examples/demo.py

test: $(READY)
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile $(TESTS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports

# the core and the client on the oldest dependencies that pyproject.toml allows
test-lowest: $(READY)
	@$(PYTHON) -m venv .venv-lowest
	@$(BIN)/python -c 'import tomllib; d = tomllib.load(open("pyproject.toml", "rb"))["project"]; print("\n".join(r.replace(">=", "==") for r in d["dependencies"] + [x for e in ("gql", "boto3", "local") for x in d["optional-dependencies"][e]]))' > .venv-lowest/lowest.txt
	@.venv-lowest/bin/python -m pip install --quiet --disable-pip-version-check -r .venv-lowest/lowest.txt pytest pytest-asyncio pytest-xdist hypothesis cryptography awslambdaric
	@.venv-lowest/bin/python -m pytest -q -n 2 --dist loadfile tests/core tests/client

LIVE := tests/parity/live
NODE_IS_THERE = @command -v npm >/dev/null 2>&1 && node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' \
	|| { echo "$@ needs Node.js 20 or later, with npm."; exit 1; }

$(LIVE)/node_modules/.ready: $(LIVE)/package-lock.json
	$(NODE_IS_THERE)
	@cd $(LIVE) && npm ci --silent --no-progress
	@touch $@

# the real JavaScript client: recorded again, and beside the Python one on the local backend
test-parity: $(READY) $(LIVE)/node_modules/.ready
	$(NODE_IS_THERE)
	@PARITY_LIVE=1 $(BIN)/python -m pytest -q $(LIVE)

# make update-recordings AMPLIFY=6.23.0: takes that aws-amplify, records again, and shows what changed
AMPLIFY ?= latest
update-recordings: $(READY)
	$(NODE_IS_THERE)
	@cd $(LIVE) && npm install --silent --no-progress aws-amplify@$(AMPLIFY)
	@node $(LIVE)/record.mjs tests/data/schemas tests/data/reference/goldens
	@git --no-pager diff --stat -- $(LIVE)/package.json tests/data/reference/goldens
	@$(BIN)/python -m tests.parity tests/data/reference

# writes its tables into bench/README.md; ONLY="cold --rounds 31" measures a part
bench: $(READY)
	@$(BIN)/python -m bench $(ONLY)

# AT_MOST=… fails above so many millions
bench-instructions: $(READY)
	@$(BIN)/python -m bench instructions $(if $(AT_MOST),--at-most $(AT_MOST))

clean:
	rm -rf .venv .venv-* build dist
