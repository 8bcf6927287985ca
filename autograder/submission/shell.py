"""What notebooks expect of Jupyter at run time: `get_ipython()` and `display()`, next to idle."""

import importlib
from types import ModuleType
from typing import Final

#: What every namespace has of its own.
_OWN: Final = frozenset({"get_ipython", "display"})


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
        files = [word for word in line.split() if not word.startswith("-")]  # %run -i helper.py
        if name == "run" and files:
            stem = files[0].strip("\"'").removesuffix(".py").removesuffix(".ipynb")
            parts = [part for part in stem.split("/") if part not in {"", ".", ".."}]
            try:
                ran = importlib.import_module(".".join(parts))
            except ModuleNotFoundError:
                return (
                    None  # As in Jupyter, where it prints that there is no such file, and goes on.
                )
            # Not the helper's own shell: the next %run would fill the helper's namespace.
            public = {name for name in vars(ran) if not name.startswith("_")} - _OWN
            self.user_ns.update({name: vars(ran)[name] for name in public})
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
