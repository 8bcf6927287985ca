"""Reads a YAML file of the course into a pydantic model, or says what is wrong and on which line.

Knows YAML and where each value stands. Refuses to know what any key means. Nothing in a file is
executed or shared: only plain scalars, lists and mappings with text keys; no tags, no aliases, no
key twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Generic, NoReturn, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from autograder.errors import CourseError
from autograder.settings.wording import Place, did_you_mean, worded

__all__ = ["Loaded", "did_you_mean", "load_document", "read_document", "read_text"]

Model = TypeVar("Model", bound=BaseModel)

#: Settings are written by hand; a file above this is a mistake, and parsing it would take long.
_MAX_BYTES: Final = 256 * 1024

#: No setting lies deeper than 4.
_MAX_DEPTH: Final = 16

_YAML: Final = "tag:yaml.org,2002:"
_PLAIN_TAGS: Final = frozenset(
    _YAML + name for name in ("str", "int", "float", "bool", "null", "map", "seq")
)


@dataclass(frozen=True, slots=True)
class Loaded(Generic[Model]):
    """Settings together with where each of them was written.

    Attributes:
        value: The settings, defaults included.
        path: The file.
        lines: Line of every key that stands in the file, and of every entry of a list.
    """

    value: Model
    path: Path
    lines: Mapping[Place, int]

    def source(self, *place: str | int) -> str:
        """Returns "grading.yml:12" for a key that stands in the file, "default" for any other."""
        line = self.lines.get(place)
        return f"{self.path.name}:{line}" if line else "default"


def read_document(path: Path, model: type[Model]) -> Model:
    """Returns the settings alone, see `load_document`."""
    return load_document(path, model).value


def load_document(path: Path, model: type[Model]) -> Loaded[Model]:
    """Returns the settings in the YAML file at `path`, checked against `model`, with their lines.

    Raises:
        CourseError: The file cannot be read or is not as `model` says; one line for each mistake,
            in the form `grading.yml:12: unknown key "time_sec". Did you mean "time_s"?`
    """
    reader = _Reader(path)
    node = _compose(path, read_text(path, _MAX_BYTES))
    if not isinstance(node, yaml.MappingNode):
        empty = "the file is empty; " if node is None else ""
        _refuse(path, 1, f"{empty}expected keys and values, as in `title: Deep learning`")
    values = reader.read(node)
    try:
        result = model.model_validate(values)
    except ValidationError as error:
        reader.errors += worded(error.errors(include_url=False), reader.lines, model)
    else:
        if not reader.errors:
            return Loaded(result, path, reader.lines)
    lines = [f"{path}:{line}: {words}" for line, words in sorted(set(reader.errors))]
    raise CourseError("\n".join(lines))


def read_text(path: Path, max_bytes: int) -> str:
    """Returns the text of a course file: UTF-8, with or without a byte-order mark.

    Raises:
        CourseError: There is no such file, it is larger than `max_bytes`, or it is not UTF-8.
    """
    try:
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror}"
        raise CourseError(msg) from error
    if len(content) > max_bytes:
        msg = f"{path}: larger than {max_bytes // 1024} KiB; is it the right file?"
        raise CourseError(msg)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        _refuse(path, line, "not UTF-8 text. Save the file in the encoding UTF-8.")


def _refuse(path: Path, line: int, words: str) -> NoReturn:
    msg = f"{path}:{line}: {words}"
    raise CourseError(msg)


def _compose(path: Path, text: str) -> yaml.Node | None:
    try:
        _check_events(path, text)
        node: yaml.Node | None = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        _refuse(path, line, f"not valid YAML: {_problem(error)}")
    except yaml.YAMLError as error:  # a control character: told without a line
        reason = str(error).splitlines()[0]
        _refuse(path, 1, f"not valid YAML: {reason}")
    return node


def _problem(error: yaml.MarkedYAMLError) -> str:
    """What a parser's complaint comes to for the person who wrote the file."""
    problem = str(error.problem)
    if "\\t" in problem:
        return "a tab. Indent with blanks"
    if "mapping values are not allowed" in problem:
        return (
            'a ":" too much. A text that holds ": " needs quotes, and a key a blank after its ":"'
        )
    if "another document" in problem:
        return 'a second document. Take the line "---" away'
    begun = error.context_mark
    if begun and error.problem_mark and begun.line != error.problem_mark.line:
        return f"{problem}, in what begins on line {begun.line + 1}"
    return problem


def _check_events(path: Path, text: str) -> None:
    """Refuses what would cost time or memory without bound, before anything is built of it.

    Aliases of aliases unfold a few lines into gigabytes; 20,000 open brackets take half a minute.
    """
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            _refuse(path, line, "aliases (*name) are not allowed here; write the value out")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            _refuse(path, line, f"nested more than {_MAX_DEPTH} deep")


@dataclass(slots=True)
class _Reader:
    """Turns nodes into plain values, noting the line of every key and all that is not allowed."""

    path: Path
    lines: dict[Place, int] = field(default_factory=lambda: {(): 1})
    errors: list[tuple[int, str]] = field(default_factory=list)

    def read(self, node: yaml.Node, place: Place = ()) -> object:
        """Returns the value of a node."""
        if node.tag not in _PLAIN_TAGS:
            return self._refuse_tag(node)
        if isinstance(node, yaml.MappingNode):
            return self._read_mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            for position, item in enumerate(node.value):
                self.lines[(*place, position)] = item.start_mark.line + 1
            return [self.read(item, (*place, i)) for i, item in enumerate(node.value)]
        return self._read_scalar(node)

    def _read_mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, object]:
        values: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value
            if key_node.tag != "tag:yaml.org,2002:str" or not isinstance(key, str):
                # 2.10 without quotes is the number 2.1: a task that would silently change its name.
                hint = f'; write "{key}" in quotes' if isinstance(key, str) else ""
                self.errors.append((line, f"keys must be text{hint}"))
                if not isinstance(key, str):
                    continue
            if key in values:
                first = self.lines[(*place, key)]
                self.errors.append((line, f'key "{key}" is there twice, first on line {first}'))
                continue
            self.lines[(*place, key)] = line
            values[key] = self.read(value_node, (*place, key))
        return values

    def _refuse_tag(self, node: yaml.Node) -> str:
        """Notes what YAML would make something else of than text, a number, yes, no, a list, a group."""
        if node.tag == f"{_YAML}timestamp":
            words = f'{node.value} is a date in YAML and not text; write "{node.value}" in quotes'
        elif node.tag.startswith(f"{_YAML}python/"):  # would run code
            words = "tags (!!python/...) are not allowed here; write the value out"
        else:
            shown = node.value if isinstance(node, yaml.ScalarNode) else "this"
            words = f'"{shown}" is no plain text, number or yes/no; put text in quotes'
        self.errors.append((node.start_mark.line + 1, words))
        return str(node.value)

    def _read_scalar(self, node: yaml.Node) -> object:
        line = node.start_mark.line + 1
        try:
            return yaml.constructor.SafeConstructor().construct_object(node)
        except (ValueError, yaml.YAMLError):  # a number of 5000 digits, or !!int with text
            self.errors.append((line, f'"{node.value[:40]}" cannot be read as a value'))
            return None
