"""Runs a command as a container engine would by default: as root, with moby's capabilities and a filter like moby's.

Simulated: the refusals of moby's default profile that bear on sandboxes, on this machine's kernel. Started as
`python plain_container.py [--without-landlock] COMMAND ...`.

Source: https://docs.docker.com/engine/security/seccomp/ and moby's profiles/seccomp/default_linux.go.
"""

import os
import platform
import struct
import sys

from autograder.worker import kernel, seccomp, syscalls
from autograder.worker.kernel import CloneFlag, MountFlag

#: CHOWN, DAC_OVERRIDE, FOWNER, FSETID, KILL, SETGID, SETUID, SETPCAP, NET_BIND_SERVICE, NET_RAW, SYS_CHROOT, MKNOD,
#: AUDIT_WRITE, SETFCAP.
CAPABILITIES = 0x00000000A80425FB

#: Refused without CAP_SYS_ADMIN and the like, in the kernel's own words "operation not permitted".
REFUSED = """
    unshare setns mount umount2 pivot_root move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr bpf
    perf_event_open keyctl add_key request_key userfaultfd io_uring_setup io_uring_enter io_uring_register
    open_by_handle_at name_to_handle_at fanotify_init quotactl swapon swapoff reboot sethostname setdomainname
    init_module finit_module delete_module kexec_load acct syslog clock_settime settimeofday lookup_dcookie
    get_mempolicy set_mempolicy mbind kcmp process_madvise
""".split()  # noqa: SIM905
LANDLOCK = "landlock_create_ruleset landlock_add_rule landlock_restrict_self".split()  # noqa: SIM905

_NAMESPACES = 0x7E020000  # moby's own mask of clone's flags
_MISSING = 0x00050000 | 38
_FORBIDDEN = 0x00050000 | 1


def profile(machine: str, *, without_landlock: bool) -> bytes:
    """A filter that allows all but what is named above."""
    numbers = syscalls.numbers(machine)
    answers = dict.fromkeys(REFUSED, _FORBIDDEN) | {"clone3": _MISSING}
    if without_landlock:
        answers |= dict.fromkeys(LANDLOCK, _MISSING)
    code = [seccomp._load(seccomp._NUMBER)]
    for name, what in answers.items():
        if name in numbers:
            code += seccomp._when(numbers[name], [seccomp._answer(what)])
    namespaces = seccomp._jump(seccomp._ANY_BIT, _NAMESPACES, 0, 1)
    code += seccomp._when(
        numbers["clone"],
        [
            seccomp._load(seccomp._argument(0)),
            namespaces,
            seccomp._answer(_FORBIDDEN),
            seccomp._ALLOW,
        ],
    )
    return b"".join([*code, seccomp._ALLOW])


def hide_control_groups() -> None:
    """A container sees its groups read-only; here it sees none."""
    kernel.unshare(CloneFlag.NEWNS)
    kernel.mount(None, "/", None, MountFlag.REC | MountFlag.PRIVATE)
    kernel.mount("tmpfs", "/sys/fs/cgroup", "tmpfs", MountFlag.RDONLY, "size=4k")


def keep_capabilities(mask: int) -> None:
    """Gives up all others, for good."""
    for capability in range(41):
        if not mask >> capability & 1:
            kernel.prctl("drop from the bounding set", 24, capability)
    sets = struct.pack("=6I", mask, mask, 0, 0, 0, 0)
    kernel.call("capset", "capset", struct.pack("=Ii", 0x20080522, 0), sets)


def main() -> None:
    words = sys.argv[1:]
    without_landlock = words[0] == "--without-landlock"
    hide_control_groups()
    seccomp.install(profile(platform.machine(), without_landlock=without_landlock))
    keep_capabilities(CAPABILITIES)
    command = words[1:] if without_landlock else words
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
