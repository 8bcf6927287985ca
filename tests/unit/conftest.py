"""One page with every mistake that the tests make on purpose, and what its author reads."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[1] / "mistakes.txt"
HEAD = """\
Mistakes of authors, and what each of them reads: the line of the file, what was expected and what to do.
Made by: WRITE_MISTAKES=1 python -m pytest tests/unit/settings/test_mistakes.py tests/unit/authoring/test_mistakes.py
"""


def sections():
    text = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    parts = text.split("\n== ")[1:]
    return {part.partition(" ==\n")[0]: part.partition(" ==\n")[2] for part in parts}


@pytest.fixture
def as_on_the_page():
    """Compares messages with a section of the page; with WRITE_MISTAKES in the environment, writes it anew."""

    def compare(section: str, messages: Mapping[str, str]) -> None:
        text = "".join(
            f"\n{number}. {mistake}\n" + "".join(f"    {line}\n" for line in message.splitlines())
            for number, (mistake, message) in enumerate(messages.items(), 1)
        )
        found = sections()
        if "WRITE_MISTAKES" in os.environ:
            found[section] = text
            parts = (f"\n== {name} ==\n{found[name].rstrip()}\n" for name in sorted(found))
            PAGE.write_text(HEAD + "".join(parts), encoding="utf-8")
            return
        assert text.strip() == found[section].strip()

    return compare
