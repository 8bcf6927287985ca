"""What notebooks expect of Jupyter at run time: `get_ipython()` and `display()`, next to idle."""

import importlib
from types import ModuleType


class Shell:
    """Stands in for IPython's shell: shell lines do not run, no magic but `%run` has an effect."""

    def __init__(self, module: ModuleType) -> None:
        self._module = module
        self.user_ns = module.__dict__

    def system(self, _command: str) -> None:
        """`!command`: does not run."""

    def getoutput(self, _command: str) -> list[str]:
        """`x = !command`: an output without lines."""
        return []

    def run_line_magic(self, name: str, line: str = "", *_rest: object) -> object:
        """`%name line`: only `%run helper.py` has an effect, as `from helper import *` has."""
        if name == "run" and line.split():
            stem = line.split(maxsplit=1)[0].strip("\"'").removesuffix(".py").removesuffix(".ipynb")
            try:
                ran = importlib.import_module(stem.removeprefix("./").replace("/", "."))
            except ModuleNotFoundError:
                return (
                    None  # As in Jupyter, where it prints that there is no such file, and goes on.
                )
            public = {key: value for key, value in vars(ran).items() if not key.startswith("_")}
            self.user_ns.update(public)
        return None

    def run_cell_magic(self, _name: str, _line: str = "", _cell: str = "") -> None:
        """`%%name`: has no effect."""

    def __getattr__(self, name: str) -> object:
        """Everything else that a shell can do: nothing, whatever it is given."""
        if name.startswith("__"):
            raise AttributeError(name)
        return _nothing


def prepare(module: ModuleType) -> None:
    """Give a namespace what every notebook finds in its own."""
    shell = Shell(module)
    module.__dict__.update(get_ipython=lambda: shell, display=_nothing)


def _nothing(*_arguments: object, **_named: object) -> None:
    return None
