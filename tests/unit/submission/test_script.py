"""Properties of reading and splitting scripts, whatever the bytes."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.submission.flatten import FlatSubmission, SubmissionUnreadable, flatten
from autograder.submission.script import decode, split

statements = st.sampled_from(
    [
        "import math",
        "x = 1; y = 2",
        "@decorated\n@again(\n    1,\n)\ndef f(a):\n    # inside\n\n    return a",
        "# a comment\n\n",
        "class C:\n    '''Doc\n# not a comment\n    '''\n    x = 1",
        "if x:\n    y = 1\nelif z:\n    y = 2\nelse:\n    y = 3",
        "try:\n    pass\nexcept E:\n    pass\nfinally:\n    pass",
        "t = '''\nimport nothing\n'''",
        "call(1,\n2)\n",
        "a = 1 + \\\n  2",
        "",
    ]
)
broken = st.sampled_from(
    ["def (:", "x = (1", "'open", "    indented", "print 'a'", "\u201cq\u201d", "'''"]
)


@given(st.lists(statements))
def test_the_cells_of_a_script_that_parses_hold_all_its_statements_at_their_lines(parts):
    text = "\n".join(parts)
    cells, notes = split("a.py", text, "a.py")
    assert notes == ()
    found = []
    for cell in cells:
        tree = ast.parse("\n" * (cell.first_line - 1) + cell.source)
        found.extend(ast.dump(node, include_attributes=True) for node in tree.body)
    assert found == [ast.dump(node, include_attributes=True) for node in ast.parse(text).body]


@given(st.lists(statements | broken))
def test_whatever_is_broken_every_cell_parses_and_keeps_its_line(parts):
    text = "\n".join(parts)
    lines = text.split("\n")
    cells, notes = split("a.py", text, "a.py")
    for cell in cells:
        ast.parse(cell.source)
        height = cell.source.count("\n")
        assert cell.source == "\n".join(lines[cell.first_line - 1 :][:height]) + "\n"
    try:
        ast.parse(text)
    except SyntaxError:
        assert notes != ()


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_decode(content):
    assert "\r" not in decode(content)


@given(
    st.dictionaries(
        st.text(max_size=5) | st.sampled_from(["a.py", "b.ipynb", "c.zip", "d/e.py", "../x.py"]),
        st.binary(max_size=60)
        | st.sampled_from(
            [b'{"cells": [{"cell_type": "code", "source": "%time f = 1"}]}', b"f = 1"]
        ),
        max_size=5,
    )
)
def test_any_files_flatten_or_are_refused_in_words(files):
    try:
        flat = flatten(files, ["f"])
    except SubmissionUnreadable:
        assert not any(name == "a.py" for name in files)  # Any bytes are a script.
        return
    assert FlatSubmission.from_plain(flat.to_plain()) == flat


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def f(x)\n    return x", "a colon is missing"),
        ("def f():\nreturn 1", "an indented block is missing"),
        ("return 5", "a statement stands where it may not"),
        ("x = 5)", "a closing bracket has no opening one"),
        ("x = [1, 2", "never closed"),
        ("print 'x'", "print needs parentheses"),
        ("x = 'a", "a quote is never closed"),
        ("f() = 5", "cannot be assigned to"),
        ("x = 3 \u2212 2", "type a minus sign"),
        ("x = 012abc", "not"),
    ],
)
def test_faults_are_named_in_our_own_words(source, words):
    _, notes = split("a.py", source, "a.py")
    assert words in notes[0]
