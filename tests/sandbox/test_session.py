"""Conversations with a confined process: values, failures, limits, and every way to die."""

import contextlib
import os
from pathlib import Path

import pytest
import torch

from autograder.records import Outcome
from autograder.sandbox.session import Session, SubmissionFault, SubmissionUnreadable
from autograder.worker.request import SandboxLimits


def load(session, source, names=("f",)):
    flat = session.flatten({"work.py": source.encode()}, list(names), time_s=10)
    return session.load(flat, cell_time_s=5, time_s=10)


def call(session, *args, name="f", time_s=5.0):
    return session.call(name, args, {}, seed=1, device="cpu", time_s=time_s)


def fault_of(session, source, *args, time_s=5.0):
    load(session, source)
    with pytest.raises(SubmissionFault) as caught:
        call(session, *args, time_s=time_s)
    return caught.value


def test_a_call_gives_the_value_back(session):
    load(session, "def f(x):\n    return x * 2, float(x.sum())\n")
    doubled, total = call(session, torch.tensor([1.0, 2.0])).value
    assert torch.equal(doubled, torch.tensor([2.0, 4.0]))
    assert total == 3.0


def test_a_live_process_answers_many_calls(session):
    load(session, "n = 0\ndef f():\n    global n\n    n += 1\n    return n\n")
    assert [call(session).value for _ in range(5)] == [1, 2, 3, 4, 5]


def test_training_works_inside(session):
    load(
        session,
        "import torch\ndef f(x, y):\n"
        "    m = torch.nn.Linear(3, 1)\n    o = torch.optim.Adam(m.parameters(), 0.1)\n"
        "    for _ in range(50):\n        o.zero_grad()\n"
        "        loss = torch.nn.functional.mse_loss(m(x), y)\n        loss.backward()\n        o.step()\n"
        "    return loss.item()\n",
    )
    x = torch.eye(3)
    assert call(session, x, x.sum(1, keepdim=True)).value < 0.1


def test_what_is_printed_comes_back_for_staff(session):
    load(session, "def f():\n    print('hello')\n    return 1\n")
    assert call(session).printed == "hello\n"


def test_autograd_is_seen(session):
    load(
        session,
        "import torch\ndef f(x):\n    x = x.clone().requires_grad_()\n    (x * x).backward()\n    return x.grad\n"
        "def g(x):\n    return 2 * x\n",
        names=("f", "g"),
    )
    assert call(session, torch.tensor(3.0)).autograd
    assert not call(session, torch.tensor(3.0), name="g").autograd


def test_an_exception_names_type_and_line(session):
    fault = fault_of(session, "\n\ndef f():\n    raise ValueError('why')\n")
    assert fault.outcome is Outcome.RAISED
    assert "ValueError" in fault.message
    assert "line 4" in fault.message
    assert "why" not in fault.message
    assert "why" in fault.staff_message


def test_an_unwritten_task_is_not_an_error(session):
    assert (
        fault_of(session, "def f():\n    raise NotImplementedError('Task 1')\n").outcome
        is Outcome.NOT_IMPLEMENTED
    )


def test_torchs_own_not_implemented_is_an_exception_of_the_student(session):
    fault = fault_of(session, "import torch\ndef f():\n    return torch.nn.Module()(1)\n")
    assert fault.outcome is Outcome.RAISED


def test_a_name_that_is_not_there_is_missing(session):
    assert fault_of(session, "x = 1\n").outcome is Outcome.MISSING


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return x\n",
        "def f(*, n):\n    return n\n",
        "class f:\n    def __init__(self, n):\n        self.n = n\n",
    ],
)
def test_parameters_other_than_the_handouts_are_named_as_such(session, source):
    fault = fault_of(session, source)
    assert fault.outcome is Outcome.RAISED
    assert fault.message.startswith("It does not take the arguments")


def test_a_signature_of_the_submissions_own_making_is_not_believed(session):
    source = (
        "class Odd:\n"
        "    @property\n    def __signature__(self):\n        raise SystemExit\n"
        "    def __call__(self):\n        raise ValueError\n"
        "f = Odd()\n"
    )
    assert "ValueError" in fault_of(session, source).message


