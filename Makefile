# Everything here works in a fresh clone with git, make and Python 3.11 or later.
# PYTHON=python3.13 make test takes that interpreter, in an environment of its own.

CANDIDATES := python3.11 python3.12 python3.13 python3.14 python3
SUITS := -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
ifdef PYTHON
VENV = .venv-$(VERSION)
else
PYTHON := $(shell for name in $(CANDIDATES); do $$name $(SUITS) && echo $$name && break; done)
VENV = .venv
endif
VERSION := $(if $(PYTHON),$(shell $(PYTHON) $(SUITS) && $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])'))
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SHELL := /bin/bash
.DELETE_ON_ERROR:

.PHONY: bench bench-instructions demo graphiql layer layer-lock test lint test-lambda test-layer test-all-pythons test-browser test-lowest test-other-pythons python3.14 test-faults test-parity test-real update-recordings clean help

help:
	@echo "demo               the main job, watched"
	@echo "test               the tests; TESTS=tests/core takes a part, PYTHON=python3.13 another interpreter"
	@echo "test-all-pythons   the tests under every Python found"
	@echo "python3.14         a Python 3.14 under build, where there is none (needs Debian's apt)"
	@echo "test-lowest        the tests on the oldest dependencies allowed"
	@echo "test-faults        against servers that misbehave; MANY=10 looks longer, FAULTS=forks takes a part"
	@echo "test-parity        beside the real JavaScript client (needs Node.js)"
	@echo "test-real          beside the resolvers that Amplify generates (needs Node.js and Java)"
	@echo "test-browser       the local backend's page in Chromium (needs Node.js and Chromium)"
	@echo "lint               style, types, import contracts"
	@echo "layer              the Lambda layers, into dist/layer"
	@echo "test-layer         all layers built twice, opened and used (needs the package index)"
	@echo "test-lambda        functions with the layer, in Lambda's own runtime client (needs the package index)"
	@echo "bench              ratios to the bundled JavaScript client (needs Node.js)"

# the groups of pyproject.toml take a newer pip than Python 3.11 and 3.12 bring
PIP := -m pip install --quiet --disable-pip-version-check
INSTALL = $(1)/python $(PIP) 'pip>=25.1' && $(1)/python $(PIP) --editable '.[boto3,gql,local]'

$(READY): pyproject.toml
	@[ -n "$(VERSION)" ] || { echo "$(or $(PYTHON),None of $(CANDIDATES)) is not Python 3.11 or later with its venv module" \
		"(Debian: python3-venv). Name one: make $(MAKECMDGOALS) PYTHON=/path/to/python3"; exit 1; } >&2
	@echo "Python $(VERSION): making $(VENV) (a minute, the first time)"
	@$(PYTHON) -m venv $(VENV)
	@$(call INSTALL,$(BIN)) --group dev
	@touch $@

demo: $(READY)
	@$(BIN)/python examples/demo.py

PYTEST := -m pytest -q -n auto --maxprocesses 8 --dist loadfile

test: $(READY)
	@$(BIN)/python $(PYTEST) $(SELECTED) $(TESTS)

# made from Debian's packages where there is none; the layers, the bench and the tests find it
python3.14: $(READY)
	@$(BIN)/python -c 'from layer import bytecode; raise SystemExit(not bytecode.find_interpreter("3.14"))' \
		|| .ci/python314.sh build/python3.14

