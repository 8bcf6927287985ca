"""The settings of a course, from its grading.yml: what isolation is required, which limits hold.

Knows keys, defaults and units; the defaults stand here and nowhere else. Refuses to know
assignments, points and how a limit is enforced.
"""

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from autograder.errors import CourseError
from autograder.records import Isolation
from autograder.settings.documents import read_document

__all__ = [
    "COURSE_FILE",
    "CourseSettings",
    "GradescopeSettings",
    "IsolationSettings",
    "Limits",
    "Settings",
    "find_course",
    "load_course",
]

#: The file that makes a folder a course.
COURSE_FILE: Final = "grading.yml"

Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Device = Literal["cpu", "cuda", "auto"]


class Settings(BaseModel):
    """What all settings share: they cannot change, and a key that nobody reads is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Limits(Settings):
    """What a submission may use.

    Attributes:
        call_time_s: Wall time of one call of an entry point.
        load_time_s: Wall time of loading the submission's code, all cells together.
        cell_time_s: Wall time of one cell of it.
        intake_time_s: Wall time of opening and parsing what was handed in.
        task_time_s: Wall time of one task, loading included.
        submission_time_s: Wall time of all tasks of one submission together.
        gpu_memory_mb: What torch may hold of a GPU's memory, beside its context, MiB.
        memory_mb: Memory of a task beyond what torch itself takes, MiB: of all its processes together where control
            groups are to be had, else of each.
        processes: Processes and threads together.
        file_mb: Largest file that it may write, MiB.
        output_kb: Kept of what it prints, KiB.
        submission_mb: Largest submission that is opened, unpacked, MiB.
        threads: Threads that torch computes with.
    """

    call_time_s: Seconds = 10.0
    load_time_s: Seconds = 30.0
    cell_time_s: Seconds = 10.0
    intake_time_s: Seconds = 20.0
    task_time_s: Seconds = 60.0
    submission_time_s: Seconds = 300.0
    memory_mb: Count = 4096
    processes: Count = 64
    file_mb: Count = 64
    output_kb: Count = 64
    submission_mb: Count = 20
    threads: Count = 1
    gpu_memory_mb: Count = 4096

    def overridden_by(self, other: "Limits | None") -> "Limits":
        """Returns these limits with those that `other` was explicitly given in their place."""
        if other is None:
            return self
        given = {name: getattr(other, name) for name in other.model_fields_set}
        return self.model_copy(update=given)


class IsolationSettings(Settings):
    """How submissions must be kept apart. Below `require`, nothing is scored."""

    require: Annotated[Isolation, Field(strict=False)] = Isolation.LANDLOCK


class GradescopeSettings(Settings):
    """What a bundle for Gradescope installs from, and what was chosen in Gradescope's own settings.

    Attributes:
        torch_index: Package index that torch's CPU build is installed from.
        memory_mb: Memory of the container, MiB; where the container shows its own limit, that counts.
        cores: Cores of the container; where the container shows its own limit, that counts.
        time_s: Wall time after which Gradescope ends the container, seconds.
    """

    torch_index: Annotated[str, Field(pattern=r"^https?://[\w./:~+-]+$", max_length=500)] = (
        "https://download.pytorch.org/whl/cpu"
    )
    memory_mb: Count = 768
    cores: Annotated[float, Field(gt=0, le=1024, allow_inf_nan=False)] = 0.5
    time_s: Seconds = 600.0


class CourseSettings(Settings):
    """The settings of a course.

    Attributes:
        course: Name of the course.
        term: For instance "Autumn 2026".
        device: Where student and reference compute; auto takes CUDA where there is one.
        gpu_slots: How many submissions compute on one GPU at once.
        gpu_tests: Whether a grade is withheld where a test asks for a GPU and there is none, or that test is left out
            together with its points.
        parallel: How many submissions are graded at once; auto takes one for each core. On GPUs gpu_slots says it.
        draws: Whom the secret inputs of hidden tests are drawn for: the whole course, so that all students meet the
            same, or each student alone.
        mnist_folder: Where the files of MNIST lie, relative to the course; empty to have them
            fetched. The variable AUTOGRADER_MNIST goes before it.
        gradescope: What bundles for Gradescope need to know.
    """

    course: Text
    term: Annotated[str, Field(max_length=200)] = ""
    isolation: IsolationSettings = IsolationSettings()
    limits: Limits = Limits()
    device: Device = "cpu"
    gpu_slots: Annotated[int, Field(ge=1, le=64)] = 1
    gpu_tests: Literal["required", "left out"] = "required"
    parallel: Annotated[int, Field(ge=1, le=1024)] | Literal["auto"] = "auto"
    draws: Literal["course", "student"] = "course"
    mnist_folder: Annotated[str, Field(max_length=4096)] = ""
    gradescope: GradescopeSettings = GradescopeSettings()


def load_course(root: Path) -> CourseSettings:
    """Returns the settings in `root`/grading.yml.

    Raises:
        CourseError: The file is missing or wrong; names file, line and key, every mistake at once.
    """
    return read_document(root / COURSE_FILE, CourseSettings)


def find_course(start: Path) -> Path:
    """Returns the nearest folder that holds a grading.yml: `start` itself or one above it.

    Args:
        start: A folder or a file in the course.

    Raises:
        CourseError: There is none up to the root of the file system.
    """
    place = start.resolve()
    for folder in (place, *place.parents):
        if (folder / COURSE_FILE).is_file():
            return folder
    msg = (
        f"No {COURSE_FILE} in {place} or in any folder above it, so this is no course. "
        "Change to the folder of your course, or name it with --course."
    )
    raise CourseError(msg)
