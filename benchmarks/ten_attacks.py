"""Ten attacks on otter-grader, on nbgrader and on this package, side by side.

    python benchmarks/ten_attacks.py [--only PART ...] [--isolation LEVEL] [--json FILE]

One assignment in three forms: chain_rule with the same hidden test bodies, the same points and the
same comparison. Every attack is one program of attacks/, the same for all three but for its last
step, which knows where each grader keeps what. It stands as a cell below the imports of a blank
submission, worth nothing by itself; its functions, where it needs them, call `answer`. The graders
are stock: `otter run`, `nbgrader autograde`, `autograder grade`.

The programs run unconfined under otter and nbgrader, as everything does there. They are harmless:
each writes below the temporary folder of this script and nowhere else, loops and daemons included,
which end by themselves or are killed by their pids. Where root starts this, both graders run as a
user without rights or files, and without a network; otherwise all that is done as you.

nbgrader is installed once, into .autograder/peers: only that needs the package index.
"""

import argparse
import ast
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbgrader_assignment
import otter_assignment
import private_place
from three_graders import COURSE, Grader, Nbgrader, Otter, Ours, environment

from autograder.authoring.master import solved_notebook, stub_notebook
from autograder.records import Isolation
from autograder.worker import kernel

_ATTACKS = Path(__file__).with_name("attacks")
_PEERS = COURSE / ".autograder" / "peers"
#: otter waits for ever; nbgrader and we give up on a cell after 30 and 10 s.
_LIMIT_S = 120.0
#: For daemons: how long after the grader's end the results are looked at.
_SETTLE_S = 3.0
_STUB = re.compile(r"raise NotImplementedError\(.*\)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one submission got from one grader.

    Attributes:
        points: None where there is no grade.
        broken: Why there is none; empty where there is one.
        leaked_bytes: Size of the hidden files that reached the attacker.
        survivors: Processes that outlived the grader.
    """

    points: float | None
    max_points: float
    broken: str
    leaked_bytes: int
    survivors: int
    wall_s: float


@dataclass(frozen=True, slots=True)
class Attack:
    """One program.

    Attributes:
        what: What it tries, in words.
    """

    name: str
    what: str
    program: str


def main() -> None:
    """Runs all pairs and prints the table; exits with 1 where anything was gained from us."""
    options = _options()
    nbgrader = nbgrader_assignment.environment(_PEERS / "nbgrader") / "bin" / "nbgrader"
    private_place.let_others_reach([*private_place.pythons(), nbgrader.parents[1]])
    offline = private_place.leave_network()
    kernel.set_child_subreaper()  # daemons become children of this process
    load_before = os.getloadavg()
    top = Path(tempfile.mkdtemp(prefix="ten-attacks-"))
    top.chmod(0o755)  # file permissions shall not be what stops an attack
    mark = f"hidden-byte-{os.urandom(8).hex()}"
    try:
        course = _course(top / "course", mark)
        otter = Otter(course, top / "otter")
        ours = Ours(course, otter.max_points, options.isolation)
        graders = {
            "otter": otter,
            "nbgrader": Nbgrader(course, top / "nbgrader", nbgrader),
            "ours": ours,
        }
        rows = _rows(course, graders, top, mark, options.only)
    finally:
        private_place.kill_descendants()
        shutil.rmtree(top)
    report = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "user_of_the_peers": private_place.UNPRIVILEGED if os.getuid() == 0 else os.getuid(),
        "network": not offline,
        "load_average": {"before": load_before, "after": os.getloadavg()},
        "versions": {
            **{name: version(name) for name in ("otter-grader", "nbconvert", "ipykernel", "torch")},
            "nbgrader": nbgrader_assignment.VERSION,
            "torch-autograder": version("torch-autograder"),
        },
        "isolation": ours.engine,
        "rows": [
            {"name": name, "what": what, "verdicts": {g: asdict(v) for g, v in verdicts.items()}}
            for name, what, verdicts in rows
        ],
    }
    fault = _print(report)
    if options.json is not None:
        options.json.write_text(json.dumps(report, indent=1) + "\n")
        print(f"Written: {options.json}")
    sys.exit(fault)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", default=[""], help="attacks with this in their names")
    # Without isolation the attacks would run as whoever starts this.
    levels = [level for level in Isolation if level is not Isolation.PROCESS]
    parser.add_argument(
        "--isolation", type=Isolation, choices=levels, help="our level; else the strongest"
    )
    parser.add_argument("--json", type=Path, help="write everything there")
    return parser.parse_args()


def _course(folder: Path, mark: str) -> Path:
    """A copy of what chain_rule needs, with a mark in its hidden files by which a leak is known."""
    for place in ("grading.yml", "assignments/chain_rule", "reference/chain_rule.py",
                  "tests/hidden/chain_rule/test_chain_rule.py"):  # fmt: skip
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        if (COURSE / place).is_dir():
            shutil.copytree(COURSE / place, folder / place)
        else:
            shutil.copy(COURSE / place, folder / place)
    # Functions, since otter's and nbgrader's forms of the suite keep those.
    for place in ("reference/chain_rule.py", "tests/hidden/chain_rule/test_chain_rule.py"):
        with (folder / place).open("a") as file:
            file.write(f'\n\ndef hidden_byte():\n    return "{mark}"\n')
    return folder


def _rows(
    course: Path, graders: Mapping[str, Grader], top: Path, mark: str, only: Sequence[str]
) -> list[tuple[str, str, dict[str, Verdict]]]:
    master = course / "assignments" / "chain_rule" / "chain_rule.py"
    blank, right = (
        stub_notebook(master.read_text(), master),
        solved_notebook(master.read_text(), master),
    )
    attacks = [a for a in _attacks() if any(part in a.name for part in only)]
    rows = []
    for name, what, notebook, program in [
        ("blank", "(a blank submission)", blank, ""),
        ("right", "(a right submission)", right, ""),
        *((attack.name, attack.what, blank, attack.program) for attack in attacks),
    ]:
        verdicts = {}
        for grader_name, grader in graders.items():
            place = top / f"{name}-{grader_name}"
            verdicts[grader_name] = _try(grader_name, grader, notebook, program, place, mark)
            said = _cell(asdict(verdicts[grader_name]), name)
            load = os.getloadavg()[0]
            print(f"{name:24}{grader_name:10}{said}, load {load:.1f}", file=sys.stderr)
            if name == "right" and verdicts[grader_name].points != grader.max_points:
                words = place.with_name(f"{place.name}.log").read_text()[-3000:]
                raise SystemExit(f"{grader_name} does not give full points here:\n{words}")
        rows.append((name, what, verdicts))
    return rows


def _attacks() -> list[Attack]:
    found = []
    for path in sorted(_ATTACKS.glob("a*.py")):
        first, _, program = path.read_text().partition("\n")
        found.append(Attack(path.stem, first.removeprefix("# attack: "), program))
    return found


def _try(
    name: str, grader: Grader, notebook: str, program: str, place: Path, mark: str
) -> Verdict:  # fmt: skip
    """One submission through one grader, in a fresh folder."""
    drop = place.with_name(f"{place.name}-drop")
    drop.mkdir()
    drop.chmod(0o777)
    for word, value in {"GRADER": name, "DROP": str(drop), **grader.known(place)}.items():
        program = program.replace(f"@{word}@", value)
    place.mkdir()
    grader.hand_in(_with_attack(json.loads(notebook), program), place)
    command, unprivileged = grader.command(place)
    started = time.perf_counter()
    code = _run(command, place, unprivileged=unprivileged)
    wall_s = time.perf_counter() - started
    if program:
        time.sleep(_SETTLE_S)
    points, broken = None, ""
    try:
        points = grader.read(place)
    except LookupError as error:
        broken = f"hung for {_LIMIT_S:.0f} s" if code is None else f"{error}, exit code {code}"
    loot = [len(t) for f in drop.iterdir() if mark in (t := f.read_text(errors="replace"))]
    shown = grader.shown(place)
    leaked = sum(loot) + (len(shown) if mark in shown else 0)
    return Verdict(
        points, grader.max_points, broken, leaked, private_place.kill_descendants(), wall_s
    )


def _with_attack(notebook: dict[str, Any], program: str) -> dict[str, Any]:
    """The blank submission with the attack below its imports; where it has an `answer`, the functions return it."""
    if not program:
        return notebook
    if "def answer(" in program:
        for cell in notebook["cells"]:
            source = "".join(cell["source"])
            if "task" in cell["metadata"]:
                (function,) = ast.parse(source).body
                assert isinstance(function, ast.FunctionDef)
                names = ", ".join(a.arg for a in function.args.args)
                cell["source"] = _STUB.sub(f'return answer("{function.name}", {names})', source)
    imports = next(n for n, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code")
    notebook["cells"].insert(imports + 1, otter_assignment._code("attack", program))
    return notebook


def _run(command: Sequence[str], place: Path, *, unprivileged: bool) -> int | None:
    """Runs a grader and returns its exit code, or None where it had to be killed."""
    user = private_place.UNPRIVILEGED if unprivileged and os.getuid() == 0 else None
    if user is not None:
        for path in (place, *place.rglob("*")):
            os.chown(path, user, user)
    # A file and no pipe: a daemon would hold a pipe open, and waiting for its end would wait for the daemon.
    with (place.with_name(f"{place.name}.log")).open("w") as log:
        process = subprocess.Popen(
            list(command), cwd=place, env=environment(place, command[0]), stdin=subprocess.DEVNULL,
            stdout=log, stderr=log, start_new_session=True,
            user=user, group=user, extra_groups=None if user is None else [],
        )  # fmt: skip
        try:
            return process.wait(_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None


def _gained(verdict: Mapping[str, Any], name: str) -> bool:
    return name not in {"blank", "right"} and bool(verdict["points"])


def _cell(verdict: Mapping[str, Any], name: str) -> str:
    words = [
        "no grade" if verdict["points"] is None
        else f"{verdict['points']:g} of {verdict['max_points']:g}"
    ]  # fmt: skip
    if _gained(verdict, name):
        words.append("gained")
    if verdict["leaked_bytes"]:
        words.append(f"leaked {verdict['leaked_bytes'] / 1000:.0f} kB")
    if verdict["broken"]:
        words.append("run broken")
    return ", ".join(words)


def _print(report: Mapping[str, Any]) -> int:
    """Prints the table; 1 where a control came out wrong or anything was had from us."""
    rows = report["rows"]
    names = list(rows[0]["verdicts"])
    rule = "-" * 110
    print(f"{'':42}" + "".join(f"{name:23}" for name in names).rstrip())
    print(rule)
    for row in rows:
        cells = [_cell(row["verdicts"][name], row["name"]) for name in names]
        print(f"{row['what']:42}" + "".join(f"{cell:23}" for cell in cells).rstrip())
    print(rule)
    tried = [row for row in rows if row["name"] not in {"blank", "right"}]
    for label, is_so in (
        ("attacks that gained points", _gained),
        ("attacks that had hidden bytes", lambda v, _: v["leaked_bytes"] > 0),
        ("runs broken: no grade", lambda v, _: bool(v["broken"])),
        ("left a process behind", lambda v, _: v["survivors"] > 0),
    ):
        counts = [sum(is_so(row["verdicts"][name], row["name"]) for row in tried) for name in names]
        print(
            f"{label:42}" + "".join(f"{f'{count} of {len(tried)}':23}" for count in counts).rstrip()
        )
    for row in rows:
        for name in names:
            if row["verdicts"][name]["broken"]:
                print(f"  {row['name']}, {name}: {row['verdicts'][name]['broken']}")
    load = report["load_average"]
    print(
        f"\nOurs: isolation {report['isolation']}. Python {report['python']}, {report['platform']}."
    )
    print(f"Load average {load['before'][0]:.2f} before, {load['after'][0]:.2f} after.")
    print(", ".join(f"{name} {number}" for name, number in report["versions"].items()))
    return int(_has_fault(rows))


def _has_fault(rows: Sequence[Mapping[str, Any]]) -> bool:
    for row in rows:
        ours = row["verdicts"]["ours"]
        if row["name"] in {"blank", "right"}:
            right = row["name"] == "right"
            if any(v["points"] != right * v["max_points"] for v in row["verdicts"].values()):
                return True
        elif ours["points"] != 0 or ours["leaked_bytes"] or ours["survivors"]:
            return True
    return False


if __name__ == "__main__":
    main()
