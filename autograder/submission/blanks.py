"""Objects that stand in for what optional packages would give: they compute nothing.

A plot nobody looks at may be drawn on a `Blank`; a number that a grade could rest on never comes
from one: numeric use raises TypeError, as `Blank` defines no arithmetic, no comparison and no
length.
"""

import math
import types
from collections.abc import Iterable, Iterator, Sized
from typing import Final, Self

NO_DATA: Final = "No data set can be downloaded here; the grader hands the data to your functions."

#: Functions whose result is unpacked at once, and into how many: `line, = plt.plot(x)`, `n, bins,
#: bars = plt.hist(x)`.
_SEVERAL: Final = {
    "plot": 1,
    "hist": 3,
    "hist2d": 4,
    "xticks": 2,
    "yticks": 2,
    "get_legend_handles_labels": 2,
    "get_xlim": 2,
    "get_ylim": 2,
    "xlim": 2,
    "ylim": 2,
}


class Blank:
    """Any object of a package that is not there: attributes, calls and items give further ones."""

    #: For a student's class that inherits from a stand-in and never calls super().__init__().
    _path: str = "something"

    def __init__(self, path: object = None, *_arguments: object, **_named: object) -> None:
        """Stand in for what `path` names: "matplotlib.pyplot.figure()"."""
        self._path = path if isinstance(path, str) else type(self).__name__

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return make(f"{self._path}.{name}")

    def __call__(self, *arguments: object, **named: object) -> object:
        """Whatever the call would give: another stand-in."""
        only = arguments[0] if len(arguments) == 1 and not named else None
        if isinstance(only, types.FunctionType | type):
            return only  # Used as a decorator: the student's function must survive it.
        name = self._path.rpartition(".")[2]
        if name in {"subplots", "subplot_mosaic"}:
            return _subplots(self._path, arguments, named)
        if name == "pie":
            return Several(f"{self._path}()", 3 if "autopct" in named else 2)
        if name in _SEVERAL:
            return Several(f"{self._path}()", _SEVERAL[name])
        return Blank(f"{self._path}()")

    def __getitem__(self, _key: object) -> object:
        return Blank(f"{self._path}[...]")

    def __setitem__(self, _key: object, _value: object) -> None:
        """`plt.rcParams["figure.dpi"] = 100`: has no effect."""

    def __iter__(self) -> Iterator[object]:
        return iter(())

    def __contains__(self, _item: object) -> bool:
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Swallows nothing."""

    def __mro_entries__(self, _bases: tuple[object, ...]) -> tuple[type, ...]:
        return (Blank,)

    def __repr__(self) -> str:
        return f"<stand-in for {self._path}>"


class Several(Blank):
    """A stand-in that is unpacked into a known number of others."""

    def __init__(self, path: str, count: int) -> None:
        """Stand in for a tuple of `count` things."""
        super().__init__(path)
        self._count = count

    def __iter__(self) -> Iterator[object]:
        return iter([Blank(self._path) for _ in range(self._count)])


class Axes(Blank):
    """The array of axes that `plt.subplots(rows, columns)` gives: nested, of the right lengths."""

    def __init__(self, path: str, shape: tuple[int, ...]) -> None:
        """Stand in for an array of one or two dimensions."""
        super().__init__(path)
        self.shape = shape
        self.size = math.prod(shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[object]:
        rest = self.shape[1:]
        return iter(
            [Axes(self._path, rest) if rest else Blank(self._path) for _ in range(len(self))]
        )

    @property
    def flat(self) -> "Axes":
        """All axes in one row."""
        return Axes(self._path, (self.size,))

    def flatten(self, *_order: object) -> "Axes":
        """All axes in one row."""
        return self.flat

    ravel = flatten

    def __getitem__(self, key: object) -> object:
        if isinstance(key, int) and not -len(self) <= key < len(self):
            raise IndexError(f"index {key} is out of bounds for axis 0 with size {len(self)}")
        if isinstance(key, int) and len(self.shape) > 1:
            return Axes(self._path, self.shape[1:])
        return Blank(self._path)


class Refusing(Blank):
    """A data set that would have to be downloaded: calling it says why it is not to be had."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return Refusing(f"{self._path}.{name}")

    def __call__(self, *_arguments: object, **_named: object) -> object:
        """Say why there is no data."""
        raise RuntimeError(NO_DATA)

    def __mro_entries__(self, _bases: tuple[object, ...]) -> tuple[type, ...]:
        return (RefusingClass,)


class RefusingClass:
    """Base of a student's own class over a data set that is not to be had."""

    def __init__(self, *_arguments: object, **_named: object) -> None:
        """Say why."""
        raise RuntimeError(NO_DATA)


class Passing(Blank):
    """A transform of images: what it builds gives back what it is given."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return Passing(f"{self._path}.{name}")

    def __call__(self, *arguments: object, **named: object) -> object:
        """Build a transform, or apply it."""
        name = self._path.rpartition(".")[2]
        if name[:1].isupper() and not name.endswith("()"):  # T.Normalize(mean, std): a class
            return Passing(f"{self._path}()")
        # F.normalize(image, ...), or a transform that was built above
        return arguments[0] if arguments else next(iter(named.values()), None)

    def __mro_entries__(self, _bases: tuple[object, ...]) -> tuple[type, ...]:
        return (object,)


class Progress:
    """tqdm: iterates what it is given, for real, and shows nothing."""

    def __init__(
        self, iterable: Iterable[object] = (), *_arguments: object, **_named: object
    ) -> None:
        """Take what tqdm takes."""
        self.iterable = iterable
        self.n = 0

    def __iter__(self) -> Iterator[object]:
        return iter(self.iterable)

    def __len__(self) -> int:
        if not isinstance(self.iterable, Sized):
            raise TypeError("what tqdm was given has no length")
        return len(self.iterable)

    def __bool__(self) -> bool:
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        """Swallows nothing."""

    def update(self, n: int = 1) -> None:
        """Count, as the real one does."""
        self.n += n

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return Blank(f"tqdm.{name}")  # set_description, set_postfix, close, ...

    @staticmethod
    def write(*_arguments: object, **_named: object) -> None:
        """Print nothing."""


def trange(*arguments: int, **_named: object) -> Progress:
    """A `range` with a progress bar that shows nothing."""
    return Progress(range(*arguments))


def make(path: str) -> object:
    """The stand-in for a dotted name within a package."""
    parts = path.split(".")
    if parts[0] == "tqdm" and parts[-1] in {"tqdm", "tqdm_notebook"}:
        return Progress
    if parts[0] == "tqdm" and parts[-1] in {"trange", "tnrange"}:
        return trange
    if "datasets" in parts[1:]:
        return Refusing(path)
    if "transforms" in parts[1:]:
        return Passing(path)
    return Blank(path)


def _subplots(
    path: str, arguments: tuple[object, ...], named: dict[str, object]
) -> tuple[object, object]:
    """`fig, axes`: one, a row or a grid of axes, as matplotlib squeezes them."""
    given = dict(zip(("nrows", "ncols"), arguments, strict=False)) | named
    rows, columns = given.get("nrows", 1), given.get("ncols", 1)
    if not isinstance(rows, int) or not isinstance(columns, int):
        return Blank(f"{path}()"), Blank(f"{path}()")
    shape: tuple[int, ...] = (rows, columns)
    if given.get("squeeze", True):
        shape = tuple(length for length in shape if length != 1)
    axes = Axes(f"{path}()", shape) if shape else Blank(f"{path}()")
    return Blank(f"{path}()"), axes
