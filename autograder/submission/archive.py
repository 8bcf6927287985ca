"""Opens what was handed in: which names and archive entries are taken, and why others are not.

Works on bytes in memory and writes nothing to disk, so that no name can lead anywhere. Knows
nothing of Python or notebooks.
"""

import io
import re
import stat
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from autograder.submission.flat import FlattenLimits, name_fault

_IGNORED_FOLDERS: Final = frozenset(
    {"__MACOSX", ".ipynb_checkpoints", "__pycache__", ".git", ".idea", ".vscode", ".venv"}
)
_IGNORED_FILES: Final = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CENTRAL_ENTRY: Final = b"PK\x01\x02"
_ENCRYPTED: Final = 0x1


@dataclass(slots=True)
class Unpacked:
    """Files by clean name, and what was left out.

    Attributes:
        notes: For the student.
        faults: Of those, the ones that explain why nothing may be found at all.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    total_bytes: int = 0

    def refuse(self, text: str) -> None:
        """Note something that could not be taken and may be missed."""
        self.notes.append(text)
        self.faults.append(text)


def shown(name: str) -> str:
    """A file name as it may stand in a message: letters, digits, a few signs, not too long."""
    safe = re.sub(r"[^\w .()/-]", "_", name)
    return safe if len(safe) <= 80 else f"{safe[:77]}..."


def unpack(files: Mapping[str, bytes], limits: FlattenLimits) -> Unpacked:
    """Clean the names, open zip archives (one level), drop what systems and editors leave behind.

    A single archive is opened in place, several each into a folder of its name. Folders around
    everything are stripped, unless they are packages.
    """
    result = Unpacked()
    clean: dict[str, bytes] = {}
    for raw, content in sorted(files.items()):
        name = _clean(raw)
        fault = name_fault(name)
        if fault is not None:
            result.refuse(f"{shown(name)}: {fault}; it was left out.")
        elif not _is_ignored(name):
            clean[name] = content
    for name, content in _opened(clean, result, limits, levels=2):
        _take(result, name, content, limits)
    result.files = _without_outer_folders(result.files)
    return result


def _opened(
    files: Mapping[str, bytes], result: Unpacked, limits: FlattenLimits, levels: int
) -> Iterator[tuple[str, bytes]]:
    """The files, with what lies in archives in the place of these.

    Two levels: a learning platform packs once more what was packed.
    """
    archives = [name for name, content in files.items() if _is_zip(name, content)]
    for name, content in files.items():
        if name not in archives:
            yield name, content
    for name in archives:
        if levels == 0:
            result.refuse(f"{shown(name)} was not opened: it is an archive within two others.")
            continue
        path = PurePosixPath(name)
        folder = path.parent if len(archives) == 1 else path.with_suffix("")
        inside = dict(_entries(name, files[name], result, limits))
        for inner, content in _opened(inside, result, limits, levels - 1):
            yield str(folder / inner), content


def _clean(name: str) -> str:
    """A name with slashes, and without the marks of direction that chats and phones put into it."""
    visible = "".join(letter for letter in name if unicodedata.category(letter) != "Cf")
    return visible.replace("\\", "/").removeprefix("./")


def _is_ignored(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        not _IGNORED_FOLDERS.isdisjoint(path.parts)
        or path.name in _IGNORED_FILES
        or path.name.startswith("._")
        or path.suffix == ".pyc"
    )


def _is_zip(name: str, content: bytes) -> bool:
    # torch.save writes zip archives too: weights.pt is data, so the ending decides; a zip handed in
    # without its ending has none at all, or the one that the upload asked for.
    suffix = PurePosixPath(name).suffix.casefold()
    return suffix == ".zip" or (suffix in {"", ".ipynb"} and content.startswith(b"PK\x03\x04"))


def _take(result: Unpacked, name: str, content: bytes, limits: FlattenLimits) -> None:
    if len(content) > limits.file_bytes:
        most = limits.file_bytes >> 20
        result.refuse(f"{shown(name)} was left out: it is larger than {most} MiB.")
    elif len(result.files) >= limits.files:
        text = f"Only the first {limits.files} files were taken."
        if text not in result.notes:
            result.refuse(text)
    elif result.total_bytes + len(content) > limits.total_bytes:
        most = limits.total_bytes >> 20
        result.refuse(f"{shown(name)} was left out: all files together exceed {most} MiB.")
    elif name in result.files:
        result.notes.append(
            f"{shown(name)} was handed in twice; the one outside the archive counts."
        )
    else:
        result.files[name] = content
        result.total_bytes += len(content)


def _entries(
    archive: str, content: bytes, result: Unpacked, limits: FlattenLimits
) -> Iterator[tuple[str, bytes]]:
    where = shown(archive)
    if (
        content.count(_CENTRAL_ENTRY) > 2 * limits.files
    ):  # zipfile would first make an object for every entry.
        result.refuse(f"{where} was not opened: it holds more than {limits.files} files.")
        return
    try:
        opened = zipfile.ZipFile(io.BytesIO(content))
    except Exception:  # noqa: BLE001 (on hostile bytes zipfile raises a dozen kinds)
        result.refuse(f"{where} is not a zip archive or is damaged; make it again and hand it in.")
        return
    taken: dict[str, bytes] = {}
    for info in opened.infolist():
        name = _clean(info.filename)
        if info.is_dir() or name.endswith("/") or _is_ignored(name):
            continue
        fault = _entry_fault(info, name, limits)
        room = limits.total_bytes - result.total_bytes - sum(map(len, taken.values()))
        if fault is None and (len(taken) >= limits.files or info.file_size > room):
            fault = "all files together are too many or too large"
        if fault is None:
            try:
                with opened.open(info) as stream:
                    # Never more than the entry claims, and that was capped above.
                    taken[name] = stream.read(info.file_size)
            except Exception:  # noqa: BLE001 (as above)
                fault = "it is damaged"
        if fault is not None:
            result.refuse(f"{shown(name)} in {where} was left out: {fault}.")
    yield from taken.items()


def _entry_fault(info: zipfile.ZipInfo, name: str, limits: FlattenLimits) -> str | None:
    mode = info.external_attr >> 16
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG}:  # Attack 48: links, devices, pipes.
        return "it is not a regular file but a link or a device"
    if info.flag_bits & _ENCRYPTED:
        return "it is protected by a password"
    if info.compress_type not in _METHODS:
        return "it is packed in an unusual way; make the archive with your system's own tool"
    if info.file_size > limits.file_bytes:
        return f"it is larger than {limits.file_bytes >> 20} MiB"
    if info.file_size > max(1 << 20, limits.zip_ratio * info.compress_size):  # Attack 49.
        return f"it unpacks to more than {limits.zip_ratio} times its size"
    return name_fault(name)


def _without_outer_folders(files: dict[str, bytes]) -> dict[str, bytes]:
    """Strip the folders that all files share: `homework (1)/src/a.py` becomes `a.py`."""
    while files:
        tops = {name.partition("/")[0] for name in files}
        if len(tops) != 1 or any("/" not in name for name in files):
            return files
        top = tops.pop()
        if f"{top}/__init__.py" in files:  # A package keeps its name: others import it by that.
            return files
        files = {name.removeprefix(f"{top}/"): content for name, content in files.items()}
    return files
