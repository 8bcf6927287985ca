# attack: run programs by every call, with LD_PRELOAD, by the loader, from memory and by name of a descriptor
# asset: machine, tests
# channel: processes, kernel
# beats otter: no
# expect: not_implemented
# place: after
import glob
import os
import subprocess

ENVIRONMENT = {"LD_PRELOAD": "/tmp/evil.so", "PYTHONSTARTUP": "/tmp/evil.py", "PATH": "/bin:/usr/bin"}
PROGRAMS = ["/bin/true", "/bin/sh", "/usr/bin/env", "/usr/bin/sudo", "/bin/su", "@PYTHON@/bin/python"]
PROGRAMS += glob.glob("/lib*/ld-linux*") + glob.glob("/lib/*/ld-linux*")


def started(way):
    pid = os.fork()
    if pid == 0:
        try:
            way()
        finally:
            os._exit(77)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) not in (77, -9)


for program in PROGRAMS:
    for way in (
        lambda: os.execve(program, [program, "--version"], ENVIRONMENT),
        lambda: os.execve(os.open(program, os.O_RDONLY), [program, "--version"], ENVIRONMENT),
    ):
        if started(way):
            raise RuntimeError(f"ESCAPED: ran {program}")
    for run in (lambda: os.posix_spawn(program, [program], ENVIRONMENT), lambda: subprocess.run([program], env=ENVIRONMENT)):
        try:
            run()
        except OSError:
            continue
        raise RuntimeError(f"ESCAPED: spawned {program}")
if os.system("true") == 0:
    raise RuntimeError("ESCAPED: a shell")
