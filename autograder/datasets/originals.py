"""The four files of MNIST as they were published: names, sizes, hashes.

SHA-256 of the raw files is the contract, whatever they came through: a folder, a mirror, a wheel.
Refuses to know any of these ways.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["MNIST", "Buffer", "Contents", "Original", "first_flaw", "flaw"]

Buffer = bytes | memoryview
#: The raw files' bytes, in the order of the originals that they belong to.
Contents = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Original:
    """A published file.

    Attributes:
        name: Its name without `.gz`.
        size: Bytes of the raw file.
        sha256: SHA-256 of the raw file, hexadecimal.
        packed_sha256: SHA-256 of the published `.gz`. Only mirrors are held to it: somebody's own
            folder may be packed by another gzip, and the raw file inside is what counts.
    """

    name: str
    size: int
    sha256: str
    packed_sha256: str


#: Training images, test images, training labels, test labels. The images come first because that
#: puts the pixels of both at a multiple of 16 bytes in the cache's one file, which torch computes
#: on fastest.
#:
#: Source: LeCun, Cortes and Burges, The MNIST database of handwritten digits (1998).
MNIST: Final[tuple[Original, ...]] = (
    Original(
        "train-images-idx3-ubyte",
        47_040_016,
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    Original(
        "t10k-images-idx3-ubyte",
        7_840_016,
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    Original(
        "train-labels-idx1-ubyte",
        60_008,
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    Original(
        "t10k-labels-idx1-ubyte",
        10_008,
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
)


def flaw(original: Original, content: Buffer) -> str | None:
    """Returns in which way `content` is not the raw file `original`, or None where it is."""
    if len(content) != original.size:
        return f"expected {original.size:,} bytes, got {len(content):,}"
    digest = hashlib.sha256(content).hexdigest()
    if digest != original.sha256:
        return f"expected SHA-256 {original.sha256}, got {digest}"
    return None


def first_flaw(originals: Sequence[Original], contents: Sequence[Buffer]) -> str | None:
    """Returns the first flaw of several files with the file's name, or None where all are right."""
    for original, content in zip(originals, contents, strict=True):
        found = flaw(original, content)
        if found is not None:
            return f"{original.name}: {found}"
    return None
