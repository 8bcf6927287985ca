"""A class of hostile submissions: the programs below hostile/ as data, and forms that are built here.

Knows how a blank answer and an attack become what a student hands in, and what may become of it. Knows no grader.

The head of a program:
    # attack: what it tries
    # beats otter: number of the attack in the table of notes/otter.md, section 3, that beat otter-grader, or no
    # expect: outcomes that its tasks may have, and `ungradable` where nothing of it may be loaded
    # place: before or after the blank answer
    # unseen: a pattern that must not be in what its student gets to read
In a program, @COURSE@ and @OUT@ stand for the course and for the folder of results, which an attacker may have guessed;
@TOP@ for the folder of both, @PYTHON@ for the interpreter's, @PACKAGE@ for that of autograder. A program that got what
it must not get says ESCAPED.
"""

import io
import json
import os
import pickle
import re
import stat
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
STUBS_OUTCOME = "not_implemented"


@dataclass(frozen=True, slots=True)
class Attack:
    """One hostile submission.

    Attributes:
        otter: Number of the attack that beat otter-grader, or 0.
        build: Writes what is handed in: takes the folder of all submissions, the blank answer and the names.
        entry: Name below SUBMISSIONS.
    """

    name: str
    what: str
    otter: int
    expect: frozenset[str]
    build: Callable[[Path, str, Mapping[str, str]], None]
    unseen: str = ""
    entry: str = ""

    @property
    def student(self) -> str:
        return self.entry or self.name


def attacks() -> list[Attack]:
    programs = [_program(path) for path in sorted((HERE / "hostile").glob("*.py"))]
    return [*programs, *_BUILT]


def names(course: Path, out: Path) -> dict[str, str]:
    package = HERE.parents[1] / "autograder"
    return {
        "@COURSE@": str(course), "@OUT@": str(out), "@TOP@": str(course.parent),
        "@PYTHON@": sys.prefix, "@PACKAGE@": str(package),
    }  # fmt: skip


def _program(path: Path) -> Attack:
    text = path.read_text()
    head = dict(re.findall(r"^# ([a-z ]+): (.*)$", text, re.MULTILINE))
    before = head["place"] == "before"

    def build(folder: Path, blank: str, known: Mapping[str, str]) -> None:
        attack = _filled(text, known)
        parts = [attack, blank] if before else [blank, attack]
        (folder / path.name).write_text("\n\n".join(parts))

    return Attack(
        name=path.stem,
        what=head["attack"],
        otter=int(head["beats otter"].replace("no", "0")),
        expect=frozenset(head["expect"].split(",")),
        build=build,
        unseen=head.get("unseen", ""),
    )


def _filled(text: str, known: Mapping[str, str]) -> str:
    for name, value in known.items():
        text = text.replace(name, value)
    return text


def _zip(entries: Mapping[str, bytes], links: Mapping[str, str] = {}) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
        for name, target in links.items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
            archive.writestr(info, target)
    return buffer.getvalue()


