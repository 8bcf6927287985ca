"""A wheel of this very package as it is installed here: no source tree, no network, the same bytes every time.

Knows the wheel format (PyPA, binary distribution format 1.0). Refuses to know what the wheel is for.
"""

import base64
import hashlib
import importlib.metadata
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import autograder
from autograder.authoring.zipped import zipped

DISTRIBUTION: Final = "torch-autograder"


def wheel_name() -> str:
    """The file's name, which says what is in it."""
    return f"torch_autograder-{autograder.__version__}-py3-none-any.whl"


def wheel_files() -> dict[str, bytes]:
    """What stands in the wheel, by name."""
    package = Path(autograder.__file__).parent
    files = {
        f"autograder/{path.relative_to(package).as_posix()}": path.read_bytes()
        for path in sorted(package.rglob("*"))
        if path.suffix == ".py" or path.name == "py.typed"
    }
    info = f"torch_autograder-{autograder.__version__}.dist-info"
    installed = importlib.metadata.distribution(DISTRIBUTION)
    for name in ("METADATA", "entry_points.txt", "licenses/LICENSE"):
        files[f"{info}/{name}"] = (installed.read_text(name) or "").encode()
    files[f"{info}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: autograder\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    files[f"{info}/RECORD"] = _record(files, f"{info}/RECORD")
    return files


def wheel(files: Mapping[str, bytes]) -> bytes:
    """The wheel of these files."""
    return zipped(files)


def _record(files: Mapping[str, bytes], own: str) -> bytes:
    lines = []
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}\n")
    return "".join([*lines, f"{own},,\n"]).encode()
