"""No way of making a file leads anywhere under `landlock` and `uid`, and under `namespaces` only into own memory."""

import json

import pytest

from autograder.records import Isolation
from autograder.sandbox.session import Session
from autograder.worker.request import SandboxLimits

PROGRAM = """
import ctypes, json, mmap, os, shutil, socket, sqlite3, tempfile
import numpy, torch

libc = ctypes.CDLL(None, use_errno=True)
PACKAGE = os.path.dirname(torch.__file__)
#: Where it can be opened: inside the jail of engine `uid` everything lies elsewhere.
FILE = next(p for p in (PACKAGE + "/version.py", "/torch/version.py") if os.path.exists(p))
FOLDERS = ["/", ".", "/tmp", "/var/tmp", "/dev/shm", "/run", "/run/submission", "/run/lock", "/proc/self",
           "/proc/self/fd", "/dev", "/dev/mqueue", "/home", "/torch", os.path.dirname(FILE)]

def checked(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def bind(path):
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(path)

def move(path):
    os.rename(FILE, path)

def memory_map(path):
    numpy.memmap(path, mode="w+", shape=1 << 16, dtype="uint8")

def database(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (x)")

IN_A_FOLDER = {
    "open": lambda p: open(p, "xb").close(),
    "open by number": lambda p: os.close(os.open(p, os.O_CREAT)),
    "creat": lambda p: checked(libc.creat(p.encode(), 0o600)),
    "unnamed": lambda p: os.close(os.open(os.path.dirname(p), os.O_TMPFILE | os.O_RDWR)),
    "mkdir": os.mkdir,
    "mkfifo": os.mkfifo,
    "mknod": lambda p: os.mknod(p, 0o600 | 0o100000),
    "device": lambda p: os.mknod(p, 0o600 | 0o020000, os.makedev(1, 5)),
    "symlink": lambda p: os.symlink("/etc/passwd", p),
    "link": lambda p: os.link(FILE, p),
    "rename": move,
    "socket": bind,
    "sqlite": database,
    "torch.save": lambda p: torch.save(torch.ones(3), p),
    "numpy": memory_map,
    "copy": lambda p: shutil.copy(FILE, p),
    "mkstemp": lambda p: tempfile.mkstemp(dir=os.path.dirname(p)),
}
ANYWHERE = {
    "memfd_create": lambda: os.close(os.memfd_create("m")),
    "memfd_secret": lambda: checked(libc.syscall(447, 0)),
    "shm_open": lambda: checked(libc.shm_open(b"/m", os.O_CREAT | os.O_RDWR, 0o600)),
    "shmget": lambda: checked(libc.shmget(0, 1 << 20, 0o1600)),
    "mq_open": lambda: checked(libc.syscall(240, b"m", os.O_CREAT | os.O_RDWR, 0o600, None)),
    "change": lambda: open(FILE, "ab").close(),
    "truncate": lambda: os.truncate(FILE, 0),
    "touch": lambda: os.utime(FILE),
    "chmod": lambda: os.chmod(FILE, 0o666),
    "attribute": lambda: os.setxattr(FILE, "user.note", b"x"),
    "remove": lambda: os.remove(FILE),
    "temporary file": lambda: tempfile.TemporaryFile().close(),
    "dump of a core": lambda: checked(-1 if __import__("resource").getrlimit(4) == (0, 0) else 0),
}

def f():
    made = []
    for folder in FOLDERS:
        for name, make in IN_A_FOLDER.items():
            try:
                make(os.path.join(folder, "made-" + name.replace(" ", "-")))
                made.append([folder, name])
            except (OSError, RuntimeError, ValueError, sqlite3.Error):
                pass
    for name, make in ANYWHERE.items():
        try:
            make()
            made.append(["", name])
        except (OSError, RuntimeError, ValueError):
            pass
    return json.dumps(made)
"""

#: What lies in them is in the task's own memory, of `file_mb`, and goes with it.
OWN = {".", "/tmp", "/dev/shm", "/run/submission"}
IN_MEMORY = {"shm_open", "temporary file"}


@pytest.fixture
def made(engine):
    session = Session(engine.spawner().spawn(SandboxLimits(memory_mb=512, processes=16, file_mb=4)))
    flat = session.flatten({"work.py": PROGRAM.encode()}, ["f"], time_s=10)
    report = session.load(flat, cell_time_s=10, time_s=10)
    assert not report.failures
    found = session.call("f", [], {}, seed=1, device="cpu", time_s=20).value
    session.kill()
    session.usage()
    return [tuple(pair) for pair in json.loads(found)]


def test_no_way_of_making_a_file_is_left(engine, made):
    if engine.level is Isolation.NAMESPACES:
        made = [(f, name) for f, name in made if f not in OWN and name not in IN_MEMORY]
    assert made == []


def test_where_a_task_has_its_own_memory_it_can_make_files(engine, made):
    assert ((".", "open") in made) is (engine.level is Isolation.NAMESPACES)
