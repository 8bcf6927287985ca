"""The wall with one defence taken out at a time, in a copy of the package: the canary, or an attack, must notice.

A copy's zygote reads the modules that confine anew in every fork, so that one zygote serves most of the layers.
"""

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from autograder.errors import GraderError, IsolationError
from autograder.records import Isolation
from autograder.sandbox import bubblewrap, canary, session
from autograder.sandbox import engine as engines
from autograder.sandbox.session import Session, SubmissionFault
from autograder.worker.request import SandboxLimits

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
LIMITS = SandboxLimits(memory_mb=512, cpu_time_s=10, processes=16, file_mb=4)
NAMESPACES, LANDLOCK, UID = Isolation.NAMESPACES, Isolation.LANDLOCK, Isolation.UID
REFUSED = "does not start"

#: A replacement: file below `autograder/worker`, what stands there exactly once, what takes its place.
Cut = tuple[str, str, str]


@dataclass(frozen=True)
class Layer:
    """One defence, and who notices that it is gone.

    Attributes:
        cuts: How it is taken out of the copy.
        noticed_by: Names of probes, of which one must get through; `REFUSED` where no fork starts without it; or the
            name of an attack below.
        redundant: Cuts that are noticed by nothing alone, since this other layer stands behind; empty for most.
        bwrap: Words of bubblewrap's command line that are taken out, or replaced.
        zygote: It is not a layer of the fork alone: the zygote must be started without it.
    """

    name: str
    cuts: tuple[Cut, ...]
    noticed_by: tuple[str, ...]
    level: Isolation = NAMESPACES
    redundant: str = ""
    bwrap: tuple[tuple[str, str], ...] = ()
    zygote: bool = False
    run_as_root: bool = False

    def __str__(self) -> str:
        return f"{self.level}-{self.name.replace(' ', '_')}"


def call_group(name: str, calls: str) -> Layer:
    """A hole in the filter, as wide as one group of the canary's calls."""
    hole = (
        "seccomp.py",
        '"connected sockets": """',
        f'"hole": "{calls}",\n    "connected sockets": """',
    )
    return Layer(f"filter, {name}", (hole,), (f"call_{name}",))


def limit(name: str, line: str, *noticed_by: str) -> Layer:
    return Layer(f"limit {name}", (("child.py", f"        ({line}),\n", ""),), noticed_by)


FORK = (
    "CloneFlag.NEWUSER | CloneFlag.NEWNS | CloneFlag.NEWNET | CloneFlag.NEWIPC | CloneFlag.NEWUTS"
)
NO_FILTER = ("child.py", "    seccomp.install(", "    (lambda _: None)(")
NO_NET = ("namespaces.py", FORK, FORK.replace(" | CloneFlag.NEWNET", ""))
NO_TMPFS = ("child.py", 'kernel.mount("tmpfs", folder, "tmpfs", _SCRATCH, size)', "pass")
NO_RESTRICT = ("child.py", "    landlock.restrict(", "    dict(")
SHARED_MEMORY = (
    "seccomp.py",
    '"connected sockets": """',
    '"hole": "shmget shmctl",\n    "connected sockets": """',
)
SOCKETS = (
    "seccomp.py",
    '"connected sockets": """',
    '"hole": "socket connect",\n    "connected sockets": """',
)
KEPT_USER = ("child.py", 'os.chdir("/")\n    _become(uid)', 'os.chdir("/")')

LIMIT_OF_CPU = ("child.py", "        (resource.RLIMIT_CPU, limits.cpu_time_s),\n", "")

