"""The figures of an assignment: which ones its texts show, and how a notebook carries them.

A master shows one as `![what it is](figures/name.svg)`. In the notebook it becomes an attachment, so
that the notebook can be renamed, moved and opened anywhere; the script and the handout keep the path.
"""

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from autograder.errors import CourseError

if TYPE_CHECKING:
    from nbformat import NotebookNode

FOLDER: Final = "figures"
_TYPES: Final = {".svg": "image/svg+xml", ".png": "image/png"}
_SHOWN: Final = re.compile(rf"(!\[[^\]\n]*\]\()({FOLDER}/[^)\s]+)(\))")


def find_figures(texts: Mapping[Path, str], folder: Path) -> dict[str, bytes]:
    """Returns name and content of every figure that a text shows; no other file of the folder.

    Args:
        texts: Path and content of what shows figures; the path is for messages only.
        folder: The assignment's.

    Raises:
        CourseError: A figure is not there, or of another kind than .svg and .png.
    """
    found: dict[str, bytes] = {}
    for path, text in texts.items():
        for _, name, _ in _SHOWN.findall(text):
            figure = folder / name
            if figure.suffix not in _TYPES or ".." in figure.parts:
                message = f"{path}: it shows {name}, expected an .svg or a .png in {FOLDER}/."
                raise CourseError(message)
            try:
                found[name] = figure.read_bytes()
            except OSError as error:
                message = f"{path}: it shows {name}, which cannot be read: {error.strerror}."
                raise CourseError(message) from None
    return dict(sorted(found.items()))


def attach(cell: "NotebookNode", figures: Mapping[str, bytes]) -> None:
    """Puts the figures that a cell of prose shows into the cell."""
    shown = [name for _, name, _ in _SHOWN.findall(cell.source)]
    if cell.cell_type != "markdown" or not shown:
        return
    cell.source = _SHOWN.sub(
        lambda match: f"{match[1]}attachment:{Path(match[2]).name}{match[3]}", cell.source
    )
    cell.attachments = {
        Path(name).name: {
            _TYPES[Path(name).suffix]: base64.b64encode(figures[name]).decode("ascii")
        }
        for name in shown
    }
