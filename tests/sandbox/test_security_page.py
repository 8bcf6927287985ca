"""docs/security.md tells what became of every attack in the last recorded run."""

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from autograder.records import Isolation


def beside(name: str):
    """A module beside this one: pytest's import mode, importlib, puts no folder on the path."""
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


hostile_class, *_, hostile_run, attack_table = map(
    beside, ("hostile_class", "hostile_intake", "hostile_files", "hostile_run", "attack_table")
)
HEAD = """# attack: nothing
# asset: grades
# channel: wire
# beats otter: no
# expect: wrong
# place: after
"""


def test_there_are_a_hundred_attacks_at_least_each_with_a_name_of_its_own():
    names = [attack.name for attack in hostile_run.attacks()]
    assert len(set(names)) == len(names) >= 100


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# asset: grades\n", ""), ("# channel: wire\n", ""), ("# asset: grades", "# asset: fame"),
        ("# channel: wire", "# channel: telepathy"), ("# channel: wire", "# channel:  "),
        ("# expect: wrong", "# expect: passed"), ("# place: after\n", "# place: after\n# colour: red\n"),
    ],
)  # fmt: skip
def test_a_program_without_a_proper_head_is_refused(tmp_path, before, after):
    path = tmp_path / "attack.py"
    path.write_text(HEAD)
    assert hostile_class.program(path).assets == ("grades",)
    path.write_text(HEAD.replace(before, after))
    with pytest.raises(hostile_class.HeadError, match="attack"):
        hostile_class.program(path)


def test_every_cell_of_the_matrix_is_filled_or_explained():
    attacks = hostile_run.attacks()
    empty = {
        (asset, channel)
        for asset in hostile_class.ASSETS
        for channel in hostile_class.CHANNELS
        if not attack_table.cell(attacks, asset, channel)
    }
    assert empty == attack_table.NO_WAY.keys()


def test_the_last_recorded_run_is_of_these_attacks_and_nobody_gained_anything():
    recorded = json.loads(attack_table.RESULTS.read_text())
    attacks = hostile_run.attacks()
    assert {Isolation.NAMESPACES, Isolation.LANDLOCK} <= recorded.keys()
    for level, run in recorded.items():
        tried = [attack for attack in attacks if level != Isolation.PROCESS or attack.process]
        assert run["attacks"].keys() == {attack.name for attack in tried}, level
        assert not [name for name, end in run["attacks"].items() if end["gained"] or end["points"]]
        assert (run["leaked_bytes"], run["survivors"], run["withheld"]) == (0, 0, 0)


def test_the_page_shows_that_run():
    text = attack_table.PAGE.read_text()
    recorded = json.loads(attack_table.RESULTS.read_text())
    assert text == attack_table.page(text, recorded), "type: python tests/sandbox/attack_table.py"
