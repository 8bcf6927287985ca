"""Where things lie in a bundle, for those who pack it and those who grade with it."""

from typing import Final

#: The course, as far as grading needs it.
COURSE: Final = "course"
#: Data sets, as the grader keeps them in its cache.
DATA: Final = "data"
#: The key of the assignment's version, in hexadecimal.
KEY: Final = "version.key"
#: The wheel of this package.
WHEELS: Final = "wheels"
#: Versions of the packages that grading needs, torch apart.
REQUIREMENTS: Final = "requirements.txt"
#: What Gradescope runs once, when it builds the image.
SETUP: Final = "setup.sh"
#: What Gradescope runs for every submission.
RUN: Final = "run_autograder"
