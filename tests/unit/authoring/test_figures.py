"""Figures of an assignment: what a release takes, and how a notebook carries it."""

import base64
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.authoring.figures import attach, find_figures
from autograder.errors import CourseError

SHOWS = "# ![A line](figures/line.svg)\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "figures").mkdir()
    for name in ("line.svg", "answer.svg", "answer.py"):
        (tmp_path / "figures" / name).write_bytes(b"<svg/>")
    return tmp_path


def test_a_figure_that_is_shown_is_taken_and_no_other_file_is(folder):
    assert find_figures({Path("demo.py"): SHOWS, Path("README.md"): "No picture."}, folder) == {
        "figures/line.svg": b"<svg/>"
    }


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (
            "figures/none.svg",
            r"demo\.py: it shows figures/none\.svg, which cannot be read: No such",
        ),
        ("figures/answer.py", r"expected an \.svg or a \.png"),
        ("figures/../../secret.svg", r"expected an \.svg or a \.png in figures/"),
    ],
)
def test_what_is_no_figure_is_refused_with_its_text(folder, shown, words):
    with pytest.raises(CourseError, match=words):
        find_figures({Path("demo.py"): f"![x]({shown})"}, folder)


def test_a_cell_of_prose_carries_its_figure_and_the_path_is_gone():
    cell = new_markdown_cell("Look: ![A line](figures/line.svg) here.")
    attach(cell, {"figures/line.svg": b"<svg/>"})
    assert cell.source == "Look: ![A line](attachment:line.svg) here."
    assert base64.b64decode(cell.attachments["line.svg"]["image/svg+xml"]) == b"<svg/>"


def test_other_cells_stay_as_they_are():
    for cell in (new_code_cell("'![A line](figures/line.svg)'"), new_markdown_cell("No picture.")):
        before = dict(cell)
        attach(cell, {"figures/line.svg": b"<svg/>"})
        assert dict(cell) == before
