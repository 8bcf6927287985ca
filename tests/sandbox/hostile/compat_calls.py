# attack: other ways into the kernel: 32-bit calls, x32 numbers, vsyscall, numbers beyond the list
# asset: machine
# channel: kernel
# beats otter: no
# expect: crashed,raised,not_implemented,timed_out
# place: after
import ctypes
import mmap
import platform

libc = ctypes.CDLL(None, use_errno=True)
for number in (0x40000000 | 39, 0x40000000 | 41, 0x40000000 | 520, 700, 1 << 20):
    if libc.syscall(ctypes.c_long(number), 1, 1, 0) >= 0:
        raise RuntimeError(f"ESCAPED: system call {number:#x}")


def product_gradients(*args):
    """getpid of 32-bit programs."""
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(bytes.fromhex("b814000000cd80c3") if platform.machine() == "x86_64" else bytes(8))
    place = ctypes.addressof(ctypes.c_char.from_buffer(page))
    if ctypes.CFUNCTYPE(ctypes.c_long)(place)() > 0:
        raise RuntimeError("ESCAPED: a 32-bit system call")


def mse_gradients(*args):
    ctypes.CFUNCTYPE(ctypes.c_long, ctypes.c_long)(0xFFFFFFFFFF600400)(0)
    raise NotImplementedError
