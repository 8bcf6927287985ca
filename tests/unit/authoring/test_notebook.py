"""A master becomes a notebook with check cells, or a message that says what otter would break."""

import json
from pathlib import Path

import pytest

from autograder.authoring.notebook import make_notebook
from autograder.errors import CourseError

PATH = Path("assignments/demo/demo.py")

MASTER = '''\
# %% [markdown]
# # Demo
# It's "quoted", and `$x$`.

# %%
import torch

# %% task="1.1"
def f(x):
    """Doubles x."""
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION

# %% [markdown]
# ## More

# %% task="2"
def g(x):
    # BEGIN SOLUTION
    return 3 * x
    # END SOLUTION

# %% task="2"
def h(x):
    # BEGIN SOLUTION
    return 4 * x
    # END SOLUTION
'''


@pytest.fixture(scope="module")
def made():
    return make_notebook(MASTER, PATH, "demo", "1.3")


@pytest.fixture(scope="module")
def cells(made):
    return json.loads(made.notebook)["cells"]


def source(cell):
    return "".join(cell["source"])


@pytest.mark.slow
def test_every_task_has_its_question_cells_and_then_one_check_cell(cells):
    order = [cell["metadata"].get("task") or source(cell).splitlines()[0] for cell in cells]
    assert order == [
        "# Demo",
        "# Run this cell first: it gives you grader.check, which runs the public checks of a task.",
        "import torch",
        "1.1",
        'grader.check("1.1")',
        "## More",
        "2",
        "2",
        'grader.check("2")',
        "## Hand in",
    ]


@pytest.mark.slow
def test_only_cells_for_work_can_be_edited_and_question_cells_not_deleted(cells):
    for cell in cells:
        about = cell["metadata"]
        if "task" in about:
            assert about.get("editable", True)
            assert not about["deletable"]
            assert "raise NotImplementedError" in source(cell)
        elif source(cell) != "import torch":
            assert about == {"deletable": False, "editable": False}


@pytest.mark.slow
def test_the_notebook_does_not_know_its_own_file_name(cells):
    assert "grader = otter.Notebook()" in source(cells[1])
    assert not [c for c in cells if c["cell_type"] == "code" and "demo.ipynb" in source(c)]


@pytest.mark.slow
def test_the_last_cell_says_what_to_hand_in(cells):
    text = source(cells[-1])
    for words in ("Restart and run all", "autograder check demo.ipynb", "`demo.py`"):
        assert words in text


@pytest.mark.slow
def test_nothing_is_left_to_chance_or_time(made, cells):
    assert make_notebook(MASTER, PATH, "demo", "1.3") == made
    assert [cell["id"] for cell in cells] == [f"cell-{n:03d}" for n in range(1, len(cells) + 1)]
    about = json.loads(made.notebook)["metadata"]["autograder"]
    assert about == {"assignment": "demo", "version": "1.3"}


@pytest.mark.slow
def test_each_task_has_one_test_file_with_one_test(made):
    assert list(made.tests) == ["tests/1.1.py", "tests/2.py"]
    for task, text in zip(("1.1", "2"), made.tests.values(), strict=True):
        assert text.count("@test_case(") == 1
        assert f"task = '{task}'" in text
        compile(text, "test.py", "exec")


@pytest.mark.parametrize(
    "order", ["y = 3  # SEED", "y = 3  # IGNORE", "y = 3 #SOLUTION", "# BEGIN PROMPT"]
)
def test_a_line_that_otter_would_obey_is_refused(order):
    master = MASTER.replace("import torch", f"import torch\n\n{order}")
    with pytest.raises(CourseError, match=f"order to itself: '{order}'"):
        make_notebook(master, PATH, "demo", "1")


@pytest.mark.slow
def test_a_cell_that_otter_changes_all_the_same_is_refused():
    master = MASTER.replace("# ## More", "# ```otter\n# some: thing\n# ```")
    with pytest.raises(CourseError, match=r"otter\.assign has changed the cell that begins with"):
        make_notebook(master, PATH, "demo", "1")


MANUAL = (
    MASTER
    + """
# %% [markdown] task="3.1"
# *Why does it double? Write here.*

# %% task="3.2"
# Plot f here.
"""
)


@pytest.mark.slow
def test_a_manual_task_keeps_its_own_cell_open_and_says_how_it_is_graded():
    made = make_notebook(MANUAL, PATH, "demo", "1", manual={"3.1": 4.0, "3.2": 1.0})
    cells = json.loads(made.notebook)["cells"]
    at = next(n for n, cell in enumerate(cells) if cell["metadata"].get("task") == "3.1")
    answer, told, plot, told_of_plot = cells[at : at + 4]
    assert (answer["cell_type"], source(answer)) == (
        "markdown",
        "*Why does it double? Write here.*",
    )
    assert answer["metadata"] == {"task": "3.1", "deletable": False}
    assert source(told) == "*Task 3.1 is graded by hand: 4 points.*"
    assert told["metadata"]["editable"] is False
    assert (plot["cell_type"], source(plot)) == ("code", "# Plot f here.")
    assert plot["metadata"] == {"task": "3.2", "deletable": False}
    assert source(told_of_plot) == "*Task 3.2 is graded by hand: 1 point.*"
    assert list(made.tests) == ["tests/1.1.py", "tests/2.py"]
    assert 'grader.check("3.1")' not in made.notebook
