"""A conversation with a process that lies: every forged answer ends the task, none is our fault."""

import socket
import threading
import time

import pytest
import torch

from autograder.errors import GraderError
from autograder.records import Outcome
from autograder.sandbox import session as session_module
from autograder.sandbox.session import (
    GraderStalled,
    Session,
    SubmissionFault,
    SubmissionUnreadable,
)
from autograder.sandbox.spawn import Usage
from autograder.submission.execute import LoadReport
from autograder.submission.flat import Cell, FlatSubmission
from autograder.worker import wire
from autograder.worker.contents import flat_to_wire

HELLO = {"id": 0, "ok": "ready"}
NOTEBOOK = FlatSubmission(
    "hw.ipynb",
    (Cell("cell 2", "hw.ipynb", 1, "def f():\n    return 1\n"),),
    data_files=(("points.csv", b"1,2\n"),),
)
SCRIPT = FlatSubmission("hw.py", (Cell("line 3", "hw.py", 3, "def f():\n    return 1\n"),))
LOADED = LoadReport((), 0.5, False)


class Spawned:
    """A process played by a thread on the other end of a socket."""

    def __init__(self, play, usage=Usage(0, 0.1, 50.0)):  # noqa: B008  # frozen
        self.data, self._theirs = socket.socketpair()
        self._usage = usage
        self.kills = 0
        self.heard = []
        self._thread = threading.Thread(target=self._run, args=(play,), daemon=True)
        self._thread.start()

    def _run(self, play):
        try:
            play(self)
        except (wire.WireError, OSError):
            return  # the grader has hung up

    def say(self, value):
        wire.send(self._theirs, value, wire.Deadline(10))

    def say_bytes(self, data):
        self._theirs.setblocking(True)
        self._theirs.sendall(data)

    def hear(self):
        self.heard.append(wire.receive(self._theirs, wire.Limits(), wire.Deadline(10)))
        return self.heard[-1]

    def hang_up(self):
        self._theirs.close()

    def kill(self):
        self.kills += 1
        self.data.close()

    def wait(self, time_s):
        return self._usage

    def end(self):
        self.kill()
        self._thread.join(10)
        self._theirs.close()
        assert not self._thread.is_alive()


@pytest.fixture
def session_with():
    """A session with a process that greets, then answers each request by `answer(request)`."""
    spawned = []

    def start(*answers, usage=Usage(0, 0.1, 50.0)):  # noqa: B008  # frozen
        def play(process):
            process.say(HELLO)
            for answer in answers:
                request = process.hear()
                reply = answer(request) if callable(answer) else answer
                if reply is not None:
                    process.say(reply)
            process.hear()  # until the grader hangs up

        return start_with(play, usage=usage)

    def start_with(play, **options):
        spawned.append(Spawned(play, **options))
        session = Session(spawned[-1])
        session.peer = spawned[-1]
        return session

    start.play = start_with
    yield start
    for process in spawned:
        process.end()


def call(session, *args, time_s=5.0):
    return session.call("f", args, {}, seed=7, device="cpu", time_s=time_s)


def fault_of(session, **options):
    with pytest.raises(SubmissionFault) as caught:
        call(session, **options)
    return caught.value


def ok(value, **more):
    return lambda request: {"id": request["id"], "printed": "", "ok": value, **more}


def error(kind="raised", type="ValueError", text="", cell=None, line=None):  # noqa: A002
    failure = {"kind": kind, "type": type, "text": text, "cell": cell, "line": line}
    return lambda request: {"id": request["id"], "printed": "", "error": failure}


# Honest answers


def test_a_call_sends_what_it_was_given_and_takes_the_value(session_with):
    session = session_with(ok((1.5, torch.ones(2)), autograd=True))
    answer = session.call("f", [torch.zeros(3)], {"n": 2}, seed=7, device="cuda", time_s=5)
    number, tensor = answer.value
    assert (number, tensor.tolist(), answer.autograd) == (1.5, [1.0, 1.0], True)
    heard = session.peer.heard[0]
    assert heard["args"][0].tolist() == [0.0, 0.0, 0.0]
    assert {key: heard[key] for key in ("id", "op", "name", "kwargs", "seed", "device")} == {
        "id": 1, "op": "call", "name": "f", "kwargs": {"n": 2}, "seed": 7, "device": "cuda",
    }  # fmt: skip