class _Exploit:
    """Touches a file where it is unpickled."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, ...]:
        return open, (self._path, "w")


def _log_in_zip(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    exploit = pickle.dumps(_Exploit(f"{known['@COURSE@']}/ESCAPED"))
    content = {
        ".OTTER_LOG": exploit,
        "results.pkl": exploit,
        "weights.pt": exploit,
        "homework.py": blank.encode(),
    }
    (folder / "otter_log_in_zip.zip").write_bytes(_zip(content))


_SHADOW = (
    "import sys, builtins\n"
    "try:\n    open('@COURSE@/ESCAPED', 'w').close()\nexcept OSError:\n    pass\n"
    "import torch.testing\n"
    "torch.allclose = torch.equal = lambda *a, **k: True\n"
)
_SHADOWED = (
    "conftest.py", "sitecustomize.py", "usercustomize.py", "torch.py", "random.py", "json.py", "submission.py",
    "otter/__init__.py", "autograder/__init__.py", "autograder/worker/serve.py", "autograder/judging/compare.py",
    "reference.py", "reference/chain_rule.py", "tests/hidden/chain_rule/test_chain_rule.py", "_pytest/__init__.py",
)  # fmt: skip


def _shadows(known: Mapping[str, str]) -> dict[str, bytes]:
    files = dict.fromkeys(_SHADOWED, _filled(_SHADOW, known).encode())
    files["pytest.ini"] = b"[pytest]\naddopts = -p conftest\npython_files = *.py\n"
    files["pyproject.toml"] = b"[tool.pytest.ini_options]\naddopts = '-x --maxfail=0'\n"
    files["grading.yml"] = b"isolation: {require: process}\n"
    files["evil.pth"] = b"import conftest\n"
    return files


def _shadows_in_zip(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    imports = "import conftest, sitecustomize, otter, reference, random, json\n"
    (folder / "shadows_in_zip.zip").write_bytes(
        _zip({**_shadows(known), "homework.py": f"{blank}\n\n{imports}".encode()})
    )


def _shadows_in_folder(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    for name, content in {**_shadows(known), "homework.py": blank.encode()}.items():
        path = folder / "shadows_in_folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _zip_slip(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    course = known["@COURSE@"]
    evil = b"def test_nothing():\n    pass\n"
    entries = {
        "homework.py": blank.encode(), f"../../../../..{course}/evil": evil, f"{course}/evil2": evil,
        "..\\..\\evil3": evil, "a/../../evil4": evil,
    }  # fmt: skip
    links = {
        "link.py": f"{course}/reference/chain_rule.py", "reference.ipynb": f"{course}/reference/chain_rule.py",
        "folder": course, "folder/evil5": "through a link",
    }  # fmt: skip
    (folder / "zip_slip.zip").write_bytes(_zip(entries, links))


def _zip_bomb(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    bomb = bytes(64 << 20)
    entries = {f"{n}.py": bomb for n in range(2)} | {
        "homework.py": blank.encode(),
        "inner.zip": _zip({"a.py": bomb}),
    }
    (folder / "zip_bomb.zip").write_bytes(_zip(entries))


def _linked(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    (folder / "linked.py").symlink_to(f"{known['@COURSE@']}/reference/chain_rule.py")


def _special_files(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    place = folder / "special_files"
    place.mkdir()
    (place / "homework.py").write_text(blank)
    (place / "deep").symlink_to(known["@COURSE@"])
    os.mkfifo(place / "pipe.py")


_CELLS = (
    "%%bash\ntouch @COURSE@/ESCAPED",
    "!touch @COURSE@/ESCAPED\n!cat @COURSE@/reference/*",
    "%run @COURSE@/reference/chain_rule.py",
    "%load @COURSE@/reference/chain_rule.py",
    "%%writefile @COURSE@/ESCAPED\nx",
    "get_ipython().system('touch @COURSE@/ESCAPED')",
    "import os; os.system('touch @COURSE@/ESCAPED')",
)


def _notebook(
    blank: str, known: Mapping[str, str], metadata: object, cells: tuple[str, ...]
) -> str:
    sources = [blank, *(_filled(cell, known) for cell in cells)]
    output = {
        "output_type": "display_data",
        "data": {"text/html": "<script>" * 1000},
        "metadata": {},
    }
    return json.dumps(
        {
            "metadata": metadata,
            "nbformat": 4,
            "nbformat_minor": 5,
            "cells": [
                {"cell_type": "code", "id": str(n), "metadata": {"tags": ["x"]}, "execution_count": 10**18,
                 "source": source.splitlines(keepends=True), "outputs": [output]}
                for n, source in enumerate(sources)
            ],
        }
    )  # fmt: skip


def _bogus_kernel(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    kernel = {
        "kernelspec": {"name": "no/../such", "display_name": {"a": 1}, "language": "bash"},
        "widgets": [[[]]] * 99,
    }
    (folder / "bogus_kernel.ipynb").write_text(_notebook(blank, known, kernel, ()))


def _commands_in_cells(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    (folder / "commands_in_cells.ipynb").write_text(_notebook(blank, known, {}, _CELLS))


def _failing_cells(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    lines = "\n".join(f"LEAKED{n} / 0" for n in range(3000))
    (folder / "failing_cells.py").write_text(f"{blank}\n\n{lines}\n")


def _deep_nesting(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    place = folder / "deep_nesting"
    place.mkdir()
    deep = {"brackets": "(" * 100_000, "unary": "x = " + "-" * 200_000 + "1", "calls": "f" + "()" * 100_000,
            "powers": "9" * 4000 + "".join(["**9"] * 4000), "fstring": "f'{" * 5000}  # fmt: skip
    for name, source in deep.items():
        (place / f"{name}.py").write_text(source)
    (place / "homework.py").write_text(blank)
    nested = "[" * 200_000
    (place / "notebook.ipynb").write_text(f'{{"cells": {nested}')


def _slow_magics(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    cell = "%time x\n" * 5000
    (folder / "slow_magics.ipynb").write_text(_notebook(blank, known, {}, (cell, cell)))


_FORMULA = "=cmd|' C calc'!A0,<script>"


def _formula(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    (folder / f"{_FORMULA}.py").write_text(blank)


def _built(
    build: Callable[[Path, str, Mapping[str, str]], None], what: str, otter: int = 0,
    expect: str = STUBS_OUTCOME, entry: str = "",
) -> Attack:  # fmt: skip
    name = build.__name__.removeprefix("_")
    entry = entry or {"log_in_zip": "otter_log_in_zip"}.get(name, "")
    return Attack(name, what, otter, frozenset(expect.split(",")), build, entry=entry)


_BUILT = [
    _built(_log_in_zip, "a pickle named .OTTER_LOG, results.pkl and weights.pt in a zip", otter=12),
    _built(_bogus_kernel, "a notebook that asks for a kernel that does not exist, with monstrous metadata", otter=16),
    _built(_shadows_in_zip, "a zip with otter/, autograder/, torch.py, conftest.py, sitecustomize.py", otter=17),
    _built(_shadows_in_folder, "the same files in a folder, not imported by the submission itself"),
    _built(_zip_slip, "a zip whose entries lead out of the folder or are links to the reference"),
    _built(_zip_bomb, "a zip that unpacks to a thousand times its size, and one within it"),
    _built(_linked, "a link to the reference, handed in as a file", expect="ungradable,missing"),
    _built(_special_files, "a folder that holds a link to the course and a pipe", expect="ungradable,missing"),
    _built(_commands_in_cells, "shell commands and magics that read or write the course"),
    _built(_failing_cells, "3000 cells that fail, to flood the notes", expect="not_implemented,timed_out"),
    _built(_deep_nesting, "sources that overflow parsers", expect="not_implemented,ungradable,missing,crashed"),
    _built(_slow_magics, "magics that cost a parser a minute", expect="not_implemented,ungradable,timed_out"),
    _built(_formula, "a student whose name is a formula with markup", entry=_FORMULA),
]  # fmt: skip
