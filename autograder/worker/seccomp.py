"""The seccomp filter of a submission: which system calls it may make, as a classic BPF program.

Knows what CPython, torch, NumPy and DataLoader workers need on the machines of `syscalls`;
everything else is refused. Started from the default list of moby (Docker), without namespaces,
mounts, executing, tracing, other users, SysV IPC, asynchronous I/O, keys and the network. Where
nothing else keeps a process from making files, without that too.
"""

import ctypes
import errno
import struct
from collections.abc import Iterable
from typing import Final

from autograder.worker import kernel, syscalls

_AUDIT_ARCHITECTURES: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT: Final = 0x40000000
_NEW_NAMESPACES: Final = sum(kernel.CloneFlag)
_AF_UNIX: Final = 1
_SOCK_STREAM: Final = 1
_SOCK_SEQPACKET: Final = 5
#: Of `prctl`: names of threads, the parent-death signal, what can only be asked, giving up more, huge pages, names of
#: mappings. Not: becoming dumpable again, which has a crash stored by the host's core handler as root.
_PRCTL: Final = (1, 2, 3, 15, 16, 21, 23, 27, 29, 30, 38, 39, 41, 42, 0x53564D41)
#: Not of `fcntl`: F_GETLK, F_OFD_GETLK, F_SETLEASE, F_NOTIFY. Locks and watches on files that all submissions can read
#: pass notes between those at work.
_NOT_OF_FCNTL: Final = (5, 36, 1024, 1026)
_SOCK_TYPE_MASK: Final = 0xF  # the rest is SOCK_CLOEXEC and SOCK_NONBLOCK
#: O_WRONLY, O_RDWR, O_CREAT and O_TRUNC; O_TMPFILE needs one of the first two.
_FOR_WRITING: Final = 0o1 | 0o2 | 0o100 | 0o1000
_TIOCSTI: Final = 0x5412
_TIOCLINUX: Final = 0x541C

#: By purpose. A name that a machine does not have is left out there.
_ALLOWED: Final = {
    "files": """
        open openat close close_range read readv pread64 preadv preadv2 write writev
        pwrite64 pwritev pwritev2 lseek sendfile copy_file_range ftruncate fallocate
        fadvise64 fsync fdatasync sync_file_range stat fstat lstat newfstatat statx statfs fstatfs
        access faccessat faccessat2 getdents getdents64 getcwd chdir fchdir readlink readlinkat
        umask getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr fcntl dup dup2 dup3 pipe
        pipe2 cachestat
    """,
    # openat2 keeps its flags in memory, out of a filter's sight.
    "changing files": """
        openat2 creat truncate mkdir mkdirat rmdir rename renameat renameat2 link linkat unlink
        unlinkat symlink symlinkat chmod fchmod fchmodat fchmodat2 utime utimes utimensat futimesat
    """,
    "waiting": """
        select pselect6 poll ppoll epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait
        epoll_pwait2 eventfd eventfd2 signalfd signalfd4 timerfd_create timerfd_settime
        timerfd_gettime futex futex_waitv futex_wake futex_wait futex_requeue get_robust_list
        set_robust_list
    """,
    "memory": """
        brk mmap munmap mremap mprotect madvise msync mincore mlock mlock2 munlock mlockall
        munlockall membarrier mseal pkey_alloc pkey_free pkey_mprotect map_shadow_stack
        get_mempolicy set_mempolicy mbind
    """,
    "processes": """
        fork vfork exit exit_group wait4 waitid kill tkill tgkill getpid getppid gettid getpgrp
        getpgid setpgid getsid setsid getuid geteuid getgid getegid getresuid getresgid getgroups
        capget prctl arch_prctl set_tid_address rseq getcpu sched_yield sched_getaffinity
        sched_setaffinity sched_getparam sched_getscheduler sched_getattr sched_get_priority_max
        sched_get_priority_min sched_rr_get_interval getpriority getrlimit setrlimit prlimit64
        getrusage times uname sysinfo getrandom restart_syscall
    """,
    "signals and clocks": """
        rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigsuspend rt_sigtimedwait
        rt_sigqueueinfo rt_tgsigqueueinfo sigaltstack pause alarm getitimer setitimer timer_create
        timer_settime timer_gettime timer_getoverrun timer_delete nanosleep clock_nanosleep
        clock_gettime clock_getres gettimeofday time
    """,
    # For connections that exist: a pair, or the inherited one.
    "connected sockets": """
        sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg shutdown getsockname getpeername
        getsockopt setsockopt
    """,
    # Only for a sandbox with a network namespace of its own.
    "unix sockets": "bind connect listen accept accept4",
}


