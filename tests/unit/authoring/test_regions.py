"""Regions are found with their task and function, and a doubtful marker is never passed over."""

from pathlib import Path

import pytest

from autograder.authoring.regions import Region, find_regions, split_lines
from autograder.errors import CourseError

PATH = Path("assignments/chain_rule/chain_rule.py")


def test_a_region_knows_its_lines_task_function_and_indentation():
    text = (
        '# %% A class task="2.1" tags=["x"]\n'
        "class Line:\n"
        "    def slope(self):\n"
        "# BEGIN SOLUTION\n"
        "        # why\n"
        "        return 1\n"
        "# END SOLUTION\n"
    )
    assert find_regions(split_lines(text), PATH) == (Region(4, 7, " " * 8, "2.1", "Line.slope"),)


def test_a_region_belongs_to_the_innermost_function():
    text = (
        '# %% task="1.1"\n'
        "def outer():\n"
        "    async def inner():\n"
        "        # BEGIN SOLUTION\n"
        "        return 1\n"
        "        # END SOLUTION\n"
        "    # BEGIN SOLUTION\n"
        "    return inner\n"
        "    # END SOLUTION\n"
    )
    regions = find_regions(split_lines(text), PATH)
    assert [region.function for region in regions] == ["inner", "outer"]


def test_lines_are_counted_as_python_counts_them():
    assert split_lines("\ufeffa\r\nb\rc\x0c\u2028d\n") == ["a", "b", "c\x0c\u2028d", ""]


def test_prose_about_solutions_is_no_marker():
    text = "# %% [markdown]\n# Where does the solution begin? Solutions end at zero.\n"
    assert find_regions(split_lines(text), PATH) == ()


# Faults of the author, each with the line and what to do

HEAD = '# %% task="1.1"\ndef f(x):\n'
BEGIN, END = "    # BEGIN SOLUTION\n", "    # END SOLUTION\n"


@pytest.mark.parametrize(
    ("master", "line", "what", "to_do"),
    [
        (HEAD + BEGIN + "    return x\n", 3, "BEGIN SOLUTION without END", "Add"),
        (HEAD + "    return x\n" + END, 4, "END SOLUTION without BEGIN", "Add"),
        (HEAD + BEGIN + BEGIN + "    return x\n" + END, 4, "in line 3", "Close that one"),
        (HEAD + BEGIN + "    return x\n" + END + END, 6, "without BEGIN", "Add"),
        (HEAD + BEGIN + "\n    # hm\n" + END + "    return x\n", 3, "no code", "Move the markers"),
        ('# %% task="1.1"\n' + "# BEGIN SOLUTION\nx = 1\n# END SOLUTION\n", 2, "not inside", "def"),
        (HEAD + BEGIN + "    return x\ny = 1\n" + END, 3, "not inside one function", "Move"),
        (
            '# %% task="1.1"\n# BEGIN SOLUTION\ndef f(x):\n    return x\n# END SOLUTION\n',
            2,
            "not inside",
            "Move the markers into the body",
        ),
        ("# %%\ndef f(x):\n" + BEGIN + "    return x\n" + END, 3, "names no task", "%% task"),
        ("def f(x):\n" + BEGIN + "    return x\n" + END, 2, "names no task", "%% task"),
        (
            "# %% task=1.1\ndef f(x):\n" + BEGIN + "    return x\n" + END,
            3,
            "names no task",
            'task="1.1"',
        ),
        (HEAD + BEGIN + "    return x\n# %%\n" + END, 5, "a cell begins", "Close"),
        (
            HEAD + "    y = x\n    # %% task=\"1.2\"\n" + BEGIN + "    return y\n" + END,
            5,
            "not inside one function of its cell",
            "Move",
        ),
        (HEAD + "    return x +\n", 3, "not valid Python", "Mend it"),
        ("# %%\nx = 1\n!pip install torch\n", 3, "not valid Python", "as comments"),
        (HEAD + '    """\n' + BEGIN + "    x\n" + END + '    """\n', 4, "looks like", "quotes"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line_and_what_to_do(master, line, what, to_do):
    with pytest.raises(CourseError) as caught:
        find_regions(split_lines(master), PATH)
    message = str(caught.value)
    assert message.startswith(f"{PATH}:{line}: ")
    assert what in message
    assert to_do in message


@pytest.mark.parametrize(
    "misspelt",
    [
        "#BEGIN SOLUTION",
        "# begin solution",
        "### BEGIN SOLUTION",
        "# BEGIN  SOLUTION",
        "# BEGIN SOLUTIONS",
        "# BEGIN_SOLUTION",
        "# BEGIN SOLUTION (one line)",
        "y = 1  # BEGIN SOLUTION",
        "#EndSolution",
    ],
)
def test_a_misspelt_marker_is_refused_before_it_hands_out_the_solution(misspelt):
    text = HEAD + f"    {misspelt}\n    return x\n"
    with pytest.raises(CourseError, match=":3: this looks like a marker but is not one"):
        find_regions(split_lines(text), PATH)
