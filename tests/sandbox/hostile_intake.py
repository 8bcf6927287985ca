"""Attacks by what is handed in: archives, notebooks, names, links and files that are no program.

Each is a function that writes an entry below SUBMISSIONS; `attacks()` gives them as data, beside the programs.
"""

import io
import pickle
import stat
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from hostile_class import Attack, Build, filled, listed

STUBS_OUTCOME = "not_implemented"
_ATTACKS: list[Attack] = []


def attacks() -> list[Attack]:
    """Those of this module, and of every other one that was imported and uses `handed_in`."""
    return list(_ATTACKS)


def handed_in(
    what: str,
    asset: str,
    channel: str = "intake",
    *,
    otter: int = 0,
    expect: str = STUBS_OUTCOME,
    unseen: str = "",
    entry: str = "",
) -> Callable[[Build], Build]:
    def add(build: Build) -> Build:
        attack = Attack(
            name=build.__name__,
            what=what,
            assets=listed(asset),
            channels=listed(channel),
            otter=otter,
            expect=frozenset(listed(expect)),
            build=build,
            unseen=unseen,
            entry=entry,
        )
        _ATTACKS.append(attack)
        return build

    return add


def packed(
    entries: Mapping[str, bytes], links: Mapping[str, str] | None = None, kind: int = stat.S_IFLNK
) -> bytes:
    """A zip archive of files, and of entries of another kind."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
        for name, target in (links or {}).items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (kind | 0o777) << 16
            archive.writestr(info, target)
    return buffer.getvalue()


class _Exploit:
    """Touches a file where it is unpickled."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, ...]:
        return open, (self._path, "w")


# Pickles and files that shadow ours.


