"""All settings in force, each with its value, where it was written and what it means.

Knows how the files of a course and of an assignment go together. Refuses to know what is printed, and options of
commands, which hold for one run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

import yaml
from pydantic import BaseModel

from autograder.settings.assignment import AssignmentFile
from autograder.settings.course import CourseSettings
from autograder.settings.documents import Loaded
from autograder.settings.wording import Place

__all__ = ["Setting", "settings_in_force"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One key.

    Attributes:
        key: With its groups, "limits.call_time_s".
        value: In force, as YAML writes it; empty where there is none.
        source: "grading.yml:12", "assignment.yml:7" or "default".
        meaning: One line, with the unit.
    """

    key: str
    value: str
    source: str
    meaning: str


def settings_in_force(
    course: Loaded[CourseSettings], assignment: Loaded[AssignmentFile] | None
) -> tuple[Setting, ...]:
    """Returns the settings of a course, or those under which an assignment of it is graded.

    A limit that the assignment sets stands in the place of the course's.
    """
    found = dict(_leaves(course.value, course, ()))
    if assignment is not None:
        own = dict(_leaves(assignment.value, assignment, ()))
        found |= {
            place: setting
            for place, setting in own.items()
            if place not in found or place in assignment.lines
        }
    return tuple(found.values())


def _leaves(
    group: BaseModel, loaded: Loaded[CourseSettings] | Loaded[AssignmentFile], above: Place
) -> Iterator[tuple[Place, Setting]]:
    for name, field in type(group).model_fields.items():
        place, value = (*above, name), getattr(group, name)
        if isinstance(value, BaseModel):
            yield from _leaves(value, loaded, place)
        elif isinstance(value, Mapping):
            for key, inner in value.items():
                yield from _leaves(inner, loaded, (*place, key))
        elif not (field.default is None and value is None and place == ("limits",)):
            key = ".".join(map(str, place))
            meaning = field.description or ""
            yield place, Setting(key, _shown(value), loaded.source(*place), meaning)


def _shown(value: object) -> str:
    """A value as YAML writes it, on one line."""
    if value is None:
        return ""
    plain = value.value if isinstance(value, Enum) else value
    plain = list(plain) if isinstance(plain, tuple) else plain
    written: str = yaml.safe_dump(plain, default_flow_style=True, width=10_000, allow_unicode=True)
    return written.removesuffix("...\n").strip()
