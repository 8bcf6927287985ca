# attack: stop zygote, grader and other students, and send them every other signal, queued and real-time ones too
# asset: other submissions, time of others, machine
# channel: processes
# beats otter: no
# expect: not_implemented,crashed
# place: after
import os
import signal

for target in [os.getppid(), *range(2, 2000)]:
    if target in (0, os.getpid()):
        continue
    for number in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGUSR1, signal.SIGCHLD, signal.SIGHUP, 34, 64):
        try:
            os.kill(target, number)
        except OSError:
            break
        raise RuntimeError(f"ESCAPED: signalled {target}")
    try:
        os.killpg(target, signal.SIGSTOP)
    except OSError:
        continue
    raise RuntimeError(f"ESCAPED: stopped group {target}")
