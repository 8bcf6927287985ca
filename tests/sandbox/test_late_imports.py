"""What honest submissions do late, after the doors are closed, works on every engine."""

import pytest

from autograder.sandbox.session import Session
from autograder.worker.request import SandboxLimits

PROGRAM = """
import importlib
import torch

def module(name):
    return importlib.import_module(name).__name__

def compiled():
    return torch.compile(lambda x: x + 1)(torch.ones(2))

def date():
    import datetime
    return datetime.datetime.strptime("2026-11-21", "%Y-%m-%d").year

def threads():
    from concurrent.futures import ThreadPoolExecutor
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(abs, [1, -2]))

def gradients():
    return torch.func.vmap(torch.func.grad(lambda x: (x**2).sum()))(torch.ones(2, 2))

def batches():
    data = torch.utils.data.TensorDataset(torch.arange(8.0))
    return len(list(torch.utils.data.DataLoader(data, batch_size=2, shuffle=True)))

def seeded():
    return torch.initial_seed() != torch.seed() == torch.initial_seed()

def randomness():
    import random, secrets
    import numpy
    return random.random() < 1, len(secrets.token_hex(4)), float(numpy.random.default_rng().random()) < 1
"""

MODULES = (
    "sqlite3", "decimal", "xml.etree.ElementTree", "multiprocessing.pool", "asyncio", "cProfile",
    "_strptime", "numpy.polynomial", "numpy.testing", "torch.distributions", "torch.nn.utils.prune",
    "torch.onnx", "torch.profiler", "torch.ao.nn.quantized", "torch.utils.checkpoint", "sympy",
)  # fmt: skip


@pytest.fixture(scope="module")
def ask(engine):
    session = Session(engine.spawner().spawn(SandboxLimits(memory_mb=1024)))
    flat = session.flatten({"work.py": PROGRAM.encode()}, ["module"], time_s=10)
    session.load(flat, cell_time_s=5, time_s=10)
    yield lambda name, *args: session.call(name, args, {}, seed=1, device="cpu", time_s=60).value
    session.kill()
    session.usage()


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_imported_late(ask, name):
    assert ask("module", name) == name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("date", 2026),
        ("threads", [1, 2]),
        ("batches", 4),
        ("seeded", True),
        ("randomness", (True, 8, True)),
    ],
)
def test_what_is_common_works(ask, name, expected):
    assert ask(name) == expected


def test_compiling_is_left_out_and_fails_nobody(ask):
    assert ask("compiled").tolist() == [2.0, 2.0]


def test_derivatives_of_functions_work(ask):
    assert ask("gradients").tolist() == [[2.0, 2.0], [2.0, 2.0]]
