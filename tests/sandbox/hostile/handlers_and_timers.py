# attack: signal handlers and timers that fire all the time, raise in the server and swallow interruptions
# asset: time of others, grades
# channel: processes, time
# beats otter: no
# expect: not_implemented,crashed,timed_out,raised
# place: after
import signal

HARMLESS = [signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF, signal.SIGCHLD, signal.SIGPIPE, signal.SIGINT]


def handler(number, frame):
    if "serve" in frame.f_code.co_filename:
        raise KeyboardInterrupt


for number in HARMLESS:
    signal.signal(number, handler)
signal.setitimer(signal.ITIMER_PROF, 0.002, 0.002)
signal.setitimer(signal.ITIMER_VIRTUAL, 0.003, 0.003)
signal.setitimer(signal.ITIMER_REAL, 0.002, 0.002)
signal.setitimer = signal.signal = signal.alarm = lambda *a: None