def allowed(*, unix_sockets: bool, change_files: bool = True) -> frozenset[str]:
    """Return the names of the calls that are allowed, most of them whatever their arguments."""
    wanted = {"unix sockets": unix_sockets, "changing files": change_files}
    purposes = [name for name in _ALLOWED if wanted.get(name, True)]
    return frozenset(" ".join(_ALLOWED[name] for name in purposes).split())


def program(
    machine: str, *, unix_sockets: bool, change_files: bool = True, gpu: bool = False
) -> bytes:
    """Assemble the filter.

    Args:
        machine: As `platform.machine()` names it.
        unix_sockets: Whether sockets of the family AF_UNIX may be made and connected. Harmless only
            where the sandbox has a network namespace and files of its own.
        change_files: Whether files may be made, changed and removed, as far as other layers let
            them; else they can only be opened for reading.
        gpu: Whether sockets of AF_UNIX that need a connection may be made and given a name, without which CUDA does
            not start. Without `unix_sockets` they can still be neither listened at nor connected.

    Returns:
        The program, eight bytes for each instruction, for `install` or `bwrap --seccomp`.

    Raises:
        ValueError: If the machine is unknown.
    """
    numbers = syscalls.numbers(machine)
    names = allowed(unix_sockets=unix_sockets, change_files=change_files)
    code = [
        _load(_ARCHITECTURE),
        _jump(_EQUAL, _AUDIT_ARCHITECTURES[machine], 1, 0),
        _answer(_KILL_PROCESS),
        _load(_NUMBER),
    ]
    if machine == "x86_64":
        # The x32 calls report the same architecture; their numbers would slip past every check.
        code += [_jump(_AT_LEAST, _X32_BIT, 0, 1), _answer(_EPERM)]
    # What this list is too old to know is missing, not forbidden: a C library then falls back.
    code += [_jump(_ABOVE, max(numbers.values()), 0, 1), _answer(_ENOSYS)]
    # Its flags lie in memory, out of a filter's sight; C libraries fall back to clone.
    code += _when(numbers["clone3"], [_answer(_ENOSYS)])
    code += _when(
        numbers["clone"],
        [_load(_argument(0)), _jump(_ANY_BIT, _NEW_NAMESPACES, 0, 1), _answer(_EPERM), _ALLOW],
    )
    # The kernel reads 32 bits of these arguments, and so do we: more would let the same request
    # pass with a bit set above them.
    code += _when(
        numbers["ioctl"],
        [
            _load(_argument(1)),
            _jump(_EQUAL, _TIOCSTI, 1, 0),  # types into the terminal of the one who grades
            _jump(_EQUAL, _TIOCLINUX, 0, 1),  # pastes into it
            _answer(_EPERM),
            _ALLOW,
        ],
    )
    options = [_jump(_EQUAL, option, len(_PRCTL) - n, 0) for n, option in enumerate(_PRCTL)]
    code += _when(numbers["prctl"], [_load(_argument(0)), *options, _answer(_EPERM), _ALLOW])
    refused = [_jump(_EQUAL, n, len(_NOT_OF_FCNTL) - i, 0) for i, n in enumerate(_NOT_OF_FCNTL)]
    code += _when(numbers["fcntl"], [_load(_argument(1)), *refused, _ALLOW, _answer(_EPERM)])
    # Streams only: a datagram socket of a pair can still send to any socket that it can name.
    code += _when(
        numbers["socketpair"],
        [
            _load(_argument(0)),
            _jump(_EQUAL, _AF_UNIX, 0, 3),
            _load(_argument(1)),
            _and(_SOCK_TYPE_MASK),
            _jump(_EQUAL, _SOCK_STREAM, 1, 0),
            _answer(_EPERM),
            _ALLOW,
        ],
    )
    if unix_sockets:
        code += _when(
            numbers["socket"],
            [_load(_argument(0)), _jump(_EQUAL, _AF_UNIX, 1, 0), _answer(_EPERM), _ALLOW],
        )
    elif gpu:
        code += _when(
            numbers["socket"],
            [
                _load(_argument(0)),
                _jump(_EQUAL, _AF_UNIX, 0, 4),
                _load(_argument(1)),
                _and(_SOCK_TYPE_MASK),
                _jump(_EQUAL, _SOCK_STREAM, 2, 0),
                _jump(_EQUAL, _SOCK_SEQPACKET, 1, 0),
                _answer(_EPERM),
                _ALLOW,
            ],
        )
        code += _when(numbers["bind"], [_ALLOW])
    if not change_files:
        for name, position in (("open", 1), ("openat", 2)):
            if name in numbers:
                flags = [_load(_argument(position)), _jump(_ANY_BIT, _FOR_WRITING, 0, 1)]
                code += _when(numbers[name], [*flags, _answer(_EPERM), _ALLOW])
    # Short jumps only, so that the list may grow: a jump spans 255 instructions at the most.
    for low, high in _ranges(numbers[name] for name in names if name in numbers):
        code += [_jump(_AT_LEAST, low, 0, 2), _jump(_ABOVE, high, 1, 0), _ALLOW]
    return b"".join([*code, _answer(_EPERM)])


