"""A master gives stubs that hold no line of a solution, or a message that says what to mend."""

import ast
import json
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.authoring.master import (
    solution_lines,
    solved_notebook,
    stub_notebook,
    stub_script,
)
from autograder.errors import CourseError

PATH = Path("assignments/chain_rule/chain_rule.py")

MASTER = '''\
# ---
# jupyter:
#   kernelspec:
#     name: elsewhere
# ---

# %% [markdown]
# # Gradients by hand
# For $f = (x + y) z$.

# %%
# %matplotlib inline
import torch

# %% Product task="1.1"
def product_gradients(x, y, z):
    """Returns the three gradients of (x + y) z."""
    # BEGIN SOLUTION
    # the product rule
    total = x + y
    gradients = (z, z, total)
    # END SOLUTION
    return gradients

# %% task="1.2"
class Line(torch.nn.Module):
    def forward(self, x):
        if self.training:
# BEGIN SOLUTION
            return (
                self.a
                + self.b * x
            )
# END SOLUTION
        return x

    async def step(self):
        def inner():
            # BEGIN SOLUTION
            return 7
            # END SOLUTION
        return inner
'''

SOLUTION = (
    "# the product rule",
    "total = x + y",
    "gradients = (z, z, total)",
    "return (",
    "self.a",
    "+ self.b * x",
    ")",
    "return 7",
)


def sources(notebook: str) -> list[str]:
    return [
        line
        for cell in json.loads(notebook)["cells"]
        for line in "".join(cell["source"]).split("\n")
    ]


def test_a_region_becomes_an_error_that_names_its_task_and_function():
    stub = stub_script(MASTER, PATH)
    assert (
        '    """Returns the three gradients of (x + y) z."""\n'
        '    raise NotImplementedError("Task 1.1: product_gradients is not implemented yet.")\n'
        "    return gradients\n"
    ) in stub
    assert (
        "        if self.training:\n"
        '            raise NotImplementedError("Task 1.2: Line.forward is not implemented yet.")\n'
        "        return x\n"
    ) in stub
    assert (
        '            raise NotImplementedError("Task 1.2: inner is not implemented yet.")' in stub
    )


def test_what_is_outside_the_regions_stays_as_it_is():
    stub = stub_script(MASTER, PATH).split("\n")
    master = MASTER.split("\n")
    assert stub[:17] == master[:17]
    assert [line for line in stub if "NotImplementedError" not in line] == [
        line
        for number, line in enumerate(master)
        if not (17 <= number <= 21 or 28 <= number <= 33 or 38 <= number <= 40)
    ]


def test_the_stub_runs_and_raises_not_implemented():
    stub = stub_script(
        '# %% task="2.1"\ndef f(x):\n    # BEGIN SOLUTION\n    return x\n    # END SOLUTION\n', PATH
    )
    namespace = {}
    exec(compile(stub, "stub", "exec"), namespace)
    with pytest.raises(NotImplementedError, match=r"^Task 2\.1: f is not implemented yet\.$"):
        namespace["f"](1)


def test_the_solution_lines_are_those_inside_the_markers_that_stand_nowhere_else():
    assert solution_lines(MASTER) == SOLUTION
    given_away = MASTER.replace("import torch", "import torch\ntotal = x + y")
    assert "total = x + y" not in solution_lines(given_away)


def test_no_solution_line_stands_in_the_stubs():
    for lines in (stub_script(MASTER, PATH).split("\n"), sources(stub_notebook(MASTER, PATH))):
        stripped = {line.strip() for line in lines}
        assert not stripped & set(SOLUTION)
        assert not any("SOLUTION" in line for line in lines)


