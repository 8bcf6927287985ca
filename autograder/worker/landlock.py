"""Landlock: a process without privileges gives up all files but those named, and the network.

Knows the kernel's three calls and the rights of each version of their interface; which paths a
submission needs, others know. Works in plain root containers, where no namespace is to be had.

Source: https://docs.kernel.org/userspace-api/landlock.html
"""

import errno
import os
import platform
import stat
import struct
from collections.abc import Sequence
from enum import IntFlag
from pathlib import Path
from typing import Final

from autograder.worker import kernel, syscalls

_CREATE_RULESET_VERSION: Final = 1
_RULE_PATH_BENEATH: Final = 1


class _Right(IntFlag):
    EXECUTE = 1 << 0
    WRITE_FILE = 1 << 1
    READ_FILE = 1 << 2
    READ_DIR = 1 << 3
    REMOVE_DIR = 1 << 4
    REMOVE_FILE = 1 << 5
    MAKE_CHAR = 1 << 6
    MAKE_DIR = 1 << 7
    MAKE_REG = 1 << 8
    MAKE_SOCK = 1 << 9
    MAKE_FIFO = 1 << 10
    MAKE_BLOCK = 1 << 11
    MAKE_SYM = 1 << 12
    REFER = 1 << 13
    TRUNCATE = 1 << 14
    IOCTL_DEV = 1 << 15


_FIRST_RIGHTS: Final = _Right(_Right.REFER - 1)
_READ: Final = _Right.READ_FILE | _Right.READ_DIR
#: No devices, sockets, pipes or links, and nothing to execute.
_WRITE: Final = (
    _READ
    | _Right.WRITE_FILE
    | _Right.TRUNCATE
    | _Right.MAKE_REG
    | _Right.MAKE_DIR
    | _Right.REMOVE_FILE
    | _Right.REMOVE_DIR
    | _Right.REFER
)
#: Of a GPU's device file: its driver is asked for everything by ioctl.
_USE: Final = _READ | _Right.WRITE_FILE | _Right.IOCTL_DEV
#: What the kernel accepts in a rule on anything but a folder.
_OF_A_FILE: Final = _Right.READ_FILE | _Right.WRITE_FILE | _Right.TRUNCATE | _Right.IOCTL_DEV

_BIND_AND_CONNECT_TCP: Final = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS: Final = 0b11


def abi() -> int:
    """Version of Landlock's interface that this kernel offers and has switched on; 0 for none."""
    try:
        return _system_call("create_ruleset", None, 0, _CREATE_RULESET_VERSION)
    except (OSError, ValueError):
        return 0


def restrict(
    read: Sequence[str], read_files: Sequence[str], write: Sequence[str], use: Sequence[str] = ()
) -> None:
    """Leave this thread, and all that it starts, nothing but the named files. For good.

    Executing files, TCP, signals to processes outside and abstract sockets of processes outside are
    given up as far as the kernel's version knows them. Sets no_new_privs.

    Args:
        read: Folders whose files may be read and listed. Paths that do not exist are left out, here
            and below: systems differ in them, and leaving out allows less.
        read_files: Single files that may be read; a folder here may not be listed.
        write: Folders in which files may be read, created, changed and removed, or single files,
            such as "/dev/null", that may be read and written. Empty for none.
        use: Device files, or folders of such files, that may be read, written and asked by ioctl.

    Raises:
        OSError: If the kernel has no Landlock, or refuses.
    """
    version = abi()
    if version == 0:
        raise OSError(errno.EOPNOTSUPP, "Landlock: this kernel lacks it or has it switched off")
    rights = _rights(version)
    ruleset = _system_call("create_ruleset", *_attributes(version, rights), 0)
    try:
        for paths, allowed in (
            (read, _READ), (read_files, _Right.READ_FILE), (write, _WRITE), (use, _USE),
        ):  # fmt: skip
            for path in paths:
                if Path(path).exists():
                    _allow(ruleset, path, allowed & rights)
        kernel.no_new_privs()
        _system_call("restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _rights(version: int) -> _Right:
    rights = _FIRST_RIGHTS
    for since, right in ((2, _Right.REFER), (3, _Right.TRUNCATE), (5, _Right.IOCTL_DEV)):
        if version >= since:
            rights |= right
    return rights


def _attributes(version: int, rights: _Right) -> tuple[bytes, int]:
    fields = [int(rights)]
    if version >= 4:
        fields.append(_BIND_AND_CONNECT_TCP)
    if version >= 6:
        fields.append(_ABSTRACT_SOCKETS_AND_SIGNALS)
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    return attributes, len(attributes)


def _allow(ruleset: int, path: str, allowed: _Right) -> None:
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            allowed &= _OF_A_FILE
        rule = struct.pack("=Qi", allowed, descriptor)
        _system_call("add_rule", ruleset, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(descriptor)


def _system_call(name: str, *arguments: int | bytes | None) -> int:
    number = syscalls.numbers(platform.machine())[f"landlock_{name}"]
    return kernel.call("syscall", f"landlock_{name}", number, *arguments)
