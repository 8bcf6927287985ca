"""Turns what a person handed in into one flat submission: what is graded, runs, can be imported.

Runs inside the sandbox on hostile bytes, and on a student's laptop for `autograder check`. Executes
nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Final

from autograder.submission.archive import Unpacked, shown, unpack
from autograder.submission.flat import (
    MAX_NOTE,
    MAX_PLACES,
    Cell,
    FlatSubmission,
    FlattenLimits,
    SubmissionUnreadable,
)
from autograder.submission.sources import Source, folder_of, is_code, read_sources, stem

__all__ = ["Cell", "FlatSubmission", "FlattenLimits", "SubmissionUnreadable", "flatten"]

#: By their endings, files that are handed in for a notebook, and what to do.
_HINTS: Final = (
    (
        frozenset({".html", ".htm", ".pdf"}),
        "This is a page for a browser or a printer: hand in the .ipynb file itself.",
    ),
    (
        frozenset({".rar", ".7z", ".gz", ".tgz", ".tar", ".xz", ".bz2"}),
        "Such an archive is not opened: hand in the files themselves, or as a .zip.",
    ),
)
#: So many names are listed in one note.
_LISTED = 8


def flatten(
    files: Mapping[str, bytes],
    entry_points: Sequence[str],
    limits: FlattenLimits = FlattenLimits(),  # noqa: B008 (frozen)
) -> FlatSubmission:
    """Open, parse and order a submission.

    The main file is the one that defines most of the asked entry points with a body, then most at
    all; of equals a notebook goes before a script, a file further up before one in a folder, then
    the name decides. An entry point that only another file defines is taken from there: that file's
    cells run before the main file's, in a namespace of their own.

    Args:
        files: Relative name and content of every file: a script, several, a notebook with helpers,
            or one .zip.
        entry_points: Names that the assignment asks for.
        limits: How much is taken.

    Raises:
        SubmissionUnreadable: Nothing can be loaded.
    """
    unpacked = unpack(files, limits)
    sources, faults = read_sources(unpacked.files, entry_points, limits)
    if not sources:
        raise SubmissionUnreadable(_why_nothing(unpacked, faults))
    ranked = sorted(sources, key=_rank)
    main = ranked[0]
    providers = _providers(ranked, entry_points)
    others = [source for source in ranked[1:] if source in providers.values()]
    cells, left_out = _cells(_by_imports([*others, main]), main, limits)
    data_files, data_notes = _data_files(unpacked.files, folder_of(main.name), limits)
    used = [
        source for source in ranked if source is main or source in others or not source.is_notebook
    ]
    notes = [
        *_choice_notes(ranked, providers, entry_points),
        *_repeated_definitions(providers),
        *left_out,
        *faults,
        *unpacked.notes,
        *data_notes,
        *(note for source in used for note in source.notes),
    ]
    return FlatSubmission(
        main=main.name,
        cells=cells,
        modules=_modules(ranked, folder_of(main.name), limits),
        data_files=data_files,
        definitions=tuple(
            (name, _places(provider, name)[-MAX_PLACES:]) for name, provider in providers.items()
        ),
        notes=_clipped(notes, limits),
    )


def _rank(source: Source) -> tuple[int, int, bool, int, str]:
    """Smallest first. Bodies before names: a stub beside the solved file must not win."""
    depth = source.name.count("/")
    return -len(source.finished), -len(source.defined), not source.is_notebook, depth, source.name


def _why_nothing(unpacked: Unpacked, faults: Sequence[str]) -> str:
    reasons = [*faults, *unpacked.faults][:_LISTED]
    if faults:
        return " ".join(reasons)
    found = ", ".join(shown(name) for name in sorted(unpacked.files)[:_LISTED]) or "no file"
    endings = {PurePosixPath(name).suffix.casefold() for name in unpacked.files}
    hints = [hint for kinds, hint in _HINTS if not kinds.isdisjoint(endings)]
    return " ".join(
        [
            f"Nothing to grade: no .py and no .ipynb file was handed in (found: {found}).",
            *(hints or ["Hand in the notebook or the script itself."]),
            *reasons,
        ]
    )


def _providers(ranked: Sequence[Source], entry_points: Sequence[str]) -> dict[str, Source]:
    """For every entry point that is defined anywhere, the file that it is taken from.

    The first one that has a body for it: of a notebook and a script, each may be half done.
    """
    providers: dict[str, Source] = {}
    for name in entry_points:
        having = [source for source in ranked if name in source.defined]
        finished = [source for source in having if name in source.finished]
        if having:
            providers[name] = [*finished, *having][0]
    return providers


def _cells(
    sources: Sequence[Source], main: Source, limits: FlattenLimits
) -> tuple[tuple[Cell, ...], list[str]]:
    notes: list[str] = []
    kept = main.cells[: limits.cells]
    if len(main.cells) > limits.cells:
        last = f"{shown(main.name)} {main.cells[limits.cells - 1].label}"
        notes.append(f"Only the first {limits.cells} cells or statements run, up to {last}.")
    cells: tuple[Cell, ...] = ()
    room = limits.cells - len(kept)
    for source in sources:
        if source is main:
            cells += kept
        elif len(source.cells) <= room:
            room -= len(source.cells)
            cells += source.cells
        else:
            notes.append(f"{shown(source.name)} does not run: there are too many cells.")
    return cells, notes


def _by_imports(sources: Sequence[Source]) -> list[Source]:
    """What another one imports goes before it; else the order stays."""
    waiting, ordered = list(sources), list[Source]()
    while waiting:
        names = {id(source): PurePosixPath(stem(source.name)).name for source in waiting}
        free = (
            source
            for source in waiting
            if not any(names[id(o)] in source.imports for o in waiting if o is not source)
        )
        ordered.append(next(free, waiting[0]))  # In a circle somebody has to be the first.
        waiting.remove(ordered[-1])
    return ordered


def _modules(
    ranked: Sequence[Source], folder: str, limits: FlattenLimits
) -> tuple[tuple[str, str], ...]:
    """What can be imported: below the main file's folder, as `python main.py` does, and the top."""
    found: dict[str, str] = {}
    # Scripts first: `model.py` is what `import model` means, even where a `model.ipynb` lies beside
    # it.
    for source in sorted(ranked, key=lambda source: (source.is_notebook, source.name)):
        path = stem(source.name)
        text = source.text()
        paths = [path.removeprefix(folder)] if path.startswith(folder) else []
        for candidate in dict.fromkeys([*paths, path]):
            dotted = candidate.removesuffix("/__init__").replace("/", ".")
            if dotted != "__init__" and all(part.isidentifier() for part in dotted.split(".")):
                found.setdefault(dotted, text)
    for dotted in list(found):
        parent = dotted.rpartition(".")[0]
        while parent:
            found.setdefault(parent, "")  # A folder without __init__.py is a package, too.
            parent = parent.rpartition(".")[0]
    return tuple(sorted(found.items())[: 2 * limits.files])