LAYERS = (
    Layer("filter", (NO_FILTER,), ("unfiltered",)),
    Layer("filter", (NO_FILTER,), ("unfiltered",), LANDLOCK),
    Layer("filter, what is not listed is denied", (("seccomp.py", "*code, _answer(_EPERM)]", "*code, _ALLOW]"),),
          ("call_exec",)),
    Layer("filter, foreign machines",
          (("seccomp.py", "_KILL_PROCESS: Final = 0x80000000", "_KILL_PROCESS: Final = 0x7FFF0000"),
           ("seccomp.py", "_answer(_KILL_PROCESS)", "_answer(0x7FFF0000)")), ("call_32_bit",)),
    Layer("filter, x32 numbers",
          (("seccomp.py", "[_jump(_AT_LEAST, _X32_BIT, 0, 1), _answer(_EPERM)]", "[]"),), (),
          redundant="they are not in the list, and above every number in it; tests/unit/worker/test_seccomp.py"),
    call_group("exec", "execve execveat"),
    call_group("namespaces", "unshare setns"),
    Layer("filter, flags of clone",
          (("seccomp.py", "_NEW_NAMESPACES: Final = sum(kernel.CloneFlag)", "_NEW_NAMESPACES: Final = 0"),),
          ("call_namespaces",)),
    Layer("filter, clone3", (("seccomp.py", '_when(numbers["clone3"], [_answer(_ENOSYS)])',
                              '_when(numbers["clone3"], [_ALLOW])'),), ("call_clone3",)),
    call_group("mounts", "mount umount2 pivot_root chroot open_tree fsopen"),
    call_group("tracing", "ptrace process_vm_readv pidfd_open pidfd_getfd kcmp"),
    call_group("users", "setuid setgid setresuid setgroups capset fchown"),
    call_group("mailboxes", "shmget semget msgget mq_open"),
    call_group("asynchronous", "io_uring_setup io_setup"),
    call_group("keys", "keyctl add_key request_key"),
    call_group("kernel", "bpf perf_event_open userfaultfd memfd_create fanotify_init inotify_init1 personality"),
    call_group("schedule", "sched_setscheduler setpriority"),
    Layer("filter, TIOCSTI", (("seccomp.py", "_TIOCSTI: Final = 0x5412", "_TIOCSTI: Final = 0x1"),),
          ("call_terminal",)),
    Layer("filter, TIOCLINUX", (("seccomp.py", "_TIOCLINUX: Final = 0x541C", "_TIOCLINUX: Final = 0x1"),),
          ("call_terminal",)),
    Layer("filter, families of sockets",
          (("seccomp.py", "_jump(_EQUAL, _AF_UNIX, 1, 0), _answer(_EPERM), _ALLOW]", "_ALLOW]"),), ("call_network",)),
    Layer("filter, sockets", (SOCKETS,), ("call_network",), LANDLOCK),
    Layer("filter, datagrams of pairs", (("seccomp.py", "_SOCK_STREAM: Final = 1", "_SOCK_STREAM: Final = 2"),),
          ("call_datagrams",)),
    Layer("no_new_privs", (("child.py", "    kernel.no_new_privs()\n", ""),), (),
          redundant="bubblewrap sets it for all that it runs"),
    Layer("no_new_privs", (("child.py", "    kernel.no_new_privs()\n", ""),), (), LANDLOCK,
          redundant="Landlock sets it as well"),
    Layer("no_new_privs, twice",
          (("child.py", "    kernel.no_new_privs()\n", ""), ("landlock.py", "        kernel.no_new_privs()\n", "")),
          (REFUSED,), LANDLOCK),
    Layer("capabilities", (("child.py", "_limit(limits, memory)\n    kernel.drop_capabilities()",
                            "_limit(limits, memory)"),), ("capabilities",)),
    Layer("dumpable", (("child.py", "    kernel.set_dumpable(False)", "    pass"),), ("dumpable",)),
    Layer("dumpable", (("child.py", "    kernel.set_dumpable(False)", "    pass"),), (), LANDLOCK,
          redundant="the change of user takes it away as well"),
    limit("memory", "memory, own_memory + memory_mb * _MIB", "memory"),
    limit("processes", "resource.RLIMIT_NPROC, limits.processes", "fork_bomb", "unlimited"),
    limit("file size", "resource.RLIMIT_FSIZE, limits.file_mb * _MIB", "unlimited"),
    limit("core", "resource.RLIMIT_CORE, 0", "unlimited", "raise_limit"),
    limit("descriptors", "resource.RLIMIT_NOFILE, 256", "open_files"),
    limit("locked memory", "resource.RLIMIT_MEMLOCK, 0", "lock_memory"),
    limit("stack", "resource.RLIMIT_STACK, 16 * _MIB", "unlimited"),
    limit("CPU time", "resource.RLIMIT_CPU, limits.cpu_time_s", "unlimited"),
    Layer("network namespace of the fork", (NO_NET,), ("neighbour_socket",)),
    Layer("network namespaces, both", (NO_NET,), ("abstract_socket",), bwrap=(("--unshare-net", ""),), zygote=True),
    Layer("IPC namespace of the fork", (("namespaces.py", FORK, FORK.replace(" | CloneFlag.NEWIPC", "")),), (),
          redundant="the filter"),
    Layer("IPC namespace of the fork, and the filter's part",
          (("namespaces.py", FORK, FORK.replace(" | CloneFlag.NEWIPC", "")), SHARED_MEMORY), ("shared_memory",)),
    Layer("UTS namespace of the fork", (("namespaces.py", FORK, FORK.replace(" | CloneFlag.NEWUTS", "")),), (),
          redundant="the filter, and no capabilities"),
    Layer("user namespace of the fork",
          (("namespaces.py", FORK, FORK.removeprefix("CloneFlag.NEWUSER | ")),
           ("namespaces.py", "    kernel.unshare(_OF_A_FORK)\n    _map(uid, gid)", "    kernel.unshare(_OF_A_FORK)")),
          ("crowding",)),
    Layer("mount namespace of the fork", (("namespaces.py", FORK, FORK.replace(" | CloneFlag.NEWNS", "")),),
          (REFUSED,)),
    Layer("tmpfs over writable folders", (NO_TMPFS,), ("mailbox",)),
    Layer("size of the tmpfs", (("child.py", "size={limits.file_mb}m,nr_inodes", "nr_inodes"),), ("many_files",)),
    Layer("inodes of the tmpfs", (("child.py", ",nr_inodes=4096", ""),), ("empty_files",)),
    Layer("cover of /proc", (("child.py", 'kernel.mount("tmpfs", "/proc", "tmpfs", _SCRATCH | MountFlag.RDONLY, ',
                                "(lambda *_: None)("),),
          ("see_processes",)),
    Layer("session", (("child.py", "group.\n    os.setsid()\n", "group.\n"),), ("kill_group",)),
    Layer("session", (("child.py", '    os.setsid()\n    _close_all_but(data)\n    os.chdir("/")',
                       '    _close_all_but(data)\n    os.chdir("/")'),), ("kill_group",), LANDLOCK),
    Layer("closed descriptors", (("child.py", "    _close_all_but(data)\n    namespaces.leave()",
                                  "    namespaces.leave()"),), ("descriptors",)),
    Layer("closed descriptors", (("child.py", '    _close_all_but(data)\n    os.chdir("/")', '    os.chdir("/")'),),
          ("descriptors",), LANDLOCK),
    Layer("rules of Landlock", (NO_RESTRICT,), ("read_decoy",), LANDLOCK),
    Layer("network of Landlock", (("landlock.py", "fields.append(_BIND_AND_CONNECT_TCP)", "fields.append(0)"),), (),
          LANDLOCK, redundant="the filter"),
    Layer("network of Landlock, and the filter's part",
          (("landlock.py", "fields.append(_BIND_AND_CONNECT_TCP)", "fields.append(0)"), SOCKETS), ("tcp",), LANDLOCK),
    Layer("borders of Landlock", (("landlock.py", "fields.append(_ABSTRACT_SOCKETS_AND_SIGNALS)", "fields.append(0)"),),
          (), LANDLOCK, redundant="other users' processes, and the filter"),
    Layer("borders of Landlock, and the filter's part",
          (("landlock.py", "fields.append(_ABSTRACT_SOCKETS_AND_SIGNALS)", "fields.append(0)"), SOCKETS),
          ("abstract_socket",), LANDLOCK),
    Layer("change of user", (KEPT_USER,), ("root",), LANDLOCK),
    Layer("pid namespace of the fork",
          (("namespaces.py", "        kernel.unshare(CloneFlag.NEWPID)\n", "        pass\n"),),
          ("kill_parent",), zygote=True),
    Layer("kill", (("children.py", "os.kill(fork.pid, signal.SIGKILL)  # it is unreaped", "pass  # it is unreaped"),),
          ("endless_loop",), zygote=True),
    Layer("kill", (("children.py", "os.kill(fork.pid, signal.SIGKILL)  # it is unreaped", "pass  # it is unreaped"),),
          ("endless_loop",), LANDLOCK, zygote=True),
    Layer("kill of what it started", (("children.py", "        user_ids.kill_all_of(fork.uid)\n", ""),),
          ("survive",), LANDLOCK, zygote=True),
    Layer("first to go", (("child.py", 'Path("/proc/self/oom_score_adj").write_text("1000")', "pass"),),
          ("grader_goes_first",)),
    Layer("filter", (NO_FILTER,), ("unfiltered",), UID),
    Layer("root folder", (("child.py", "    jail.enter(folder)\n", ""),), (REFUSED,), UID),
    Layer("root folder, and paths of modules in it",
          (("child.py", "    jail.enter(folder)\n", ""), ("children.py", "        jail.rebase(config.jail)\n", "")),
          ("read_decoy",), UID, zygote=True),
    Layer("change of user", (("child.py", "    jail.enter(folder)\n    _become(uid)", "    jail.enter(folder)"),),
          ("root",), UID),
    Layer("session", (("child.py", "    os.setsid()\n    null = ", "    null = "),), ("kill_group",), UID),
    Layer("closed descriptors", (("child.py", "    _close_all_but(data, null)", "    pass"),), ("descriptors",), UID),
    Layer("no files changed", (("child.py", "change_files=False)", "change_files=True)"),), (), UID,
          redundant="nothing in its root belongs to the user, or may be written by all"),
    Layer("cover of /dev/pts", (), ("pseudo_terminal",), bwrap=(("--tmpfs /dev/pts --remount-ro /dev/pts", ""),),
          zygote=True),
    Layer("change of user of the zygote", (), ("root",), zygote=True, run_as_root=True),
    Layer("what is not mounted", (), ("read_course",), zygote=True,
          bwrap=(("--proc /proc", "--ro-bind /var/tmp /var/tmp --proc /proc"),)),
)  # fmt: skip