def test_requests_are_numbered_and_each_gets_its_own_answer(session_with):
    session = session_with(*[lambda request: ok(request["id"] * 10)(request)] * 3)
    assert [call(session).value for _ in range(3)] == [10, 20, 30]


@pytest.mark.parametrize("claim", [False, 1, "yes", None, [True]])
def test_only_a_plain_true_is_taken_for_a_claim_of_autograd(session_with, claim):
    assert call(session_with(ok(1, autograd=claim))).autograd is False


def test_a_flat_submission_comes_back_with_its_data_files(session_with):
    session = session_with(ok(flat_to_wire(NOTEBOOK)))
    assert session.flatten({"hw.ipynb": b"{}", "empty": b""}, ["f"], time_s=5) == NOTEBOOK
    heard = session.peer.heard[0]
    assert {name: content.tolist() for name, content in heard["files"].items()} == {
        "hw.ipynb": [123, 125], "empty": [],
    }  # fmt: skip


def test_a_load_report_comes_back(session_with):
    session = session_with(ok(LOADED.to_plain()))
    assert session.load(NOTEBOOK, cell_time_s=1, time_s=5) == LOADED


# Failures that the submission's process reports


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("raised", Outcome.RAISED),
        ("missing", Outcome.MISSING),
        ("not_implemented", Outcome.NOT_IMPLEMENTED),
        ("out_of_memory", Outcome.OUT_OF_MEMORY),
        ("unsendable", Outcome.WRONG),
        ("passed", Outcome.RAISED),
        ("grader_error", Outcome.RAISED),
        ("", Outcome.RAISED),
    ],
)
def test_a_reported_failure_is_an_outcome_and_no_word_of_it_is_for_the_student(
    session_with, kind, outcome
):
    fault = fault_of(session_with(error(kind, text="inputs 3.14")))
    assert fault.outcome is outcome
    assert "3.14" not in fault.message
    assert "3.14" in fault.staff_message
    assert not fault.final


@pytest.mark.parametrize("name", ["Inputs314Error", "print", "", "__import__", "ValueError\nx"])
def test_a_name_that_is_no_builtin_exception_is_not_repeated(session_with, name):
    assert fault_of(session_with(error(type=name))).message == "Your code raised an exception."


def test_only_the_opening_of_the_files_can_find_nothing_to_load(session_with):
    said = error("unreadable", text="inputs 3.14")
    with pytest.raises(SubmissionUnreadable, match=r"inputs 3\.14"):
        session_with(said).flatten({}, ["f"], time_s=5)
    fault = fault_of(session_with(said))
    assert not isinstance(fault, SubmissionUnreadable)
    assert "3.14" not in fault.message
    with pytest.raises(SubmissionFault) as caught:
        session_with(said).load(NOTEBOOK, cell_time_s=1, time_s=5)
    assert "3.14" not in caught.value.message


@pytest.mark.parametrize(
    ("flat", "cell", "line", "where"),
    [
        (NOTEBOOK, 0, 2, " (cell 2, line 2)"),
        (SCRIPT, 0, 4, " (line 4)"),
        (SCRIPT, None, 4, ""),
        (SCRIPT, 0, None, ""),
        (SCRIPT, 1, 4, ""),
        (SCRIPT, -1, 4, ""),
        (SCRIPT, 0, 0, ""),
        (SCRIPT, 0, -4, ""),
        (SCRIPT, 0, 2**62, ""),
        (SCRIPT, 0, 31_415, ""),  # the file is not so long: a number could carry a hidden input
    ],
)
def test_a_line_is_shown_where_the_claim_makes_sense(session_with, flat, cell, line, where):
    session = session_with(ok(LOADED.to_plain()), error(cell=cell, line=line))
    session.load(flat, cell_time_s=1, time_s=5)
    assert fault_of(session).message == f"Your code raised ValueError{where}."


