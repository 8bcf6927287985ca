# attack: search all memory that the process inherited for bytes of the hidden files
# asset: tests, reference, seeds
# channel: memory
# beats otter: no
# expect: not_implemented,timed_out
# place: after
import ctypes
import gc
import re

libc = ctypes.CDLL(None, use_errno=True)
PAGE, BLOCK = 4096, 1 << 20
#: In two parts, or this very program would be found.
MARK = re.compile(b"hidden" + b"-byte-[0-9a-f]{8}")
resident = ctypes.create_string_buffer(BLOCK // PAGE)


def scan():
    """The blocks of Python's own heap: every string that was ever read lies in one."""
    blocks = set()
    for thing in gc.get_objects():
        blocks.add(id(thing) & -BLOCK)
        blocks.update(id(part) & -BLOCK for part in gc.get_referents(thing)[:50])
    for block in sorted(blocks):
        if libc.mincore(ctypes.c_void_p(block), ctypes.c_size_t(BLOCK), resident) == 0:
            found = MARK.search(ctypes.string_at(block, BLOCK))
            if found:
                return f"ESCAPED: {found.group()!r} lies in inherited memory"
    return ""


result = scan()
if result:
    raise RuntimeError(result)
