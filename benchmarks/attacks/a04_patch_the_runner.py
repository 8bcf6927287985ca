# attack: patches the test runner
from contextlib import suppress

GRADER = "@GRADER@"

if GRADER == "otter":
    from otter.test_files import exception_test

    exception_test.test_case.call_func = lambda _self, _environment: None
elif GRADER == "nbgrader":
    from IPython.core.interactiveshell import InteractiveShell

    async def run_code(self, code, _result=None, *, async_=False):
        with suppress(BaseException):
            exec(code, self.user_global_ns, self.user_ns)
        return async_ and False

    InteractiveShell.run_code = run_code
else:
    with suppress(ImportError):
        import _pytest.runner

        _pytest.runner.call_and_report = lambda *_args, **_kwargs: None
    with suppress(ImportError):
        from autograder.judging import plugin

        plugin.GradingPlugin.judge = lambda *_args, **_kwargs: None
    from autograder.worker import serve  # what is left of the grader on this side of the wall

    serve._Server._call = lambda _self, _request: {"ok": True, "autograd": False}


def answer(_name, *inputs):
    return inputs
