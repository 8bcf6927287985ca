"""`autograder settings`: the table, its JSON, and the schemas."""

import json
import sys

import pytest

from autograder.cli.app import main


@pytest.fixture
def course(tmp_path):
    text = "course: '[bold]Demo'\nlimits:\n  memory_mb: 700\n"
    (tmp_path / "grading.yml").write_text(text)
    folder = tmp_path / "assignments" / "demo"
    folder.mkdir(parents=True)
    (folder / "assignment.yml").write_text(
        'title: Demo\nversion: "1"\ntasks:\n  "1": {title: One, entry_point: f}\n'
    )
    return tmp_path


@pytest.fixture
def settings(monkeypatch, capsys):
    """Runs the command in this process; returns exit code, output and errors, blanks made single."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["autograder", "settings", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            main()
        output, errors = capsys.readouterr()
        return caught.value.code, " ".join(output.split()), errors

    return run


def test_the_table_shows_value_source_and_meaning_of_every_setting(settings, course):
    code, output, _ = settings("demo", "--course", course)
    assert code == 0
    assert (
        "limits.memory_mb 700 grading.yml:3 Memory of one task beyond what torch itself" in output
    )
    assert "course '[bold]Demo' grading.yml:1" in output
    assert "tasks.1.entry_point f assignment.yml:4" in output
    assert "tasks.1.entry_point" not in settings("--course", course)[1]


def test_the_same_is_written_for_programs(settings, course, tmp_path):
    assert settings("--course", course, "--json", tmp_path / "all.json")[0] == 0
    written = {one["key"]: one for one in json.loads((tmp_path / "all.json").read_text())}
    assert written["limits.memory_mb"]["value"] == "700"
    assert written["limits.threads"]["source"] == "default"


def test_a_schema_is_printed_outside_of_any_course(settings, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    code, output, _ = settings("--schema", "grading")
    assert code == 0
    assert json.loads(output)["required"] == ["course"]


@pytest.mark.parametrize("words", [("dem",), ("--json", "."), ("--schema", "roster")])
def test_a_mistake_in_the_arguments_ends_in_2(settings, course, monkeypatch, words):
    monkeypatch.chdir(course)
    code, _, errors = settings(*words)
    assert code == 2
    assert errors
