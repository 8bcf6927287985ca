"""`autograder new`: the three places of a new assignment."""

from pathlib import Path

from rich.console import Console

from autograder.authoring.placing import place_new
from autograder.authoring.scaffold import plan_assignment
from autograder.settings.course import find_course


def new_command(name: str, title: str | None, course: Path | None) -> int:
    """Makes an assignment that grades, releases and is proven as it stands, for its author to replace.

    Returns:
        The exit code, 0.
    """
    root = find_course(course or Path.cwd())
    plan = plan_assignment(name, title)
    place_new(root, plan.texts, plan.parts)
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"Made the assignment {plan.title} in {root}:", markup=False)
    for text in sorted(plan.texts):
        console.print(f"  {text}", markup=False)
    console.print(
        f"It is proven as it stands: autograder verify {name}\n"
        "Then replace the example by your own: handout, reference, master, hidden tests, public checks.",
        markup=False,
    )
    return 0