def test_the_notebook_is_a_valid_python_3_notebook_of_format_4_5():
    notebook = nbformat.reads(stub_notebook(MASTER, PATH), as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", "code", "code", "code"]
    assert [cell.metadata.get("task") for cell in notebook.cells] == [None, None, "1.1", "1.2"]
    assert notebook.cells[0].source.startswith("# Gradients by hand\n")
    assert notebook.cells[1].source == "%matplotlib inline\nimport torch"


def test_the_same_master_gives_the_same_notebook_byte_for_byte():
    assert stub_notebook(MASTER, PATH) == stub_notebook(MASTER, PATH)
    identifiers = [cell["id"] for cell in json.loads(stub_notebook(MASTER, PATH))["cells"]]
    assert identifiers == ["cell-001", "cell-002", "cell-003", "cell-004"]


def test_the_solved_notebook_holds_every_solution_and_no_marker():
    lines = {line.strip() for line in sources(solved_notebook(MASTER, PATH))}
    assert set(SOLUTION) <= lines
    assert not any("SOLUTION" in line for line in lines)
    assert not any("NotImplementedError" in line for line in lines)


def test_line_ends_and_a_byte_order_mark_of_windows_make_no_difference():
    windows = "\ufeff" + MASTER.replace("\n", "\r\n")
    assert stub_script(windows, PATH) == stub_script(MASTER, PATH)
    assert solution_lines(windows) == SOLUTION


# Faults of the author

HEAD = '# %% task="1.1"\ndef f(x):\n'
BEGIN, END = "    # BEGIN SOLUTION\n", "    # END SOLUTION\n"


@pytest.mark.parametrize(
    ("master", "line"),
    [
        (HEAD + BEGIN + "    return (\n" + END + "    x)\n", 3),
        (HEAD + "    y = [\n" + BEGIN + "    x,\n" + END + "    ]\n", 4),
    ],
)
def test_a_region_of_half_a_statement_is_named_with_its_line_and_what_to_do(master, line):
    with pytest.raises(CourseError, match=rf"py:{line}: .*not valid Python.*whole statements"):
        stub_script(master, PATH)


def test_a_master_without_regions_is_refused_because_its_stub_would_be_the_solution():
    with pytest.raises(CourseError, match=r"no solution region.*BEGIN SOLUTION"):
        stub_script(HEAD + "    return x\n", PATH)
    assert solution_lines(HEAD + "    return x\n") == ()


# Any master

STATEMENTS = st.sampled_from(
    [
        "y{n} = x * {n}",
        "if x > {n}:\n    y{n} = -x",
        "y{n} = (\n    x\n    + {n}\n)",
        'y{n} = """a{n}\n  b{n}"""',
        "def helper{n}(v):\n    return v + {n}",
        "for i{n} in range({n}):\n    pass  # loop {n}",
        "# comment {n}\ny{n} = '\\u2028\x0c{n}'",
        "return x + {n}",
    ]
)


def indented(block: str, blanks: str) -> str:
    return "\n".join(blanks + line for line in block.split("\n"))


@st.composite
def masters(draw):
    """Yields a master and the solutions that were put into it; each line of one occurs once."""
    text, solutions, n = "", [], 0
    for task in range(draw(st.integers(1, 3))):
        blanks = draw(st.sampled_from(["    ", "  ", "\t"]))
        text += draw(st.sampled_from(["", "# %% [markdown]\n# Some prose.\n\n", "# %%\nz = 1\n\n"]))
        text += f'# %% task="{task}.1"\ndef f{task}(x):\n{blanks}"""Does it."""\n'
        for _ in range(draw(st.integers(1, 3))):
            block = []
            for _ in range(draw(st.integers(1, 3))):
                n += 1
                block.append(indented(draw(STATEMENTS).format(n=1000 + n), blanks))
            solutions += block
            margin = draw(st.sampled_from(["", blanks, blanks * 3]))
            text += f"{margin}# BEGIN SOLUTION\n" + "\n".join(block) + f"\n{margin}# END SOLUTION\n"
            text += draw(st.sampled_from(["", f"{blanks}kept = {task}\n", "\n"]))
        text += "\n"
    return text, solutions


@settings(deadline=None, max_examples=60)
@given(masters())
def test_no_solution_line_survives_in_either_stub(drawn):
    text, solutions = drawn
    script, notebook = stub_script(text, PATH), stub_notebook(text, PATH)
    ast.parse(script)
    leaks = set(solution_lines(text))
    assert leaks
    for lines in (script.split("\n"), sources(notebook)):
        assert not leaks & {line.strip() for line in lines}
    for number in range(1001, 1001 + len(solutions)):
        assert str(number) not in script
        assert str(number) not in notebook
    assert script.count("raise NotImplementedError(") == text.count("# BEGIN SOLUTION")
    assert notebook.count("raise NotImplementedError(") == text.count("# BEGIN SOLUTION")
