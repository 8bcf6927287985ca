"""What the trusted side accepts as a flat submission, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.submission.flat import Cell, FlatSubmission, name_fault

GOOD = FlatSubmission(
    main="hw.ipynb",
    cells=(Cell("cell 1", "hw.ipynb", 1, "f = 1"), Cell("line 3", "a/b.py", 2, "# c\ng = 1")),
    modules=(("a", ""), ("a.b", "g = 1")),
    data_files=(("d/x.bin", b"\0\1"),),
    definitions=(("f", ("hw.ipynb cell 1 line 1",)),),
    notes=("A note.",),
)


def test_a_submission_survives_the_way_through_plain_data():
    assert FlatSubmission.from_plain(GOOD.to_plain()) == GOOD
    viewed = GOOD.to_plain() | {"data_files": [["d/x.bin", memoryview(b"\0\1")]]}
    assert FlatSubmission.from_plain(viewed) == GOOD


class Text(str):
    """A str that could do anything."""


@pytest.mark.parametrize(
    "change",
    [
        {"main": ""},
        {"main": "../x.py"},
        {"main": "/etc/passwd"},
        {"main": "c:\\x"},
        {"main": 5},
        {"main": Text("x.py")},
        {"main": "x" * 300},
        {"cells": {}},
        {"cells": [["cell 1", "a.py", 1]]},
        {"cells": [["cell 1", "a.py", True, ""]]},
        {"cells": [["cell 1", "a.py", 0, ""]]},
        {"cells": [["cell 1", "../a.py", 1, ""]]},
        {"cells": [["cell 1", "a.py", 1, "\ud800"]]},
        {"cells": [["c" * 41, "a.py", 1, ""]]},
        {"cells": [["cell 1", "a.py", 1, ""]] * 10_001},
        {"cells": [["cell 1", "a.py", 1, "x" * 3_000_000]] * 2},
        {"modules": [["a b", ""]]},
        {"modules": [["", ""]]},
        {"modules": [["a", ""]] * 2001},
        {"data_files": [["../x", b""]]},
        {"data_files": [["x", "text"]]},
        {"data_files": [["x", bytes(20 << 20)]] * 2},
        {"definitions": [["f", "places"]]},
        {"definitions": [["f"]]},
        {"notes": ["x" * 601]},
        {"notes": ["x"] * 62},
        {"notes": [None]},
        {"more": 1},
    ],
)
def test_what_is_not_as_it_must_be_is_refused(change):
    with pytest.raises(ValueError, match=r"expected|its name"):
        FlatSubmission.from_plain(GOOD.to_plain() | change)


plain_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=10,
)


@given(
    plain_values
    | st.fixed_dictionaries(dict.fromkeys(GOOD.to_plain(), plain_values))
    | st.tuples(st.sampled_from(sorted(GOOD.to_plain())), plain_values).map(
        lambda change: GOOD.to_plain() | dict([change])
    )
)
def test_nothing_but_a_value_error_comes_out_of_any_value(value):
    try:
        flat = FlatSubmission.from_plain(value)
    except ValueError:
        return
    assert FlatSubmission.from_plain(flat.to_plain()) == flat


@pytest.mark.parametrize("name", ["a.py", "a b/c (1).py", "\u03c3.ipynb", ".hidden", "hw 10:30.py"])
def test_names_that_people_give_are_fine(name):
    assert name_fault(name) is None


@given(st.text())
def test_a_name_without_fault_stays_below_the_folder(name):
    if name_fault(name) is None:
        assert ".." not in name.split("/")
        assert not name.startswith("/")
        assert "\0" not in name
        name.encode()
