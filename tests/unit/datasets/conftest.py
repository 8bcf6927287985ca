"""A data set in MNIST's form that is small and made here: no network, no real digits."""

import gzip
import hashlib
import random
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.datasets import idx
from autograder.datasets.originals import MNIST, Contents, Original


@dataclass(frozen=True, slots=True)
class Small:
    originals: tuple[Original, ...]
    contents: Contents

    def put_raw(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for original, content in zip(self.originals, self.contents, strict=True):
            (folder / original.name).write_bytes(content)
        return folder

    def put_packed(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for original, content in zip(self.originals, self.contents, strict=True):
            (folder / f"{original.name}.gz").write_bytes(gzip.compress(content, mtime=0))
        return folder


@pytest.fixture(scope="session")
def small() -> Small:
    """Seven images of 4 x 4 to train on, three to test on."""
    rng = random.Random(5)
    shapes = ((7, 4, 4), (3, 4, 4), (7,), (3,))
    contents = (
        idx.encode(shapes[0], rng.randbytes(7 * 16)),
        idx.encode(shapes[1], rng.randbytes(3 * 16)),
        idx.encode(shapes[2], bytes(range(7))),
        idx.encode(shapes[3], bytes([9, 0, 4])),
    )
    originals = tuple(
        Original(
            published.name,
            len(content),
            hashlib.sha256(content).hexdigest(),
            hashlib.sha256(gzip.compress(content, mtime=0)).hexdigest(),
        )
        for published, content in zip(MNIST, contents, strict=True)
    )
    return Small(originals, contents)


@pytest.fixture(scope="session")
def other_process() -> str:
    """Start of a program for another process: `originals` and `contents` from the folder argv[1]."""
    return textwrap.dedent("""
        import hashlib, os, signal, sys, time
        from pathlib import Path
        from autograder.datasets.cached import cached_path, write_cached
        from autograder.datasets.mnist import prepare
        from autograder.datasets.originals import MNIST, Original
        from autograder.datasets.sources import Source

        folder, cache = Path(sys.argv[1]), Path(sys.argv[2])
        contents = tuple((folder / file.name).read_bytes() for file in MNIST)
        originals = tuple(
            Original(file.name, len(content), hashlib.sha256(content).hexdigest(), "")
            for file, content in zip(MNIST, contents)
        )
    """)
