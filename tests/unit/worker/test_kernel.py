"""The system calls do what their names say, in a fork, and errors name the call."""

import errno
import os
import signal
import time
from pathlib import Path

import pytest

from autograder.worker import kernel
from autograder.worker.kernel import CloneFlag, MountFlag

PR_GET_DUMPABLE = 3


def own_status(field):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(line.split()[1] for line in lines if line.startswith(f"{field}:"))


def test_no_new_privs_is_set_for_good(in_fork):
    assert in_fork(lambda: kernel.no_new_privs() or own_status("NoNewPrivs")) == "1"


def test_dumpable_can_be_taken_away_and_given_back(in_fork):
    def switch():
        seen = []
        for dumpable in (False, True):
            kernel.set_dumpable(dumpable)
            seen.append(kernel.prctl("get_dumpable", PR_GET_DUMPABLE))
        return seen

    assert in_fork(switch) == [0, 1]


def test_all_capabilities_are_dropped(in_fork):
    def drop():
        was_root = os.geteuid() == 0
        kernel.drop_capabilities()
        sets = ["CapInh", "CapPrm", "CapEff", "CapAmb", *(["CapBnd"] if was_root else [])]
        return [int(own_status(name), 16) for name in sets]

    assert set(in_fork(drop)) == {0}


def test_dropping_twice_is_as_good_as_once(in_fork):
    def drop():
        kernel.drop_capabilities()
        kernel.drop_capabilities()
        return own_status("CapEff")

    assert int(in_fork(drop), 16) == 0


def test_orphans_come_to_the_subreaper_and_die_with_the_one_that_they_follow(in_fork):
    def adopt():
        kernel.set_child_subreaper()
        readable, writable = os.pipe()
        parent = os.fork()
        if parent == 0:
            follower = os.fork()
            if follower == 0:
                kernel.parent_death_signal(signal.SIGUSR1)
                signal.signal(signal.SIGUSR1, signal.SIG_DFL)
                os.write(writable, b"ready")
                time.sleep(60)
            os.read(readable, 5)
            os._exit(0)
        os.waitpid(parent, 0)
        _, status = os.wait()
        return os.waitstatus_to_exitcode(status)

    assert in_fork(adopt) == -signal.SIGUSR1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: kernel.unshare(CloneFlag.NEWNS | CloneFlag.NEWPID),
            "unshare(NEWNS|NEWPID): Operation not permitted",
        ),
        (
            lambda: kernel.mount("tmpfs", "/tmp", "tmpfs", MountFlag.NOSUID, "size=1m"),
            "mount(/tmp): Operation not permitted",
        ),
        (lambda: kernel.prctl("nonsense", 9999), "prctl(nonsense): Invalid argument"),
    ],
    ids=["unshare", "mount", "prctl"],
)
def test_a_refusal_names_the_call(in_fork, call, message):
    def refused():
        kernel.drop_capabilities()
        try:
            call()
        except OSError as error:
            return error.strerror
        return "allowed"

    assert in_fork(refused) == message


def test_off_linux_a_call_says_that_only_linux_has_it(monkeypatch):
    monkeypatch.setattr(kernel, "_LIBC", None)
    with pytest.raises(OSError, match="only Linux") as refusal:
        kernel.no_new_privs()
    assert refusal.value.errno == errno.ENOSYS


def test_the_namespaces_are_all_that_linux_has():
    assert sum(CloneFlag) == 0x7E020080  # the CLONE_NEW flags of <linux/sched.h>, NEWTIME included
