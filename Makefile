# Everything runs in .venv, inside the checkout; what is installed is pinned in constraints.txt.
# `make demo` and `make test` are all a newcomer needs.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1
SERVERS ?= bluesky snac matrix nostr mail wordpress s3
PIP    := $(BIN)/python -m pip --require-virtualenv install --quiet

.PHONY: help demo test test-real install check format docs pictures fuzz bench crash wheel clean

help:  ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Drumbeat needs Python 3.11 or newer; name it with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || \
	  { rm -rf $(VENV); echo "Python cannot make virtual environments here. Run: sudo apt-get install -y python3-venv"; exit 1; }

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing Drumbeat into $(VENV) …"
	@$(PIP) --editable '.[cards]'
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing what the tests need …"
	@$(PIP) --editable '.[dev]'
	@touch $@

install: $(VENV)/.installed  ## set up .venv with the drumbeat command

demo: install  ## check, preview and rehearse the shipped campaigns
	@$(BIN)/drumbeat check --strict
	@$(BIN)/drumbeat preview --day 2027-06-30 --at 2027-06-23T12:00:00Z --files
	@$(BIN)/drumbeat rehearse --day 2027-06-30 --at 2027-06-23T12:00:00Z

test: $(VENV)/.installed-dev  ## run every test
	@tests/browser/install
	@$(BIN)/python -m pytest -n 2 $(PYTEST_ARGS)

test-real: $(VENV)/.installed-dev  ## post to servers that other people wrote, on loopback
	@tests/real/install $(SERVERS)
	@DRUMBEAT_REAL_INSTALL=no $(BIN)/python -m pytest -m real \
	  $(foreach server,$(SERVERS),$(wildcard tests/real/test_*$(server)*.py)) $(PYTEST_ARGS)

check: $(VENV)/.installed-dev  ## format, lint, types, layers
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/meta/test_budget.py

format: $(VENV)/.installed-dev  ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

docs: $(VENV)/.installed-dev  ## build the documentation, every warning an error
	@$(BIN)/mkdocs build --strict --quiet

pictures: $(VENV)/.installed-dev  ## take the documentation's pictures of the page anew
	@tests/browser/install
	@$(BIN)/python docs/pictures/shoot.py

fuzz: $(VENV)/.installed-dev  ## look for new counterexamples
	@DRUMBEAT_EXAMPLES=search $(BIN)/python -m pytest -n 2 tests/property

bench: $(VENV)/.installed-dev  ## measure (BENCH=quick: the short way)
	@$(BIN)/python benchmarks/everything.py $(if $(filter quick,$(BENCH)),--quick)

crash: $(VENV)/.installed-dev  ## die everywhere, and see that nothing is lost or doubled
	@DRUMBEAT_CRASH=all $(BIN)/python -m pytest -s tests/crash
	@$(BIN)/python -m tests.crash.compare

wheel: $(VENV)/.installed-dev  ## build the wheel
	@$(BIN)/python -m build --wheel

clean:  ## remove what was built and installed
	rm -rf $(VENV) build dist site .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
