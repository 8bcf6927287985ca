"""Writes the tables of docs/security.md: what was attacked by which way, and what became of each attack per engine.

    HOSTILE_RESULTS=tests/sandbox/hostile_results.json python -m pytest tests/sandbox/test_hostile.py
    python tests/sandbox/attack_table.py

The first makes a real run of the suite, the second the tables: from the heads of the programs and from that run.
"""

import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import hostile_run
from hostile_class import ASSETS, CHANNELS, Attack

RESULTS = Path(__file__).with_name("hostile_results.json")
PAGE = Path(__file__).parents[2] / "docs" / "security.md"
BEGIN, END = "<!-- attacks: made by tests/sandbox/attack_table.py -->", "<!-- end of attacks -->"

#: Why nobody attacks an asset by a channel.
NO_WAY = {
    (
        "seeds",
        "kernel",
    ): "The secret is in no process, file or key that a call of the sandbox could name.",
    (
        "seeds",
        "intake",
    ): "What is handed in has no part in the draws: their key comes from the course's secret "
    "and the assignment alone.",
    (
        "seeds",
        "feedback",
    ): "Feedback is our own words, written by the command; the grader's texts hold no key.",
    (
        "other submissions",
        "wire",
    ): "Every task has sockets of its own; no name or number leads to another's.",
    (
        "other submissions",
        "time",
    ): "Submissions that work together can tell each other things by keeping the "
    "machine busy: what remains, above.",
}


def cell(attacks: list[Attack], asset: str, channel: str) -> int:
    return sum(asset in attack.assets and channel in attack.channels for attack in attacks)


def matrix(attacks: list[Attack]) -> Iterator[str]:
    yield "| Asset | " + " | ".join(CHANNELS) + " |"
    yield "|---|" + "---:|" * len(CHANNELS)
    notes: list[str] = []
    for asset in ASSETS:
        counts = []
        for channel in CHANNELS:
            number = cell(attacks, asset, channel)
            if not number:
                notes.append(f"{asset}, {channel}: {NO_WAY[asset, channel]}")
            counts.append(str(number) if number else f"({len(notes)})")
        yield f"| {asset} | " + " | ".join(counts) + " |"
    yield ""
    for number, note in enumerate(notes, start=1):
        yield from wrapped(f"{number}. {note}", "   ")


def wrapped(text: str, rest: str) -> list[str]:
    return textwrap.wrap(text, 110, subsequent_indent=rest, break_long_words=False)


def totals(results: Mapping[str, Any]) -> Iterator[str]:
    yield "| Engine | attacks | points gained | bytes leaked | survivors | grades withheld | gained otherwise |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for level, run in results.items():
        attacks = run["attacks"].values()
        points = sum(attack["points"] for attack in attacks)
        otherwise = sum(bool(attack["gained"]) for attack in attacks)
        yield (
            f"| {level} | {len(attacks)} | {points:g} | {run['leaked_bytes']} | {run['survivors']} | "
            f"{run['withheld']} | {otherwise} |"
        )


def each(attacks: list[Attack], results: Mapping[str, Any]) -> Iterator[str]:
    levels = list(results)
    yield "| Attack | what it tries | after | by | " + " | ".join(levels) + " |"
    yield "|---|---|---|---|" + "---|" * len(levels)
    for attack in sorted(attacks, key=lambda a: (ASSETS.index(a.assets[0]), a.name)):
        ends = []
        for level in levels:
            end = results[level]["attacks"].get(attack.name)
            words = ", ".join(end["outcomes"]).replace("_", " ") if end else ""
            ends.append(f"**{end['gained']}**" if end and end["gained"] else words)
        what = attack.what.replace("|", "\\|").replace("<", "&lt;")
        yield (
            f"| {attack.name.replace('_', ' ')} | {what} | {', '.join(attack.assets)} | {', '.join(attack.channels)} | "
            + " | ".join(ends)
            + " |"
        )


def tables(results: Mapping[str, Any]) -> str:
    attacks = hostile_run.attacks()
    by_level = {level: run["attacks"] for level, run in results.items()}
    levels = ", ".join(f"{level} {len(known)}" for level, known in by_level.items())
    parts = [
        "### Sums\n", *totals(results),
        "\n### Attacks by asset and channel\n",
        *wrapped(
            f"One attack may be after several assets by several ways. They are the same for every engine ({levels}); "
            "an engine `process` is not attacked where isolation is what is attacked.", "",
        ),
        "", *matrix(attacks),
        "\n### Each attack, and how its tasks ended\n", *each(attacks, results),
    ]  # fmt: skip
    residual = [attack for attack in attacks if attack.residual]
    if residual:
        parts.append("\nWhat is gained all the same:\n")
        for attack in residual:
            parts += wrapped(f"- {attack.name.replace('_', ' ')}: {attack.residual}", "  ")
    return "\n".join(parts)


def page(text: str, results: Mapping[str, Any]) -> str:
    """The page with its tables made anew."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables(results)}\n\n{END}{after}"


def main() -> None:
    PAGE.write_text(page(PAGE.read_text(), json.loads(RESULTS.read_text())))


if __name__ == "__main__":
    main()
