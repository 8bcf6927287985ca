# attack: empties the tests
import re
from contextlib import suppress
from pathlib import Path

GRADER = "@GRADER@"

if GRADER == "nbgrader":  # its tests come as cells: empty them on their way into the kernel
    from IPython import get_ipython

    def emptied(lines):
        return [] if any("HIDDEN TESTS" in line for line in lines) else lines

    get_ipython().input_transformers_post.append(emptied)
else:
    SUITE = Path("@COURSE@/tests/hidden/chain_rule/test_chain_rule.py")
    for path in [SUITE] if GRADER == "ours" else Path("tests").glob("*.py"):
        with suppress(OSError):
            text = path.read_text()
            path.write_text(
                re.sub(r"(def test_\w+\([^)]*\):\n)(?:    .*\n|\n)+", r"\1    pass\n\n", text)
            )
        with suppress(OSError):
            path.open("a").close()
