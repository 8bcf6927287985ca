"""The table tells in words what it colours, and takes no name for markup."""

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from autograder.records import Outcome, Status
from autograder.reporting.table import grade_table


def shown(grades, *, color=False, width=160) -> str:
    output = io.StringIO()
    console = Console(
        file=output, width=width, force_terminal=color, color_system="standard" if color else None
    )
    console.print(grade_table(grades, width))
    return output.getvalue()


def test_score_status_and_outcomes_stand_there_in_words(grade):
    text = shown([grade])
    for words in ("ada", "2.5 / 6", "graded", "1.1", "partial", "passed", "skipped"):
        assert words in text


def test_colours_repeat_the_words(grade):
    assert "\x1b[32mgraded" in shown([grade], color=True)
    withheld = shown([replace(grade, status=Status.WITHHELD, score=None)], color=True)
    assert "\x1b[1;31mwithheld" in withheld


def test_a_withheld_grade_has_no_score_in_the_table(grade):
    text = shown([replace(grade, status=Status.WITHHELD, score=0.0)])
    assert "none" in text
    assert "0 / 6" not in text


def test_unofficial_and_unmatched_are_said(grade):
    text = shown([replace(grade, student="zed", official=False, matched=False), grade])
    assert "graded, unofficial, not in the roster" in text
    assert text.index("ada") < text.index("zed")


def test_a_name_is_neither_markup_nor_an_escape_sequence(grade):
    text = shown([replace(grade, student="[bold red]x[/] [link=http://e]y[/link] \x1b[2J\u202e")])
    assert r"[bold red]x[/] [link=http://e]y[/link] \u001b[2J\u202e" in text
    assert "\x1b" not in text


def test_where_words_do_not_fit_points_stand_and_nothing_is_cut_off(grade):
    tasks = tuple(
        replace(grade.tasks[number % 3], id=f"{number}.1", points=1.5) for number in range(8)
    )
    text = shown([replace(grade, tasks=tasks)], width=80)
    assert "points per task" in text
    assert text.count("1.5") == 8
    assert "points per task" not in shown([replace(grade, tasks=tasks)], width=160)
    without = replace(grade, tasks=tasks, status=Status.UNGRADABLE, score=None)
    assert "1.5" not in shown([without], width=80)


def test_tasks_that_only_some_grades_have_leave_empty_cells(grade):
    short = replace(grade, student="bob", tasks=(replace(grade.tasks[1], outcome=Outcome.RAISED),))
    text = shown([short, grade])
    assert "raised" in text
    assert all(word in text for word in ("1.1", "1.2", "1.3"))


def test_rich_is_not_imported_before_a_table_is_made():
    script = (
        "import sys, autograder.reporting.table\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'rich'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).resolve().parents[3],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "[]"


def test_a_pending_grade_is_never_shown_as_a_whole_number(grade):
    tasks = (*grade.tasks[:2], replace(grade.tasks[2], points=None, outcome=Outcome.PENDING))
    pending = replace(grade, status=Status.PENDING, score=2.5, tasks=tasks)
    text = shown([pending])
    assert "2.5 + ? / 6" in text
    assert text.count("pending") == 2
    assert "2.5" in shown([pending], width=20)