def _data_files(
    files: Mapping[str, bytes], folder: str, limits: FlattenLimits
) -> tuple[tuple[tuple[str, bytes], ...], list[str]]:
    taken: dict[str, bytes] = {}
    notes: list[str] = []
    room = limits.data_bytes
    for name in sorted(files, key=lambda name: (not name.startswith(folder), name)):
        relative = name.removeprefix(folder)
        if is_code(name) or relative in taken:
            continue
        if len(files[name]) > room:
            notes.append(
                f"{shown(name)} was left out: all data files exceed {limits.data_bytes >> 20} MiB."
            )
            continue
        room -= len(files[name])
        taken[relative] = files[name]
    return tuple(taken.items()), notes


def _choice_notes(
    ranked: Sequence[Source], providers: Mapping[str, Source], entry_points: Sequence[str]
) -> list[str]:
    main = ranked[0]
    if not providers:
        return [
            f"{shown(main.name)} was taken. "
            f"It defines none of the asked names: {_listed(entry_points)}."
        ]
    notes = []
    rivals = [
        source
        for source in ranked[1:]
        if any(providers[name] is not source for name in source.defined & main.defined)
    ]
    if rivals:
        count = f"{len(main.defined)} of the {len(entry_points)} asked names"
        losers = _listed(shown(source.name) for source in rivals)
        notes.append(
            f"{shown(main.name)} was taken; it defines {count}. "
            f"What these define as well does not count: {losers}."
        )
    for source in ranked[1:]:
        names = [name for name, provider in providers.items() if provider is source]
        for unfinished, why in ((False, "does not define it"), (True, "leaves it unfinished")):
            some = [name for name in names if (name in main.defined) is unfinished]
            if some:
                notes.append(
                    f"Taken from {shown(source.name)}, since {shown(main.name)} {why}: "
                    f"{_listed(some)}."
                )
    return notes


def _repeated_definitions(providers: Mapping[str, Source]) -> list[str]:
    notes = []
    for name, source in providers.items():
        # The branches of an if are one definition.
        where = [
            place.where for place in source.places if place.name == name and not place.conditional
        ]
        if len(where) > 1:
            notes.append(
                f"{name} is defined {len(where)} times in {shown(source.name)}: {_listed(where)}. "
                "The last one counts."
            )
    return notes


def _places(source: Source, name: str) -> tuple[str, ...]:
    return tuple(
        f"{shown(source.name)} {place.where}" for place in source.places if place.name == name
    )


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    more = f" and {len(every) - _LISTED} more" if len(every) > _LISTED else ""
    return ", ".join(every[:_LISTED]) + more


def _clipped(notes: Sequence[str], limits: FlattenLimits) -> tuple[str, ...]:
    kept = [note[:MAX_NOTE] for note in dict.fromkeys(notes)]
    if len(kept) > limits.notes:
        kept = [*kept[: limits.notes], f"{len(kept) - limits.notes} more notes were left out."]
    return tuple(kept)