@dataclass
class Bench:
    """A copy of the package, and a zygote of it."""

    level: Isolation
    package: Path
    patch: pytest.MonkeyPatch
    engine: engines.Engine | None = None
    found: dict[str, str] = field(default_factory=dict)

    @contextlib.contextmanager
    def without(self, layer: Layer) -> Iterator[engines.Engine]:
        """The copy without a layer."""
        before = {}
        for name, old, new in layer.cuts:
            path = self.package / "autograder" / "worker" / name
            text = path.read_text()
            before.setdefault(path, text)
            assert text.count(old) == 1, (
                f"{name} has changed: it holds {old!r} {text.count(old)} times"
            )
            path.write_text(text.replace(old, new))
        try:
            if not layer.zygote:
                yield self.engine
            else:
                with self.patch.context() as patch:
                    without_words(patch, layer)
                    engine = self.start()
                try:
                    yield engine
                finally:
                    engine.close()
        finally:
            for path, text in before.items():
                path.write_text(text)

    def start(self) -> engines.Engine:
        engine = engines.start(self.level)
        engines.await_ready(engine)
        return engine


def without_words(patch: pytest.MonkeyPatch, layer: Layer) -> None:
    """Changes how bubblewrap is called."""
    command = bubblewrap.command

    def changed(program, inner, *for_a_gpu):
        words = command(program, inner, *for_a_gpu)
        line = "\0".join(words)
        for old, new in layer.bwrap:
            old, new = old.replace(" ", "\0"), new.replace(" ", "\0")
            assert line.count(f"\0{old}\0") == 1, f"bubblewrap is called in another way: {words}"
            line = line.replace(f"\0{old}\0", f"\0{new}\0" if new else "\0")
        return line.split("\0")

    patch.setattr(bubblewrap, "command", changed)
    if layer.run_as_root:
        patch.setattr(bubblewrap, "SANDBOX_UID", None)


