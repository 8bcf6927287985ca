"""Strict readers for plain data (str, int, list, dict, bytes) that an untrusted process has sent.

Knows types and sizes, exact ones: a subclass of `str` is not a `str`. Knows nothing of what the
data means.
"""

from typing import Final

#: Longest file name or label, in characters.
MAX_NAME: Final = 255


def text(value: object, what: str, limit: int) -> str:
    """A str of at most `limit` characters that UTF-8 can carry.

    Raises:
        ValueError: For anything else; the message names `what` and never quotes the value.
    """
    if type(value) is not str:
        raise ValueError(f"{what}: expected text")
    if len(value) > limit:
        raise ValueError(f"{what}: expected at most {limit} characters, got {len(value)}")
    try:
        value.encode()
    except (
        UnicodeEncodeError
    ):  # Lone surrogates: legal in JSON, deadly for every encoder downstream.
        raise ValueError(f"{what}: expected text that UTF-8 can carry") from None
    return value


def number(value: object, what: str, low: int, high: int) -> int:
    """An int (not a bool) in [low, high].

    Raises:
        ValueError: For anything else.
    """
    if type(value) is not int or not low <= value <= high:
        raise ValueError(f"{what}: expected a whole number from {low} to {high}")
    return value


def items(value: object, what: str, limit: int) -> list[object]:
    """A list or tuple of at most `limit` entries, as a list.

    Raises:
        ValueError: For anything else.
    """
    if type(value) is tuple:
        value = list(value)
    if type(value) is not list:
        raise ValueError(f"{what}: expected a list")
    if len(value) > limit:
        raise ValueError(f"{what}: expected at most {limit} entries, got {len(value)}")
    return value


def pair(value: object, what: str) -> tuple[object, object]:
    """A list or tuple of exactly two entries.

    Raises:
        ValueError: For anything else.
    """
    entries = items(value, what, 2)
    if len(entries) != 2:
        raise ValueError(f"{what}: expected two entries")
    return entries[0], entries[1]


def record(value: object, what: str, keys: tuple[str, ...]) -> dict[str, object]:
    """A dict with exactly these keys.

    Raises:
        ValueError: For anything else.
    """
    if type(value) is not dict or len(value) != len(keys):
        raise ValueError(f"{what}: expected a mapping with the keys {', '.join(keys)}")
    # Compared one by one: the keys of a hostile mapping need not be text, nor sortable.
    if any(type(key) is not str or key not in keys for key in value):
        raise ValueError(f"{what}: expected a mapping with the keys {', '.join(keys)}")
    return value


def texts(value: object, what: str, count: int, limit: int) -> tuple[str, ...]:
    """A list of at most `count` strs of at most `limit` characters each, as a tuple.

    Raises:
        ValueError: For anything else.
    """
    return tuple(text(entry, what, limit) for entry in items(value, what, count))
