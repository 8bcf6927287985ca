"""Keys that follow from the course secret by HMAC-SHA-256: none tells anything of another.

Imports no torch, since the command line derives the subkey of an assignment's version.
"""

import hmac
from typing import Final

__all__ = ["KEY_BYTES", "check_key", "derive", "version_key"]

#: Length of every key: 256 bits.
KEY_BYTES: Final = 32


def derive(key: bytes, *names: str | int) -> bytes:
    """Returns the key of 32 bytes that belongs to `names` under `key`.

    Every name goes in with its type and length before it: ("ab", "c"), ("a", "bc"), ("1",) and (1,)
    are four different keys.

    Raises:
        ValueError: `key` has not 32 bytes, or there is no name.
    """
    check_key(key)
    if not names:
        msg = "a key needs at least one name to be derived for"
        raise ValueError(msg)
    message = bytearray()
    for name in names:
        data = str(name).encode()
        message += b"s" if isinstance(name, str) else b"i"
        message += len(data).to_bytes(8, "big") + data
    return hmac.digest(key, bytes(message), "sha256")


def check_key(key: bytes) -> None:
    """Raises ValueError unless `key` has the length of every key."""
    if len(key) != KEY_BYTES:
        msg = f"key has {len(key)} bytes; it must have {KEY_BYTES}"
        raise ValueError(msg)


def version_key(secret: bytes, assignment: str, version: str) -> bytes:
    """The key of one version of an assignment: all that judging needs of the course's secret.

    It may leave the course's machine, in a bundle; the secret may not, and does not follow from it.

    Args:
        secret: The course's secret, from the store.
        assignment: Name of the assignment.
        version: Its version, from assignment.yml.
    """
    return derive(secret, "assignment", assignment, version)
