"""Errors that stop a command, each with the exit code that tells whose fault it is.

    AutograderError
      CourseError     exit 2   the person's mistake: arguments, settings, course files
      IsolationError  exit 3   the required isolation is not to be had: no score is written
      GraderError     exit 3   our own fault: a grader died, a protocol broke

A student's wrong answer is not an error but an `Outcome` (`records`). Every message says what, where, what was
expected and found, and what to do.
"""

from typing import ClassVar


class AutograderError(Exception):
    """A command cannot go on. The message is meant for the person who typed it."""

    exit_code: ClassVar[int] = 3


class CourseError(AutograderError):
    """The course's files, settings or the command's arguments are wrong (exit code 2)."""

    exit_code = 2


class IsolationError(AutograderError):
    """The isolation that the course requires is not available, or its canary failed (exit code 3)."""

    exit_code = 3


class GraderError(AutograderError):
    """The grader itself is at fault; nothing is scored (exit code 3)."""

    exit_code = 3
