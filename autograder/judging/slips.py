"""An author's slip in a hidden suite, in our words: file, line, what was expected, what was probably meant.

Reads a suite's text before pytest imports it, and words what pytest says of fixtures. Refuses to know
how a test is judged. What it overlooks, pytest still finds.
"""

import ast
from collections.abc import Collection, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Final

import pytest

from autograder.judging.marks import TaskMark
from autograder.settings.documents import did_you_mean

__all__ = ["slips_in", "unknown_fixture"]

#: The last three are refused later on, with their own reason.
_MARKERS: Final = (
    "task", "parametrize", "usefixtures", "filterwarnings", "skip", "skipif", "xfail",
)  # fmt: skip
_ARGUMENTS: Final = tuple(field.name for field in fields(TaskMark))


def slips_in(suite: Path) -> list[str]:
    """Returns what is wrong in the text of a suite's files, one line for each: syntax and markers."""
    return [slip for path in sorted(suite.glob("*.py")) for slip in _in_file(path)]


def unknown_fixture(error: pytest.FixtureLookupError, known: Collection[str]) -> str:
    """Returns which test asks for a fixture that does not exist, and what it probably meant.

    Args:
        error: What pytest raised.
        known: The fixtures that every hidden test can ask for.
    """
    path, line, _ = error.request.node.reportinfo()
    return (
        f'{path}:{(line or 0) + 1}: no fixture "{error.argname}".{did_you_mean(error.argname or "", known)} '
        f"Expected {', '.join(sorted(known))}, or one that the suite defines."
    )


def _in_file(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_bytes())
    except SyntaxError as error:
        yield (
            f"{path}:{error.lineno}: not valid Python: {error.msg}. "
            "Mend this line, or the one above it."
        )
        return
    except ValueError as error:  # a null byte
        yield f"{path}: not valid Python: {error}."
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is_mark(node.value) and node.attr not in _MARKERS:
            yield (
                f'{path}:{node.lineno}: no marker "{node.attr}".{did_you_mean(node.attr, _MARKERS)} '
                'Expected @pytest.mark.task("1.1", points=1).'
            )
        if isinstance(node, ast.Call) and _is_task(node.func):
            for argument in node.keywords:
                if argument.arg is not None and argument.arg not in _ARGUMENTS:
                    yield (
                        f'{path}:{argument.value.lineno}: marker task has no argument "{argument.arg}".'
                        f"{did_you_mean(argument.arg, _ARGUMENTS)} It takes {', '.join(_ARGUMENTS)}."
                    )


def _is_mark(node: ast.expr) -> bool:
    """Whether it is `pytest.mark`, under whatever name pytest was imported, or `mark` alone."""
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name == "mark"


def _is_task(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "task" and _is_mark(node.value)
