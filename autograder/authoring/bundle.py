"""The zip that grades an assignment on Gradescope: an allow-list, searched, with the same bytes for the same course.

Knows what is in it: what judges, the key of this version, this package, two scripts. Not in it are the master, known
submissions, the store and the course's secret. Refuses to know how a submission is graded there.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from autograder.authoring.gradescope_scripts import scripts
from autograder.authoring.leaks import Public, find_leaks
from autograder.authoring.pins import pins
from autograder.authoring.wheel import wheel_files, wheel_name
from autograder.authoring.zipped import zipped
from autograder.errors import CourseError
from autograder.judging.seeds import version_key
from autograder.reporting.gradescope import STOPPED, not_graded
from autograder.settings.assignment import Assignment
from autograder.settings.bundle_layout import COURSE, DATA, KEY, REQUIREMENTS, RUN, SETUP, WHEELS
from autograder.settings.course import COURSE_FILE, CourseSettings

#: Gradescope takes no larger upload.
_MOST_MB: Final = 100
_MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle, and what is in it.

    Attributes:
        content: The zip.
        names: Its entries.
    """

    content: bytes
    names: tuple[str, ...]


def make_bundle(
    root: Path,
    course: CourseSettings,
    about: Assignment,
    *,
    judging: Sequence[Path],
    data: Mapping[str, Path],
    secret: bytes,
    store: Path,
) -> Bundle:
    """Returns the bundle of an assignment, in memory; nothing is written.

    Args:
        root: The course.
        course: Its settings.
        about: The assignment.
        judging: The files that judge, all below `root`.
        data: Prepared data sets, by name.
        secret: The course's secret: the key of this version is derived from it, and it must not be in the bundle.
        store: Where the secret is kept, for messages.

    Raises:
        CourseError: The assignment needs a GPU, the bundle would hold the course's secret, or is too large.
    """
    if course.device == "cuda":
        message = (
            f"{root / COURSE_FILE}: `device: cuda`, but Gradescope has no GPU. With `device: auto` submissions are "
            "graded on the CPU there."
        )
        raise CourseError(message)
    versions = pins()
    package = wheel_files()
    written = scripts(
        about.name,
        python=sys.version_info[:2],
        torch=versions["torch"],
        index=course.gradescope.torch_index,
        wheel=wheel_name(),
        first=not_graded(words=STOPPED),
    )
    others = (f"{name}=={version}\n" for name, version in versions.items() if name != "torch")
    files = {
        **{name: text.encode() for name, text in written.items()},
        REQUIREMENTS: "".join(others).encode(),
        KEY: version_key(secret, about.name, about.version).hex().encode() + b"\n",
        f"{COURSE}/{COURSE_FILE}": _settings(course),
        **{f"{COURSE}/{path.relative_to(root).as_posix()}": path.read_bytes() for path in judging},
    }
    _search({**files, **package}, secret, store)
    files[f"{WHEELS}/{wheel_name()}"] = zipped(package)
    # Published, and verified by its hashes when it was prepared: not searched.
    files.update({f"{DATA}/{path.name}": path.read_bytes() for path in data.values()})
    content = zipped(files, executable=(SETUP, RUN))
    if len(content) > _MOST_MB * _MIB:
        message = f"The bundle has {len(content) // _MIB} MB; Gradescope takes no more than {_MOST_MB} MB."
        raise CourseError(message)
    return Bundle(content, tuple(sorted(files)))


def _settings(course: CourseSettings) -> bytes:
    """grading.yml for the bundle: what changes a grade; not where things lie on the course's machine."""
    kept = course.model_dump(
        mode="json",
        exclude={"mnist_folder", "parallel", "device"},
        exclude_defaults=True,
    )
    return yaml.safe_dump(kept, sort_keys=True, allow_unicode=True).encode()


def _search(files: Mapping[str, bytes], secret: bytes, store: Path) -> None:
    """Refuses a bundle that holds the course's secret, in any of its usual forms.

    Raises:
        CourseError: It does.
    """
    found = find_leaks(files, (), Public("", ""), secret, store)
    if found:
        listed = ", ".join(leak.place for leak in found)
        message = (
            f"The bundle would hold the course's secret ({store}), in {listed}; nothing was written. Whoever has it "
            "knows the hidden inputs of every assignment. Take it out of that file."
        )
        raise CourseError(message)