def test_an_endless_loop_times_out_and_stays_dead(session):
    fault = fault_of(session, "def f():\n    while True:\n        pass\n", time_s=0.5)
    assert fault.outcome is Outcome.TIMED_OUT
    with pytest.raises(SubmissionFault) as again:
        call(session)
    assert again.value.outcome is Outcome.TIMED_OUT


def test_too_much_memory_is_out_of_memory(session):
    source = "import torch\ndef f():\n    return torch.ones(10**10).sum()\n"
    assert fault_of(session, source).outcome is Outcome.OUT_OF_MEMORY


@pytest.mark.parametrize(
    "body",
    ["import os; os._exit(0)", "import os; os.abort()", "import ctypes; ctypes.string_at(0)"],
)
def test_a_death_in_the_middle_of_a_call_is_a_crash(session, body):
    assert fault_of(session, f"def f():\n    {body}\n").outcome is Outcome.CRASHED


def test_sys_exit_is_an_exception_like_others(session):
    assert fault_of(session, "import sys\ndef f():\n    sys.exit(0)\n").outcome is Outcome.RAISED


@pytest.mark.parametrize(
    "value", ["object()", "lambda: 1", "{1: 2}", "torch.eye(2).to_sparse()", "1j"]
)
def test_a_value_that_cannot_cross_is_wrong(session, value):
    assert (
        fault_of(session, f"import torch\ndef f():\n    return {value}\n").outcome is Outcome.WRONG
    )


def test_nothing_to_load_is_told_from_a_crash(session):
    with pytest.raises(SubmissionUnreadable):
        session.flatten({"essay.txt": b"hello"}, ["f"], time_s=10)


def test_the_usage_is_the_kernels(session):
    load(
        session,
        "import time\ndef f():\n    t = time.process_time()\n    while time.process_time() < t + 0.3: pass\n",
    )
    call(session)
    session.kill()
    usage = session.usage()
    assert usage is not None
    assert usage.cpu_time_s > 0.25
    assert usage.peak_memory_mb > 50


def test_the_next_process_knows_nothing_of_the_last(engine):
    spawner = engine.spawner()
    first = Session(spawner.spawn(SandboxLimits()))
    load(
        first,
        "import torch, builtins\n"
        "def f():\n"
        "    torch.evil = builtins.evil = 1\n    torch.set_default_dtype(torch.float64)\n"
        "    for place in ('/tmp/left', '/dev/shm/left', 'left', '/run/submission/left'):\n"
        "        try:\n            open(place, 'w').write('x')\n        except OSError:\n            pass\n"
        "    return 1\n",
    )
    assert call(first).value == 1
    first.kill()
    first.usage()
    second = Session(spawner.spawn(SandboxLimits()))
    load(
        second,
        "import torch, os, builtins\n"
        "def f():\n"
        "    places = ('/tmp/left', '/dev/shm/left', 'left', '/run/submission/left')\n"
        "    found = [p for p in places if os.path.exists(p)]\n"
        "    return found, hasattr(torch, 'evil'), hasattr(builtins, 'evil'), str(torch.get_default_dtype())\n",
    )
    assert call(second).value == ([], False, False, "torch.float32")
    second.kill()
    second.usage()


def test_a_submission_is_the_first_to_go_when_the_machine_runs_out_of_memory(session):
    load(session, "def f():\n    return 1\n")
    call(session)
    assert "1000" in set(oom_scores({os.getuid(), 60001, *range(20_000, 60_000)}))


def oom_scores(users):
    """What the kernel would go by, for every process of the zygote's program that runs as one of these users."""
    for process in Path("/proc").iterdir():
        with contextlib.suppress(OSError):  # no process, or one that has ended meanwhile
            user = int((process / "status").read_text().split("\nUid:\t")[1].split("\t")[0])
            if user in users and b"autograder.worker.zygote" in (process / "cmdline").read_bytes():
                yield (process / "oom_score_adj").read_text().strip()
