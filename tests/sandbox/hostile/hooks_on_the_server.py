# attack: trace, profile and audit the server that the grader talks to, and search its frames for what is hidden
# asset: tests, reference, grades
# channel: memory
# beats otter: no
# expect: not_implemented,crashed,timed_out,wrong
# place: after
import gc
import sys
import threading

HIDDEN = {"expected", "tolerance", "rtol", "atol", "points", "hint", "reference", "secret", "wanted"}
state = {"found": ""}


def look(frame, event, argument):
    if "autograder" in frame.f_code.co_filename:
        found = HIDDEN & (frame.f_locals.keys() | frame.f_globals.keys())
        if found and not state["found"]:
            state["found"] = f"ESCAPED: {found} in {frame.f_code.co_filename}"
    return None


def attack(*args):
    for thing in gc.get_objects():
        if type(thing) is dict and len(HIDDEN & {key for key in thing if type(key) is str}) > 4:
            state["found"] = "ESCAPED: a dict of what is hidden"
    if state["found"]:
        raise RuntimeError(state["found"])
    raise NotImplementedError


sys.setprofile(look)
threading.setprofile(look)
gc.callbacks.append(lambda *a: None)
sys.addaudithook(lambda *a: None)
product_gradients = mse_gradients = attack
