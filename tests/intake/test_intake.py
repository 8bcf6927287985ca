"""A corpus of what people hand in, each with what must come out: values, notes, failed cells.

Every case takes the way of a graded submission: unpacked, parsed and run in a confined process,
then called. `files/` holds those that are best read as they are.
"""

import codecs
import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from autograder.sandbox.session import Session, SubmissionUnreadable
from autograder.worker.request import SandboxLimits


def beside(name: str):
    """A module beside this one: pytest's import mode, importlib, puts no folder on the path."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


building = beside("building")
Case, DOUBLE, RIGHT = building.Case, building.DOUBLE, building.RIGHT
notebook, one, script, zipped = building.notebook, building.one, building.script, building.zipped

GOOD = notebook(DOUBLE)
PRODUCT = {"product_gradients(1, 2, 7)": (7, 7, 3)}
TWO = PRODUCT | {
    "mse_gradients(torch.zeros(()), torch.ones(()), torch.tensor([1., 2.]), torch.tensor([3., 5.]))"
    "": (-5.0, -8.0)
}
VALUES = "values()"
LEFT_OUT = "The cell was left out."

EXPORTS = [
    Case(
        "Colab: forms, a mounted drive, an upload and TensorBoard cost nothing",
        "colab_export.ipynb",
        PRODUCT,
        notes=("cell 2: 2 shell lines (!) were not run.",),
    ),
    Case(
        "Kaggle: its own folders and secrets are missing, and what stands below them runs",
        "kaggle_export.ipynb",
        PRODUCT,
        failing=("cell 2",),
    ),
    Case(
        "VS Code: a script of cells; IPython's own shell is not there, and costs one line",
        "vscode_export.py",
        PRODUCT,
        failing=("line 9",),
    ),
    Case(
        "Databricks: its widgets and its spark are missing, the functions are not",
        "databricks_export.py",
        PRODUCT,
        failing=("line 12", "line 21"),
    ),
    Case("jupytext: commented magics stay comments", "jupytext_light.py", PRODUCT),
    Case(
        "nbconvert: magics as calls do nothing",
        "nbconvert_export.py",
        PRODUCT,
        failing=("line 31",),
    ),
    Case(
        "a notebook pasted into a script loses its magics only",
        "notebook_pasted_into_a_script.py",
        PRODUCT,
        notes=(
            "line 1: a line of Jupyter (% or !) stands here",
            "line 2: a line of Jupyter (% or !) stands here",
            "line 8: a line of Jupyter (% or !) stands here",
        ),
    ),
    Case(
        "a page exported as HTML is refused, and the way out is named",
        "export.html",
        refused="export.html ... a page for a browser ... hand in the .ipynb",
    ),
    Case(
        "a PDF under a notebook's name is recognised",
        {"hw.ipynb": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"},
        refused="hw.ipynb is not a notebook ... a PDF ... hand in the .ipynb",
    ),
    Case(
        "a page under a notebook's name is recognised",
        {"hw.ipynb": b"\n<!doctype html><html><body>Sign in to continue</body></html>"},
        refused="hw.ipynb is not a notebook ... a page for a browser ... hand in the .ipynb",
    ),
    Case(
        "another kind of archive is refused, and .zip is asked for",
        {"hw.tar.gz": b"\x1f\x8b\x08\x00", "hw.rar": b"Rar!\x1a\x07\x01\x00"},
        refused="Nothing to grade ... hw.rar ... hw.tar.gz ... as a .zip",
    ),
]

CELLS = [
    Case(
        "magics do what they do in Jupyter, as far as values go",
        "magics.ipynb",
        {VALUES: (499500, 499501, 249750.0, 499500, [], [])} | PRODUCT,
        notes=(
            "cell 1: 1 shell line (!) was not run.",
            "cell 2: 2 shell lines (!) were not run.",
            "cell 6: 2 shell lines (!) were not run.",
            "cell 9 line 1: %%bash is not Python",
            "cell 10 line 1: %%html is not Python",
        ),
    ),
    Case(
        "lines that start with % but continue a formatting stay what they are",
        "percent_formatting.ipynb",
        {
            VALUES: (
                "Ada has 3 points",
                "\n!pip install torch\n%matplotlib inline\n%%bash\nwhy?\n",
                2,
                "'Ada' and   3",
                1,
            )
        },
        notes=("cell 2: 1 shell line (!) was not run.",),
    ),
    Case(
        "cells in the wrong order are run until all names are there",
        "out_of_order.ipynb",
        {"width()": 64},
    ),
    Case(
        "scratch cells that fail, and outputs asked for by number, cost no function below them",
        "scratch_and_errors.ipynb",
        TWO,
        failing=("cell 2", "cell 3", "cell 4", "cell 5", "cell 6", "cell 7", "cell 8"),
    ),
    Case(
        "a whole notebook in one cell: a missing file and an endless loop cost no function below",
        "everything_in_one_cell.ipynb",
        TWO,
        failing=("cell 1",),
    ),
    Case(
        "files that %%writefile writes can be imported",
        "writefile_and_import.ipynb",
        TWO | {"twice()": 131},
        notes=(
            "Taken from writefile_and_import.ipynb ... twice",
            "cell 5 line 1: %%writefile is not Python",
        ),
    ),
    Case(
        "an answer in a text cell does not count, and is pointed out",
        "solution_in_text_cells.ipynb",
        {},
        notes=(
            "none of the asked names",
            "cell 2: product_gradients stands in a text cell",
            "cell 3: mse_gradients stands in a text cell",
        ),
    ),
    Case(
        "characters that Python does not know are named, and cost only their own statement",
        "curly_quotes_and_other_characters.ipynb",
        PRODUCT | {"smile()": ("\U0001f600", 3)},
        notes=(
            "cell 2 line 1: a curly quote stands here ... This part was left out.",
            "cell 3 line 1: a no-break space ... The cell was left out.",
            "cell 4 line 1: an invisible character ... The cell was left out.",
            "cell 5 line 1: a full-width character ... The cell was left out.",
            "cell 6 line 1: a character stands here that Python does not know.",
            "cell 8 line 1: a long dash",
        ),
    ),
    Case(
        "of a cell that does not parse the parts that do are kept",
        "cells_that_do_not_parse.ipynb",
        {VALUES: (6, 1), "after()": 1} | TWO,
        notes=(
            "cell 1 line 2: this is a command for the shell, not Python. This part was left out.",
            "cell 2 line 1: this is a command for the shell, not Python. The cell was left out.",
            "cell 3 line 3: this is not valid Python. The cell was left out.",
            "cell 4 line 1: a bracket opened here is never closed. This part was left out.",
            "cell 5 line 1: a colon is missing. This part was left out.",
            "cell 6 line 1: await outside a function",
            "cell 7 line 1: print needs parentheses",
        ),
        failing=("cell 1",),
    ),
    Case(
        "of two versions the last counts, and both are named",
        "two_versions.ipynb",
        notes=("double is defined 2 times in two_versions.ipynb: cell 1 line 1, cell 3 line 1.",),
    ),
    Case(
        "a result stored under the function's own name does not take the function away",
        "result_named_as_the_function.ipynb",
        RIGHT | {"triple(2)": 6},
        notes=("triple is defined 2 times",),
    ),
    Case(
        "%run brings in the names of a script and of a notebook",
        "run_other",
        TWO,
    ),
    Case(
        "a folder of sources is found as sys.path would find it",
        "project",
        PRODUCT,
    ),
    Case("a cell indented as a whole runs", one("    " + DOUBLE.replace("\n", "\n    "))),
    Case("a cell of comments runs", one("# only\n# comments", "", DOUBLE)),
    Case(
        "a magic that a comment stands above is a magic all the same",
        one("# how long does it take?\n%%time\n" + DOUBLE),
    ),
    Case(
        "the body of %%memit and %%prun is code of the notebook",
        one("%load_ext memory_profiler", "%%memit\nx = 2", "%%prun\ndef double(a): return x * a"),
    ),
    Case(
        "a decorator that compiles does not need a compiler",
        one(
            "import torch",
            "@torch.compile\ndef double(x):\n    return 2 * x",
            "@torch.jit.script\ndef triple(x: torch.Tensor):\n    return 3 * x",
        ),
        {"double(torch.ones(2))": [2.0, 2.0], "triple(torch.ones(2))": [3.0, 3.0]},
        cell_time_s=5,
    ),
    Case(
        "asking the module for its name gives no __main__",
        one("if __name__ == '__main__':\n    while True: pass", DOUBLE),
    ),
]

SURROUNDINGS = [
    Case(
        "training at top level is interrupted, and what stands below it is defined",
        "trains_all_night.ipynb",
        PRODUCT | {"scaled(5)": 5},
        failing=("cell 2", "cell 3", "cell 4"),
    ),
    Case(
        "after the whole time is spent functions are still defined, whatever else their cell does",
        one(*["while True: pass"] * 4, "RATE = -2e-3\n" + DOUBLE + "while True: pass"),
        RIGHT,
        failing=("cell 1", "cell 2", "cell 3", "cell 4", "cell 5"),
    ),
    Case(
        "downloads fail, each in its own cell",
        "downloads.ipynb",
        PRODUCT,
        failing=("cell 1", "cell 2", "cell 3", "cell 4", "cell 5", "cell 6"),
    ),
    Case(
        "arguments of the command line have their defaults; the main guard does not run",
        "argparse_and_main.py",
        failing=("line 10", "line 21"),
    ),
    Case(
        "questions, exits and folders of another machine end their own statement only",
        "leaves_and_asks.ipynb",
        failing=("cell 1", "cell 2", "cell 3", "cell 4", "cell 5", "cell 7"),
    ),
    Case(
        "global settings stay with the student's process and break nothing",
        "global_settings.ipynb",
        PRODUCT | {"slope(torch.tensor([3.]))": [6.0]},
    ),
    Case(
        "a data file handed in is found beside the notebook",
        {
            "work/hw.ipynb": notebook(
                "rate = float(open('data/rate.csv').read())",
                "from pathlib import Path\nhere = (Path('.') / 'data').exists()",
                "def double(x): return rate * x if here else None",
            ),
            "work/data/rate.csv": b"2\n",
        },
    ),
    Case(
        "a loader with workers at top level costs its own cell at most",
        one(
            "import torch\nfrom torch.utils.data import DataLoader",
            "for batch in DataLoader(list(range(8)), batch_size=4, num_workers=1):\n"
            "    seen = batch",
            DOUBLE,
        ),
    ),
    Case(
        "thousands of printed lines cost nothing but time",
        one("for i in range(10_000):\n    print('epoch', i, 'loss', 1 / (i + 1))", DOUBLE),
    ),
]

MEGABYTE = {"output_type": "display_data", "data": {"image/png": "iVBORw0K" * 131_072}}


def versions(minor: int) -> bytes:
    """A notebook of nbformat 4.`minor`, without a kernelspec."""
    cell = {"cell_type": "code", "source": DOUBLE.splitlines(keepends=True), "metadata": {}}
    if minor >= 5:
        cell["id"] = "the-same"
    more = {"outputs": [MEGABYTE], "execution_count": None}
    document = {"cells": [cell | more, cell | more], "nbformat": 4, "nbformat_minor": minor}
    return json.dumps(document).encode()


def old_notebook() -> bytes:
    """A notebook of nbformat 3: worksheets, input, prompt numbers."""
    cell = {"cell_type": "code", "input": DOUBLE, "language": "python", "prompt_number": 3}
    sheets = [{"cells": [{"cell_type": "heading", "level": 1, "source": "Task"}, cell]}]
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "worksheets": sheets}).encode()


def without_line_ends() -> bytes:
    """A notebook whose lines were written by a program that put no line feeds into them."""
    cell = {"cell_type": "code", "source": DOUBLE.splitlines()}
    return json.dumps({"cells": [cell], "nbformat": 4}).encode()


OUTPUTS_ONLY = json.dumps(
    {"cells": [{"cell_type": "code", "source": [], "outputs": [MEGABYTE]}], "nbformat": 4}
).encode()
TWICE = "double is defined 2 times"
ACCENT = notebook("name = 'Zo\u00eb'", DOUBLE)

BYTES = [
    *(
        Case(
            f"nbformat 4.{minor} without a kernelspec, with the same id twice and 2 MB of outputs",
            {"hw.ipynb": versions(minor)},
            notes=(TWICE,),
        )
        for minor in range(6)
    ),
    Case("nbformat 3", {"hw.ipynb": old_notebook()}),
    Case("lines without line ends in the JSON", {"hw.ipynb": without_line_ends()}),
    Case("a notebook with a byte order mark", {"hw.ipynb": codecs.BOM_UTF8 + GOOD}),
    Case(
        "a notebook in UTF-16, as PowerShell writes", {"hw.ipynb": GOOD.decode().encode("utf-16")}
    ),
    Case("a notebook in Windows-1252", {"hw.ipynb": ACCENT.decode().encode("cp1252")}),
    Case("a notebook with CRLF inside and outside", one(DOUBLE.replace("\n", "\r\n"))),
    Case("a cell that starts with a byte order mark", one("\ufeff" + DOUBLE)),
    Case("a script with a byte order mark", {"hw.py": codecs.BOM_UTF8 + DOUBLE.encode()}),
    Case("a script with CRLF", script(DOUBLE.replace("\n", "\r\n"))),
    Case("a script with CR only, as old Macs write", script(DOUBLE.replace("\n", "\r"))),
    Case("a script in UTF-16", {"hw.py": DOUBLE.encode("utf-16")}),
    Case("a script in Windows-1252", {"hw.py": "# \u20ac\n".encode("cp1252") + DOUBLE.encode()}),
    Case("a script with tabs", script(DOUBLE.replace("    ", "\t"))),
    Case("a script without a line end", script(DOUBLE.rstrip())),
    Case(
        "tabs and spaces mixed within a function are named; the function below is kept",
        script("def mixed(x):\n    if x:\n\treturn x\n    return 0\n\n" + DOUBLE),
        notes=("hw.py line 3: tabs and spaces are mixed in the indentation",),
    ),
    Case(
        "Python 2 is named, and what is Python 3 runs",
        "python_2.py",
        notes=(
            "line 2: print needs parentheses",
            "line 8: print needs parentheses",
            "line 10: print needs parentheses",
        ),
    ),
    Case(
        "the marks of a merge conflict in a script are named; of its versions the last counts",
        "merge_conflict.py",
        notes=(
            "double is defined 2 times",
            "line 3: the mark of a merge conflict",
            "line 6: the mark of a merge conflict",
            "line 9: the mark of a merge conflict",
        ),
    ),
    Case(
        "the marks of a merge conflict in a notebook are named",
        "merge_conflict.ipynb",
        refused="merge_conflict.ipynb ... line 7 ... merge conflict",
    ),
    Case(
        "a notebook cut off on its way is told apart from a damaged one",
        {"hw.ipynb": GOOD[:-40]},
        refused="hw.ipynb ... breaks off ... Hand in the whole file",
    ),
    Case(
        "a notebook that is no JSON says where",
        {"hw.ipynb": GOOD.replace(b'"metadata"', b"metadata", 1)},
        refused="hw.ipynb is not a notebook: its JSON breaks at line 1.",
    ),
    Case("an empty file", {"hw.ipynb": b""}, refused="hw.ipynb is empty"),
    Case(
        "a notebook without cells",
        {"hw.ipynb": notebook()},
        {},
        notes=("none of the asked names", "hw.ipynb holds no code"),
    ),
    Case(
        "a notebook with nothing but outputs",
        {"hw.ipynb": OUTPUTS_ONLY},
        {},
        notes=("none of the asked names", "hw.ipynb holds no code"),
    ),
    Case(
        "three thousand cells",
        one(*(f"x{i} = {i}" for i in range(3000)), "def double(x): return x + x2999 - 2978"),
    ),
]

COPY = ".ipynb_checkpoints/hw-checkpoint.ipynb"
LITTER = {
    "__MACOSX/hw/._hw.ipynb": b"\x00\x05\x16\x07",
    "hw/.DS_Store": b"\x00\x00\x00\x01Bud1",
    f"hw/{COPY}": notebook("def double(x): return 0"),
    "hw/hw.ipynb": GOOD,
}

NAMES = [
    Case("a zip as macOS and Jupyter make it", {"hw.zip": zipped(LITTER)}),
    Case("a folder as macOS and Jupyter leave it", LITTER),
    Case("a zip in a zip is opened", {"all.zip": zipped({"x/hw.zip": zipped(LITTER)})}),
    Case(
        "a zip in a zip in a zip is not, and one is asked for",
        {"a.zip": zipped({"b.zip": zipped({"c.zip": zipped(LITTER)})})},
        refused="Nothing to grade ... c.zip was not opened: it is an archive within two others",
    ),
    Case("a zip under a notebook's name", {"hw.ipynb": zipped({"hw.ipynb": GOOD})}),
    Case("a name as a browser makes it", {"Untitled (1) (2).ipynb": GOOD}),
    Case("a name as a mail program makes it", {"hw.ipynb.txt": GOOD}),
    Case("a name in capitals", {"HW.IPYNB": GOOD}),
    Case("a name in Greek, Chinese and emoji", {"\u03a9 \u4f5c\u4e1a \U0001f600.ipynb": GOOD}),
    Case("a name with invisible marks of direction", {"\u2068hw\u2069\u200e.ipynb": GOOD}),
    Case("a notebook named .py", {"hw.py": GOOD}),
    Case(
        "a script named .ipynb",
        {"hw.ipynb": DOUBLE.encode()},
        notes=("hw.ipynb is not a notebook but a script; it was read as one.",),
    ),
    Case(
        "of a notebook and a script with the same functions the notebook counts",
        one(DOUBLE) | script("def double(x): return 0"),
        notes=("hw.ipynb was taken ... does not count: hw.py",),
    ),
    Case(
        "what the handout had beside the solution does not win",
        one(DOUBLE) | {"a/hw.ipynb": notebook("def double(x):\n    raise NotImplementedError")},
        notes=("hw.ipynb was taken ... does not count: a/hw.ipynb",),
    ),
    Case(
        "a file per task, each unfinished where the other is not",
        one(DOUBLE, "def triple(x): ...") | script("def triple(x):\n    return 3 * x"),
        RIGHT | {"triple(2)": 6},
        notes=("Taken from hw.py, since hw.ipynb leaves it unfinished: triple.",),
    ),
    Case(
        "an essay is refused",
        {"essay.docx": b"PK\x03\x04", "notes.md": b"# Homework"},
        refused="Nothing to grade ... essay.docx, notes.md ... Hand in the notebook",
    ),
]

CASES = [*EXPORTS, *CELLS, *SURROUNDINGS, *BYTES, *NAMES]


def plain(value: object) -> object:
    """A value as plain numbers, to be compared."""
    if isinstance(value, torch.Tensor):
        return value.tolist()
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    return value


@pytest.fixture
def session(engine):
    """A fresh confined process."""
    conversation = Session(engine.spawner().spawn(SandboxLimits(memory_mb=2048, file_mb=8)))
    yield conversation
    conversation.kill()
    conversation.usage()


def caller(session: Session, name: str) -> Callable[..., object]:
    """An entry point of a loaded submission."""
    return lambda *args: session.call(name, args, {}, seed=0, device="cpu", time_s=5).value


@pytest.mark.parametrize("case", CASES, ids=[case.sentence for case in CASES])
def test_what_people_hand_in(session, case):
    names = [call.partition("(")[0] for call in case.gives] or [
        "product_gradients",
        "mse_gradients",
    ]
    if case.refused:
        with pytest.raises(SubmissionUnreadable) as caught:
            session.flatten(case.contents(), names, time_s=10)
        assert building.told(case.refused, caught.value.message), caught.value.message
        return
    flat = session.flatten(case.contents(), names, time_s=10)
    report = session.load(flat, cell_time_s=case.cell_time_s, time_s=4 * case.cell_time_s)
    callable_now = {name: caller(session, name) for name in names} | {"torch": torch}
    got = {call: plain(eval(call, callable_now)) for call in case.gives}
    assert got == dict(case.gives)
    assert [failure.label for failure in report.failures] == list(case.failing), report.failures
    assert len(flat.notes) == len(case.notes), flat.notes
    for words, note in zip(case.notes, flat.notes, strict=True):
        assert building.told(words, note), (words, note)


def test_the_corpus_is_as_large_as_it_says_and_no_file_of_it_lies_idle():
    used = {case.files for case in CASES if isinstance(case.files, str)}
    assert used == {path.name for path in building.FILES.glob("[!.]*")} - {"ruff.toml"}
    assert len(CASES) >= 70
