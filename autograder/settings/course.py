"""The settings of a course, from its grading.yml: what isolation is required, which limits hold.

Knows keys, defaults and units; the defaults stand here and nowhere else. Refuses to know
assignments, points and how a limit is enforced.
"""

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from autograder.errors import CourseError
from autograder.records import Isolation
from autograder.settings.documents import Loaded, load_document

__all__ = [
    "COURSE_FILE",
    "CourseSettings",
    "GradescopeSettings",
    "IsolationSettings",
    "Limits",
    "Settings",
    "find_course",
    "load_course",
    "load_course_file",
]

#: The file that makes a folder a course.
COURSE_FILE: Final = "grading.yml"

Seconds = Annotated[float, Field(gt=0, le=86_400, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
#: Nobody means less for a task of torch's: `memory_mb: 4` was meant as gigabytes.
Memory = Annotated[int, Field(ge=64, le=1_000_000)]
Text = Annotated[str, Field(min_length=1, max_length=200)]
Device = Literal["cpu", "cuda", "auto"]


class Settings(BaseModel):
    """What all settings share: they cannot change, and a key that nobody reads is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Limits(Settings):
    """What one submission may use. An assignment can set some of them otherwise."""

    call_time_s: Seconds = Field(
        default=10.0, description="Wall time of one call of an entry point, seconds."
    )
    load_time_s: Seconds = Field(
        default=30.0, description="Wall time of loading its code, all cells together, seconds."
    )
    cell_time_s: Seconds = Field(default=10.0, description="Wall time of one cell of it, seconds.")
    intake_time_s: Seconds = Field(
        default=20.0, description="Wall time of opening and parsing what was handed in, seconds."
    )
    task_time_s: Seconds = Field(
        default=60.0, description="Wall time of one task, loading included, seconds."
    )
    submission_time_s: Seconds = Field(
        default=300.0, description="Wall time of all its tasks together, seconds."
    )
    memory_mb: Memory = Field(
        default=4096, description="Memory of one task beyond what torch itself takes, MiB."
    )
    processes: Count = Field(default=64, description="Number of processes and threads together.")
    file_mb: Count = Field(default=64, description="Largest file that it may write, MiB.")
    output_kb: Count = Field(default=64, description="What is kept of its printed text, KiB.")
    submission_mb: Count = Field(
        default=20, description="Largest submission that is opened, unpacked, MiB."
    )
    threads: Count = Field(default=1, description="Number of threads that torch computes with.")
    gpu_memory_mb: Memory = Field(
        default=4096, description="What torch may hold of a GPU's memory beside its context, MiB."
    )

    def overridden_by(self, other: "Limits | None") -> "Limits":
        """Returns these limits with those that `other` was explicitly given in their place."""
        if other is None:
            return self
        given = {name: getattr(other, name) for name in other.model_fields_set}
        return self.model_copy(update=given)


class IsolationSettings(Settings):
    """How submissions are kept apart from the grader and from each other."""

    require: Annotated[Isolation, Field(strict=False)] = Field(
        default=Isolation.LANDLOCK,
        description="The weakest isolation that will do; with less, nothing is scored.",
    )


class GradescopeSettings(Settings):
    """What a bundle for Gradescope installs from, and what was chosen in Gradescope's own settings."""

    torch_index: Annotated[str, Field(pattern=r"^https?://[\w./:~+-]+$", max_length=500)] = Field(
        default="https://download.pytorch.org/whl/cpu",
        description="Package index that torch's CPU build is installed from.",
    )
    memory_mb: Memory = Field(
        default=768, description="Memory of the container, MiB, where it does not show its limit."
    )
    cores: Annotated[float, Field(gt=0, le=1024, allow_inf_nan=False)] = Field(
        default=0.5, description="Cores of the container, where it does not show its limit."
    )
    time_s: Seconds = Field(
        default=600.0, description="When Gradescope ends a run, seconds of wall time."
    )


class CourseSettings(Settings):
    """The settings of a course, in its grading.yml."""

    course: Text = Field(description="Name of the course, as reports show it.")
    term: Annotated[str, Field(max_length=200)] = Field(
        default="", description='Term, free text, such as "Autumn 2026".'
    )
    isolation: IsolationSettings = IsolationSettings()
    limits: Limits = Limits()
    device: Device = Field(
        default="cpu",
        description="Where submissions compute; auto takes cuda where there is a GPU.",
    )
    gpu_slots: Annotated[int, Field(ge=1, le=64)] = Field(
        default=1, description="How many submissions compute on one GPU at once."
    )
    gpu_tests: Literal["required", "left out"] = Field(
        default="required",
        description="Tests that ask for a GPU where there is none: required withholds the grade.",
    )
    parallel: Annotated[int, Field(ge=1, le=1024)] | Literal["auto"] = Field(
        default="auto",
        description="How many submissions are graded at once; auto is one for each core.",
    )
    draws: Literal["course", "student"] = Field(
        default="course",
        description="Whom hidden inputs are drawn for: course means all alike, student means each alone.",
    )
    mnist_folder: Annotated[str, Field(max_length=4096)] = Field(
        default="",
        description="Folder with MNIST's files, relative to the course; AUTOGRADER_MNIST goes first.",
    )
    gradescope: GradescopeSettings = GradescopeSettings()


def load_course(root: Path) -> CourseSettings:
    """Returns the settings in `root`/grading.yml, see `load_course_file`."""
    return load_course_file(root).value


def load_course_file(root: Path) -> Loaded[CourseSettings]:
    """Returns the settings in `root`/grading.yml with the line of each.

    Raises:
        CourseError: The file is missing or wrong; names file, line and key, every mistake at once.
    """
    return load_document(root / COURSE_FILE, CourseSettings)


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
