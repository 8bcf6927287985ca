"""What is wrong with a setting, in words: pydantic's errors, each with its line, its key and what was expected.

Knows how to word errors, and finds what a key means at the model. Refuses to know YAML and files.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Final, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

__all__ = ["Place", "did_you_mean", "worded"]

#: Where a value stands in a document: keys, and positions in lists.
Place = tuple[str | int, ...]

#: A broken bound by pydantic's name: in words, and under which name pydantic gives the bound.
_BOUNDS: Final = {
    "greater_than": ("more than", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than_equal": ("at most", "le"),
}


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Returns ' Did you mean "time_s"?' for the known name most like `name`, or nothing."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f' Did you mean "{near[0]}"?' if near else ""


def worded(
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
                words = f'key "{name}" is missing{inside}{_meaning(model, detail["loc"])}'
                errors.append((lines[place], words))
            case "extra_forbidden":
                hint = _where_it_belongs(model, detail["loc"][:-1], name)
                errors.append((lines[place], f'unknown key "{name}".{hint}'))
            case "value_error":  # raised by a validator of ours
                words = detail["msg"].removeprefix("Value error, ")
                errors.append((lines[place], f'"{where}": {words}'))
            case _:
                words = _expectation(detail) + _such_as(detail, model, place)
                expected.setdefault(place, []).append(words)
                found[place] = _shown(detail["input"])
    for place, wordings in expected.items():
        where = ".".join(str(part) for part in place)
        words = f'"{where}": expected {" or ".join(wordings)}, got {found[place]}'
        errors.append((lines[place], words + _meaning(model, place)))
    return errors


def _expectation(detail: ErrorDetails) -> str:
    """What was expected, in words for people where pydantic's are for programs."""
    match detail["type"]:
        case "string_type":
            return "text (put it in quotes)"
        case "int_type" | "int_parsing":
            return f"a whole number{_unquoted(detail['input'])}"
        case "float_type" | "float_parsing":
            return f"a number{_unquoted(detail['input'])}"
        case "bool_type":
            return f"yes or no{_unquoted(detail['input'])}"
        case "dict_type" | "model_type":
            return "a group of keys"
        case "tuple_type" | "list_type":
            return "a list in brackets"
        case "too_short":
            return "at least one entry"
        case "string_too_short":
            return "text"
        case kind if kind in _BOUNDS:
            words, bound = _BOUNDS[kind]
            return f"{words} {detail['ctx'][bound]:.15g}"
        case _:
            return detail["msg"].removeprefix("Input should be ")


def _such_as(detail: ErrorDetails, model: type[BaseModel], place: Place) -> str:
    """The keys of a group in whose place something else stands."""
    keys = list(_fields(_inner(model, place))) if detail["type"] == "model_type" else []
    return f" ({', '.join(keys[:3])}{', ...' if len(keys) > 3 else ''})" if keys else ""


def _unquoted(value: object) -> str:
    """What to do about a number or a yes that stands in quotes; nothing about any other text."""
    plain = isinstance(value, str) and (
        value.replace(".", "", 1).isdecimal() or value.lower() in {"yes", "no", "true", "false"}
    )
    return " without quotes" if plain else ""


def _shown(value: object) -> str:
    """Names a value as it looks in the file, where that is short."""
    if value is None or value in ("", {}, []):
        return "nothing"
    if isinstance(value, dict | list):
        return "a group of keys" if isinstance(value, dict) else "a list"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return repr(value) if len(repr(value)) <= 60 else f"{repr(value)[:60]}..."


def _meaning(model: type[BaseModel], place: Place) -> str:
    """Returns what a key means, as a sentence behind an error; nothing where nobody has said it."""
    while place and isinstance(place[-1], int):  # an entry of a list means what the list means
        place = place[:-1]
    field = _fields(_inner(model, place[:-1])).get(str(place[-1])) if place else None
    return f". Meaning: {field.description}" if field and field.description else ""


def _where_it_belongs(model: type[BaseModel], place: Place, name: str) -> str:
    """Returns what to do about a key that is not known here: nearest key, right group, or all keys."""
    known = _fields(_inner(model, place))
    if near := did_you_mean(name, known):
        return near
    for group in _groups(model):
        if name in _fields(_inner(model, group)):
            inside = f'inside "{".".join(group)}"' if group else "on the left, in no group"
            return f" It belongs {inside}."
    return f" Known here: {', '.join(known)}." if known else ""


def _groups(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yields the places of all groups with fixed keys, the outermost first."""
    yield above
    for name, field in model.model_fields.items():
        inner = _model_in(field.annotation)
        if inner is not None and _inner(model, (name,)) is inner:
            yield from _groups(inner, (*above, name))


def _fields(model: type[BaseModel] | None) -> Mapping[str, FieldInfo]:
    return model.model_fields if model else {}


def _inner(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """The model whose keys are allowed at a place, found by following the annotations."""
    inner: object = model
    for part in place:
        at = _model_in(inner)
        if at is not None:
            inner = at.model_fields[str(part)].annotation if part in at.model_fields else None
        else:  # a mapping from names to models, or a list of them: the last argument is the model
            inner = (get_args(inner) or (None,))[-1]
    return _model_in(inner)


def _model_in(annotation: object) -> type[BaseModel] | None:
    """The model that a value of this type is, also where it may be left out."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (UnionType, Union, Annotated):
        return next(filter(None, map(_model_in, get_args(annotation))), None)
    return None
