# attack: search all memory that the process inherited for bytes of the hidden files
# asset: tests, reference, seeds
# channel: memory
# beats otter: no
# expect: not_implemented,timed_out
# place: after
import ctypes
import gc
import os
import re
import socket

libc = ctypes.CDLL(None, use_errno=True)
PAGE, BLOCK = 4096, 1 << 20
#: In two parts, or this very program would be found.
MARK = re.compile(b"hidden" + b"-byte-[0-9a-f]{8}")
into, out_of = socket.socketpair()


def page_at(address):
    """A page of memory, empty where there is none. The kernel reads it: it answers EFAULT, while a read of our own
    behind the end of a mapped file would kill us (SIGBUS)."""
    length = libc.write(into.fileno(), ctypes.c_void_p(address), ctypes.c_size_t(PAGE))
    return os.read(out_of.fileno(), length) if length > 0 else b""


def scan():
    """The blocks of Python's own heap: every string that was ever read lies in one."""
    blocks = set()
    for thing in gc.get_objects():
        blocks.add(id(thing) & -BLOCK)
        blocks.update(id(part) & -BLOCK for part in gc.get_referents(thing)[:50])
    pages = 0
    for block in sorted(blocks):
        tail = b""
        for address in range(block, block + BLOCK, PAGE):
            page = page_at(address)
            found = MARK.search(tail + page)
            if found:
                return f"ESCAPED: {found.group()!r} lies in inherited memory"
            tail = page[-20:]
            pages += bool(page)
    return "" if pages > 100 else f"nothing was searched: {pages} pages"


result = scan()
if result:
    raise RuntimeError(result)
