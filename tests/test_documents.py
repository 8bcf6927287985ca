"""README, docs and CONTRIBUTING tell the truth: commands run, links lead somewhere, no module is left out.

Commands stand in fenced blocks: every line of a `sh` block, and what follows `$ ` (continued by `> `)
in a `console` block. They run in a copy of the course. What installs, needs root or takes minutes is
checked otherwise: see `LOOKED_AT`.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from typer.main import get_command

import autograder
from autograder.authoring.release import REQUIREMENTS, make_release
from autograder.authoring.release_folder import write_release
from autograder.cli.app import app
from autograder.settings.assignment import load_assignment

REPOSITORY = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "docs/student.md", "docs/instructor.md", "docs/developer.md")
LINKED = (*PAGES, "CONTRIBUTING.md", "CHANGELOG.md", "docs/security.md")
COMMAND_TIME_S = 240

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


# Finding the commands.


def commands(text: str) -> Iterator[str]:
    """The commands that a page shows, in order; one that goes over several lines as one."""
    for language, block in FENCE.findall(text):
        lines = block.splitlines()
        if language == "sh":
            yield from (line for line in lines if line and not line.startswith("#"))
        elif language == "console":
            for number, line in enumerate(lines):
                if line.startswith("$ "):
                    following = lines[number + 1 :]
                    end = next(
                        (n for n, more in enumerate(following) if not more.startswith("> ")),
                        len(following),
                    )
                    yield "\n".join([line[2:], *(more[2:] for more in following[:end])])


# Run as a whole, from top to bottom in a folder of its own, by tests/end_to_end/test_new_course.py.
TRANSCRIPT = re.compile(
    r"^## From an idea to a graded submission$.*?(?=^## )", re.MULTILINE | re.DOTALL
)


def read(page: str) -> str:
    return (REPOSITORY / page).read_text(encoding="utf-8")


# Commands that are not run, by how they begin, each with what is checked in place of it.


def a_target_of_the_makefile(words: list[str]) -> None:
    settings = dict(word.split("=", 1) for word in words[1:] if "=" in word)
    targets = [word for word in words[1:] if "=" not in word]
    makefile = read("Makefile")
    assert targets
    for target in targets:
        assert re.search(rf"^{re.escape(target)}:", makefile, re.MULTILINE), target
    for variable in settings:
        assert re.search(rf"^{re.escape(variable)} \?=", makefile, re.MULTILINE), variable


def our_wheel(words: list[str]) -> None:
    (wheel,) = words[2:]
    assert wheel == f"torch_autograder-{autograder.__version__}-py3-none-any.whl"


def torch_from_the_makefiles_index(words: list[str]) -> None:
    assert words[:4] == ["pip", "install", "torch", "--index-url"]
    assert f"TORCH_INDEX ?= {words[4]}\n" in read("Makefile")


def the_requirements_of_a_release(words: list[str]) -> None:
    assert words[2:] == ["-r", REQUIREMENTS]


def the_remedy_that_the_engine_names(words: list[str]) -> None:
    assert f"`{shlex.join(words)}`" in read("autograder/sandbox/host.py").replace('"\n', "")


def pytest_on_files_that_are_there(words: list[str]) -> None:
    paths = [word for word in words[3:] if not word.startswith("-")]
    assert paths
    assert all(list((REPOSITORY / path).glob("**/test_*.py")) for path in paths), paths


def arguments_that_annotate_takes(words: list[str]) -> None:
    # No assignment of this course is graded by hand: tests/end_to_end/test_by_hand.py runs the command.
    get_command(app).commands["annotate"].make_context("annotate", words[2:])


LOOKED_AT: dict[str, Callable[[list[str]], None]] = {
    "make ": a_target_of_the_makefile,
    "pip install torch ": torch_from_the_makefiles_index,
    "pip install torch_autograder": our_wheel,
    "pip install -r ": the_requirements_of_a_release,
    "sudo sysctl ": the_remedy_that_the_engine_names,
    "python -m pytest ": pytest_on_files_that_are_there,
    "autograder annotate ": arguments_that_annotate_takes,
}

# Commands that are run, by how they begin, each with its exit code. The doctor's is 0 where the machine
# offers the required isolation and 3 where it does not, and that of grading must be the same.

DOCTOR = "autograder doctor"
AS_THE_DOCTOR_SAYS = -1
RUN: dict[str, int] = {
    DOCTOR: AS_THE_DOCTOR_SAYS,
    "autograder grade ": AS_THE_DOCTOR_SAYS,
    "autograder verify ": AS_THE_DOCTOR_SAYS,
    "autograder calibrate ": AS_THE_DOCTOR_SAYS,
    "autograder explain ": AS_THE_DOCTOR_SAYS,
    "autograder check": 1,  # the handed-out notebook has no solution yet
    "autograder release ": 0,
    "autograder bundle ": 0,
    "autograder settings": 0,
    "python benchmarks/fuzz_wire.py ": 0,
}


Rule = TypeVar("Rule")


def rule(table: dict[str, Rule], command: str) -> Rule | None:
    return next((value for start, value in table.items() if command.startswith(start)), None)


# Running them.


def typed(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=COMMAND_TIME_S,
        check=False,
    )


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    """A copy of the course with two submissions and a roster, as the instructor's page takes for granted."""
    folder = tmp_path_factory.mktemp("documents") / "course"
    # Without the package, which is installed, and its own tests: what the page needs is the course.
    unwanted = shutil.ignore_patterns(
        ".*", "autograder", "unit", "sandbox", "end_to_end", "results", "__pycache__", "*.egg-info"
    )
    shutil.copytree(REPOSITORY, folder, ignore=unwanted)
    benign = folder / "examples" / "chain_rule" / "benign"
    (folder / "submissions").mkdir()
    for name in ("ada.ipynb", "emre.py"):
        shutil.copy(benign / name, folder / "submissions")
    (folder / "roster.csv").write_text("student,name\nada,Ada Example\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def handed_out(tmp_path_factory) -> Path:
    """A student's folder: a release, nothing solved yet."""
    folder = tmp_path_factory.mktemp("handed_out")
    write_release(make_release(REPOSITORY, load_assignment(REPOSITORY, "chain_rule")), folder)
    return folder


@pytest.fixture(scope="module")
def examined(course) -> subprocess.CompletedProcess[str]:
    """What the doctor says of this machine; asked once, since it tries every engine."""
    done = typed(DOCTOR, course)
    assert done.returncode in (0, 3), done.stdout + done.stderr
    assert ("Not ready:" in done.stdout) == (done.returncode == 3)
    return done


@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES)
def test_every_command_on_a_page_does_what_the_page_says(page, course, handed_out, examined):
    folder = handed_out if page == "docs/student.md" else course
    shown = list(commands(TRANSCRIPT.sub("", read(page))))
    assert shown, f"{page} shows no command"
    for command in shown:
        look, expected = rule(LOOKED_AT, command), rule(RUN, command)
        assert (look is None) != (expected is None), f"{page}: no single rule for: {command}"
        if look is not None:
            look(shlex.split(command))
            continue
        done = examined if command == DOCTOR else typed(command, folder)
        code = examined.returncode if expected == AS_THE_DOCTOR_SAYS else expected
        assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"


