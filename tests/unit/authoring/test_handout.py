"""The table of points is made, never written."""

from pathlib import Path

import pytest

from autograder.authoring.handout import points_table, with_points
from autograder.errors import CourseError
from autograder.settings.assignment import Task

PATH = Path("assignments/demo/README.md")
TABLE = "| Task |\n|---|\n| 1.1 |"


def test_the_table_has_a_row_per_task_in_their_order_and_the_sum():
    tasks = {
        "2.1": Task(title="The mean", entry_point="mean"),
        "1.1": Task(title="|x| < 1", entry_point="Norm"),
    }
    assert points_table(tasks, {"1.1": 2.0, "2.1": 0.5}, {}).split("\n")[2:] == [
        "| 2.1 | The mean | `mean` | 0.5 |",
        r"| 1.1 | \|x\| \< 1 | `Norm` | 2 |",
        "| | **Total** | | **2.5** |",
    ]


def test_the_table_goes_where_the_author_says_and_all_else_stays():
    assert (
        with_points("# Demo\n\n  <!-- points -->\n\nText.\n", PATH, TABLE)
        == f"# Demo\n\n{TABLE}\n\nText.\n"
    )


@pytest.mark.parametrize(
    "row", ["| Task | Points |", "|Points|", "| Task | **Points** | Name |", "| Task | points |", "  | POINTS | a |"]
)  # fmt: skip
def test_a_table_of_points_by_hand_is_refused_with_its_line(row):
    with pytest.raises(CourseError, match=r"README\.md:3: a table of points written by hand"):
        with_points(f"<!-- points -->\n\n{row}\n", PATH, TABLE)


@pytest.mark.parametrize("line", ["| Input | Points on a line |", "Points stand above.", "| x |"])
def test_other_tables_and_sentences_are_the_authors(line):
    assert line in with_points(f"<!-- points -->\n{line}\n", PATH, TABLE)