def install(program: bytes) -> None:
    """Put this thread, and all that it starts, under a filter. For good.

    Needs `kernel.no_new_privs` before it.

    Args:
        program: As `program` assembles it.

    Raises:
        OSError: If the kernel refuses.
    """
    code = ctypes.create_string_buffer(program, len(program))
    header = _Program(len(program) // _INSTRUCTION.size, ctypes.addressof(code))
    set_seccomp, mode_filter = 22, 2
    kernel.prctl("set_seccomp", set_seccomp, mode_filter, ctypes.addressof(header))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))


_INSTRUCTION: Final = struct.Struct("=HBBI")

# Jumps compare with the constant of the instruction.
_EQUAL: Final = 0x15
_ABOVE: Final = 0x25
_AT_LEAST: Final = 0x35
_ANY_BIT: Final = 0x45

# Where the kernel puts what it asks about: struct seccomp_data, on little-endian machines.
_NUMBER: Final = 0
_ARCHITECTURE: Final = 4

# Answers: SECCOMP_RET_ and, for an error, its number.
_KILL_PROCESS: Final = 0x80000000
_EPERM: Final = 0x00050000 | errno.EPERM
_ENOSYS: Final = 0x00050000 | 38  # Linux's own number, also where this is assembled elsewhere


def _argument(index: int) -> int:
    """Return the place of the low 32 bits of an argument."""
    return 16 + 8 * index


def _load(place: int) -> bytes:
    return _INSTRUCTION.pack(0x20, 0, 0, place)


def _and(mask: int) -> bytes:
    return _INSTRUCTION.pack(0x54, 0, 0, mask)


def _jump(test: int, constant: int, if_true: int, if_false: int) -> bytes:
    """Skip `if_true` or `if_false` instructions."""
    return _INSTRUCTION.pack(test, if_true, if_false, constant)


def _answer(what: int) -> bytes:
    return _INSTRUCTION.pack(0x06, 0, 0, what)


_ALLOW: Final = _answer(0x7FFF0000)


def _when(number: int, code: list[bytes]) -> list[bytes]:
    """Run `code`, which must end in an answer on every way, for one system call only."""
    return [_jump(_EQUAL, number, 0, len(code)), *code]


def _ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Join consecutive numbers: (1, 2, 3, 7) becomes (1, 3), (7, 7)."""
    ranges: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges
