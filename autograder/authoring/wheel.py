"""A wheel of this package, from the package that is running: no network, no source tree, no build.

Knows the format of a wheel (PEP 427), and of the installed package its files and its metadata. The
same package gives the same bytes.
"""

import base64
import hashlib
import importlib.metadata
import io
import zipfile
from collections.abc import Iterator
from importlib.resources import files as package_files
from importlib.resources.abc import Traversable
from typing import Final

from autograder.errors import CourseError

_DISTRIBUTION: Final = "torch-autograder"
_PACKAGE: Final = "autograder"
_ENDINGS: Final = (".py", ".typed", ".json")
_TAG: Final = "py3-none-any"
_WHEEL: Final = f"Wheel-Version: 1.0\nGenerator: {_PACKAGE}\nRoot-Is-Purelib: true\nTag: {_TAG}\n"
#: The first time that a zip can hold.
_ALWAYS: Final = (1980, 1, 1, 0, 0, 0)


def make_wheel() -> tuple[str, bytes]:
    """Returns name and content of a wheel of the running package.

    Raises:
        CourseError: The package runs from a folder without being installed, so that nothing says
            what it needs.
    """
    every = importlib.metadata.distributions(name=_DISTRIBUTION)
    # A source tree on the path has a record as well, of another form and without the licence.
    installed = next((one for one in every if one.read_text("METADATA")), None)
    if installed is None:
        message = (
            f"--wheel: {_DISTRIBUTION} is not installed in this Python, so that its requirements are "
            "not known. Install it with: pip install --editable ."
        )
        raise CourseError(message)
    name = f"{_DISTRIBUTION.replace('-', '_')}-{installed.version}"
    about = f"{name}.dist-info"
    contents = dict(_files(package_files(_PACKAGE), _PACKAGE))
    for file in ("METADATA", "entry_points.txt", "licenses/LICENSE", "licenses/NOTICE"):
        contents[f"{about}/{file}"] = (installed.read_text(file) or "").encode()
    contents[f"{about}/WHEEL"] = _WHEEL.encode()
    record = "".join(f"{file},{_hash(data)},{len(data)}\n" for file, data in contents.items())
    contents[f"{about}/RECORD"] = f"{record}{about}/RECORD,,\n".encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, data in contents.items():
            entry = zipfile.ZipInfo(file, _ALWAYS)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, data)
    return f"{name}-{_TAG}.whl", buffer.getvalue()


def _files(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{name}/{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry, path)
        elif entry.name.endswith(_ENDINGS):
            yield path, entry.read_bytes()


def _hash(data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")
    return f"sha256={digest.decode()}"
