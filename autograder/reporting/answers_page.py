"""The page on which staff read the answers to manual tasks: HTML, without anything that could act.

Knows HTML and what in it must be escaped: all of an answer. Refuses to know where answers come from.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from autograder.records import AnswerPart
from autograder.reporting.text import clean, visible
from autograder.reporting.words import number

__all__ = ["Waiting", "answers_page"]

_HEAD: Final = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto; padding: 0 1rem; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; background: #f4f4f4; padding: .7rem; }}
pre.text {{ font: inherit; background: #eef4ff; }}
img {{ max-width: 100%; border: 1px solid #ccc; }}
.place, .fault {{ color: #666; font-size: .85rem; margin: .7rem 0 .2rem; }}
section {{ border-top: 2px solid #ccc; margin-top: 2.5rem; }}
</style>
</head>
<body>
<h1>{title}</h1>
<p>For staff. What students wrote is shown as text and never acted on.</p>
"""
_LIMIT: Final = 40_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """One answer that waits for a person.

    Attributes:
        title: The task's.
        rubric: Its text, Markdown.
        remark: What to know beforehand, in our words; empty mostly.
        command: What to type once the points are known.
    """

    student: str
    task: str
    title: str
    max_points: float
    rubric: str
    parts: tuple[AnswerPart, ...]
    remark: str
    command: str


def answers_page(title: str, waiting: Sequence[Waiting]) -> str:
    """Returns the page: the rubric of each task once, then one section for each answer."""
    lines = [_HEAD.format(title=escape(clean(title)))]
    rubrics = {one.task: one for one in waiting}
    for task, one in rubrics.items():
        lines.append(
            f"<details><summary>Rubric of {escape(task)} {escape(clean(one.title))}, "
            f"{number(one.max_points)} points</summary>"
            f'<pre class="text">{escape(clean(one.rubric, _LIMIT))}</pre></details>'
        )
    for one in waiting:
        lines.append(
            f"<section><h2>{escape(visible(one.student))}: {escape(one.task)} {escape(clean(one.title))}</h2>"
        )
        if one.remark:
            lines.append(f'<p class="fault">{escape(one.remark)}</p>')
        lines += [_part(part) for part in one.parts]
        lines.append(f"<pre>{escape(visible(one.command))}</pre></section>")
    return "\n".join([*lines, "</body>", "</html>", ""])


def _part(part: AnswerPart) -> str:
    place = escape(clean(part.place))
    if part.kind == "fault":
        return f'<p class="fault">{place}: {escape(clean(part.text))}</p>'
    head = f'<p class="place">{place}: {part.kind}</p>'
    if part.kind == "picture":
        # What it is was told by its first bytes; a browser that is told "image/png" looks for itself.
        kind = "png" if part.picture.startswith(b"\x89PNG") else "jpeg"
        data = base64.b64encode(part.picture).decode()
        return f'{head}<img alt="" src="data:image/{kind};base64,{data}">'
    name = ' class="text"' if part.kind == "text" else ""
    return f"{head}<pre{name}>{escape(clean(part.text, _LIMIT))}</pre>"
