# attack: patch every clock, so that no time passes for the limits and for the judge
# asset: time of others, grades
# channel: time, memory
# beats otter: no
# expect: timed_out,not_implemented,crashed
# place: after
import datetime
import select
import time

real_sleep = time.sleep
for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time", "time_ns", "monotonic_ns"):
    setattr(time, name, lambda *a: 0)
datetime.datetime = None
select.poll = select.select = None
time.sleep = lambda *a: None


def attack(*args):
    real_sleep(60)


product_gradients = attack
