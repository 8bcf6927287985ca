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

# For a machine with a GPU and without a package index: its own Python with its own torch (2.11 or newer), and what
# `make gpu-wheels` has fetched elsewhere.
GPU_PYTHON ?= python3
GPU_PYTHON_VERSION ?= 3.12
GPU_FOLDER := .gpu

.PHONY: demo test lint install benchmark clean test-gpu gpu-wheels

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
	$(BIN)/python -m pytest -q -rs

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

benchmark: install
	$(BIN)/python benchmarks/against_otter.py

test-gpu:
	$(GPU_PYTHON) -m pip install --disable-pip-version-check --quiet --no-index --no-deps --no-compile $(GPU_FOLDER)/wheels/*.whl
	AUTOGRADER_MNIST=$(CURDIR)/$(GPU_FOLDER)/mnist $(GPU_PYTHON) -m pytest -q -s -rs tests/gpu

gpu-wheels: install
	rm -rf $(GPU_FOLDER) && mkdir -p $(GPU_FOLDER)/wheels $(GPU_FOLDER)/mnist
	$(BIN)/python benchmarks/gpu_wheels.py $(GPU_FOLDER) $(GPU_PYTHON_VERSION)

clean:
	rm -rf $(VENV) .autograder/cache results  # not the store: it holds grades and the course's secret
