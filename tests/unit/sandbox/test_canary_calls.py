"""The calls of the canary: each is refused by the filter, on every machine, and known by name."""

import platform

import pytest

from autograder.sandbox import canary_calls
from autograder.sandbox.probes import PROBES
from autograder.worker import seccomp, syscalls

BY_ARGUMENT = {"clone", "clone3", "ioctl", "socket", "socketpair"}


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_no_call_is_one_that_the_filter_lets_through(monkeypatch, machine):
    monkeypatch.setattr(platform, "machine", lambda: machine)
    names = {call[0] for calls in canary_calls.calls().values() for call in calls}
    assert names.isdisjoint(seccomp.allowed(unix_sockets=True) - BY_ARGUMENT)
    assert len(names) > 40


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_group_has_calls_on_every_machine_with_their_numbers(monkeypatch, machine):
    monkeypatch.setattr(platform, "machine", lambda: machine)
    numbers = syscalls.numbers(machine)
    for probe, calls in canary_calls.calls().items():
        assert probe in PROBES
        assert calls
        assert all(numbers[name] == number for name, number, *_ in calls)


def test_every_group_of_calls_is_probed():
    groups = {name for name in PROBES if name.startswith("call_")} - {"call_32_bit"}
    assert groups == set(canary_calls.calls())