def lighten(package: Path) -> None:
    """Has a copy's zygote leave out what takes long to import, and read anew what confines in every fork."""
    path = package / "autograder" / "worker" / "zygote.py"
    text = path.read_text()
    for old, new in (
        ('"torch._dynamo",', ""),
        ("for optimiser in (torch.optim.SGD, torch.optim.Adam):", "for optimiser in ():"),
        (
            "        status = forks.run(",
            "        for name in ('kernel', 'landlock', 'jail', 'namespaces', 'seccomp', 'child'):\n"
            "            module = sys.modules[f'autograder.worker.{name}']\n"
            "            exec(open(module.__file__).read(), module.__dict__)\n"
            "        status = forks.run(",
        ),
    ):
        assert text.count(old) == 1, f"zygote.py has changed: {old!r}"
        text = text.replace(old, new)
    path.write_text(text)


@pytest.fixture(scope="module", params=[NAMESPACES, LANDLOCK, UID], ids=str)
def bench(request) -> Iterator[Bench]:
    with (
        tempfile.TemporaryDirectory(prefix="broken-", dir="/var/tmp") as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        package = Path(folder)
        package.chmod(0o755)
        shutil.copytree(
            ROOT / "autograder",
            package / "autograder",
            ignore=shutil.ignore_patterns("__pycache__"),
        )
        lighten(package)
        patch.setattr(bubblewrap, "package_root", lambda: package)
        patch.setattr(session, "_EXIT_TIME_S", 1.0)
        patch.setattr(canary, "_DEATH_TIME_S", 0.5)
        (package / "grading.yml").write_text("course: a decoy\n")
        bench = Bench(request.param, package, patch)
        try:
            bench.engine = bench.start()
        except IsolationError as error:
            if os.environ.get("CI"):
                pytest.fail(f"CI must offer engine {request.param}: {error}")
            pytest.skip(f"this machine does not offer engine {request.param}: {error}")
        yield bench
        bench.engine.close()


# Attacks that need more than one process, or more time than a canary has


def loaded(spawner, source):
    conversation = Session(spawner.spawn(LIMITS))
    flat = conversation.flatten({"work.py": source.encode()}, ["f"], time_s=10)
    conversation.load(flat, cell_time_s=5, time_s=10)
    return conversation


def value(conversation, *args):
    return conversation.call("f", args, {}, seed=0, device="cpu", time_s=5).value


CROWD = """
import os, time
def f(count):
    made = 0
    try:
        while made < count:
            if os.fork() == 0:
                time.sleep(20)
                os._exit(0)
            made += 1
    except OSError:
        pass
    return made
"""
EMPTY = """
def f(count):
    made = 0
    try:
        while made < count:
            open(f"empty-{made}", "x").close()
            made += 1
    except OSError:
        pass
    return made
"""


class Tracked:
    """A spawner whose processes are let go of in the end, even those that nothing could kill."""

    def __init__(self, engine):
        self._inner = engine.spawner()
        self._all = []

    def spawn(self, limits):
        self._all.append(self._inner.spawn(limits))
        return self._all[-1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for spawned in self._all:
            spawned.forget()


def crowding(spawner) -> bool:
    """One task has all the processes that it may have, and then another has none."""
    one, other = loaded(spawner, CROWD), loaded(spawner, CROWD)
    try:
        value(one, 14)
        return value(other, 8) < 8
    finally:
        for conversation in (one, other):
            conversation.kill()
            conversation.usage()


def empty_files(spawner) -> bool:
    """Files without content take memory too, and no size of a file system bounds it."""
    conversation = loaded(spawner, EMPTY)
    try:
        return value(conversation, 4200) == 4200
    finally:
        conversation.kill()
        conversation.usage()


def endless_loop(spawner) -> bool:
    """A task that does not end is still there after it was killed."""
    spawned = spawner.spawn(LIMITS)
    conversation = Session(spawned)
    flat = conversation.flatten(
        {"work.py": b"def f():\n    while True:\n        pass\n"}, ["f"], time_s=10
    )
    conversation.load(flat, cell_time_s=5, time_s=10)
    with pytest.raises(SubmissionFault):
        conversation.call("f", [], {}, seed=0, device="cpu", time_s=0.3)
    return spawned.wait(0.5) is None


def grader_goes_first(spawner) -> bool:
    """When memory runs out, the kernel kills a process of ours as soon as one of the submission's."""
    conversation = loaded(spawner, CROWD)
    try:
        parents, offered = {}, set()
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                with contextlib.suppress(OSError):  # it has ended in between
                    stat = (folder / "stat").read_text().rpartition(")")[2].split()
                    parents[int(folder.name)] = int(stat[1])
                    if (folder / "oom_score_adj").read_text() == "1000\n":
                        offered.add(int(folder.name))
        ours = {os.getpid()}
        while new := {pid for pid, parent in parents.items() if parent in ours} - ours:
            ours |= new
        return not offered & ours
    finally:
        conversation.kill()
        conversation.usage()


ATTACKS = {
    attack.__name__: attack for attack in (crowding, empty_files, endless_loop, grader_goes_first)
}


def explored(bench, engine):
    """Probes that got through, and those that prove nothing on this machine; or that no fork starts."""
    try:
        with Tracked(engine) as spawner:
            probes = canary.explore(spawner, bench.package / "grading.yml")
    except GraderError:
        return {REFUSED}, set()
    return {p.name for p in probes if not p.blocked}, {p.name for p in probes if p.unproven}


# With everything in its place


def test_nothing_is_noticed_where_nothing_is_missing(bench):
    through, _ = explored(bench, bench.engine)
    assert not through
    with Tracked(bench.engine) as spawner:
        assert not [name for name, attack in ATTACKS.items() if attack(spawner)]


def test_as_root_every_probe_is_shown_to_succeed_without_the_sandbox(bench):
    probes = canary.explore(bench.engine.spawner(), ROOT / "grading.yml")
    unproven = {p.name: p.unproven for p in probes if p.unproven}
    if os.getuid() == 0 and not os.environ.get("CI"):  # a container of CI may deny some to root
        assert not unproven
    assert len(unproven) < len(probes) / 2
    assert tuple(p.name for p in probes) == canary.PROBES


# One layer out


@pytest.mark.parametrize(
    ("bench", "layer"),
    [(layer.level, layer) for layer in LAYERS],
    scope="module",
    indirect=["bench"],
    ids=map(str, LAYERS),
)
def test_a_missing_layer_is_noticed(bench, layer):
    with bench.without(layer) as engine:
        attacks = [name for name in layer.noticed_by if name in ATTACKS]
        if attacks:
            with Tracked(engine) as spawner:
                assert all(ATTACKS[name](spawner) for name in attacks)
            return
        through, unproven = explored(bench, engine)
    if layer.redundant:
        assert not through, f"{layer.redundant} no longer stands behind it: name who notices"
    else:
        missed = set(layer.noticed_by) - unproven
        assert through & set(layer.noticed_by) or not missed, f"got through: {sorted(through)}"


# What a submission can do to later canaries, and an escape to a run


ATTACK = """
import os, signal, socket, sys, time, torch
def f():
    sys.modules["resource"] = sys.modules["ctypes"] = None
    torch.tensor = os.getpid = None
    for folder in ("/run/submission", "/tmp", "/dev/shm", "/var/tmp"):
        try:
            open(folder + "/left", "w").write("x")
        except OSError:
            pass
    for target in (0, -1, os.getppid()):
        try:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            os.kill(target, signal.SIGTERM)
        except OSError:
            pass
    while True:
        try:
            if os.fork() == 0:
                os.setsid()
        except OSError:
            time.sleep(30)
"""


def test_a_canary_after_an_attack_on_the_same_zygote_meets_the_same_walls(bench):
    with Tracked(bench.engine) as spawner:
        conversations = [loaded(spawner, ATTACK) for _ in range(2)]
        for conversation in conversations:
            with pytest.raises(SubmissionFault):
                conversation.call("f", [], {}, seed=0, device="cpu", time_s=0.3)
            assert conversation.usage() is not None
    through, _ = explored(bench, bench.engine)
    assert not through


UNPRIVILEGED = """
import json, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from autograder.sandbox import decoys, proof
from autograder.worker.request import SandboxLimits
program = "".join(Path(proof.__file__).with_name(f"canary_{name}.py").read_text()
                  for name in ("program", "neighbours"))
with decoys.set_up(SandboxLimits(512, 10, 16, 4)) as targets, proof.started(program, targets) as it:
    found, why = it.found()
print(json.dumps([found, why]))
"""


@pytest.mark.parametrize("bench", [NAMESPACES], indirect=True)
def test_what_a_user_may_not_do_anyway_is_unproven_for_that_user(bench):
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", UNPRIVILEGED, str(bench.package)],
        capture_output=True, text=True, check=True, timeout=60, cwd="/",
        **({"user": 65534, "group": 65534, "extra_groups": []} if os.getuid() == 0 else {}),
    )  # fmt: skip
    found, why = json.loads(done.stdout)
    assert why == ""
    unproven = {name for name, (through, _) in found.items() if not through}
    assert {"root", "setuid", "capabilities", "mount", "chroot"} <= unproven
    assert {"read_decoy", "tcp", "exec", "kill", "fork_bomb", "mailbox", "survive"}.isdisjoint(
        unproven
    )


SUITE = """
import pytest

@pytest.mark.task("1", points=1)
def test_f(student, reference):
    assert student.f() == reference.f()
"""
COURSE = {
    "grading.yml": "course: Demo\n",
    "assignments/demo/assignment.yml": 'title: Demo\nversion: "1"\ntasks:\n  "1": {title: One, entry_point: f}\n',
    "reference/demo.py": "def f():\n    return 1\n",
    "tests/hidden/demo/test_demo.py": SUITE,
    "handed_in/ada.py": "def f():\n    return 1\n",
}
COMMAND = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from autograder.__main__ import main; main()"
)


