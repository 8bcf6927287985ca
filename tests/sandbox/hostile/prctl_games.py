# attack: rights, marks and death signals by prctl: ambient capabilities, tracers, subreapers, memory maps, core scheduling
# asset: machine, other submissions, time of others
# channel: kernel
# beats otter: no
# expect: not_implemented
# place: after
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
MUST_FAIL = {
    "ambient capability": (47, 2, 21, 0, 0),
    "keep capabilities": (28, 0x3F, 0, 0, 0),
    "memory map": (35, 8, 4096, 0, 0),
    "flush input and output": (57, 1, 0, 0, 0),
    "core scheduling": (62, 1, 0, 0, 0),
    "new privileges": (38, 0, 0, 0, 0),
}
for name, arguments in MUST_FAIL.items():
    if libc.prctl(*arguments) == 0:
        raise RuntimeError(f"ESCAPED: {name}")
for option, value in ((1, 0), (36, 1), (0x59616D61, -1), (8, 1), (15, ctypes.c_char_p(b"grader")), (29, 10**9)):
    libc.prctl(option, value, 0, 0, 0)
