# Everything a machine needs is set up by these targets: they ask for Python 3.11+, make and git, no more.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# Whatever else the environment wants: tests whose rewritten code is kept are collected in half the time.
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest --dist=worksteal
# One worker more than there are cores: a third of a test's time is waiting, for a process to end,
# for a disk, for a claim to be over. The unit tests wait for nothing.
WORKERS ?= $$(($$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN) + 1))
SECONDS ?= 60
SEEDS  ?= 100
CAMPAIGNS ?= 10000
DAYS   ?= 7
CLUSTERS ?= 100 500
AGAINST ?=

.PHONY: demo test test-fast soak check bench fuzz format schemas expected requirements wheelhouse release clean
.DEFAULT_GOAL := test

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(READY) ## one story of a pairing on this machine, over real HTTP and real Git; `pairctl demo --all` has more
	@$(BIN)/pairctl demo

test: $(READY) ## all tests
	$(PYTEST) --numprocesses=$(WORKERS)

test-fast: $(READY) ## the unit tests, in a minute: for while you work
	$(PYTEST) --numprocesses=auto tests/unit

soak: $(READY) ## the claim protocol in many worlds, with real processes (SEEDS=1000), all examples of laws, a week of `watch`
	MODEL_RUNS=$(SEEDS) SOAK_SEEDS=$(SEEDS) ROLLOUT_RUNS=$(CAMPAIGNS) LAW_EXAMPLES=all \
		$(PYTEST) --numprocesses=$(WORKERS) \
		$(wildcard tests/model) tests/scenario/test_skewed_processes.py \
		tests/unit
	SOAK_LOG=/dev/stderr SOAK_DAYS=$(DAYS) SOAK_CLUSTERS=30 $(BIN)/pytest --timeout=0 --capture=no tests/scenario/test_soak.py

check: $(READY) ## format, lint, types, floors, names, and that generated files are current
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy $(wildcard .ci/*.py)
	$(BIN)/lint-imports --no-cache
	$(BIN)/python .ci/words.py
	@$(BIN)/python .ci/sizes.py --total
	$(BIN)/pairctl schema --check schemas
	$(BIN)/python .ci/pages.py --check

bench: $(READY) ## what all of it costs, and what is held; CLUSTERS="100 500 2000" AGAINST=COMMIT for more
	@$(BIN)/python benchmarks/search.py
	@$(BIN)/python benchmarks/validation.py
	@PYTHONPATH=tests $(BIN)/python benchmarks/two_repositories.py
	@PYTHONPATH=tests $(BIN)/python benchmarks/fleet.py --clusters $(CLUSTERS) $(if $(AGAINST),--against $(AGAINST))
	@PYTHONPATH=tests $(BIN)/python benchmarks/fleet.py --clusters 100 --trust authority
	@PYTHONPATH=tests $(BIN)/python benchmarks/fleet.py --clusters 100 --trust system
	@PYTHONPATH=tests $(BIN)/python benchmarks/settled.py $(if $(AGAINST),--against $(AGAINST))
	@PYTHONPATH=tests $(BIN)/python benchmarks/wake.py
	@PYTHONPATH=tests $(BIN)/python benchmarks/odd_hosts.py

fuzz: $(READY) ## look for hostile answers and documents that pairctl does not bear; SECONDS=600 for longer
	@PYTHONPATH=tests $(BIN)/python -m fuzzing $(SECONDS)

format: $(READY) ## put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schemas: $(READY) ## write schemas/, docs/ and the tables of ARCHITECTURE.md anew from the code
	$(BIN)/pairctl schema --output schemas
	$(BIN)/python .ci/pages.py

expected: $(READY) ## write anew what `validate` says of each file of examples/invalid; then look at it
	$(BIN)/python .ci/expected

requirements: ## pin anew, with hashes, what the Action and GitLab's template install
	PYTHON=$(PYTHON) .ci/requirements

wheelhouse: ## all wheels that pairctl runs with, for a machine without network; PYTHONS="3.12 3.13" for others
	rm -rf dist/wheelhouse
	$(PYTHON) .ci/wheelhouse.py dist/wheelhouse $(PYTHONS)

release: $(READY) ## rehearse a release: wheel, source, SBOM, wheelhouse and checksums, in dist/release
	rm -rf dist/release
	PYTHON=$(BIN)/python PYTHONS="$(PYTHONS)" .ci/release dist/release $(TAG)
	.ci/checksums dist/release

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