@handed_in(
    "a pickle named .OTTER_LOG, results.pkl and weights.pt in a zip", "machine, grades", otter=12
)
def otter_log_in_zip(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    exploit = pickle.dumps(_Exploit(f"{known['@COURSE@']}/ESCAPED"))
    content = {
        ".OTTER_LOG": exploit,
        "results.pkl": exploit,
        "weights.pt": exploit,
        "homework.py": blank.encode(),
    }
    (folder / "otter_log_in_zip.zip").write_bytes(packed(content))


@handed_in(
    "weights with code in their pickle, loaded by the submission and lying beside it",
    "machine, reference",
)
def weights_with_code(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    exploit = pickle.dumps(_Exploit(f"{known['@COURSE@']}/ESCAPED"))
    loads = "try:\n    torch.load('model.pt', weights_only=False)\nexcept Exception:\n    pass\n"
    loads += "try:\n    open('@COURSE@/ESCAPED').close()\nexcept OSError:\n    pass\n"
    loads += "else:\n    raise RuntimeError('ESCAPED')\n"
    files = {
        "model.pt": packed(
            {"archive/data.pkl": exploit, "archive/version": b"3", "archive/byteorder": b"little"}
        ),
        "optimizer.pth": exploit,
        "data.npy": b"\x93NUMPY\x01\x00v\x00" + b"{'descr': 'O'" + exploit,
        "homework.py": f"{blank}\n\n{filled(loads, known)}".encode(),
    }
    place = folder / "weights_with_code"
    place.mkdir()
    for name, content in files.items():
        (place / name).write_bytes(content)


_SHADOW = (
    "import sys, builtins\n"
    "try:\n    open('@COURSE@/ESCAPED', 'w').close()\nexcept OSError:\n    pass\n"
    "import torch.testing\n"
    "torch.allclose = torch.equal = lambda *a, **k: True\n"
)
_SHADOWED = (
    "conftest.py",
    "sitecustomize.py",
    "usercustomize.py",
    "torch.py",
    "random.py",
    "json.py",
    "submission.py",
    "pytest.py",
    "otter/__init__.py",
    "autograder/__init__.py",
    "autograder/worker/serve.py",
    "autograder/judging/compare.py",
    "reference.py",
    "reference/chain_rule.py",
    "tests/hidden/chain_rule/test_chain_rule.py",
    "_pytest/__init__.py",
)


def _shadows(known: Mapping[str, str]) -> dict[str, bytes]:
    files = dict.fromkeys(_SHADOWED, filled(_SHADOW, known).encode())
    files["pytest.ini"] = b"[pytest]\naddopts = -p conftest\npython_files = *.py\n"
    files["tox.ini"] = files["setup.cfg"] = (
        b"[tool:pytest]\naddopts = -p conftest\n[pytest]\naddopts = -p conftest\n"
    )
    files["pyproject.toml"] = b"[tool.pytest.ini_options]\naddopts = '-x --maxfail=0'\n"
    files["grading.yml"] = b"isolation: {require: process}\n"
    files["assignment.yml"] = b"title: mine\nversion: '9'\ntasks: {}\n"
    files[".autograder/store.sqlite"] = b"SQLite format 3\x00" + bytes(100)
    files["evil.pth"] = b"import conftest\n"
    return files


@handed_in(
    "a zip with otter/, autograder/, torch.py, conftest.py, sitecustomize.py",
    "grades, tests",
    "intake, memory",
    otter=17,
)
def shadows_in_zip(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    imports = "import conftest, sitecustomize, otter, reference, random, json\n"
    content = {**_shadows(known), "homework.py": f"{blank}\n\n{imports}".encode()}
    (folder / "shadows_in_zip.zip").write_bytes(packed(content))


@handed_in("the same files in a folder, not imported by the submission itself", "grades, tests")
def shadows_in_folder(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    for name, content in {**_shadows(known), "homework.py": blank.encode()}.items():
        path = folder / "shadows_in_folder" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


# Archives.


@handed_in(
    "a zip whose entries lead out of the folder or are links to the reference",
    "reference, tests",
    "intake, file system",
)
def zip_slip(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    course = known["@COURSE@"]
    evil = b"def test_nothing():\n    pass\n"
    entries = {
        "homework.py": blank.encode(),
        f"../../../../..{course}/evil": evil,
        f"{course}/evil2": evil,
        "..\\..\\evil3": evil,
        "a/../../evil4": evil,
        "C:\\evil5": evil,
        "//server/evil6": evil,
    }
    links = {
        "link.py": f"{course}/reference/chain_rule.py",
        "reference.ipynb": f"{course}/reference/chain_rule.py",
        "folder": course,
        "folder/evil5": "through a link",
    }
    (folder / "zip_slip.zip").write_bytes(packed(entries, links))


@handed_in(
    "a zip that unpacks to a thousand times its size, and one within it", "machine, time of others"
)
def zip_bomb(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    bomb = bytes(64 << 20)
    entries = {f"{n}.py": bomb for n in range(2)}
    entries |= {"homework.py": blank.encode(), "inner.zip": packed({"a.py": bomb})}
    (folder / "zip_bomb.zip").write_bytes(packed(entries))


@handed_in("zips within zips, fifty deep", "machine, time of others")
def zip_in_zip(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    inner = packed({"deepest.py": b"x = 1\n"})
    for level in range(50):
        inner = packed({f"{level}.zip": inner})
    (folder / "zip_in_zip.zip").write_bytes(
        packed({"homework.py": blank.encode(), "inner.zip": inner})
    )


@handed_in(
    "a zip whose devices, pipes and sockets would be made by whoever unpacks it",
    "machine",
    "intake, file system",
)
def zip_of_devices(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    content = packed({"homework.py": blank.encode()}, {"null": "", "sda.py": ""}, stat.S_IFCHR)
    (folder / "zip_of_devices.zip").write_bytes(content)
    place = folder / "zip_of_devices"
    place.mkdir()
    (place / "pipes.zip").write_bytes(packed({}, {"pipe.py": ""}, stat.S_IFIFO))
    (place / "sockets.zip").write_bytes(packed({}, {"socket.py": "", "setuid": ""}, stat.S_IFSOCK))


@handed_in(
    "names in a zip with NUL, line ends, terminal escapes, reversed text, markup and 60,000 letters",
    "machine, grades",
    "intake, feedback",
    unseen=r"[\x1b\x9b\u202e\x00]|<script|Score: 20 of",
)
def names_in_zip(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    names = [
        "a\x1b[2J\x1b]52;c;eA==\x07.py",
        "b\u202egpj.py",
        "c\nScore: 20 of 20 points.py",
        "d<script>alert(1)</script>.py",
        "e" * 60_000 + ".py",
        "f\x9b2J.ipynb",
        "g\u2066\u2069.py",
        "hZZZi.py",
        "con.py",
        "-rf.py",
        "nul",
        " .py",
        "\ufeff.py",
        "é.py",
        "e\u0301.py",
    ]
    content = packed({"homework.py": blank.encode(), **dict.fromkeys(names, b"x = 1\n")})
    (folder / "names_in_zip.zip").write_bytes(content.replace(b"hZZZ", b"h\x00\x1b\n"))


@handed_in(
    "sixty thousand entries, and as many claimed",
    "machine, time of others",
    expect="not_implemented,ungradable,missing",
)
def many_entries(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("homework.py", blank)
        for number in range(30_000):
            archive.writestr(f"{number}", b"")
    (folder / "many_entries.zip").write_bytes(buffer.getvalue())


@handed_in(
    "entries that overlap, are encrypted, packed in rare ways, or lie about their sizes and sums",
    "machine, time of others",
    expect="not_implemented,ungradable,missing",
)
def broken_entries(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    place = folder / "broken_entries"
    place.mkdir()
    whole = packed({"homework.py": blank.encode(), "data.txt": b"x" * 5000})
    central = whole.index(b"PK\x01\x02")
    changed = {
        "encrypted": (6, struct.pack("<H", 1)),
        "method": (10, struct.pack("<H", 14)),
        "sum": (16, b"\xff" * 4),
        "small": (24, struct.pack("<I", 1)),
        "large": (24, struct.pack("<I", 0xFFFFFFFE)),
        "offset": (42, b"\xff\xff\xff\x7f"),
    }
    at_end = (
        central + 8
    )  # the flags of the central directory stand two bytes further than in a local header
    for name, (where, value) in changed.items():
        at = (
            (at_end if name == "encrypted" else central + where)
            if name != "method"
            else central + 10
        )
        (place / f"{name}.zip").write_bytes(whole[:at] + value + whole[at + len(value) :])
    # Many names for one body: unpacked, each counts.
    body, entry = whole[:central], whole[central : whole.index(b"PK\x01\x02", central + 4)]
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 900, 900, 900 * len(entry), len(body), 0)
    (place / "overlap.zip").write_bytes(body + entry * 900 + end)
    (place / "cut.zip").write_bytes(whole[:-30])
    (place / "homework.py").write_text(blank)


@handed_in(
    "one file that is a zip, a script and a notebook",
    "grades, machine",
    expect="not_implemented,ungradable,missing,raised",
)
def polyglot(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    hidden = packed({"homework.py": b"raise SystemExit\n", "conftest.py": b"x = 1\n"})
    (folder / "polyglot.py").write_bytes(
        blank.encode() + b"\n\nX = '''{\"nbformat\": 4'''\n# " + hidden.replace(b"\n", b" ")
    )
