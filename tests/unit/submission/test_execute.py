"""Cells that fail, overrun, swallow, exit and come out of order; what is reported of them."""

import inspect
import linecache
import signal
import sys
import time
import traceback

import pytest

from autograder.submission.execute import CellFailure, LoadReport, load
from autograder.submission.flat import Cell, FlatSubmission
from autograder.submission.flatten import flatten


@pytest.fixture(autouse=True)
def restore(monkeypatch):
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    before = dict(sys.modules)
    yield
    for name in set(sys.modules) - set(before):
        if name.startswith(("submission", "_submission", "helper", "main")):
            del sys.modules[name]


def cells(*sources):
    """A notebook of these code cells."""
    return FlatSubmission(
        "hw.ipynb",
        tuple(Cell(f"cell {i}", "hw.ipynb", 1, source) for i, source in enumerate(sources, 1)),
    )


def run(flat, cell_time_s=2.0, total_time_s=5.0, **options):
    return load(flat, cell_time_s=cell_time_s, total_time_s=total_time_s, **options)


def test_a_cell_that_fails_is_reported_and_the_others_run():
    module, report = run(cells("a = 1", "b, (c, *d) = 2\nimport math", "def f(): return a"))
    assert module.f() == 1
    assert report.failures == (
        CellFailure(
            "cell 2",
            "raised",
            "TypeError",
            "cannot unpack non-iterable int object",
            1,
            ("b", "c", "d"),
        ),
    )
    assert module.math.pi > 3
    assert not report.stopped


@pytest.mark.parametrize("source", ["import sys; sys.exit(0)", "exit()", "raise KeyboardInterrupt"])
def test_leaving_the_program_ends_only_the_cell(source):
    module, report = run(cells(source, "a = 1"))
    assert module.a == 1
    assert report.failures[0].exception in {"SystemExit", "KeyboardInterrupt"}


def test_an_exception_of_the_students_own_is_not_named_and_its_text_is_clipped():
    source = "class ValueError(Exception): pass\n\nraise ValueError('x' * 5000)"
    _, report = run(cells(source))
    assert report.failures[0].exception == "exception"
    assert report.failures[0].message == "x" * 2000
    assert report.failures[0].line == 3


@pytest.mark.parametrize("body", ["raise KeyError", "return 5", "return '\\ud800'", "exit()"])
def test_an_exception_whose_text_misbehaves_is_reported_all_the_same(body):
    source = f"class E(Exception):\n    def __str__(self):\n        {body}\nraise E"
    module, report = run(cells(source, "a = 1"))
    assert module.a == 1
    assert LoadReport.from_plain(report.to_plain()).failures == report.failures


def test_an_endless_text_of_an_exception_is_cut_short_by_the_timer():
    source = "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E"
    module, report = run(cells(source, "a = 1"), cell_time_s=0.1)
    assert module.a == 1
    assert report.failures[0].kind == "timed_out"


def test_cells_out_of_order_are_run_again_and_the_later_definition_stays():
    module, report = run(
        cells("def f(): return 1\ny = f() + late", "late = 5", "def f(): return 2")
    )
    assert module.y == 6
    assert module.f() == 2
    assert report.failures == ()


def test_cells_from_the_last_to_the_first_are_run_until_nothing_is_missing():
    module, report = run(cells(*(f"x{i} = x{i + 1} + 1" for i in range(9)), "x9 = 0"))
    assert module.x0 == 9
    assert report.failures == ()


def test_what_stands_below_a_failing_or_endless_statement_runs():
    source = "open('/nowhere')\na = 1\nwhile True: pass\nb = a + 1\ndef f(): return b"
    module, report = run(cells(source), cell_time_s=0.1)
    assert module.f() == 2
    assert [(f.label, f.exception, f.line) for f in report.failures] == [
        ("cell 1", "FileNotFoundError", 1)
    ]


