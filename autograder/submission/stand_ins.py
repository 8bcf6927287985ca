"""Lets imports of optional packages succeed that are missing, or that only draw.

41 of 56 real notebooks import matplotlib, 24 torchvision: an
ImportError there must not cost a right answer. What the stand-ins do is in `blanks`; a real package
is replaced only where it only draws.
"""

import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Final

from autograder.submission.blanks import make

#: Only draw: replaced even where installed, since importing them takes seconds and nobody looks at
#: the plots.
_ALWAYS: Final = frozenset({"matplotlib", "otter", "torch.utils.tensorboard"})
_NO_COMPILER: Final = "TORCHDYNAMO_DISABLE"
#: Supplied where they are not installed.
_MISSING: Final = frozenset(
    {
        "IPython",
        "PIL",
        "cv2",
        "google",
        "gradient_check",
        "ipywidgets",
        "jovian",
        "kaggle_secrets",
        "mpl_toolkits",
        "pandas",
        "plotly",
        "requests",
        "seaborn",
        "sklearn",
        "tensorboard",
        "tensorboardX",
        "torchaudio",
        "torchinfo",
        "torchmetrics",
        "torchsummary",
        "torchvision",
        "torchviz",
        "tqdm",
        "wandb",
    }
)


class StandInModule(ModuleType):
    """A module that has every name."""

    def __getattr__(self, name: str) -> object:
        """The stand-in for a name of this module."""
        if name.startswith("__"):
            raise AttributeError(name)
        return make(f"{self.__name__}.{name}")


class StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Supplies the packages named, and every module below them."""

    def __init__(self, roots: frozenset[str]) -> None:
        """Answer for `roots` only."""
        self._roots = roots

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """A spec for a package that we stand in for, else None."""
        del path, target
        parent = sys.modules.get(fullname.rpartition(".")[0])
        below = isinstance(parent, StandInModule) and any(
            fullname.startswith(f"{root}.") for root in self._roots
        )
        # google is a namespace that others (protobuf) really have; only colab below it is never
        # installed here.
        colab = fullname == "google.colab" and "google" in self._roots
        if fullname in self._roots or below or colab:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """An empty module that has every name."""
        return StandInModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing runs; a version is what many ask for first."""
        module.__dict__["__version__"] = "0.0"


def install() -> None:
    """Put stand-ins behind real packages, and before those that only draw. Idempotent."""
    if any(isinstance(finder, StandInFinder) for finder in sys.meta_path):
        return
    sys.meta_path.insert(0, StandInFinder(_ALWAYS))
    sys.meta_path.append(StandInFinder(_MISSING))
    # torch.compile runs a C++ compiler, which no sandbox lets it; uncompiled the values are the
    # same. This is torch's own switch, read when the first function is compiled.
    os.environ[_NO_COMPILER] = "1"


def uninstall() -> None:
    """Undo `install`, and forget the stand-ins that were imported."""
    os.environ.pop(_NO_COMPILER, None)
    sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, StandInFinder)]
    for name, module in list(sys.modules.items()):
        if isinstance(module, StandInModule):
            del sys.modules[name]