def test_a_command_that_no_rule_knows_is_noticed():
    command = next(commands("```console\n$ rm -rf results\n```"))
    assert rule(LOOKED_AT, command) is None
    assert rule(RUN, command) is None


def test_a_command_over_several_lines_is_one_and_output_is_none():
    text = "```console\n$ python -c '\n> print(1)'\n1\n$ ls\n```\n```sh\nmake demo\n```\n```python\nx\n```\n"
    assert list(commands(text)) == ["python -c '\nprint(1)'", "ls", "make demo"]


# Links, modules, headings.


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", LINKED)
def test_every_relative_link_leads_somewhere(page):
    for target in LINK.findall(read(page)):
        if target.startswith(("https://", "mailto:")):
            continue
        name, _, part = target.partition("#")
        file = (REPOSITORY / page).parent / name if name else REPOSITORY / page
        assert file.exists(), f"{page}: {target}"
        if part:
            headings = HEADING.findall(file.read_text(encoding="utf-8"))
            assert part in map(anchor, headings), f"{page}: {target}"


def test_every_module_has_its_sentence_in_contributing_and_no_sentence_is_left_over():
    package = REPOSITORY / "autograder"
    files = (path.relative_to(package) for path in package.glob("**/*.py"))
    modules = {path.as_posix() for path in files if path.name != "__init__.py"}
    named = set(
        re.findall(r"^\| `([\w/]+\.py)` \| .{10,} \|$", read("CONTRIBUTING.md"), re.MULTILINE)
    )
    assert modules == named


def test_every_page_keeps_to_its_width():
    for page in LINKED:
        fenced = FENCE.sub("", read(page))
        long = [
            line for line in fenced.splitlines() if len(line) > 112 and not line.startswith("|")
        ]
        assert not long, f"{page}: {long}"