def test_an_endless_loop_is_not_waited_for_twice_where_its_cell_is_run_again():
    flat = cells("while True: pass\ny = late", "late = 5")
    started = time.perf_counter()
    module, report = run(flat, cell_time_s=0.8, total_time_s=9)
    assert time.perf_counter() - started < 1.5
    assert module.y == 5
    assert [(f.label, f.kind) for f in report.failures] == [("cell 1", "timed_out")]


def test_a_result_under_an_entry_points_name_does_not_take_the_function_away():
    files = {"a.py": b"def f(x): return x\nf = f(5)\ny = f"}
    module, _ = run(flatten(files, ["f"]))
    assert module.f(7) == 7
    assert module.y == 5


def test_a_cell_of_very_many_statements_runs_to_its_end():
    module, report = run(cells("\n".join(f"x{i} = {i}" for i in range(2000))))
    assert module.x1999 == 1999
    assert report.failures == ()


def test_a_name_that_never_comes_is_reported_once():
    _, report = run(cells("x = never", "y = 1"))
    assert [(f.label, f.exception) for f in report.failures] == [("cell 1", "NameError")]


ENDLESS = [
    "while True: pass",
    "import time\ntime.sleep(60)",
    "while True:\n    try:\n        while True: pass\n    except BaseException:\n        pass",
    "import time\nwhile True:\n    try:\n        time.sleep(60)\n    except:\n        pass",
    "def g():\n    while True:\n        try:\n            h()\n        except BaseException as e:\n"
    "            print(end='')\ndef h():\n    while True: pass\ng()",
    "while True:\n    try:\n        while True: pass\n    finally:\n        continue",
    "import time\nwhile True:\n  try:\n    try:\n      time.sleep(60)\n    except:\n      pass\n"
    "  except:\n    pass",
    "import time\ndef g():\n  while True:\n    try: time.sleep(60)\n    except: pass\n"
    "while True:\n  try: g()\n  except BaseException: pass",
]


@pytest.mark.parametrize("source", ENDLESS)
def test_an_endless_cell_is_interrupted_even_where_it_swallows_that(source):
    started = time.perf_counter()
    module, report = run(cells("a = 1", source, "def f(): return a"), cell_time_s=0.1)
    assert time.perf_counter() - started < 1.5
    assert module.f() == 1
    assert [(f.label, f.kind) for f in report.failures] == [("cell 2", "timed_out")]
    assert sys.gettrace() is None


def test_a_handler_that_a_cell_installed_does_not_outlive_it():
    source = "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)"
    _, report = run(cells(source, "while True: pass"), cell_time_s=0.1)
    assert [f.label for f in report.failures] == ["cell 2"]


def test_the_alarm_is_given_back():
    before = signal.getsignal(signal.SIGALRM)
    run(cells("while True: pass"), cell_time_s=0.05)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_whole_time_is_kept_and_bare_definitions_still_run():
    flat = cells(*["while True: pass"] * 4, "x = [1] * 1", "import math\ndef f(): return math.pi")
    started = time.perf_counter()
    module, report = run(flat, cell_time_s=0.1, total_time_s=0.3)
    assert time.perf_counter() - started < 1
    assert module.f() > 3
    assert report.stopped
    assert [(f.label, f.kind) for f in report.failures] == [
        (f"cell {i}", "timed_out") for i in range(1, 6)
    ]
    assert report.failures[4].names == ("x",)
    assert not hasattr(module, "x")


def test_times_come_from_the_clock_that_is_given():
    ticks = iter(range(100))
    _, report = run(cells("a = 1", "b = 1"), total_time_s=1000, clock=lambda: float(next(ticks)))
    assert report.seconds == 7.0


def test_without_an_alarm_signal_cells_run_uninterrupted(monkeypatch):
    monkeypatch.delattr(signal, "setitimer")
    module, report = run(cells("import time\ntime.sleep(.05)\na = 1", "boom()"), cell_time_s=0.01)
    assert module.a == 1
    assert [f.label for f in report.failures] == ["cell 2"]


