"""Reads a YAML file of the course into a pydantic model, or says what is wrong and on which line.

Knows YAML and how to word errors. Refuses to know what any key means. Nothing in a file is executed
or shared: only plain scalars, lists and mappings with text keys; no tags, no aliases, no key twice.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NoReturn, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from autograder.errors import CourseError

__all__ = ["did_you_mean", "read_document", "read_text"]

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]

#: Settings are written by hand; a file above this is a mistake, and parsing it would take long.
_MAX_BYTES: Final = 256 * 1024

#: No setting lies deeper than 4.
_MAX_DEPTH: Final = 16

_SCALAR_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null")
)


def read_document(path: Path, model: type[Model]) -> Model:
    """Returns the settings in the YAML file at `path`, checked against `model`.

    Raises:
        CourseError: The file cannot be read or is not as `model` says; one line for each mistake,
            in the form `grading.yml:12: unknown key "time_sec". Did you mean "time_s"?`
    """
    reader = _Reader(path)
    values = reader.read(_compose(path, read_text(path, _MAX_BYTES)))
    if not isinstance(values, dict):
        _refuse(path, 1, "expected keys and values, as in `course: Deep learning`")
    try:
        result = model.model_validate(values)
    except ValidationError as error:
        reader.errors += _worded(error.errors(include_url=False), reader.lines, model)
    else:
        if not reader.errors:
            return result
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


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Returns ' Did you mean "time_s"?' for the known name most like `name`, or nothing."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f' Did you mean "{near[0]}"?' if near else ""


def _refuse(path: Path, line: int, words: str) -> NoReturn:
    msg = f"{path}:{line}: {words}"
    raise CourseError(msg)


def _compose(path: Path, text: str) -> yaml.Node | None:
    try:
        _check_events(path, text)
        node: yaml.Node | None = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        _refuse(path, line, f"not valid YAML: {error.problem}")
    except yaml.YAMLError as error:  # a control character: told without a line
        reason = str(error).splitlines()[0]
        _refuse(path, 1, f"not valid YAML: {reason}")
    return node


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

    def read(self, node: yaml.Node | None, place: Place = ()) -> object:
        """Returns the value of a node; an empty file is an empty mapping."""
        if node is None:
            return {}
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

    def _read_scalar(self, node: yaml.Node) -> object:
        line = node.start_mark.line + 1
        if node.tag not in _SCALAR_TAGS:
            # 2026-10-01 without quotes is a date to YAML, and !!python/... would run code.
            words = f'"{node.value}" is no plain text, number or yes/no; put text in quotes'
            self.errors.append((line, words))
            return str(node.value)
        try:
            return yaml.constructor.SafeConstructor().construct_object(node)
        except (ValueError, yaml.YAMLError):  # a number of 5000 digits, or !!int with text
            self.errors.append((line, f'"{node.value[:40]}" cannot be read as a value'))
            return None


def _worded(
    details: Iterable[ErrorDetails], lines: Mapping[Place, int], model: type[BaseModel]
) -> list[tuple[int, str]]:
    """Words pydantic's errors, each with its line.

    Alternatives ("an integer or auto") are several errors of pydantic, with the alternative's name
    at the end of the place; they become one.
    """
    errors: list[tuple[int, str]] = []
    expected: dict[Place, list[str]] = {}
    found: dict[Place, str] = {}
    for detail in details:
        place = detail["loc"]
        while place not in lines:
            place = place[:-1]
        where, name = ".".join(str(part) for part in place), str(detail["loc"][-1])
        match detail["type"]:
            case "missing":
                inside = f' in "{where}"' if where else ""
                errors.append((lines[place], f'key "{name}" is missing{inside}'))
            case "extra_forbidden":
                known = _fields_at(model, detail["loc"][:-1])
                errors.append((lines[place], f'unknown key "{name}".{did_you_mean(name, known)}'))
            case "value_error":  # raised by a validator of ours
                words = detail["msg"].removeprefix("Value error, ")
                errors.append((lines[place], f'"{where}": {words}'))
            case _:
                expected.setdefault(place, []).append(_expectation(detail))
                found[place] = _shown(detail["input"])
    for place, wordings in expected.items():
        where = ".".join(str(part) for part in place)
        words = f'"{where}": expected {" or ".join(wordings)}, got {found[place]}'
        errors.append((lines[place], words))
    return errors


def _expectation(detail: ErrorDetails) -> str:
    """What was expected, in words for people where pydantic's are for programs."""
    match detail["type"]:
        case "string_type":
            return "text (put it in quotes)"
        case "int_type" | "int_parsing":
            return "a whole number"
        case "float_type" | "float_parsing":
            return "a number"
        case "bool_type":
            return "yes or no"
        case "dict_type" | "model_type":
            return "a group of keys"
        case "too_short":
            return "at least one entry"
        case "string_too_short":
            return "text"
        case _:
            return detail["msg"].removeprefix("Input should be ")


def _shown(value: object) -> str:
    """Names a value as it looks in the file, where that is short."""
    if value is None or value in ("", {}, []):
        return "nothing"
    if isinstance(value, dict | list):
        return "a group of keys" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return repr(value) if len(repr(value)) <= 60 else f"{repr(value)[:60]}..."


def _fields_at(model: type[BaseModel], place: Place) -> list[str]:
    """The keys that are allowed at a place, found by following the annotations of the models."""
    inner: object = model
    for part in place:
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            inner = inner.model_fields[str(part)].annotation if part in inner.model_fields else None
        else:  # a mapping from names to models, or a list of them: the last argument is the model
            inner = (get_args(inner) or (None,))[-1]
    return (
        list(inner.model_fields) if isinstance(inner, type) and issubclass(inner, BaseModel) else []
    )
