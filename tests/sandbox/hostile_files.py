"""Attacks by notebooks, sources, names and files, in the form of hostile_intake; archives stand there."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from hostile_class import filled
from hostile_intake import handed_in

# Notebooks.


def notebook(
    blank: str, known: Mapping[str, str], metadata: object, cells: tuple[str, ...]
) -> dict[str, object]:
    sources = [blank, *(filled(cell, known) for cell in cells)]
    output = {
        "output_type": "display_data",
        "data": {"text/html": "<script>" * 1000},
        "metadata": {},
    }
    return {
        "metadata": metadata,
        "nbformat": 4,
        "nbformat_minor": 5,
        "cells": [
            {
                "cell_type": "code",
                "id": str(n),
                "metadata": {"tags": ["x"]},
                "execution_count": 10**18,
                "source": source.splitlines(keepends=True),
                "outputs": [output],
            }
            for n, source in enumerate(sources)
        ],
    }


def _written(folder: Path, name: str, content: object) -> None:
    (folder / f"{name}.ipynb").write_text(json.dumps(content))


@handed_in(
    "a notebook that asks for a kernel that does not exist, with monstrous metadata",
    "grades, machine",
    otter=16,
)
def bogus_kernel(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    kernel = {"name": "no/../such", "display_name": {"a": 1}, "language": "bash"}
    _written(
        folder,
        "bogus_kernel",
        notebook(blank, known, {"kernelspec": kernel, "widgets": [[[]]] * 99}, ()),
    )


_CELLS = (
    "%%bash\ntouch @COURSE@/ESCAPED",
    "!touch @COURSE@/ESCAPED\n!cat @COURSE@/reference/*",
    "%run @COURSE@/reference/chain_rule.py",
    "%load @COURSE@/reference/chain_rule.py",
    "%%writefile @COURSE@/ESCAPED\nx",
    "get_ipython().system('touch @COURSE@/ESCAPED')",
    "import os; os.system('touch @COURSE@/ESCAPED')",
)


@handed_in(
    "shell commands and magics that read or write the course",
    "tests, reference, machine",
    "intake, processes",
)
def commands_in_cells(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    _written(folder, "commands_in_cells", notebook(blank, known, {}, _CELLS))


@handed_in(
    "magics that cost a parser a minute",
    "time of others, machine",
    "intake, time",
    expect="not_implemented,ungradable,timed_out",
)
def slow_magics(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    cell = "%time x\n" * 5000
    _written(folder, "slow_magics", notebook(blank, known, {}, (cell, cell)))


@handed_in(
    "twenty thousand cells",
    "time of others, machine",
    expect="not_implemented,ungradable,missing,timed_out,wrong",
)
def thousands_of_cells(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    cell = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
        "source": "x = 1",
    }
    content = notebook(blank, known, {}, ())
    content["cells"] += [cell] * 20_000
    _written(folder, "thousands_of_cells", content)


@handed_in(
    "outputs of three million letters, attachments, and metadata nested nine hundred deep",
    "machine, time of others",
)
def huge_outputs(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    metadata: dict[str, object] = {}
    for _ in range(900):
        metadata = {"a": metadata}
    content = notebook(blank, known, metadata, ())
    picture = {
        "output_type": "display_data",
        "data": {"image/png": "A" * 3_000_000},
        "metadata": metadata,
    }
    content["cells"][0] |= {
        "outputs": [picture],
        "attachments": {"x.svg": {"image/svg+xml": "<svg onload=alert(1)>"}},
    }
    _written(folder, "huge_outputs", content)


@handed_in(
    "notebooks of strange JSON: doubled keys, NaN, endless numbers, cells of every type",
    "machine, grades",
    expect="not_implemented,ungradable,missing",
)
def strange_json(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    place = folder / "strange_json"
    place.mkdir()
    (place / "homework.py").write_text(blank)
    cells = [
        None,
        1,
        "x",
        [],
        {"cell_type": "code"},
        {"cell_type": "code", "source": {"a": 1}},
        {"cell_type": ["code"], "source": [1, None]},
        {"cell_type": "code", "source": "\ud800"},
        {"cell_type": "code", "source": ["a", ["b"]]},
        {"source": "x = 1", "cell_type": 7},
    ]
    whole = json.dumps({"nbformat": 10**30, "metadata": None, "cells": cells})
    variants = {
        "types": whole,
        "twice": '{"cells": [], "cells": ' + json.dumps(cells) + ', "nbformat": 4}',
        "nan": '{"nbformat": NaN, "cells": [], "x": 1e9999, "y": -Infinity}',
        "digits": '{"nbformat": ' + "9" * 400_000 + "}",
        "dict": '{"nbformat": 4, "cells": {"0": {}}}',
        "utf16": "\ufeff" + whole,
        "sheets": '{"nbformat": 3, "worksheets": [[], {"cells": 1}]}',
    }
    for name, text in variants.items():
        encoding = "utf-16" if name == "utf16" else "utf-8"
        (place / f"{name}.ipynb").write_bytes(text.encode(encoding, "surrogatepass"))


@handed_in(
    "3000 cells that fail, to flood the notes",
    "time of others, grades",
    "intake, feedback",
    expect="not_implemented,timed_out",
)
def failing_cells(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    lines = "\n".join(f"LEAKED{n} / 0" for n in range(3000))
    (folder / "failing_cells.py").write_text(f"{blank}\n\n{lines}\n")


@handed_in(
    "sources that overflow parsers",
    "machine, time of others",
    expect="not_implemented,ungradable,missing,crashed",
)
def deep_nesting(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    place = folder / "deep_nesting"
    place.mkdir()
    deep = {
        "brackets": "(" * 100_000,
        "unary": "x = " + "-" * 200_000 + "1",
        "calls": "f" + "()" * 100_000,
        "powers": "9" * 4000 + "".join(["**9"] * 4000),
        "fstring": "f'{" * 5000,
    }
    for name, source in deep.items():
        (place / f"{name}.py").write_text(source)
    (place / "homework.py").write_text(blank)
    nested = "[" * 200_000
    (place / "notebook.ipynb").write_text(f'{{"cells": {nested}')


@handed_in(
    "sources in odd encodings, with reversed text, look-alike names, NUL bytes and form feeds",
    "grades, machine",
    expect="not_implemented,ungradable,missing,raised",
)
def odd_encodings(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    place = folder / "odd_encodings"
    place.mkdir()
    variants = {
        "utf7": b"# coding: utf-7\n+AGkAbQBwAG8AcgB0- os\n",
        "rot13": b"# coding: rot13\nvzcbeg bf\n",
        "raw": b"# coding: unicode_escape\n\\u0078 = 1\n",
        "nul": b"x = 1\x00\ny = 2\n",
        "bidi": "x = 1 # \u202e }\u2066if \u2069\n".encode(),
        "alike": "\u2170mport = 1\n\uff44\uff45\uff46 = 2\n".encode(),
        "feed": b"x = 1\x0c\x0b\x1c\ny = 2\n",
        "utf32": "x = 1\n".encode("utf-32"),
        "unknown": b"# coding: ../../etc/passwd\nx = 1\n",
    }
    for name, content in variants.items():
        (place / f"{name}.py").write_bytes(content)
    (place / "homework.py").write_text(blank)


# Files, names and folders.


@handed_in(
    "a link to the reference, handed in as a file",
    "reference",
    "intake, file system",
    expect="ungradable,missing",
)
def linked(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    (folder / "linked.py").symlink_to(f"{known['@COURSE@']}/reference/chain_rule.py")


@handed_in(
    "a folder that holds a link to the course and a pipe",
    "reference, time of others",
    "intake, file system",
    expect="ungradable,missing",
)
def special_files(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    place = folder / "special_files"
    place.mkdir()
    (place / "homework.py").write_text(blank)
    (place / "deep").symlink_to(known["@COURSE@"])
    os.mkfifo(place / "pipe.py")


@handed_in(
    "a file of a terabyte that takes no room, and one that cannot be read",
    "machine, time of others",
    expect="ungradable,missing",
)
def sparse_file(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    with (folder / "sparse_file.py").open("wb") as file:
        file.write(blank.encode())
        file.truncate(1 << 40)


FORMULA = "=cmd|' C calc'!A0,<script>"
ACTING = "\x1b[2J\x1b]52;c;eA==\x07[red]x[link=evil]\u202e{0}%s$(id)\n"
BYTES = "\udcff\udcfe" + "n" * 200
LOOKALIKE = "Always_equal"


@handed_in(
    "a student whose name is a formula with markup",
    "grades, machine",
    "intake, feedback",
    entry=FORMULA,
)
def formula(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    (folder / f"{FORMULA}.py").write_text(blank)


@handed_in(
    "a student whose name acts on terminals, rich's markup, formats and shells",
    "machine, grades",
    "intake, feedback",
    expect="ungradable,missing",
    entry=ACTING,
    unseen=r"[\x1b\x07\u202e]",
)
def acting_name(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    (folder / f"{ACTING}.py").write_text(blank)


@handed_in(
    "a student whose name is no UTF-8 and as long as names can be",
    "grades, other submissions",
    entry="%FF%FE" + "n" * 200,
)
def undecodable_name(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    (folder / f"{BYTES}.py").write_text(blank)


@handed_in(
    "a student whose name differs from another's in a capital, to get or to spoil that one's results",
    "other submissions, grades",
    "intake, feedback",
    entry=LOOKALIKE,
)
def lookalike_name(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    (folder / f"{LOOKALIKE}.py").write_text(blank)


COLLIDING = f"always_equal-{hashlib.sha256(b'Always_equal').hexdigest()[:8]}"


@handed_in(
    "a student whose name is that of the file into which another one's feedback goes",
    "other submissions, grades",
    "intake, feedback",
    entry=COLLIDING,
)
def colliding_name(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    (folder / f"{COLLIDING}.py").write_text(blank)


@handed_in(
    "hundreds of files whose names together are longer than a message",
    "grades",
    expect="ungradable,missing,not_implemented",
)
def long_names(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    place = folder / "long_names"
    deep = place.joinpath(*["d" * 250] * 8)
    deep.mkdir(parents=True)
    (place / "homework.py").write_text(blank)
    for number in range(490):
        (deep / f"{number:03}{'n' * 240}.txt").write_text("")


@handed_in(
    "a source so long that it comes out of the sandbox as it must, and does not go in again",
    "grades",
    "intake, wire",
    expect="ungradable,missing,not_implemented,raised",
)
def just_too_long(folder: Path, blank: str, known: Mapping[str, str]) -> None:
    from autograder.submission.flatten import flatten
    from autograder.worker import wire
    from autograder.worker.contents import flat_to_wire

    tasks = "product_gradients mse_gradients neuron_gradients neuron_batch_gradients two_layer_gradients"

    def source(padding: int) -> str:
        return f"{blank}\n\nPADDING = '{'x' * padding}'\n"

    def fits(padding: int) -> bool:
        """True where the intake's answer is a message that may be sent."""
        flat = flatten({"just_too_long.py": source(padding).encode()}, tasks.split())
        try:
            wire.encode({"id": 1, "printed": "", "ok": flat_to_wire(flat)})
        except wire.WireError:
            return False
        return True

    low, high = 0, wire.Limits().header_bytes
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    (folder / "just_too_long.py").write_text(source(low))
