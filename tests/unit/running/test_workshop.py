import threading
from queue import Queue
from types import SimpleNamespace

import pytest

from autograder.running.workshop import Workshop


@pytest.fixture
def workshop():
    def made(*gpus, open_devices=("/dev/nvidia0",)):
        turns = Queue()
        for gpu in gpus:
            turns.put(gpu)
        return Workshop(None, SimpleNamespace(open_devices=open_devices), None, 1.0, turns)

    return made


def test_no_gpu_is_waited_for_where_there_are_none(workshop):
    with workshop(open_devices=())._turn() as gpu:
        assert gpu == ""


def test_a_gpu_belongs_to_one_submission_until_it_is_judged(workshop):
    shop = workshop("GPU-1", "GPU-2")
    with shop._turn() as one, shop._turn() as other:
        assert {one, other} == {"GPU-1", "GPU-2"}
        waiting = threading.Event()
        got = []

        def third():
            waiting.set()
            with shop._turn() as gpu:
                got.append(gpu)

        thread = threading.Thread(target=third)
        thread.start()
        assert waiting.wait(5)
        thread.join(0.05)
        assert got == []  # both are taken
    thread.join(5)
    assert got
    assert shop._gpu_turns.qsize() == 2


def test_a_gpu_is_given_back_when_judging_fails(workshop):
    shop = workshop("GPU-1")
    with pytest.raises(OSError, match="lost"), shop._turn():
        raise OSError("lost")
    assert shop._gpu_turns.qsize() == 1
