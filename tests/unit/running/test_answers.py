"""The answer to a manual task is found in notebooks, scripts and zips, whatever else is in them."""

import base64
import io
import json
import zipfile

import pytest

from autograder.records import HandedInFile, Submission
from autograder.running.answers import answer_of

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def handed_in(**files):
    listed = tuple(HandedInFile(name.replace("_", "."), content) for name, content in files.items())
    return Submission("ada", "ada", listed, "s")


def notebook(*cells):
    return json.dumps({"nbformat": 4, "cells": list(cells)}).encode()


def cell(source="My answer.", kind="markdown", task="3.1", outputs=()):
    return {
        "cell_type": kind, "metadata": {"task": task}, "source": source, "outputs": list(outputs)
    }  # fmt: skip


def shown(submission):
    return [(part.kind, part.text) for part in answer_of(submission, "3.1")]


def test_the_text_cell_of_the_task_is_the_answer_and_no_other():
    work = notebook(
        cell("No.", task="3.2"), cell(["It falls, ", "since $x < 0$."]), cell("x", "raw", "9")
    )
    (part,) = answer_of(handed_in(a_ipynb=work), "3.1")
    assert (part.kind, part.text) == ("text", "It falls, since $x < 0$.")
    assert part.place == "a.ipynb, cell 2"


def test_a_plot_is_shown_with_its_code_and_what_it_printed():
    picture = base64.encodebytes(PNG).decode()
    outputs = [
        {"output_type": "stream", "text": ["loss ", "0.5\n"]},
        {"output_type": "display_data", "data": {"image/png": picture, "text/plain": "<Figure>"}},
        {"output_type": "error", "evalue": "boom"},
    ]
    found = answer_of(handed_in(a_ipynb=notebook(cell("plot()", "code", outputs=outputs))), "3.1")
    assert [part.kind for part in found] == ["code", "printed", "picture", "printed"]
    assert found[1].text == "loss 0.5\n"
    assert found[2].picture == PNG


@pytest.mark.parametrize(
    "data",
    [
        {"image/png": base64.b64encode(b"<svg onload=alert(1)>").decode()},
        {"image/png": "not base64!"},
        {"image/png": 7},
        {"image/svg+xml": "<svg onload=alert(1)>"},
        {"text/html": "<script>alert(1)</script>"},
    ],
)
def test_what_only_claims_to_be_a_picture_is_none(data):
    outputs = [{"output_type": "display_data", "data": {**data, "text/plain": "<Figure>"}}]
    assert shown(handed_in(a_ipynb=notebook(cell("plot()", "code", outputs=outputs)))) == [
        ("code", "plot()"), ("printed", "<Figure>"),
    ]  # fmt: skip


def test_a_script_in_percent_format_is_read_as_well():
    text = (
        '# %%\nx = 1\n\n# %% [markdown] task="3.1"\n# It falls,\n#\n# and rises.\n\n'
        '# %% task="3.1"\nplot(x)\n# %% task="3.10"\ny = 2\n'
    )
    assert shown(handed_in(a_py=text.encode())) == [
        ("text", "It falls,\n\nand rises."), ("code", "plot(x)"),
    ]  # fmt: skip


def test_a_zip_is_opened():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("homework/a.ipynb", notebook(cell()))
    assert shown(handed_in(a_zip=packed.getvalue())) == [("text", "My answer.")]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[" * 100_000, b"7", b"null", b'{"cells": 3}', b'{"cells": [3, {"metadata": 4}]}',
        b"\xff\xfe", b'{"cells": [{"metadata": {"task": ["3.1"]}}]}',
    ],
)  # fmt: skip
def test_what_is_no_notebook_is_said_and_breaks_nothing(content):
    *_, last = shown(handed_in(a_ipynb=content))
    assert last[0] == "fault"
    assert "No cell names task 3.1" in last[1]


def test_strange_cells_give_empty_texts_and_break_nothing():
    odd = {
        "cell_type": "code",
        "metadata": {"task": "3.1"},
        "source": [1],
        "outputs": [2, {"data": 3}],
    }
    assert shown(handed_in(a_ipynb=notebook(odd))) == [("code", "")]


def test_very_much_is_cut_and_that_is_said():
    many = notebook(*[cell("x" * 100_000)] * 50)
    found = answer_of(handed_in(a_ipynb=many), "3.1")
    assert len(found) == 41
    assert max(len(part.text) for part in found) == 40_000
    assert "10 more parts are not shown" in found[-1].text


def test_why_a_submission_was_refused_is_its_answer():
    refused = Submission("ada", "ada", (), "s", refused="It is a link.")
    assert shown(refused) == [("fault", "It is a link.")]
