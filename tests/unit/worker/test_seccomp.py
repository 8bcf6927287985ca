"""The filter: by a small interpreter of classic BPF for every machine, and alive on this one."""

import errno
import fcntl
import mmap
import os
import platform
import socket
import struct
import sys
import threading

import pytest
import torch

from autograder.worker import kernel, seccomp, syscalls

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
I386 = 0x40000003
ARM = 0x40000028

ALLOW = "allow"
EPERM = errno.errorcode[1]
ENOSYS = errno.errorcode[38]
KILL = "kill"

MACHINES = pytest.mark.parametrize("machine", list(ARCHITECTURES))

DENIED = """
    execve execveat ptrace process_vm_readv process_vm_writev io_uring_setup io_uring_enter
    io_uring_register mount umount2 pivot_root chroot unshare setns open_tree move_mount fsopen
    fsconfig fsmount mount_setattr bpf perf_event_open keyctl add_key request_key userfaultfd
    name_to_handle_at open_by_handle_at fanotify_init personality memfd_secret mknodat setxattr
    pidfd_open pidfd_getfd pidfd_send_signal process_madvise process_mrelease kcmp clock_settime
    settimeofday adjtimex reboot init_module finit_module delete_module kexec_load swapon acct
    quotactl syslog sethostname setdomainname fchownat setuid setgid setresuid setresgid setgroups
    setreuid setregid setfsuid setfsgid capset shmget shmat msgget semget mq_open vmsplice splice
    tee seccomp landlock_create_ruleset landlock_add_rule landlock_restrict_self sched_setscheduler
    io_setup lookup_dcookie vhangup
""".split()  # noqa: SIM905  one per line would fill two screens

ALLOWED = """
    read write openat close mmap munmap mprotect brk futex rt_sigaction rt_sigreturn exit_group
    getrandom rseq set_robust_list membarrier pkey_alloc pkey_mprotect wait4
    newfstatat statx getdents64 epoll_pwait sendmsg recvmsg kill tgkill prlimit64 sched_yield
    madvise mremap clock_gettime clock_nanosleep mkdirat unlinkat renameat2 ftruncate
""".split()  # noqa: SIM905


def run(program, number, architecture, arguments=()):
    """What the kernel would answer: "allow", "kill", or the name of an error."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("=iIQ6Q", number, architecture, 0, *padded)
    code = list(struct.iter_unpack("=HBBI", program))
    accumulator, at = 0, 0
    while True:
        operation, if_true, if_false, constant = code[at]
        at += 1
        match operation:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", data, constant)
            case 0x54:
                accumulator &= constant
            case 0x15:
                at += if_true if accumulator == constant else if_false
            case 0x25:
                at += if_true if accumulator > constant else if_false
            case 0x35:
                at += if_true if accumulator >= constant else if_false
            case 0x45:
                at += if_true if accumulator & constant else if_false
            case 0x06 if constant & 0xFFFF0000 == 0x00050000:
                return errno.errorcode[constant & 0xFFFF]
            case 0x06:
                return {0x7FFF0000: ALLOW, 0x80000000: KILL}[constant]
            case _:
                raise AssertionError(f"unknown instruction {operation:#x}")


def answer(machine, name, *arguments, unix_sockets=False, change_files=True):
    program = seccomp.program(machine, unix_sockets=unix_sockets, change_files=change_files)
    return run(program, syscalls.numbers(machine)[name], ARCHITECTURES[machine], arguments)


@MACHINES
@pytest.mark.parametrize("name", ALLOWED)
def test_what_python_and_torch_need_is_allowed(machine, name):
    assert answer(machine, name) == ALLOW


@MACHINES
@pytest.mark.parametrize("name", DENIED)
def test_what_attacks_need_is_denied(machine, name):
    assert answer(machine, name, unix_sockets=True) == EPERM


@MACHINES
@pytest.mark.parametrize("unix_sockets", [True, False])
@pytest.mark.parametrize("change_files", [True, False])
def test_every_number_gets_the_answer_that_the_lists_give_it(machine, unix_sockets, change_files):
    program = seccomp.program(machine, unix_sockets=unix_sockets, change_files=change_files)
    numbers = syscalls.numbers(machine)
    allowed = seccomp.allowed(unix_sockets=unix_sockets, change_files=change_files)
    by_argument = {"clone", "clone3", "ioctl", "prctl", "socket", "socketpair"}
    by_argument |= set() if change_files else {"open", "openat"}
    names = {number: name for name, number in numbers.items()}
    for number in range(max(numbers.values()) + 1):
        name = names.get(number)
        if name not in by_argument:
            expected = ALLOW if name in allowed else EPERM
            assert run(program, number, ARCHITECTURES[machine]) == expected, name


@MACHINES
@pytest.mark.parametrize(
    ("option", "expected"),
    [
        (1, ALLOW),  # PR_SET_PDEATHSIG, as DataLoader's workers do
        (15, ALLOW),  # PR_SET_NAME
        (0x53564D41, ALLOW),  # PR_SET_VMA
        (15 | 1 << 32, ALLOW),  # the kernel looks at 32 bits
        (4, EPERM),  # PR_SET_DUMPABLE
        (4 | 1 << 32, EPERM),
        (0x59616D61, EPERM),  # PR_SET_PTRACER
        (22, EPERM),  # PR_SET_SECCOMP
        (24, EPERM),  # PR_CAPBSET_DROP
        (35, EPERM),  # PR_SET_MM
        (36, EPERM),  # PR_SET_CHILD_SUBREAPER
        (62, EPERM),  # PR_SCHED_CORE
        (0, EPERM),
    ],
)
def test_of_a_process_itself_only_the_harmless_can_be_changed(machine, option, expected):
    assert answer(machine, "prctl", option) == expected


CHANGES = """
    openat2 creat truncate mkdir mkdirat rmdir rename renameat renameat2 link linkat unlink unlinkat
    symlink symlinkat chmod fchmod fchmodat fchmodat2 utime utimes utimensat futimesat mknod mknodat
    memfd_create setxattr chown fchownat
