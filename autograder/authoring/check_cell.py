"""What a check cell of a released notebook runs. Released as text: see `notebook.make_notebook`.

Students have torch and otter-grader, and perhaps not this package: the function imports nothing of
it, and needs only the checks.py beside the notebook.
"""


def run_public_check(env: dict[str, object]) -> None:  # noqa: C901  # otter takes one function
    """Runs the public check of one task on what the notebook has defined.

    Stands in tests/, once for each task.

    Args:
        env: The notebook's names. Otter looks for this very name.

    Raises:
        AssertionError: The check does not pass; says which task and why.
    """
    import sys  # noqa: PLC0415  # a test file of otter is a single function
    import types  # noqa: PLC0415
    from html import escape  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415
    from typing import Any  # noqa: PLC0415

    from IPython import get_ipython  # noqa: PLC0415
    from otter.test_files import TestFile  # noqa: PLC0415

    def told(result: Any) -> str:
        # Otter puts a line of this file in front of the message; students shall see theirs only.
        messages = [case.message or "" for case in result.test_case_results if not case.passed]
        if not messages:
            return f"Task {result.name} passes. Hidden tests check more."
        return messages[0].partition("\nAssertionError: ")[2].strip() or messages[0]

    def plain(result: Any, printer: Any, cycle: bool) -> None:  # noqa: ARG001  # IPython's
        printer.text(told(result))

    def pretty(result: Any) -> str:
        head, _, rest = told(result).partition("\n")
        color = "#1a7f37" if result.passed_all else "#cf222e"
        body = f"<div>{escape(rest)}</div>" if rest else ""
        return f'<strong style="color: {color}">{escape(head)}</strong>{body}'

    shell: Any = get_ipython()
    if shell is not None:
        formatters = shell.display_formatter.formatters
        formatters["text/plain"].for_type(TestFile, plain)
        formatters["text/html"].for_type(TestFile, pretty)

    task = "TASK_ID"
    checks: Any = types.ModuleType("public_checks")
    # Where a check or a class in it looks for its own module.
    sys.modules["public_checks"] = checks
    try:
        source = Path("checks.py").read_text(encoding="utf-8")
    except OSError:
        message = f"Task {task}: there is no checks.py in {Path.cwd()}. Put it beside the notebook."
        raise AssertionError(message) from None
    here = str(Path.cwd())
    sys.path.insert(0, here)
    try:
        exec(compile(source, "checks.py", "exec"), checks.__dict__)  # noqa: S102  # the course's own
    except ModuleNotFoundError as error:
        message = f"Task {task}: there is no {error.name}.py in {here}. Put it beside the notebook."
        raise AssertionError(message) from None
    finally:
        sys.path.remove(here)
    check = checks.TASKS[task]
    name = check.__name__.removeprefix("check_")
    subject = f"Task {task}: {name}"
    try:
        if callable(env.get(name)):
            check(types.SimpleNamespace(**env))
            return
        problem = f"{subject} is missing.\nIs it spelled as in the handout, and did its cell run?"
    except AssertionError as error:
        problem = f"{subject} differs.\n{error}"
    except NotImplementedError as error:
        own = str(error).startswith(f"Task {task}:")
        problem = str(error) if own else f"{subject} cannot be checked yet.\n{error}"
    except (Exception, SystemExit) as error:  # noqa: BLE001  # the student's code may raise anything
        problem = f"{subject} stopped with an exception.\n{type(error).__name__}: {error}"
        trace, where = error.__traceback__, ""
        while trace is not None:
            if trace.tb_frame.f_globals is env:
                where = f" (in {trace.tb_frame.f_code.co_name}, line {trace.tb_lineno} of its cell)"
            trace = trace.tb_next
        problem += where
    # The line end keeps otter from stripping a quote at the end of the message.
    raise AssertionError(problem + "\n")
