# attack: memory that no limit of a process sees at once: shared maps, /dev/shm, tensors shared between processes
# asset: machine, other submissions
# channel: memory, file system
# beats otter: no
# expect: not_implemented,timed_out,crashed,raised,out_of_memory
# place: after
import mmap
import os


def attack(*args):
    kept = []
    try:
        for _ in range(64):
            kept.append(mmap.mmap(-1, 64 << 20))
            kept[-1].write(bytes(64 << 20))
    except (OSError, ValueError, MemoryError):
        pass
    if len(kept) > 24:
        raise RuntimeError(f"ESCAPED: {64 * len(kept)} MB of shared memory")
    kept.clear()
    written = 0
    try:
        for number in range(64):
            with open(f"/dev/shm/hoard{number}", "wb") as file:
                written += file.write(bytes(1 << 20))
    except OSError:
        pass
    if written > 32 << 20:
        raise RuntimeError(f"ESCAPED: {written} bytes in /dev/shm")
    raise NotImplementedError


product_gradients = attack