def test_after_a_reported_failure_the_process_may_be_asked_again(session_with):
    session = session_with(error(), ok(3))
    fault_of(session)
    assert call(session).value == 3


# Forged answers

FINE = {"id": 1, "printed": "", "ok": 1}
FAILED = {
    "id": 1,
    "printed": "",
    "error": {"kind": "raised", "type": "ValueError", "text": "", "cell": None, "line": None},
}


def changed(reply, **fields):
    return {**reply, **fields}


def without(reply, *names):
    return {key: value for key, value in reply.items() if key not in names}


def error_with(**fields):
    return changed(FAILED, error={**FAILED["error"], **fields})


FORGED = {
    "an older id": changed(FINE, id=0),
    "a later id": changed(FINE, id=2),
    "a bool for an id": changed(FINE, id=True),
    "a float for an id": changed(FINE, id=1.0),
    "a text for an id": changed(FINE, id="1"),
    "a tensor for an id": changed(FINE, id=torch.tensor(1)),
    "a tensor of many ids": changed(FINE, id=torch.tensor([1, 1])),
    "no id": without(FINE, "id"),
    "no printed": without(FINE, "printed"),
    "nothing printed": changed(FINE, printed=None),
    "a list printed": changed(FINE, printed=["x"]),
    "a further key": changed(FINE, outcome="passed"),
    "a score": changed(FINE, points=20),
    "both value and error": {**FINE, **FAILED},
    "neither": without(FINE, "ok"),
    "an empty dict": {},
    "a list": [FINE],
    "a tuple": (1, "", 1),
    "a tensor": torch.tensor([1]),
    "a text": "ok",
    "none": None,
    "a true": True,
    "an error without a kind": changed(FAILED, error=without(FAILED["error"], "kind")),
    "an error with a further key": error_with(points=2),
    "a number for a kind": error_with(kind=1),
    "no type": error_with(type=None),
    "a tensor for a type": error_with(type=torch.tensor(1)),
    "a dict for a text": error_with(text={"a": 1}),
    "a text for a line": error_with(line="1"),
    "a bool for a line": error_with(line=True),
    "a float for a cell": error_with(cell=0.0),
    "a tensor for a cell": error_with(cell=torch.tensor([0, 0])),
    "a nested error": changed(FAILED, error={"error": FAILED["error"]}),
    "an error in a list": changed(FAILED, error=[FAILED["error"]]),
    "a text for an error": changed(FAILED, error="ValueError"),
    "no error": changed(FAILED, error=None),
}


@pytest.mark.parametrize("reply", FORGED.values(), ids=FORGED)
def test_a_forged_answer_ends_the_task_as_crashed(session_with, reply):
    session = session_with(lambda _: reply)
    if reply is None:
        session = session_with.play(lambda p: (p.say(HELLO), p.hear(), p.say(None), p.hear()))
    fault = fault_of(session)
    assert (fault.outcome, fault.final) == (Outcome.CRASHED, True)
    assert session.peer.kills >= 1
    assert fault_of(session) is fault  # and it is not asked again


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\n\r\n" + bytes(100),
        b"AGW1" + bytes(12),
        b"AGW1" + (2**31).to_bytes(4, "little") + bytes(8),
        b"AGW1" + (2).to_bytes(4, "little") + (2**62).to_bytes(8, "little") + b"{}",
        b"AGW1" + (3).to_bytes(4, "little") + bytes(8) + b"{{{",
        b"AGW1" + (4).to_bytes(4, "little") + bytes(8) + b"\xff\xfe\x00\x00",
        b"\x80\x04\x95" + bytes(100),
    ],
    ids=["http", "empty", "long header", "huge body", "no json", "no utf-8", "pickle"],
)
def test_bytes_that_are_no_frame_end_the_task_as_crashed(session_with, data):
    session = session_with.play(lambda p: (p.say(HELLO), p.hear(), p.say_bytes(data), p.hear()))
    assert fault_of(session).outcome is Outcome.CRASHED


def test_two_answers_to_one_call_end_the_next_one(session_with):
    def play(process):
        process.say(HELLO)
        process.hear()
        process.say(FINE)
        process.say(changed(FINE, ok="ahead"))
        process.hear()

    session = session_with.play(play)
    assert call(session).value == 1
    assert fault_of(session).outcome is Outcome.CRASHED


