# attack: read what the process was started with: environment, arguments, paths, loaded modules, open files
# asset: tests, seeds, other submissions, grades
# channel: processes, memory
# beats otter: no
# expect: not_implemented
# place: after
import ctypes
import os
import sys

words = [*sys.argv, *sys.orig_argv, *sys.path, *os.environ.values(), *os.environ, os.getcwd(), os.path.expanduser("~")]
libc = ctypes.CDLL(None)
block = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
number = 0
while block and block[number]:
    words.append(block[number].decode(errors="replace"))
    number += 1
files = [str(getattr(module, "__file__", "")) for module in list(sys.modules.values())]
found = [word for word in words + files if any(place in word for place in ("@TOP@", "@COURSE@", "@OUT@"))]
secret = [word for word in words if any(part in word.upper() for part in ("SECRET", "TOKEN", "PASSWORD", "API_KEY"))]
if found or secret:
    raise RuntimeError(f"ESCAPED: {found} {secret}")
