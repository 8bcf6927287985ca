"""CUDA in a sandboxed process: what works, what is refused, and who is harmed by a submission that breaks it."""

import time

import pytest
import torch

from autograder.records import Isolation, Outcome
from autograder.sandbox import canary, gpus
from autograder.sandbox.bubblewrap import package_root
from autograder.sandbox.session import SubmissionFault

HELPED = {"seed": 1, "device": "cuda", "time_s": 20.0}
ALONE = {**HELPED, "device": "cuda alone"}

#: Says nothing of devices.
PLAIN = """
import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

def where():
    return [str(torch.zeros(2).device), torch.cuda.device_count()]

def mixed(a, b):
    stray = torch.Tensor([1.0, 2.0, 3.0])
    return (a @ torch.eye(3) * stray).sum() + float(np.asarray(b).sum())

def shuffled(n, seed):
    g = torch.Generator().manual_seed(seed)
    order = [int(i) for (i,) in DataLoader(TensorDataset(torch.arange(n)), shuffle=True, generator=g)]
    return sorted(order) == list(range(n))

def train(x):
    model = torch.nn.Linear(4, 1)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.1)
    for _ in range(50):
        optimizer.zero_grad()
        loss = model(x).square().mean()
        loss.backward()
        optimizer.step()
    return loss.item()

def much():
    return torch.empty(2**31).shape

def broken():
    return torch.zeros(3)[torch.tensor([10**9])]

def endless():
    torch.cuda._sleep(10**13)
    torch.cuda.synchronize()
"""


def fault_of(session, name, time_s=20.0):
    with pytest.raises(SubmissionFault) as caught:
        session.call(name, (), {}, **{**HELPED, "time_s": time_s})
    return caught.value


def test_code_that_says_nothing_of_devices_computes_on_the_gpu(load):
    session = load(PLAIN, "where", "mixed", "shuffled", "train")
    assert session.call("where", (), {}, **HELPED).value == ["cuda:0", 1]
    answer = session.call("mixed", (torch.ones(3), torch.ones(3)), {}, **HELPED)
    assert float(answer.value) == 9.0
    assert answer.gpu_memory_mb > 0
    assert session.call("shuffled", (7, 1), {}, **HELPED).value is True
    assert session.call("train", (torch.randn(8, 4),), {}, **HELPED).value < 1.0


def test_where_the_device_is_asked_nothing_is_placed(load):
    session = load(PLAIN, "mixed")
    with pytest.raises(SubmissionFault) as caught:
        session.call("mixed", (torch.ones(3), torch.ones(3)), {}, **ALONE)
    assert caught.value.outcome is Outcome.RAISED
    print(caught.value.staff_message[:200])


def test_more_memory_than_is_allowed_is_the_submissions_own_fault(load):
    assert fault_of(load(PLAIN, "much", memory_mb=512), "much").outcome is Outcome.OUT_OF_MEMORY


def test_a_kernel_that_fails_ends_its_own_task_and_no_other(load):
    neighbour = load(PLAIN, "where")
    session = load(PLAIN, "broken", "where")
    assert fault_of(session, "broken").outcome is Outcome.RAISED
    assert fault_of(session, "where").outcome is Outcome.RAISED  # its context is lost
    assert neighbour.call("where", (), {}, **HELPED).value == ["cuda:0", 1]
    assert load(PLAIN, "where").call("where", (), {}, **HELPED).value == ["cuda:0", 1]


def test_a_kernel_that_never_ends_is_killed_and_the_gpu_is_free_again(load):
    started = time.monotonic()
    session = load(PLAIN, "endless")
    assert fault_of(session, "endless", time_s=2.0).outcome is Outcome.TIMED_OUT
    session.kill()
    assert session.usage() is not None
    print(f"killed {time.monotonic() - started:.1f} s after its process was asked for")
    assert load(PLAIN, "where").call("where", (), {}, **HELPED).value == ["cuda:0", 1]


def test_the_canary_finds_no_way_out_with_the_doors_of_cuda_open(engine):
    if engine.level is Isolation.PROCESS:
        pytest.skip("there is no wall")
    target = package_root() / "grading.yml"
    record = canary.run(
        engine.spawner(), engine.level, engine.level, engine.description, target, engine.open_devices
    )  # fmt: skip
    print(record.canary_in_words())
    assert record.open_devices == engine.open_devices


def test_what_a_context_costs(load, engine, capsys):
    session = load("def f():\n    return 1\n", "f")
    started = time.monotonic()
    session.call("f", (), {}, **HELPED)
    with capsys.disabled():
        print(
            f"\n{engine.level}: first call {time.monotonic() - started:.3f} s, driver {gpus.driver_version()}"
        )
