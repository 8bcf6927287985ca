# attack: patch the test runner, the exam and the comparison wherever they can be imported
# asset: tests, grades
# channel: memory
# beats otter: 4
# expect: not_implemented
# place: after
import sys

try:
    import _pytest.runner
    import pytest

    _pytest.runner.call_runtest_hook = lambda *a, **k: None
    pytest.raises = lambda *a, **k: None
except ImportError:
    pass
for name in (
    "autograder.judging.compare",
    "autograder.judging.plugin",
    "autograder.judging.student",
    "autograder.sandbox.session",
    "autograder.running.batch",
):
    try:
        __import__(name)
    except ImportError:
        continue
    raise RuntimeError(f"ESCAPED: {name} can be imported: {sys.modules[name].__file__}")
