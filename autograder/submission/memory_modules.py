"""Imports a submission's other files by name, from memory: nothing real is replaced.

The finder stands behind the real ones, so that a file called torch.py or random.py shadows nothing
(sandbox.md), and before the stand-ins, so that a student's own tqdm.py wins over ours.
"""

import importlib.abc
import importlib.machinery
import linecache
import sys
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import CodeType, ModuleType
from typing import Self

from autograder.submission.shell import prepare
from autograder.submission.stand_ins import StandInFinder


def remember_source(filename: str, source: str) -> None:
    """Make source lines known to tracebacks and to `inspect.getsource`."""
    lines = [f"{line}\n" for line in source.split("\n")]
    linecache.cache[filename] = (len(source), None, lines, filename)


def compile_quietly(source: str, filename: str, flags: int = 0) -> CodeType:
    """Compile without the warnings about odd escapes, which are no failure of the submission."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = compile(source, filename, "exec", flags=flags, dont_inherit=True)
    assert isinstance(code, CodeType)
    return code


class MemoryFinder(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Finds and loads modules given as source."""

    def __init__(self, modules: Mapping[str, str], package: str) -> None:
        """Serve `modules` (dotted name to source), also as submodules of `package`.

        The latter makes `from .helper import f` work in a main file that lay in a folder.
        """
        self._modules = dict(modules)
        self._packages = {name.rpartition(".")[0] for name in modules} - {""}
        self._package = package
        self._loaded: list[str] = []
        self._ready: dict[str, ModuleType] = {}

    def install(self) -> Self:
        """Take the place of the finder of an earlier submission and forget what that one loaded."""
        for finder in [finder for finder in sys.meta_path if isinstance(finder, MemoryFinder)]:
            finder.uninstall()
        places = [i for i, finder in enumerate(sys.meta_path) if isinstance(finder, StandInFinder)]
        sys.meta_path.insert(places[-1] if places else len(sys.meta_path), self)
        return self

    def register(self, module: ModuleType, names: Iterable[str]) -> None:
        """Enter a module that runs as cells; importing one of `names` gives that very module."""
        sys.modules[module.__name__] = module
        self._loaded.append(module.__name__)
        self._ready.update((name, module) for name in names)

    def uninstall(self) -> None:
        """Undo `install`."""
        sys.meta_path.remove(self)
        for name in self._loaded:
            sys.modules.pop(name, None)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec for a name that we hold (see `importlib.abc.MetaPathFinder`)."""
        del path, target
        key = self._key(fullname)
        if key not in self._modules:
            return None
        self._loaded.append(fullname)
        is_package = key in self._packages
        return importlib.machinery.ModuleSpec(fullname, self, is_package=is_package)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        """The module that already runs as cells, or None for a new one."""
        return self._ready.get(self._key(spec.name))

    def exec_module(self, module: ModuleType) -> None:
        """Run the source, unless it runs as cells."""
        assert module.__spec__ is not None
        name = module.__spec__.name
        if self._ready.get(self._key(name)) is module:
            module.__spec__ = (
                None  # As a file that is run has none; ours would contradict __package__.
            )
            return
        source = self.get_source(name)
        filename = self._key(name).replace(".", "/") + ".py"
        module.__file__ = str(Path.cwd() / filename)
        for known_as in (filename, module.__file__):
            remember_source(known_as, source)
        prepare(module)
        exec(compile_quietly(source, filename), module.__dict__)  # noqa: S102 (the sandbox's purpose)

    def get_source(self, fullname: str) -> str:
        """The source of a module that we hold."""
        return self._modules[self._key(fullname)]

    def _key(self, fullname: str) -> str:
        """The name under which we hold a module: as asked, or the only one that ends like it.

        The latter is what `sys.path.append("../src")` above `import layers` asks for.
        """
        key = fullname.removeprefix(f"{self._package}.")
        if key not in self._modules:
            below = [name for name in self._modules if name.endswith(f".{key}")]
            key = below[0] if len(below) == 1 else key
        return key
