"""A wheel of this package, from the package that is running: no network, no source tree, no build.

Knows the format of a wheel (PEP 427), and of the installed package its files and its metadata. The
same package gives the same bytes. Refuses to know what the wheel is for.
"""

import base64
import hashlib
import importlib.metadata
from collections.abc import Iterator, Mapping
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable
from typing import Final

import autograder
from autograder.authoring.zipped import zipped
from autograder.errors import CourseError

_DISTRIBUTION: Final = "torch-autograder"
_TAG: Final = "py3-none-any"
_WHEEL: Final = f"Wheel-Version: 1.0\nGenerator: autograder\nRoot-Is-Purelib: true\nTag: {_TAG}\n"
_STEM: Final = f"{_DISTRIBUTION.replace('-', '_')}-{autograder.__version__}"


def make_wheel() -> tuple[str, bytes]:
    """Returns name and content of a wheel of the running package.

    Raises:
        CourseError: As for `wheel_files`.
    """
    return wheel_name(), zipped(wheel_files())


def wheel_name() -> str:
    """The wheel's file name, which says what is in it."""
    return f"{_STEM}-{_TAG}.whl"


def wheel_files() -> dict[str, bytes]:
    """What stands in the wheel, by name.

    Raises:
        CourseError: The package runs from a folder without being installed, so that nothing says
            what it needs.
    """
    every = importlib.metadata.distributions(name=_DISTRIBUTION)
    # A source tree on the path has a record as well, of another form and without the licence.
    installed = next((one for one in every if one.read_text("METADATA")), None)
    if installed is None:
        message = (
            f"no wheel can be made: {_DISTRIBUTION} is not installed in this Python, so that its requirements "
            "are not known. Install it with: pip install --editable ."
        )
        raise CourseError(message)
    info = f"{_STEM}.dist-info"
    contents = dict(_files(package_files("autograder"), "autograder"))
    for file in ("METADATA", "entry_points.txt", "licenses/LICENSE", "licenses/NOTICE"):
        contents[f"{info}/{file}"] = (installed.read_text(file) or "").encode()
    contents[f"{info}/WHEEL"] = _WHEEL.encode()
    contents[f"{info}/RECORD"] = _record(contents, f"{info}/RECORD")
    return contents


def _files(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry, path)
        else:
            yield path, entry.read_bytes()


def _record(contents: Mapping[str, bytes], own: str) -> bytes:
    lines = [f"{file},{_hash(data)},{len(data)}\n" for file, data in contents.items()]
    return "".join([*lines, f"{own},,\n"]).encode()


def _hash(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")
    return f"sha256={digest.decode()}"
