"""What would give something away is found wherever it stands; what everybody writes is not."""

import base64
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.authoring.confidential import solutions_of, whole_file
from autograder.authoring.leaks import Public, find_leaks
from autograder.authoring.master import stub_script

MASTER_PATH = Path("assignments/demo/demo.py")
MASTER = '''\
# %%
import torch

# %% task="1.1"
def mse_loss(w, b, x, y):
    """Mean squared error of the linear model x w + b."""
    # BEGIN SOLUTION
    error = y - (x @ w + b)  # (N,) minus (N,)
    loss = (error**2).mean()
    return loss
    # END SOLUTION

# %% task="1.2"
def train(w, b, x, y, lr):
    # BEGIN SOLUTION
    with torch.no_grad():
        w -= lr * w.grad
    loss.backward()
    return loss
    # END SOLUTION
'''

CHECKS = '''\
"""Public checks."""

import torch


def slope(w, b, x, y, h):
    prediction = x @ w + b
    return (loss(w + h, b, x, y) - loss(w - h, b, x, y)) / (2 * h)


TASKS = {"1.1": check_mse_loss}
'''

REFERENCE = '''\
"""The oracle."""

import torch


def mse_loss(w, b, x, y):
    """Mean over i of (y_i - x_i . w - b)^2, in closed form and without a graph."""
    prediction = x @ w + b
    residual = x.double() @ w.double() + b - y
    return residual @ residual / len(residual)
'''

SUITE = """\
import pytest

ACCURACY_THRESHOLD = 0.935
SEED = 20250101


@pytest.mark.task("1.1", points=2, hint="Is it a mean?")
def test_mse_loss_holds_for_seven_samples(student, reference, draw, close):
    x, y = draw("x").normal(7, 3), draw("y").normal(7)
    close(student.mse_loss(x, y), reference.mse_loss(x, y), rtol=3e-4)
"""

STUB = stub_script(MASTER, MASTER_PATH)
CONFIDENTIAL = (
    solutions_of(MASTER, MASTER_PATH),
    whole_file(REFERENCE, Path("reference/demo.py"), "the reference"),
    whole_file(SUITE, Path("tests/hidden/demo/test_demo.py"), "a hidden test"),
)
SECRET = bytes(range(200, 232))


def leaks(name, content, checks=CHECKS, secret=None):
    raw = content if isinstance(content, bytes) else content.encode()
    public = Public(STUB, checks)
    return find_leaks({name: raw}, CONFIDENTIAL, public, secret, Path("store.sqlite"))


