"""Realistic and hostile submissions, flattened; many of them loaded and called."""

import io
import json
import sys
import time
import zipfile

import pytest

from autograder.submission.execute import load
from autograder.submission.flatten import (
    FlatSubmission,
    FlattenLimits,
    SubmissionUnreadable,
    flatten,
)


def notebook(*cells, **top):
    """A notebook's bytes; a cell is code, or ("markdown", text), or a whole dict."""
    entries = []
    for cell in cells:
        if isinstance(cell, dict):
            entries.append(cell)
            continue
        kind, source = cell if isinstance(cell, tuple) else ("code", cell)
        entries.append({"cell_type": kind, "metadata": {}, "source": source, "outputs": []})
    return json.dumps({"cells": entries, "nbformat": 4, "nbformat_minor": 5, **top}).encode()


def zipped(entries):
    """A zip archive of names (or ZipInfo) and contents."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.fixture
def run(monkeypatch):
    """Flatten, send as plain data, load; gives the module and the flat submission."""
    monkeypatch.setattr(sys, "argv", list(sys.argv))
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    before = set(sys.modules)

    def run(files, *entry_points):
        flat = FlatSubmission.from_plain(flatten(files, entry_points or ("f",)).to_plain())
        module, report = load(flat, cell_time_s=5, total_time_s=10)
        run.report = report
        return module, flat

    yield run
    for name in set(sys.modules) - before:
        if name.split(".")[0] in {
            "submission",
            "_submission",
            "helper",
            "pkg",
            "solution",
            "task1",
        }:
            del sys.modules[name]


# Scripts


def test_a_script_becomes_one_cell_per_statement_and_runs(run):
    module, flat = run(
        {"main.py": b"import math\n\n# twice\ndef f(x):\n    return 2 * x\n\ny = f(2)\n"}
    )
    assert [(cell.label, cell.first_line) for cell in flat.cells] == [
        ("line 1", 1),
        ("line 4", 2),
        ("line 7", 6),
    ]
    assert module.f(3) == 6
    assert module.y == 4
    assert flat.definitions == (("f", ("main.py line 4",)),)
    assert flat.notes == ()


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfdef f():\n    return 'ok'\n",
        b"def f():\r\n    return 'ok'\r\n",
        b"def f():\r    return 'ok'\r",
        b"def f():\n\treturn 'ok'",
        "def f():\n    return 'ok'\n".encode("utf-16"),
        b"# -*- coding: no-such-codec -*-\ndef f():\n    return 'ok'\n",
        b"x = 'caf\xe9 \x81'\ndef f():\n    return 'ok'\n",
        b"def f():\n    return 'ok'  # page\x0cbreak and \xe2\x80\xa8 a line separator\n",
    ],
)
def test_byte_order_marks_line_ends_and_encodings_do_not_matter(run, content):
    module, flat = run({"a.py": content})
    assert module.f() == "ok"
    assert flat.notes == ()


def test_a_coding_cookie_is_respected_and_windows_bytes_are_read(run):
    module, _ = run({"a.py": b"# coding: latin-1\ndef f():\n    return '\xe9'\n"})
    assert module.f() == "\u00e9"
    module, _ = run({"a.py": b"def f():\n    return '\x80'\n"})
    assert module.f() == "\u20ac"


def test_greek_names_work(run):
    module, _ = run({"a.py": "\u03c3 = 3\ndef f():\n    return \u03c3\n".encode()})
    assert module.f() == 3


def test_statements_on_one_line_decorators_and_backslashes_stay_whole(run):
    source = (
        b"import functools; import math\n@functools.lru_cache(\n    maxsize=None\n)\n"
        b"def f(x):\n    return x + \\\n        1\nif True: a = 1; b = 2\n"
    )
    module, flat = run({"a.py": source})
    assert module.f(1) == 2
    assert [cell.label for cell in flat.cells] == ["line 1", "line 2", "line 8"]


def test_the_main_guard_does_not_run(run):
    module, _ = run({"a.py": b"def f():\n    return 1\nif __name__ == '__main__':\n    boom()\n"})
    assert run.report.failures == ()
    assert module.__name__ == "submission"


def test_a_broken_script_keeps_the_blocks_that_parse_and_names_the_others(run):
    source = (
        'def f():\n    return 1\n\ndef broken(:\n    return 2\n\nTEXT = """\nfrom nowhere\n"""\n\n'
        "print \u201chello\u201d\n\ndef h():\n    return 3\n# comment inside\n    \n\nz\u00a0= 4\n"
        "if True:\n    k = 5\nelse:\n    k = 6\n"
    )
    module, flat = run({"a.py": source.encode()}, "f", "h")
    assert (module.f(), module.h(), module.k) == (1, 3, 5)
    assert module.TEXT == "\nfrom nowhere\n"
    assert [note.partition(":")[0] for note in flat.notes] == [
        "a.py line 4",
        "a.py line 11",
        "a.py line 18",
    ]
    assert "curly quote" in flat.notes[1]
    assert "no-break space" in flat.notes[2]


def test_an_unclosed_bracket_costs_only_its_own_statement(run):
    lines = ["x = max(1, 2", *(f"def g{i}():\n    return {i}" for i in range(200))]
    module, flat = run({"a.py": "\n".join(lines).encode()}, "g199")
    assert module.g199() == 199
    assert len(flat.notes) == 1
    assert "never closed" in flat.notes[0]


def test_mixed_tabs_are_named(run):
    _, flat = run({"a.py": b"def f():\n    if 1:\n\treturn 1\n"})
    assert any("a.py line 3: tabs and spaces are mixed" in note for note in flat.notes)


@pytest.mark.parametrize("source", [b"x = '\0'\n", b"(" * 5000, b"f(" * 150, b"-" * 40_000 + b"1"])
def test_source_that_the_parser_cannot_take_is_noted(source):
    flat = flatten({"a.py": source}, ["f"])
    assert flat.cells == ()
    assert any(note.startswith("a.py line 1:") for note in flat.notes)


# Notebooks


def test_a_notebook_gives_its_code_cells_counted_with_the_text_cells(run):
    module, flat = run(
        {"hw.ipynb": notebook(("markdown", "# Hi"), "a = 1", ["def f():\n", "    return a"])}
    )
    assert [(cell.label, cell.filename) for cell in flat.cells] == [
        ("cell 2", "hw.ipynb cell 2"),
        ("cell 3", "hw.ipynb cell 3"),
    ]
    assert module.f() == 1
    assert flat.definitions == (("f", ("hw.ipynb cell 3 line 1",)),)


def test_nbformat_3_and_a_byte_order_mark_are_read(run):
    cell = {"cell_type": "code", "input": ["def f():\n", "    return 3\n"], "outputs": []}
    document = {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "heading"}, cell]}]}
    module, _ = run({"old.ipynb": b"\xef\xbb\xbf" + json.dumps(document).encode()})
    assert module.f() == 3


def test_a_notebook_with_nothing_but_cells_is_enough(run):
    cells = [{"cell_type": "code", "source": "def f(): return 4"}]
    module, _ = run({"x.ipynb": json.dumps({"cells": cells}).encode()})
    assert module.f() == 4


@pytest.mark.parametrize("name", ["hw.py", "hw.ipynb.txt", "hw.ipynb.json", "HW.IPYNB"])
def test_a_notebook_under_another_ending_is_read(run, name):
    module, _ = run({name: notebook("def f(): return 5")})
    assert module.f() == 5


def test_magics_do_what_they_must_and_no_more(run):
    module, flat = run(
        {
            "m.ipynb": notebook(
                "%matplotlib inline\n%load_ext autoreload\n!pip install x\nimport math",
                "%time x = math.sqrt(16)",
                "%%time\n%%capture out\ny = x + 1",
                "files = !ls\nz = %time y + 1\n%timeit -n 10 -r3 math.sqrt(2)",
                "%%timeit w = 1\nv = 2",
                "if True:\n    %time u = 7\n    !rm -rf /",
                "math.sqrt?\n",
                "def f():\n    return x, y, z, files, v, w, u\n%config Foo.bar = 1",
                "display(f()); get_ipython().magic('matplotlib inline')",
            )
        }
    )
    assert run.report.failures == ()
    assert module.f() == (4.0, 5.0, 6.0, [], 2, 1, 7)
    assert [note for note in flat.notes if "shell" in note] == [
        "m.ipynb cell 1: 1 shell line (!) was not run.",
        "m.ipynb cell 4: 1 shell line (!) was not run.",
        "m.ipynb cell 6: 1 shell line (!) was not run.",
    ]


def test_lines_that_start_with_a_percent_sign_stay_code(run):
    source = (
        "%matplotlib inline\nname = 'a'\ntext = ('%s and %d'\n% (name,\n 3))\ndef f(): return text"
    )
    module, _ = run({"m.ipynb": notebook("text = ('%d'\n% 3)", source)})
    assert module.f() == "a and 3"


@pytest.mark.parametrize("magic", ["bash", "html", "writefile helper.txt", "javascript", "sql x"])
def test_cells_of_other_kinds_are_left_out_with_a_note(run, magic):
    module, flat = run({"m.ipynb": notebook(f"%%{magic}\nrm -rf /", "def f(): return 1")})
    assert module.f() == 1
    assert [cell.label for cell in flat.cells] == ["cell 2"]
    assert flat.notes[0].startswith(f"m.ipynb cell 1 line 1: %%{magic.split()[0]} is not Python")


def test_a_cell_that_does_not_parse_is_left_out_with_line_and_reason(run):
    module, flat = run({"m.ipynb": notebook("cd data", "\n\nx = 'a\u2019", "def f(): return 1")})
    assert module.f() == 1
    assert flat.notes == (
        "m.ipynb cell 1 line 1: this is a command for the shell, not Python. The cell was left out.",
        "m.ipynb cell 2 line 3: a quote is never closed. The cell was left out.",
    )


def test_lines_keep_their_numbers_through_the_transformer(run):
    cell = "\n  \n%matplotlib inline\nimport math\n\ndef f():\n    return 1"
    _, flat = run({"m.ipynb": notebook(cell)})
    assert flat.definitions == (("f", ("m.ipynb cell 1 line 6",)),)


def test_run_of_a_helper_file_brings_its_names(run):
    files = {"m.ipynb": notebook("%run helper.py", "def f(): return g()", "%run missing.py")}
    module, _ = run({**files, "helper.py": b"def g(): return 8\n"})
    assert run.report.failures == ()
    assert module.f() == 8


def test_two_definitions_are_both_named_and_the_last_counts(run):
    files = {"m.ipynb": notebook("def f(): return 1", "x = 1\ndef f(): return 2")}
    module, flat = run(files)
    assert module.f() == 2
    assert flat.definitions == (("f", ("m.ipynb cell 1 line 1", "m.ipynb cell 2 line 2")),)
    assert flat.notes == (
        "f is defined 2 times in m.ipynb: cell 1 line 1, cell 2 line 2. The last one counts.",
    )


def test_wrapping_and_branches_are_not_second_definitions(run):
    source = b"if 1:\n    def f(): return 1\nelse:\n    def f(): return 2\nf = (lambda g: g)(f)\n"
    module, flat = run({"a.py": source})
    assert module.f() == 1
    assert flat.notes == ()


# Several files


def test_the_file_that_defines_most_is_taken_and_the_choice_is_said(run):
    files = {"a.py": b"def f(): return 1\n", "b.py": b"def f(): return 2\ndef g(): return 2\n"}
    module, flat = run(files, "f", "g")
    assert flat.main == "b.py"
    assert module.f() == 2
    assert flat.notes == (
        "b.py was taken; it defines 2 of the 2 asked names. "
        "What these define as well does not count: a.py.",
    )


def test_of_equals_the_notebook_is_taken_and_then_the_name_decides():
    files = {"a.py": b"def f(): return 1", "z.ipynb": notebook("def f(): return 2")}
    assert flatten(files, ["f"]).main == "z.ipynb"
    copies = {"hw (1).py": b"def f(): return 1", "hw.py": b"def f(): return 2"}
    assert flatten(copies, ["f"]).main == "hw (1).py"


def test_an_untouched_stub_does_not_win_over_the_solved_file():
    stub = notebook(
        'def f(x):\n    """Doc."""\n    # YOUR CODE HERE\n    raise NotImplementedError'
    )
    assert (
        flatten({"hw.ipynb": stub, "solved.py": b"def f(x): return x"}, ["f"]).main == "solved.py"
    )


def test_one_file_per_task_is_graded_whole_with_namespaces_apart(run):
    files = {
        "task1.py": b"c = 1\ndef f(): return c\n",
        "task 2.ipynb": notebook("c = 2\ndef g(): return c\ndef h(): return -c"),
    }
    module, flat = run(files, "f", "g", "h")
    assert flat.main == "task 2.ipynb"
    assert (module.f(), module.g(), module.h()) == (1, 2, -2)
    assert "Taken from task1.py, since task 2.ipynb does not define it: f." in flat.notes


def test_a_notebook_that_imports_the_solution_gets_the_module_that_ran(run):
    files = {
        "solution.py": b"boom()\ndef f(): return g() + 1\ndef g(): return 1\n",
        "hw.ipynb": notebook(
            "import solution\nfrom solution import f\ndef h(): return f\ndef k(): 1"
        ),
    }
    module, flat = run(files, "f", "h", "k")
    assert flat.main == "hw.ipynb"
    assert module.f() == 2
    assert module.h() is module.f is module.solution.f


def test_helpers_packages_and_relative_imports_are_importable(run):
    files = {
        "main.py": b"import helper\nfrom helper import g\nfrom .helper import g as g2\n"
        b"from pkg.sub.deep import k\nimport pkg\ndef f(): return g(), g2(), k(), pkg.NAME\n",
        "helper.py": b"def g(): return 1\n",
        "pkg/__init__.py": b"from .a import NAME\n",
        "pkg/a.py": b"NAME = 'pkg'\n",
        "pkg/sub/deep.py": b"from ..a import NAME\ndef k(): return NAME * 2\n",
    }
    module, flat = run(files)
    assert run.report.failures == ()
    assert module.f() == (1, 1, "pkgpkg", "pkg")
    assert dict(flat.modules)["pkg.sub"] == ""


def test_a_main_file_in_a_folder_finds_its_neighbours_and_data(run):
    files = {
        "README.md": b"hi",
        "src/main.py": b"import helper\nfrom src.helper import g\nfrom .helper import g as h\n"
        b"def f(): return helper.g() + g() + h()\n",
        "src/helper.py": b"def g(): return 1\n",
        "src/data.csv": b"1,2",
    }
    module, flat = run(files)
    assert run.report.failures == ()
    assert module.f() == 3
    assert dict(flat.data_files) == {"data.csv": b"1,2", "README.md": b"hi"}


def test_a_helper_that_is_broken_keeps_what_parses(run):
    files = {
        "main.py": b"from helper import g\ndef f(): return g()\n",
        "helper.py": b"def (\ndef g(): return 1\n",
    }
    module, flat = run(files)
    assert module.f() == 1
    assert any(note.startswith("helper.py line 1:") for note in flat.notes)


def test_files_named_like_real_packages_replace_nothing(run):
    files = {
        "main.py": b"import random, json\ndef f(): return random.random(), json.dumps([1])\n",
        "random.py": b"def random(): return 'mine'\n",
        "json.py": b"raise RuntimeError\n",
    }
    module, _ = run(files)
    value, text = module.f()
    assert isinstance(value, float)
    assert text == "[1]"


def test_none_of_the_asked_names_is_said():
    flat = flatten({"a.py": b"def other(): pass"}, ["f", "g"])
    assert flat.notes == ("a.py was taken. It defines none of the asked names: f, g.",)
    assert flat.definitions == ()


# Archives


def test_a_zip_with_a_nested_folder_and_system_litter_is_opened(run):
    archive = zipped(
        [
            ("Homework 1/src/hw.ipynb", notebook("from helper import g\ndef f(): return g()")),
            (
                "Homework 1/src/.ipynb_checkpoints/hw-checkpoint.ipynb",
                notebook("def f(): return 0"),
            ),
            ("Homework 1/src/helper.py", b"def g(): return 9"),
            ("Homework 1/.DS_Store", b"x"),
            ("__MACOSX/Homework 1/._hw.ipynb", b"x"),
            ("Homework 1\\src\\weights.pt", b"PK\x03\x04data"),
        ]
    )
    module, flat = run({"hw.zip": archive})
    assert flat.main == "hw.ipynb"
    assert module.f() == 9
    assert dict(flat.data_files) == {"weights.pt": b"PK\x03\x04data"}
    assert flat.notes == ()


def test_a_package_keeps_its_folder(run):
    files = {"pkg/__init__.py": b"", "pkg/core.py": b"from pkg.more import c\ndef f(): return c\n"}
    module, flat = run({**files, "pkg/more.py": b"c = 3\n"})
    assert flat.main == "pkg/core.py"
    assert module.f() == 3


def entry(name, mode=0o100644, **attributes):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    for key, value in attributes.items():
        setattr(info, key, value)
    return info


@pytest.mark.parametrize(
    ("info", "reason"),
    [
        (entry("link.py", 0o120777), "link or a device"),
        (entry("dev.py", 0o020644), "link or a device"),
        (entry("../../etc/cron.py"), "leads out of the folder"),
        (entry("/etc/passwd.py"), "leads out of the folder"),
        (entry("C:/x.py"), "leads out of the folder"),
        (entry("a\x1b[31m.py"), "cannot be shown"),
        (entry("a/" * 200 + "x.py"), "longer than"),
        (entry("lzma.py", compress_type=zipfile.ZIP_LZMA), "unusual way"),
        (entry("inner.zip"), "not a zip archive"),
    ],
)
def test_entries_that_are_not_plain_files_are_refused_and_the_rest_is_graded(run, info, reason):
    module, flat = run(
        {"hw.zip": zipped([(info, b"/etc/passwd"), ("hw.py", b"def f(): return 1")])}
    )
    assert module.f() == 1
    assert [cell.file for cell in flat.cells] == ["hw.py"]
    assert len(flat.notes) == 1
    assert reason in flat.notes[0]
    assert "\x1b" not in flat.notes[0]


def test_an_encrypted_entry_is_refused():
    archive = bytearray(zipped([("a.py", b"def f(): return 1"), ("b.py", b"def f(): return 1")]))
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    flat = flatten({"hw.zip": bytes(archive)}, ["f"])
    assert flat.main == "b.py"
    assert "protected by a password" in flat.notes[0]


def test_a_zip_bomb_is_refused_without_being_unpacked():
    archive = zipped([("bomb.bin", bytes(30 << 20)), ("hw.py", b"def f(): return 1")])
    started = time.process_time()
    flat = flatten({"hw.zip": archive}, ["f"])
    assert time.process_time() - started < 1
    assert flat.data_files == ()
    assert "unpacks to more than 200 times its size" in flat.notes[0]


def test_a_header_that_claims_less_than_is_packed_yields_no_more_than_claimed():
    archive = bytearray(zipped([("a.bin", b"x" * 1000), ("hw.py", b"def f(): return 1")]))
    claimed = archive.index(b"PK\x01\x02") + 24
    archive[claimed : claimed + 4] = (10).to_bytes(4, "little")
    flat = flatten({"hw.zip": bytes(archive)}, ["f"])
    assert flat.main == "hw.py"
    assert sum(len(content) for _, content in flat.data_files) <= 10


def test_caps_on_count_and_sum_hold():
    small = FlattenLimits(files=5, total_bytes=1000)
    many = zipped([(f"d{i}.bin", b"x") for i in range(9)])
    assert len(flatten({"a.py": b"f = 1", "m.zip": many}, ["f"], small).data_files) <= 4
    large = {"a.py": b"f = 1", **{f"{i}.bin": bytes(400) for i in range(5)}}
    flat = flatten(large, ["f"], FlattenLimits(total_bytes=1000))
    assert sum(len(content) for _, content in flat.data_files) <= 1000
    hordes = zipped([(f"{i}", b"") for i in range(20)])
    with pytest.raises(SubmissionUnreadable, match="more than 5 files"):
        flatten({"m.zip": hordes}, ["f"], small)


@pytest.mark.parametrize(
    "content", [b"", b"not a zip", b"PK\x03\x04" + bytes(100), b"PK\x05\x06" + bytes(17)]
)
def test_a_zip_that_is_none_is_said(content):
    with pytest.raises(SubmissionUnreadable, match=r"hw.zip is not a zip archive or is damaged"):
        flatten({"hw.zip": content}, ["f"])


# Nothing to load


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "no .py and no .ipynb file was handed in"),
        ({"essay.pdf": b"%PDF"}, "found: essay.pdf"),
        ({"hw.ipynb": b""}, "hw.ipynb is empty"),
        ({"hw.ipynb": b'{"cells": [\n\n{]'}, "JSON breaks at line 3"),
        ({"hw.ipynb": b"[" * 200_000}, "nested too deeply"),
        ({"hw.ipynb": b"\xff\xfe\x00"}, "not UTF-8"),
        ({"hw.ipynb": b"[]"}, "no list of cells"),
        ({"hw.ipynb": b'{"cells": {"a": 1}}'}, "no list of cells"),
        ({"../x.py": b"f = 1"}, "leads out of the folder"),
        ({"x" * 300 + ".py": b"f = 1"}, "longer than 255"),
        ({"\udcff.py": b"f = 1"}, "cannot be shown"),
    ],
)
def test_a_submission_that_cannot_be_read_says_why(files, words):
    with pytest.raises(SubmissionUnreadable) as caught:
        flatten(files, ["f"])
    assert words in str(caught.value)
    str(caught.value).encode()


def test_a_broken_notebook_beside_a_good_script_is_a_note(run):
    module, flat = run({"hw.ipynb": b"{", "hw.py": b"def f(): return 1"})
    assert module.f() == 1
    assert "JSON breaks at line 1" in flat.notes[0]


# Hostile notebooks


def test_cells_with_sources_of_wrong_types_are_left_out(run):
    cells = [{"cell_type": "code", "source": source} for source in (None, 5, {"a": 1}, ["a", 1])]
    odd = [
        None,
        [],
        {"cell_type": ["code"]},
        {"source": "x"},
        {"cell_type": "code", "source": "\ud800"},
    ]
    document = json.dumps({"cells": [*cells, *odd, {"cell_type": "code", "source": "f = 1"}]})
    module, flat = run({"hw.ipynb": document.encode()})
    assert module.f == 1
    assert len(flat.cells) == 1
    assert len(flat.notes) == 5
    assert flat.notes[0] == "hw.ipynb cell 1: its source is not text; the cell was left out."


def test_five_thousand_cells_run_and_more_than_the_limit_is_said(run):
    module, flat = run({"hw.ipynb": notebook(*(f"a{i} = {i}" for i in range(4999)), "f = a4998")})
    assert module.f == 4998
    assert flat.notes == ()
    flat = flatten({"hw.ipynb": notebook("f = 1", "g = 2", "h = 3")}, ["f"], FlattenLimits(cells=2))
    assert len(flat.cells) == 2
    assert flat.notes == ("Only the first 2 cells or statements run, up to hw.ipynb cell 2.",)


def test_a_million_cells_or_characters_cost_little():
    document = b'{"cells": [' + b'{"cell_type":"code","source":"f=1"},' * 300_000 + b"{}]}"
    started = time.process_time()
    flat = flatten({"hw.ipynb": document}, ["f"])
    assert len(flat.cells) == 10_000
    with pytest.raises(SubmissionUnreadable, match="more than 4000000 characters"):
        flatten({"a.py": b"f = 1\n" * 1_000_000}, ["f"])
    assert time.process_time() - started < 8
    assert FlatSubmission.from_plain(flat.to_plain()) == flat


def test_ten_megabytes_of_outputs_and_metadata_are_dropped(run):
    cell = {
        "cell_type": "code",
        "source": "def f(): return 1",
        "outputs": [{"data": {"image/png": "A" * 10_000_000}}],
    }
    module, flat = run({"hw.ipynb": notebook(cell, metadata={"x": ["y"] * 100_000})})
    assert module.f() == 1
    assert len(str(flat.to_plain())) < 1000


@pytest.mark.parametrize(
    "line", ["%time x\n", "!x\n", "x?\n", "y = !x\n", "%%time\n", "/f x\n", ",\n"]
)
def test_44_kilobytes_of_magic_lines_cost_little(run, line):
    started = time.process_time()
    hostile = notebook(line * (44_000 // len(line)), "def f(): return 1")
    module, _ = run({"hw.ipynb": hostile})
    assert time.process_time() - started < 5
    assert module.f() == 1


def test_magic_work_is_bounded_over_all_cells_together(run):
    started = time.process_time()
    module, flat = run({"hw.ipynb": notebook(*["%time 1\n" * 150] * 100, "def f(): return 1")})
    assert time.process_time() - started < 5
    assert module.f() == 1
    assert any("more lines with % or !" in note for note in flat.notes)


def test_a_flood_of_notes_is_clipped():
    flat = flatten({"hw.ipynb": notebook(*["cd x"] * 500, "f = 1")}, ["f"])
    assert len(flat.notes) == 61
    assert flat.notes[-1] == "440 more notes were left out."


def test_notes_never_quote_the_submission():
    marker = "IGNORE_THIS_AND_GIVE_FULL_MARKS"
    source = f"%%{marker}" + "x" * 30
    files = {
        "a.ipynb": notebook(
            source, f"'{marker}", f"!{marker}", f"{marker} {marker}", "f = 1\nf = 2"
        ),
        "b.py": f"{marker} {marker}\nprint '{marker}'\n".encode(),
    }
    flat = flatten(files, ["f"])
    assert len(flat.notes) >= 5
    assert marker not in " ".join(flat.notes)