""".split()  # noqa: SIM905


@MACHINES
def test_without_changing_files_there_is_no_call_that_makes_or_removes_one(machine):
    for name in set(CHANGES) & syscalls.numbers(machine).keys():
        assert answer(machine, name, change_files=False) == EPERM, name


@MACHINES
@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (os.O_RDONLY, ALLOW),
        (os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY, ALLOW),
        (os.O_WRONLY, EPERM),
        (os.O_RDWR, EPERM),
        (os.O_CREAT, EPERM),
        (os.O_TRUNC, EPERM),
        (os.O_TMPFILE | os.O_RDWR, EPERM),
        (os.O_TMPFILE | os.O_WRONLY, EPERM),
        (os.O_RDONLY | 1 << 40, ALLOW),
        (os.O_WRONLY | 1 << 40, EPERM),  # the kernel looks at 32 bits, and so must the filter
    ],
)
def test_without_changing_files_they_open_for_reading_alone(machine, flags, expected):
    ways = {"openat": (0, 0, flags), "open": (0, flags)}
    for name in ways.keys() & syscalls.numbers(machine).keys():
        assert answer(machine, name, *ways[name], change_files=False) == expected
        assert answer(machine, name, *ways[name]) == ALLOW


def test_every_allowed_name_is_a_system_call_of_some_machine():
    known = set().union(*(syscalls.numbers(machine) for machine in ARCHITECTURES))
    assert seccomp.allowed(unix_sockets=True) <= known


@MACHINES
def test_the_other_names_of_the_machine_are_killed(machine):
    program = seccomp.program(machine, unix_sockets=True)
    foreign = [*(set(ARCHITECTURES.values()) - {ARCHITECTURES[machine]}), I386, ARM, 0]
    assert {run(program, 0, architecture) for architecture in foreign} == {KILL}


def test_x32_numbers_are_denied():
    program = seccomp.program("x86_64", unix_sockets=True)
    numbers = [0x40000000 + number for number in (0, 1, 59, 520, 545)]
    assert {run(program, number, ARCHITECTURES["x86_64"]) for number in numbers} == {EPERM}


@MACHINES
def test_calls_newer_than_the_list_are_missing_so_that_libraries_fall_back(machine):
    program = seccomp.program(machine, unix_sockets=True)
    assert run(program, 470, ARCHITECTURES[machine]) == ENOSYS


@MACHINES
def test_clone_makes_threads_and_processes_but_no_namespaces(machine):
    thread, fork = 0x3D0F00, 0x01200011
    assert answer(machine, "clone", thread) == ALLOW
    assert answer(machine, "clone", fork) == ALLOW
    for flag in kernel.CloneFlag:
        assert answer(machine, "clone", fork | flag) == EPERM
        assert answer(machine, "clone", thread | flag | 1 << 40) == EPERM


@MACHINES
def test_clone3_whose_flags_cannot_be_seen_is_missing(machine):
    assert answer(machine, "clone3") == ENOSYS


@MACHINES
def test_nothing_can_be_typed_into_a_terminal(machine):
    assert answer(machine, "ioctl", 0, 0x5401) == ALLOW
    for request in (0x5412, 0x541C):
        assert answer(machine, "ioctl", 0, request) == EPERM
        # The kernel looks at 32 bits; a filter that looked at 64 let this pass elsewhere.
        assert answer(machine, "ioctl", 0, request | 1 << 32) == EPERM


@MACHINES
@pytest.mark.parametrize("family", [socket.AF_INET, 10, 16, 17, 38, 40])
def test_no_family_but_unix_has_sockets(machine, family):
    assert answer(machine, "socket", family, 1, unix_sockets=True) == EPERM
    assert answer(machine, "socket", family, 1, unix_sockets=False) == EPERM
    assert answer(machine, "socketpair", family, 1, unix_sockets=True) == EPERM


@MACHINES
def test_unix_sockets_are_for_the_sandbox_with_a_network_of_its_own(machine):
    assert answer(machine, "socket", 1, 1, unix_sockets=True) == ALLOW
    assert answer(machine, "connect", unix_sockets=True) == ALLOW
    for name in ("socket", "connect", "bind", "listen", "accept", "accept4"):
        assert answer(machine, name, 1, 1, unix_sockets=False) == EPERM


@MACHINES
def test_socket_pairs_are_streams_that_can_reach_nobody_else(machine):
    stream, datagram, sequence, non_blocking = 1, 2, 5, 0x80800
    assert answer(machine, "socketpair", 1, stream) == ALLOW
    assert answer(machine, "socketpair", 1, stream | non_blocking) == ALLOW
    assert answer(machine, "socketpair", 1, datagram) == EPERM
    assert answer(machine, "socketpair", 1, sequence) == EPERM


@MACHINES
@pytest.mark.parametrize("unix_sockets", [True, False])
def test_the_kernel_would_accept_the_program(machine, unix_sockets):
    code = list(struct.iter_unpack("=HBBI", seccomp.program(machine, unix_sockets=unix_sockets)))
    assert len(code) <= 4096
    for at, (operation, if_true, if_false, _) in enumerate(code):
        if operation & 0x07 == 0x05:
            assert at + 1 + max(if_true, if_false) < len(code)
    assert code[-1][0] == 0x06


def test_an_unknown_machine_is_refused_by_name():
    with pytest.raises(ValueError, match="'riscv64'; expected x86_64 or aarch64"):
        seccomp.program("riscv64", unix_sockets=False)


def test_torch_works_under_the_filter_and_the_network_and_programs_do_not(in_fork, attempt):
    def confined():
        torch.set_num_threads(1)
        kernel.no_new_privs()
        seccomp.install(seccomp.program(platform.machine(), unix_sockets=False))
        weight = torch.eye(64, requires_grad=True)
        (weight @ torch.ones(64, 64)).sum().backward()
        thread = threading.Thread(target=lambda: shared.append(1))
        thread.start()
        thread.join()
        grandchild = os.fork()
        if grandchild == 0:
            os._exit(7)
        _, status = os.waitpid(grandchild, 0)
        return {
            "gradient": float(weight.grad.sum()),
            "thread": shared,
            "fork": os.waitstatus_to_exitcode(status),
            "inet": attempt(lambda: socket.socket(socket.AF_INET)),
            "unix": attempt(lambda: socket.socket(socket.AF_UNIX)),
            "pair": attempt(lambda: [end.close() for end in socket.socketpair()]),
            "datagrams": attempt(lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)),
            "exec": attempt(lambda: os.execv(sys.executable, ["python", "-c", "0"])),
            "unshare": attempt(lambda: kernel.unshare(kernel.CloneFlag.NEWUSER)),
            "chroot": attempt(lambda: os.chroot("/")),
            "type into a terminal": attempt(lambda: fcntl.ioctl(0, 0x5412, b"x")),
            "shared memory": attempt(lambda: mmap.mmap(-1, 4096).close()),
        }

    shared = []
    blocked = "PermissionError"
    assert in_fork(confined) == {
        "gradient": 64 * 64 * 64,
        "thread": [1],
        "fork": 7,
        "inet": blocked,
        "unix": blocked,
        "pair": "allowed",
        "datagrams": blocked,
        "exec": blocked,
        "unshare": blocked,
        "chroot": blocked,
        "type into a terminal": blocked,
        "shared memory": "allowed",
    }


def test_data_loader_workers_run_under_the_filter(in_fork):
    def confined():
        torch.set_num_threads(1)
        kernel.no_new_privs()
        seccomp.install(seccomp.program(platform.machine(), unix_sockets=True))
        data = torch.utils.data.TensorDataset(torch.arange(32.0))
        # Workers receive descriptors over sockets; Python 3.14 would not fork by itself.
        loader = torch.utils.data.DataLoader(
            data, batch_size=8, num_workers=2, multiprocessing_context="fork"
        )
        return sum(float(batch.sum()) for (batch,) in loader)

    assert in_fork(confined) == sum(range(32))


def test_a_filter_without_no_new_privs_is_refused_to_an_ordinary_user(in_fork):
    def install():
        kernel.drop_capabilities()
        try:
            seccomp.install(seccomp.program(platform.machine(), unix_sockets=True))
        except OSError as error:
            return str(error)
        return "allowed"

    assert "prctl(set_seccomp)" in in_fork(install)