def notebook(**cell):
    whole = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "", **cell}
    return json.dumps({"cells": [whole], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_what_is_released_on_purpose_gives_nothing_away():
    for name, content in (("demo.py", STUB), ("checks.py", CHECKS), ("README.md", "# Demo\n")):
        assert leaks(name, content) == ()


@pytest.mark.parametrize(
    "line",
    [
        "return loss",
        "import torch",
        ")",
        "loss.backward()",
        "with torch.no_grad():",
        "Call `loss.backward()`, then, `with torch.no_grad():`, make the step.",
        "prediction = x @ w + b",  # in the reference and in the public checks
        "The accuracy threshold is secret, and so is the seed.",
        "rtol is 1e-3 here, seed = 0",
    ],
)
def test_what_everybody_writes_is_no_leak(line):
    assert leaks("README.md", f"Some words.\n{line}\nMore words.\n") == ()


@pytest.mark.parametrize(
    "written",
    [
        "error = y - (x @ w + b)",
        "error=y-(x@w+b)",
        "Hint: `error = y - (x @ w + b)` will do.",
        "# > error = y - (x @ w\n# >   + b)".replace("# > ", ""),
    ],
)
def test_a_line_of_a_solution_is_found_in_prose_whatever_its_blanks(written):
    (leak,) = leaks("README.md", f"# Demo\n\n{written}\n")
    assert leak.place == "README.md, line 3"
    assert (leak.owner, leak.number) == (MASTER_PATH, 8)
    assert str(leak) == (
        "README.md, line 3 holds a line of a solution of assignments/demo/demo.py:8: "
        "'error = y - (x @ w + b)  # (N,) minus (N,)'"
    )


@pytest.mark.parametrize(
    ("cell", "place"),
    [
        ({"cell_type": "markdown", "source": ["So:\n", "error = y - (x @ w + b)\n"]}, "source, line 2"),
        ({"metadata": {"answer": "error = y - (x @ w + b)"}}, "metadata.answer, line 1"),
        ({"metadata": {"error = y - (x @ w + b)": 1}}, "metadata, line 1"),
        (
            {"outputs": [{"output_type": "stream", "text": ["error = y -", " (x @ w + b)"]}]},
            "outputs[0].text, line 1",
        ),
        (
            {"outputs": [{"data": {"text/html": "<b>error = y - (x @ w + b)</b>"}}]},
            "outputs[0].data.text/html, line 1",
        ),
    ],
)  # fmt: skip
def test_a_line_is_found_in_every_string_of_a_notebook(cell, place):
    (leak,) = leaks("demo.ipynb", notebook(**cell))
    assert leak.place == f"demo.ipynb, cells[0].{place}"


def test_quotes_that_json_escapes_hide_nothing():
    line = 'x, y = draw("x").normal(7, 3), draw("y").normal(7)'
    assert [leak.number for leak in leaks("demo.ipynb", notebook(source=line))] == [9]


def test_a_zip_in_the_release_is_looked_into():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("autograder/demo.py", MASTER)
    found = leaks("demo.zip", packed.getvalue())
    assert {leak.place for leak in found} >= {"demo.zip, autograder/demo.py, line 8"}


def test_short_lines_leak_two_in_a_row():
    (leak,) = leaks("README.md", "    with torch.no_grad():\n        w -= lr * w.grad\n")
    assert (leak.place, leak.number) == ("README.md, line 1", 16)


def test_a_hidden_test_that_was_copied_into_the_public_checks_is_no_public_check():
    copied = CHECKS + SUITE.partition("SEED = 20250101\n")[2].partition("LEAST")[0]
    found = leaks("checks.py", copied, checks=copied)
    assert {leak.number for leak in found} >= {8, 9}
    assert {leak.owner.name for leak in found} == {"test_demo.py"}


def test_a_reference_function_in_the_handout_is_found():
    pasted = "```python\n" + REFERENCE.partition("import torch\n")[2] + "```\n"
    found = leaks("README.md", pasted)
    assert {leak.number for leak in found if leak.owner.name == "demo.py"} >= {9, 10}


def test_a_docstring_of_the_reference_is_found():
    line = "Mean over i of (y_i - x_i . w - b)^2, in closed form and without a graph."
    (leak,) = leaks("README.md", f'"""{line}"""')
    assert leak.number == 7


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("You need ACCURACY_THRESHOLD.", 3),
        ("An accuracy of 0.935 is enough.", 3),
        ("An accuracy of 93.5 % is enough.", 3),
        (r"An accuracy of $93.5\%$ is enough.", 3),
        ("93.5 percent is enough.", 3),
        ("torch.manual_seed(20250101)", 4),
        ('{"SEED": 20250101}', 4),
        ("We compare with rtol=3e-4.", 10),
        ("rtol: 3e-4", 10),
    ],
)
def test_a_number_that_decides_is_found_by_name_and_by_value(written, number):
    (leak,) = leaks("README.md", f"# Demo\n{written}\n")
    assert (leak.place, leak.number, leak.kind) == ("README.md, line 2", number, "a number")


@pytest.mark.parametrize(
    "written",
    ["0.9351", "10.935", "93.5 images", "0.9", "50 %", "ACCURACY_THRESHOLDS", "rtol=3e-45"],
)
def test_another_number_is_not_taken_for_it(written):
    assert leaks("README.md", f"About {written} of them.") == ()


def test_a_threshold_in_the_public_checks_is_found_and_a_tolerance_of_theirs_is_not():
    checks = CHECKS + "LIMIT = 0.935\nassert_close(a, b, rtol=3e-4)\n"
    assert [leak.text for leak in leaks("checks.py", checks, checks)] == [
        "'ACCURACY_THRESHOLD = 0.935'"
    ]


@pytest.mark.parametrize(
    "form",
    [
        SECRET, SECRET.hex().encode(), SECRET.hex().upper().encode(), base64.b64encode(SECRET),
        base64.urlsafe_b64encode(SECRET),
    ],
)  # fmt: skip
def test_the_courses_secret_is_found_and_not_shown(form):
    (leak,) = leaks("notes.bin", b"\x00" + form + b"\x00", secret=SECRET)
    assert leak.owner == Path("store.sqlite")
    assert SECRET.hex() not in str(leak)


TELLING = [
    line.text
    for source in CONFIDENTIAL
    for line in source.lines
    if line.size >= 9 and len(line.code) >= 14 and not line.prose and "prediction" not in line.text
]


@given(
    st.sampled_from(TELLING),
    st.text(st.characters(codec="utf-8"), max_size=60),
    st.text(st.characters(codec="utf-8"), max_size=60),
)
def test_no_telling_line_hides_between_other_texts(line, before, after):
    source = f"{before}\n{line}\n{after}"
    assert leaks("README.md", source)
    assert leaks("demo.ipynb", notebook(source=source.splitlines(keepends=True)))
