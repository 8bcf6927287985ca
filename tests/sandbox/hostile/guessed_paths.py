# attack: learn of other students by stat, links, listings and errors, without reading a file
# asset: other submissions, tests, grades
# channel: file system
# beats otter: no
# expect: not_implemented
# place: after
import os

for folder in ("@OUT@", "@OUT@/feedback", "@COURSE@", "@COURSE@/tests/hidden", "@TOP@/submissions", "@TOP@", "/home"):
    for look in (os.listdir, os.readlink, os.listxattr):
        try:
            names = look(folder)
        except (OSError, NotImplementedError):
            continue
        if names:
            raise RuntimeError(f"ESCAPED: {look.__name__} of {folder}: {names}")
    for act in (os.chdir, os.chroot):
        try:
            act(folder)
        except OSError:
            continue
        if "@TOP@" in folder and os.listdir("."):
            raise RuntimeError(f"ESCAPED: stands in {folder}")
