"""The root of engine `uid`: one folder of installed packages, in place of the whole file system.

The folder is the one that torch was installed in. It is there already, belongs to root, and holds what submissions
import late: the rest of torch, NumPy, SciPy. A tree made for the purpose would be a copy of a gigabyte, and an empty
folder would fail honest submissions at their first late import. Python itself may lie elsewhere, so all of its library
is imported beforehand. Decides nothing about users, limits or system calls.
"""

import contextlib
import importlib
import os
import pkgutil
import sys
import warnings
from pathlib import PurePosixPath
from typing import Final

#: What no submission needs, what draws, and what acts when it is imported.
_LEFT_OUT: Final = frozenset(
    {
        "__main__", "antigravity", "distutils", "ensurepip", "idlelib", "lib2to3", "test", "tests",
        "this", "tkinter", "turtle", "turtledemo", "venv",
    }
)  # fmt: skip
_OURS: Final = ("autograder.worker", "autograder.submission")


def import_all() -> None:
    """Imports what lies outside of the jail and may be asked for later: the standard library and our own modules."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # modules that a later Python will not have
        for name in (*sorted(sys.stdlib_module_names), *_OURS):
            _import_with_submodules(name)


def _import_with_submodules(name: str) -> None:
    if name.rpartition(".")[2] in _LEFT_OUT:
        return
    with contextlib.suppress(Exception):  # of another system, or of a library that is not installed
        module = importlib.import_module(name)
        for found in pkgutil.iter_modules(getattr(module, "__path__", ()), f"{name}."):
            _import_with_submodules(found.name)


def rebase(folder: str) -> None:
    """Makes Python look for modules where they are once `folder` is the root. From then on this process imports none.

    Only for a process that forks those which enter: outside of the jail the new paths lead nowhere.
    """
    sys.path[:] = list(dict.fromkeys(filter(None, (_inside(path, folder) for path in sys.path))))
    for module in list(sys.modules.values()):
        paths = getattr(module, "__path__", None)
        if isinstance(paths, list):
            paths[:] = [_inside(path, folder) or path for path in paths]
    sys.path_importer_cache.clear()


def supply_seed() -> None:
    """Lets `torch.seed` do without /dev/urandom, which is not inside; `torch.Generator.seed` cannot be helped."""
    import torch  # noqa: PLC0415  # heavy; loaded already where this is called

    def seed() -> int:
        drawn = int.from_bytes(os.urandom(7), "little")
        torch.manual_seed(drawn)
        return drawn

    torch.seed = torch.random.seed = seed


def _inside(path: str, folder: str) -> str | None:
    """`path` as it reads inside; None where it is not there."""
    if not PurePosixPath(path).is_relative_to(folder):
        return None
    return str("/" / PurePosixPath(path).relative_to(folder))


def enter(folder: str) -> None:
    """Makes `folder` the root of this process, for good once it has given up its capabilities.

    Raises:
        OSError: This process may not, or the folder is not there.
    """
    os.chroot(folder)
    os.chdir("/")
