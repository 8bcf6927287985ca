"""Cells as statements: what each binds, what it may cost, where its lines lie."""

from autograder.submission.flat import Cell
from autograder.submission.statements import statements_of


def split(source, first_line=1, flags=0):
    return statements_of(Cell("line 1", "a.py", first_line, source), flags)


def test_each_statement_binds_its_own_names():
    found, _ = split("import math, os.path\na, (b, *c) = 1, 2\nfor d in []: e = 1\nprint()")
    assert [s.names for s in found] == [("math", "os"), ("a", "b", "c"), ("d", "e"), ()]


def test_definitions_imports_and_literals_declare_and_nothing_else_does():
    free = "def f(): pass\nclass C: pass\nimport os\n'text'\nX = -1e-3\nY: list = [1, {'a': (2,)}]"
    assert [s.declares for s in split(free)[0]] == [True] * 6
    costly = "f()\nx = f()\nx = [f()]\nx = 10 ** 10\nfor i in (): pass\nx += 1\nx = [i for i in y]"
    assert [s.declares for s in split(costly)[0]] == [False] * 7


def test_lines_are_those_of_the_file():
    found, _ = split("a = 1\n\nb = 2\n", first_line=10)
    last = [max(line for *_, line in s.code.co_lines() if line) for s in found]
    assert last == [10, 12]
    assert {s.code.co_filename for s in found} == {"a.py"}


def test_future_flags_hold_for_the_statements_and_cells_below():
    _, flags = split("from __future__ import annotations")
    assert flags
    (below,), after = split("def f(x: NoSuch): ...", flags=flags)
    namespace = {}
    exec(below.code, namespace)
    assert namespace["f"].__annotations__ == {"x": "NoSuch"}
    assert after == flags


def test_source_of_another_python_is_left_for_the_run_to_complain():
    assert [s.code for s in split("x = = 1")[0]] == [None]


def test_very_many_statements_become_one_at_the_end():
    found, _ = split("\n".join(f"x{i} = f()" for i in range(2000)))
    assert len(found) == 501
    assert found[-1].names[-1] == "x1999"