def test_an_answer_ahead_of_its_call_is_known_by_its_number_alone(session_with):
    # It can only be a value that was made without seeing the call's arguments.
    def play(process):
        process.say(HELLO)
        process.say(changed(FINE, id=3))
        process.hear()

    assert fault_of(session_with.play(play)).outcome is Outcome.CRASHED


@pytest.mark.parametrize(
    "plain",
    [
        None, [], {}, "x", 1, torch.ones(2), {"main": "hw.py"},
        {**flat_to_wire(NOTEBOOK), "main": "../hw.py"},
        {**flat_to_wire(NOTEBOOK), "cells": [["cell 1", "hw.py", 1, 7]]},
        {**flat_to_wire(NOTEBOOK), "cells": 3},
        {**flat_to_wire(NOTEBOOK), "data_files": [["a", "text"]]},
        {**flat_to_wire(NOTEBOOK), "data_files": [["a", torch.ones(2, dtype=torch.bfloat16)]]},
        {**flat_to_wire(NOTEBOOK), "data_files": [["a"]]},
        {**flat_to_wire(NOTEBOOK), "data_files": None},
        {**flat_to_wire(NOTEBOOK), "score": 20},
    ],
)  # fmt: skip
def test_a_flat_submission_that_is_none_ends_the_task_as_crashed(session_with, plain):
    with pytest.raises(SubmissionFault) as caught:
        session_with(ok(plain)).flatten({}, ["f"], time_s=5)
    assert caught.value.outcome is Outcome.CRASHED


@pytest.mark.parametrize(
    "plain",
    [None, [], {}, "x", torch.ones(2), {**LOADED.to_plain(), "failures": [{}]},
     {**LOADED.to_plain(), "failures": [None]}, {**LOADED.to_plain(), "more": 1}],
)  # fmt: skip
def test_a_load_report_that_is_none_ends_the_task_as_crashed(session_with, plain):
    with pytest.raises(SubmissionFault) as caught:
        session_with(ok(plain)).load(NOTEBOOK, cell_time_s=1, time_s=5)
    assert caught.value.outcome is Outcome.CRASHED


# Ends


def test_a_process_that_ends_in_a_call_has_crashed_whatever_its_exit_code(session_with):
    session = session_with.play(
        lambda p: (p.say(HELLO), p.hear(), p.hang_up()), usage=Usage(0, 0.1, 50.0)
    )
    fault = fault_of(session)
    assert (fault.outcome, fault.final, fault.staff_message) == (
        Outcome.CRASHED,
        True,
        "exit code 0",
    )


def test_a_process_that_ends_within_an_answer_has_crashed(session_with):
    frame = b"".join(map(bytes, wire.encode(FINE)))
    session = session_with.play(
        lambda p: (p.say(HELLO), p.hear(), p.say_bytes(frame[:-3]), p.hang_up()), usage=None
    )
    fault = fault_of(session)
    assert (fault.outcome, fault.staff_message) == (Outcome.CRASHED, "no exit report")


def test_a_process_that_the_kernel_ended_for_memory_has_not_crashed(session_with):
    session = session_with.play(
        lambda p: (p.say(HELLO), p.hear(), p.hang_up()), usage=Usage(-9, 0.1, 50.0, True)
    )
    fault = fault_of(session)
    assert (fault.outcome, fault.final) == (Outcome.OUT_OF_MEMORY, True)
    assert "exit code -9" in fault.staff_message
    assert fault_of(session) is fault


def test_one_that_waits_for_its_worker_that_the_kernel_ended_is_told_of_memory(session_with):
    fault = fault_of(session_with(lambda _: None, usage=Usage(-9, 0.1, 50.0, True)), time_s=0.3)
    assert (fault.outcome, fault.final) == (Outcome.OUT_OF_MEMORY, True)


