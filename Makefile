# Two commands for a fresh machine with Python 3.11 or newer: `make demo` and `make test`.

PYTHON ?= python3
# Where to take torch's CPU build from when none is at hand locally (pip's find-links). The package index itself holds,
# for Linux, the build with gigabytes of CUDA libraries: TORCH_INDEX=https://pypi.org/simple asks for that one.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
TORCH := torch==2.13.0

# MNIST is fetched into the clone; AUTOGRADER_MNIST names a local copy.
export AUTOGRADER_CACHE ?= $(CURDIR)/.autograder/cache

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: demo test lint install benchmark clean

install: $(VENV)/installed

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --no-index --no-deps $(TORCH) 2>/dev/null || $(PIP) install --index-url $(TORCH_INDEX) $(TORCH)
	$(PIP) install --constraint constraints.txt --editable '.[develop]'
	touch $@

demo: install
	$(BIN)/python examples/demo.py

test: install lint
	$(BIN)/python -m pytest -q

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

benchmark: install
	$(BIN)/python benchmarks/against_otter.py

clean:
	rm -rf $(VENV) .autograder/cache results  # not the store: it holds grades and the course's secret
