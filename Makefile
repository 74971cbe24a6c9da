# Countermark: what a person types. Each target makes what it needs, on a machine with Python 3.11+, make and git.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test check bench reading requirements clean
help:
	@echo "make demo    two countries certify, exchange, check, use and answer, on this machine"
	@echo "make test    lint, types, import contract and every test"
	@echo "make bench   the benchmarks, each as a ratio to a reference timed in the same run"
	@echo "make reading the figures of the rule reader, written anew (needs the published rules: COUNTERMARK_DATA)"

$(VENV)/desk: requirements/desk.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt -r requirements/desk.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

$(VENV)/dev: $(VENV)/desk requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

demo: $(VENV)/desk
	$(BIN)/countermark demo

check: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy

test: check
	$(BIN)/pytest -n 2 --dist worksteal

bench: $(VENV)/desk
	$(BIN)/countermark bench

reading: $(VENV)/dev
	PYTHONPATH=tests $(BIN)/python -m reading.report

requirements:  ## pin again, with hashes
	$(PYTHON) -m venv $(VENV)-pins
	$(VENV)-pins/bin/pip install --quiet pip-tools
	for f in build base desk dev; do $(VENV)-pins/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-annotate --no-header -o requirements/$$f.txt requirements/$$f.in; done
	rm -rf $(VENV)-pins

clean:
	rm -rf $(VENV) $(VENV)-pins build src/*.egg-info