def test_source_and_traceback_of_a_script_show_the_true_lines():
    source = b"# one\n\nclass C:\n    x = 1\n\n\ndef f():\n    # why\n    return 1 / 0\n"
    module, _ = run(flatten({"main.py": source}, ["f"]))
    assert inspect.getsource(module.f) == "def f():\n    # why\n    return 1 / 0\n"
    assert inspect.getsource(module.C) == "class C:\n    x = 1\n"
    with pytest.raises(ZeroDivisionError) as caught:
        module.f()
    frame = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (frame.filename, frame.lineno, frame.line) == ("main.py", 9, "return 1 / 0")


def test_source_and_traceback_of_a_notebook_name_the_cell():
    module, report = run(cells("a = 1", "def f():\n    return 1 / 0", "\nf()"))
    assert inspect.getsource(module.f) == "def f():\n    return 1 / 0\n"
    assert report.failures[0].line == 2
    linecache.checkcache()
    assert linecache.getline("hw.ipynb cell 2", 2) == "    return 1 / 0\n"


def test_future_imports_hold_for_the_cells_below():
    module, report = run(
        flatten(
            {"a.py": b"from __future__ import annotations\ndef f(x: NoSuch): return 1\n"}, ["f"]
        )
    )
    assert report.failures == ()
    assert module.f.__annotations__ == {"x": "NoSuch"}


def test_the_module_looks_like_an_imported_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    source = (
        b"import sys, dataclasses\nfrom pathlib import Path\n@dataclasses.dataclass\nclass P:\n"
        b"    x: 'int' = 1\nargv = sys.argv\nhere = Path(__file__).parent\n"
        b"import argparse\nargs = argparse.ArgumentParser().parse_args()\n"
    )
    module, report = run(
        flatten({"src/main.py": source, "x.txt": b""}, ["P"]), module_name="student"
    )
    assert report.failures == ()
    assert sys.modules.pop("student") is module
    assert module.P().x == 1
    assert module.argv == ["src/main.py"]
    assert module.here == tmp_path


def test_a_helper_named_as_the_module_keeps_its_name():
    files = {
        "main.py": b"import submission\ndef f(): return submission.g()",
        "submission.py": b"def g(): return 1",
    }
    module, _ = run(flatten(files, ["f"]))
    assert module.f() == 1


def test_the_next_load_sees_nothing_of_the_one_before():
    for value in (1, 2):
        files = {"main.py": b"import helper\nf = helper.v", "helper.py": b"v = %d" % value}
        module, _ = run(flatten(files, ["f"]))
        assert module.f == value
    files = {"main.py": b"import helper\nf = 1"}
    _, report = run(flatten(files, ["f"]))
    assert report.failures[0].exception == "ModuleNotFoundError"


@pytest.mark.parametrize(
    "change",
    [
        {"failures": 5},
        {"failures": [{}]},
        {"milliseconds": -1},
        {"milliseconds": 1.5},
        {"milliseconds": True},
        {"stopped": 2},
        {"more": 1},
    ],
)
def test_a_report_that_is_not_as_it_must_be_is_refused(change):
    good = LoadReport((), 1.25, stopped=True)
    assert LoadReport.from_plain(good.to_plain()) == good
    with pytest.raises(ValueError, match="expected"):
        LoadReport.from_plain(good.to_plain() | change)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "killed"},
        {"kind": ["raised"]},
        {"message": "x" * 2001},
        {"message": "\ud800"},
        {"message": b"x"},
        {"line": -1},
        {"label": 5},
        {"names": ["x"] * 101},
        {"names": "xyz"},
        {"exception": None},
    ],
)
def test_a_failure_that_is_not_as_it_must_be_is_refused(change):
    good = CellFailure("cell 1", "raised", "ValueError", "text", None, ("f",))
    assert CellFailure.from_plain(good.to_plain()) == good
    with pytest.raises(ValueError, match="expected"):
        CellFailure.from_plain(good.to_plain() | change)
