"""grades.json: all that staff and programs need of a run, as docs/grades.schema.json says.

Knows the file's keys and nothing of how a grade came about. Holds staff messages: not for students.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from autograder.records import SCHEMA_VERSION, Grade, RunRecord, TaskResult
from autograder.reporting.files import write_atomically
from autograder.reporting.text import clean
from autograder.reporting.words import held_apart, shown_score, shows_points

_STAFF_LIMIT: Final = 8000

_Object = dict[str, object]


def write_json(path: Path, run: RunRecord, grades: Sequence[Grade]) -> None:
    """Writes grades.json (schema: docs/grades.schema.json).

    Identifiers (student, source) stand as they are, lone surrogates spelled out; messages are
    cleaned (`text.clean`). The file itself is ASCII: whatever a name holds stands there escaped.

    Args:
        path: The file.
        run: The run that made the grades.
        grades: The grades; those that matched no name of the roster are written last.

    Raises:
        CourseError: The file cannot be written.
    """
    content: _Object = {
        "schema_version": SCHEMA_VERSION,
        "run": _run(run),
        "grades": [_grade(grade) for grade in held_apart(grades)],
    }
    text = json.dumps(content, indent=2, allow_nan=False)
    write_atomically(path, (text + "\n").encode("ascii"))


def _run(run: RunRecord) -> _Object:
    isolation = run.isolation
    return {
        "run_id": run.run_id,
        "started_at": run.started_at,
        "assignment": run.assignment,
        "assignment_version": run.assignment_version,
        "assignment_sha256": run.assignment_sha256,
        "settings_sha256": run.settings_sha256,
        "device": run.device,
        "official": run.official,
        "isolation": {
            "level": isolation.level.value,
            "required": isolation.required.value,
            "engine": isolation.engine,
            "open_devices": list(isolation.open_devices),
            "canary": [
                {
                    "name": probe.name,
                    "blocked": probe.blocked,
                    "detail": clean(probe.detail),
                    "unproven": clean(probe.unproven),
                }
                for probe in isolation.probes
            ],
        },
        "versions": dict(run.versions),
    }


def _grade(grade: Grade) -> _Object:
    return {
        "student": _identifier(grade.student),
        "assignment": grade.assignment,
        "score": shown_score(grade),
        "max_score": grade.max_score,
        "status": grade.status.value,
        "official": grade.official,
        "matched": grade.matched,
        "tasks": [_task(grade, task) for task in grade.tasks],
        "notes": [clean(note) for note in grade.notes],
        "advice": [clean(advice, _STAFF_LIMIT) for advice in grade.advice],
        "source": _identifier(grade.source),
        "submission_sha256": grade.submission_sha256,
        "time_s": grade.time_s,
    }


def _task(grade: Grade, task: TaskResult) -> _Object:
    return {
        "id": task.id,
        "title": clean(task.title),
        "points": task.points if shows_points(grade) else None,
        "max_points": task.max_points,
        "outcome": task.outcome.value,
        "message": clean(task.message),
        "staff_message": clean(task.staff_message, _STAFF_LIMIT),
        "time_s": task.time_s,
        "student_time_s": task.student_time_s,
    }


def _identifier(text: str) -> str:
    # json.dumps would write a lone surrogate as an escape that strict readers refuse.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
