"""What the canary makes of what it found: a record, or a refusal with the remedy. The wall itself: tests/sandbox."""

from pathlib import Path

import pytest

from autograder.errors import GraderError, IsolationError
from autograder.records import Isolation, IsolationRecord, ProbeResult
from autograder.sandbox import canary
from autograder.sandbox.probes import PROBES

BLOCKED = tuple(ProbeResult(name, True, "EPERM") for name in canary.PROBES)


def run(monkeypatch, probes, level=Isolation.NAMESPACES):
    monkeypatch.setattr(canary, "explore", lambda spawner, course_file, on_gpu: probes)
    return canary.run(None, level, Isolation.LANDLOCK, "bwrap 0.11", Path("grading.yml"))


def but(*changed):
    by_name = {probe.name: probe for probe in changed}
    return tuple(by_name.get(probe.name, probe) for probe in BLOCKED)


def test_where_everything_is_blocked_the_record_says_so(monkeypatch):
    record = run(monkeypatch, BLOCKED)
    assert record == IsolationRecord(
        Isolation.NAMESPACES, Isolation.LANDLOCK, "bwrap 0.11", BLOCKED
    )
    assert (
        record.canary_in_words() == f"{len(BLOCKED)} of {len(BLOCKED)} proven canary probes blocked"
    )


def test_what_is_unproven_is_counted_apart_and_named(monkeypatch):
    probes = but(
        ProbeResult("mount", True, "EPERM", "EPERM"), ProbeResult("chroot", True, "EPERM", "EPERM")
    )
    proven = len(BLOCKED) - 2
    assert run(monkeypatch, probes).canary_in_words() == (
        f"{proven} of {proven} proven canary probes blocked, 2 unproven here "
        "(mount, chroot: not to be had without the sandbox either)"
    )


def test_without_isolation_there_is_no_canary(monkeypatch):
    record = run(monkeypatch, BLOCKED, Isolation.PROCESS)
    assert record.probes == ()
    assert record.canary_in_words() == ""


@pytest.mark.parametrize("name", canary.PROBES)
@pytest.mark.parametrize("unproven", ["", "EPERM"])
def test_one_success_refuses_the_run_with_its_meaning_and_remedy(monkeypatch, name, unproven):
    with pytest.raises(IsolationError) as caught:
        run(monkeypatch, but(ProbeResult(name, False, "got it", unproven)))
    message = str(caught.value)
    could, remedy = PROBES[name]
    assert "escaped from engine `namespaces` (bwrap 0.11)" in message
    assert f"{name}: a submission could {could} (got it)." in message
    assert f"Remedy: {remedy}" in message
    assert "Nothing is graded" in message
    assert [word for word in PROBES if f"  {word}: " in message] == [name]


def test_several_successes_with_one_remedy_name_it_once(monkeypatch):
    with pytest.raises(IsolationError) as caught:
        run(monkeypatch, but(ProbeResult("tcp", False, ""), ProbeResult("udp", False, "")))
    message = str(caught.value)
    assert message.count("Remedy: ") == 1
    assert "tcp, udp succeeded" in message
    assert "could open a TCP connection." in message


def test_a_probe_proves_something_only_where_it_gets_through_without_the_sandbox():
    found = {"tcp": (False, "EPERM")}
    assert canary._result("tcp", found, {"tcp": (True, "")}, "") == ProbeResult(
        "tcp", True, "EPERM"
    )
    here_too = canary._result("tcp", found, {"tcp": (False, "no loopback")}, "")
    assert (here_too.blocked, here_too.unproven) == (True, "no loopback")
    assert canary._result("tcp", found, {}, "it hung").unproven == "it hung"
    assert canary._result("tcp", found, {}, "").unproven == "not tried"


@pytest.mark.parametrize(
    "value",
    [None, [], {"tcp": [True]}, {"tcp": [1, ""]}, {"tcp": (True, "")}, {1: [True, ""]}, {"tcp": [False, b""]}],
)  # fmt: skip
def test_an_answer_in_another_form_is_not_taken_for_a_wall(value):
    with pytest.raises(GraderError, match="in its own form"):
        canary._checked(value)


def test_every_probe_has_words_that_end_a_sentence():
    for could, remedy in PROBES.values():
        assert could[0].islower()
        assert could[-1] != "."
        assert remedy.endswith(".")