def test_no_answer_in_time_is_timed_out_and_the_process_is_killed_for_good(session_with):
    session = session_with(lambda _: None, usage=Usage(-9, 0.3, 50.0))
    started = time.monotonic()
    fault = fault_of(session, time_s=0.3)
    assert 0.25 < time.monotonic() - started < 5
    assert (fault.outcome, fault.final) == (Outcome.TIMED_OUT, True)
    assert session.peer.kills >= 1
    assert fault_of(session) is fault


def test_an_answer_in_drops_does_not_stretch_the_time(session_with):
    frame = b"".join(map(bytes, wire.encode(FINE)))

    def play(process):
        process.say(HELLO)
        process.hear()
        for byte in frame:
            process.say_bytes(bytes([byte]))
            time.sleep(0.05)

    started = time.monotonic()
    fault = fault_of(session_with.play(play, usage=Usage(-9, 0.3, 50.0)), time_s=0.3)
    assert fault.outcome is Outcome.TIMED_OUT
    assert time.monotonic() - started < 5


def test_a_process_that_stops_reading_is_timed_out(session_with):
    waiting = threading.Event()
    session = session_with.play(
        lambda p: (p.say(HELLO), waiting.wait(10)), usage=Usage(-9, 0.3, 50.0)
    )
    with pytest.raises(SubmissionFault) as caught:
        session.call("f", [torch.zeros(1 << 22)], {}, seed=7, device="cpu", time_s=0.3)
    waiting.set()
    assert caught.value.outcome is Outcome.TIMED_OUT


# Whose fault an overrun is


class Stalled(wire.Deadline):
    """The heartbeat of a machine that did not run this process."""

    def __init__(self, time_s):
        super().__init__(time_s)
        self.stalled_s = 0.9 * time_s


@pytest.mark.parametrize(
    ("cpu_time_s", "ours"),
    [(0.01, True), (0.19, False), (0.3, False)],
    ids=["idle", "at work", "busy"],
)
def test_an_overrun_on_a_stalled_machine_is_ours_unless_the_submission_was_the_load(
    session_with, monkeypatch, cpu_time_s, ours
):
    session = session_with(lambda _: None, usage=Usage(-9, cpu_time_s, 50.0))
    monkeypatch.setattr(session_module.wire, "Deadline", Stalled)
    with pytest.raises(GraderStalled if ours else SubmissionFault) as caught:
        call(session, time_s=0.3)
    assert isinstance(caught.value, GraderError) is ours
    if ours:
        assert "the grader itself was not run" in str(caught.value)
    else:
        assert caught.value.outcome is Outcome.TIMED_OUT


def test_an_overrun_without_a_report_of_its_end_is_the_submissions(session_with, monkeypatch):
    session = session_with(lambda _: None, usage=None)
    monkeypatch.setattr(session_module.wire, "Deadline", Stalled)
    assert fault_of(session, time_s=0.2).outcome is Outcome.TIMED_OUT


# The greeting


def test_a_process_that_never_comes_up_is_our_fault(session_with, monkeypatch):
    monkeypatch.setattr(session_module, "_START_TIME_S", 0.2)
    session = session_with.play(lambda p: p.hear())
    with pytest.raises(GraderError, match="did not start"):
        call(session)
    assert session.peer.kills == 1


def test_a_process_that_ends_before_its_greeting_is_our_fault(session_with):
    session = session_with.play(lambda p: p.hang_up())
    with pytest.raises(GraderError, match="did not start"):
        call(session)


@pytest.mark.parametrize(
    "hello", [{"id": 0, "ok": "hello"}, {"id": 1, "ok": "ready"}, "ready", None]
)
def test_an_unknown_greeting_is_our_fault(session_with, hello):
    session = session_with.play(lambda p: (p.say(hello), p.hear()))
    with pytest.raises(GraderError, match="greeted in an unknown way"):
        call(session)


def test_nothing_is_sent_before_the_greeting(session_with):
    heard_early = []

    def play(process):
        process._theirs.settimeout(0.2)
        try:
            heard_early.append(process._theirs.recv(1))
        except TimeoutError:
            process.say(HELLO)
            process.hear()
            process.say(FINE)
            process.hear()

    assert call(session_with.play(play)).value == 1
    assert heard_early == []
