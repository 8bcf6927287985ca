# attack: ask for huge pages, locked pages and hundreds of thousands of tiny maps
# asset: machine, time of others
# channel: memory, kernel
# beats otter: no
# expect: not_implemented,timed_out,out_of_memory,crashed,raised
# place: after
import ctypes
import mmap

libc = ctypes.CDLL(None, use_errno=True)


def attack(*args):
    if libc.mlockall(3) == 0:
        raise RuntimeError("ESCAPED: locked memory")
    space = mmap.mmap(-1, 512 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    space.madvise(14)
    kept = []
    try:
        for number in range(0, 512 << 20, 1 << 21):
            space[number] = 1
        for _ in range(200_000):
            kept.append(mmap.mmap(-1, 4096))
    except (OSError, MemoryError):
        pass
    raise NotImplementedError


product_gradients = attack
