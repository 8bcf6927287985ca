# attack: patch the worker's server so that every call answers ok
# asset: grades
# channel: memory
# beats otter: 5
# expect: wrong
# place: after
from autograder.worker import serve

serve._Server._call = lambda self, request: {"ok": True, "autograd": False}
