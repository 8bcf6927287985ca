"""System calls that a sandbox must refuse, by what they are for, with arguments that do nothing.

The kernel refuses each after a look at its arguments, or changes nothing: only a filter before it answers that the call
is forbidden. So the same calls can be made outside the sandbox, by root too. Calls that no argument makes harmless
(reboot, kexec, modules, swap) and sockets that would have the kernel load a module are not among them.
"""

import platform
from typing import Final

from autograder.worker import syscalls

_NOBODY: Final = -1  # no process, descriptor or user has it
_NEW_USER_AND_SAME_FOLDERS: Final = 0x10000200  # which the kernel never grants together
_NEVER_BORN: Final = 0x5CA7  # a key of System V IPC

_CALLS: Final[dict[str, tuple[tuple[str | int, ...], ...]]] = {
    "call_exec": (("execve", 0, 0, 0), ("execveat", _NOBODY, 0, 0, 0, 0)),
    "call_namespaces": (
        ("unshare", 0), ("setns", _NOBODY, 0), ("clone", _NEW_USER_AND_SAME_FOLDERS, 0, 0, 0, 0),
    ),
    "call_clone3": (("clone3", 0, 0),),
    "call_mounts": (
        ("mount", 0, 0, 0, 0, 0), ("umount2", 0, -1), ("pivot_root", 0, 0), ("chroot", 0),
        ("open_tree", _NOBODY, 0, -1), ("fsopen", 0, -1),
    ),
    "call_tracing": (
        ("ptrace", 0x4206, 0, 0, 0), ("process_vm_readv", _NOBODY, 0, 0, 0, 0, 1), ("pidfd_open", _NOBODY, 0),
        ("pidfd_getfd", _NOBODY, 0, 0), ("kcmp", 0, 0, -1, 0, 0),
    ),
    "call_users": (
        ("setuid", _NOBODY), ("setgid", _NOBODY), ("setresuid", _NOBODY, _NOBODY, _NOBODY),
        ("setgroups", -1, 0), ("capset", 0, 0), ("fchown", _NOBODY, _NOBODY, _NOBODY),
    ),
    "call_mailboxes": (("shmget", 0, 0, 0), ("semget", 0, 0, 0), ("msgget", _NEVER_BORN, 0), ("mq_open", 0, 0, 0, 0)),
    "call_asynchronous": (("io_uring_setup", 0, 0), ("io_setup", 0, 0)),
    "call_keys": (("keyctl", -1), ("add_key", 0, 0, 0, 0, 0), ("request_key", 0, 0, 0, 0)),
    "call_kernel": (
        ("bpf", -1, 0, 0), ("perf_event_open", 0, 0, 0, 0, -1), ("userfaultfd", -1), ("memfd_create", 0, 0),
        ("fanotify_init", -1, 0), ("inotify_init1", -1), ("name_to_handle_at", _NOBODY, 0, 0, 0, -1),
        ("personality", 0xFFFFFFFF), ("sethostname", 0, -1),
    ),
    "call_schedule": (("sched_setscheduler", _NOBODY, 0, 0), ("setpriority", -1, 0, 0)),
    "call_terminal": (("ioctl", _NOBODY, 0x5412, 0), ("ioctl", _NOBODY, 0x541C, 0)),
    "call_network": (("socket", 2, 1, 0), ("socket", 10, 1, 0), ("socket", 16, 3, 0)),  # IPv4, IPv6, netlink
    "call_datagrams": (("socketpair", 1, 2, 0, 0),),
}  # fmt: skip


def calls() -> dict[str, list[list[str | int]]]:
    """For this machine, by probe: name, number and arguments of each call that it has."""
    numbers = syscalls.numbers(platform.machine())
    return {
        probe: [
            [name, numbers[name], *arguments]
            for name, *arguments in wanted
            if isinstance(name, str) and name in numbers
        ]
        for probe, wanted in _CALLS.items()
    }


def shared_memory() -> tuple[int, int]:
    """Numbers of this machine's shmget and shmctl."""
    numbers = syscalls.numbers(platform.machine())
    return numbers["shmget"], numbers["shmctl"]