# pyenv keeps its interpreters off the PATH
test-other-pythons: $(READY)
	@for version in $(filter-out $(VERSION),3.11 3.12 3.13 3.14); do \
		for python in python$$version $$(ls -d "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$$version.*/bin/python 2>/dev/null) \
				build/python$$version/usr/bin/python$$version ""; do \
			[ -n "$$python" ] && $$python $(SUITS) && break; \
		done; \
		[ -n "$$python" ] || { echo "Python $$version was not found: its tests were not run"; continue; }; \
		echo "Python $$version: $$python"; \
		$(MAKE) --no-print-directory test PYTHON="$$python" SELECTED='-m "not one_python"' || exit 1; \
	done

test-all-pythons:
	@$(MAKE) --no-print-directory test-other-pythons
	@$(MAKE) --no-print-directory test

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --python-version 3.14
	$(BIN)/pyright
	$(BIN)/lint-imports

# the oldest dependencies that pyproject.toml allows, for all that runs without the development tools
define LOWEST
import tomllib
project = tomllib.load(open("pyproject.toml", "rb"))["project"]
extras = project["optional-dependencies"]
for requirement in project["dependencies"] + extras["gql"] + extras["boto3"] + extras["local"]:
    print(requirement.replace(">=", "=="))
endef
export LOWEST

.venv-lowest/.ready: pyproject.toml $(READY)
	@echo "Python $(VERSION): making .venv-lowest"
	@$(PYTHON) -m venv --clear .venv-lowest
	@$(BIN)/python -c "$$LOWEST" > .venv-lowest/lowest.txt
	@$(call INSTALL,.venv-lowest/bin) --constraint .venv-lowest/lowest.txt --group test
	@touch $@

test-lowest: .venv-lowest/.ready
	@.venv-lowest/bin/python $(PYTEST) $(or $(TESTS),tests/test_errors.py tests/test_options.py tests/test_results.py tests/config tests/core tests/io tests/client tests/parity)

# what was executed beside what was reported; WRITE=1 writes the table into docs/connections.md
test-faults: $(READY)
	@$(BIN)/python -m tests.faults $(FAULTS) $(if $(WRITE),--write)

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

REAL := tests/real_backend
JAVA_IS_THERE = @java -version 2>&1 | awk -F'"' 'NR == 1 {split($$2, part, "."); exit !(part[1] >= 17)}' \
	|| { echo "$@ needs Java 17 or later (Debian: openjdk-17-jre-headless)."; exit 1; }

$(REAL)/node/node_modules/.ready: $(REAL)/node/package-lock.json
	$(NODE_IS_THERE)
	@echo "Installing Amplify's packages (1.2 GB; a minute, the first time)"
	@cd $(REAL)/node && npm ci --silent --no-progress
	@touch $@

# Amplify's own resolvers on DynamoDB Local; TESTS=tests/real_backend/test_smoke.py takes a part
test-real: $(READY) $(REAL)/node/node_modules/.ready
	$(JAVA_IS_THERE)
	@REAL_BACKEND=1 $(BIN)/python -m pytest -q $(or $(TESTS),$(REAL))

BROWSER_TESTS := tests/browser

$(BROWSER_TESTS)/node_modules/.ready: $(BROWSER_TESTS)/package-lock.json
	$(NODE_IS_THERE)
	@cd $(BROWSER_TESTS) && npm ci --silent --no-progress
	@touch $@

$(VENV)/.browser: $(READY)
	@$(BIN)/python $(PIP) --group browser
	@touch $@

# the local backend's page, driven in Chromium; the screenshots are in build/browser
test-browser: $(VENV)/.browser $(BROWSER_TESTS)/node_modules/.ready
	@. $(BROWSER_TESTS)/chromium.sh && $(BIN)/python -m pytest -q $(BROWSER_TESTS)

# the page's GraphiQL, taken anew from npm; after a change of $(BROWSER_TESTS)/package.json
graphiql: $(READY) $(BROWSER_TESTS)/node_modules/.ready
	@$(BIN)/python -m tests.browser.take

# make update-recordings AMPLIFY=6.23.0: takes that aws-amplify, records again, and shows what changed
AMPLIFY ?= latest
update-recordings: $(READY)
	$(NODE_IS_THERE)
	@cd $(LIVE) && npm install --silent --no-progress aws-amplify@$(AMPLIFY)
	@node $(LIVE)/record.mjs tests/data/schemas tests/data/reference/goldens
	@$(BIN)/python -m tests.parity.changes tests/data/reference/goldens
	@$(BIN)/python -m tests.parity tests/data/reference

# one zip per Python and architecture; ONLY="--python 3.12 --arch arm64" builds that one
layer: $(READY)
	@$(BIN)/python layer/build.py $(ONLY)

test-layer: $(READY)
	@LAYER_BUILT=1 $(BIN)/python -m pytest -q tests/layer/built

# TESTS=tests/lambda_runtime/test_pauses.py takes a part
test-lambda: $(READY)
	@REAL_RUNTIME=1 $(BIN)/python -m pytest -q -n 3 --dist loadgroup $(or $(TESTS),tests/lambda_runtime)

# the newest versions that pyproject.toml allows
layer-lock: $(READY)
	@$(BIN)/python layer/lock.py

# writes its tables into bench/README.md; ONLY="cold --rounds 31" measures a part
bench: $(READY)
	@$(BIN)/python -m bench $(ONLY)

# AT_MOST=… fails above so many millions
bench-instructions: $(READY)
	@$(BIN)/python -m bench instructions $(if $(AT_MOST),--at-most $(AT_MOST))

clean:
	rm -rf .venv .venv-* build dist