def grade(bench, course, *more):
    """The command of the copy, so that its engine is the copy's."""
    for name, text in COURSE.items():
        path = course / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return subprocess.run(
        [sys.executable, "-B", "-c", COMMAND, str(bench.package), "grade", "demo", str(course / "handed_in"),
         "--out", str(course / "out"), "--course", str(course), "--store", str(course / "store.sqlite"),
         "--isolation", bench.level.value, *more],
        capture_output=True, text=True, timeout=120, cwd=course, env={**os.environ, "COLUMNS": "300"},
    )  # fmt: skip


@pytest.mark.parametrize("bench", [NAMESPACES], indirect=True)
def test_an_escape_refuses_the_run_with_the_probe_and_its_remedy_and_writes_nothing(
    bench, tmp_path
):
    with bench.without(Layer("CPU time", (LIMIT_OF_CPU,), ("unlimited",), bench.level)):
        done = grade(bench, tmp_path)
    assert done.returncode == 3, done.stderr
    said = " ".join(done.stderr.split())
    assert f"the canary escaped from engine `{bench.level}`" in said
    assert "unlimited: a submission could use something without limit (CPU)." in said
    assert "Remedy: A limit of the sandbox does not hold." in said
    assert "Nothing is graded" in said
    assert not (tmp_path / "out").exists()
    with sqlite3.connect(tmp_path / "store.sqlite") as store:
        kept = [store.execute(f"SELECT count(*) FROM {t}").fetchone() for t in ("attempts", "runs")]
    store.close()
    assert kept == [(0,), (0,)]

    done = grade(bench, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "proven canary probes blocked" in done.stdout
    assert json.loads((tmp_path / "out" / "grades.json").read_text())["grades"][0]["score"] == 1
