"""Parts of broken source: which are found, what is said of the others, what it costs."""

import time

from hypothesis import given
from hypothesis import strategies as st

from autograder.submission.salvage import parsing_parts
from autograder.submission.syntax import SourceFault, parse


def parts(source):
    lines = source.split("\n")
    found, faults = parsing_parts(lines, parse)
    kept = ["\n".join(lines[part.start : part.stop]) for part in found]
    return kept, [(fault.line, fault.reason) for fault in faults]


def test_blocks_that_parse_are_kept_and_the_lines_of_the_others_are_named():
    assert parts("a = 1\nb = )\n# why\ndef f():\n    return 1") == (
        ["a = 1", "# why\ndef f():\n    return 1"],
        [(2, "a closing bracket has no opening one")],
    )


def test_brackets_and_texts_that_go_on_below_stay_whole():
    kept, faults = parts('x = [\n1,\n2,\n]\ny = """\nfrom here\n"""\nz z')
    assert kept == ["x = [\n1,\n2,\n]", 'y = """\nfrom here\n"""']
    assert faults == [(8, "this is not valid Python")]


def test_what_a_part_becomes_is_the_callers_business():
    found, faults = parsing_parts(["a", "b"], str.upper)
    assert [(part.start, part.stop, part.value) for part in found] == [(0, 1, "A\n"), (1, 2, "B\n")]
    assert faults == []


def test_source_that_is_all_open_brackets_costs_little():
    started = time.process_time()
    _, faults = parts("x = (\n" * 3000)
    assert time.process_time() - started < 5
    assert faults


@given(st.lists(st.sampled_from(["a = 1", "b b", "def f():", "    return 1", "(", ")", "#", ""])))
def test_every_part_parses_and_no_two_overlap(lines):
    found, faults = parsing_parts(lines, parse)
    for part in found:
        parse("\n".join(lines[part.start : part.stop]))
    stops = [0, *(part.stop for part in found)]
    assert all(stop <= part.start for stop, part in zip(stops, found, strict=False))
    assert all(isinstance(fault, SourceFault) and fault.line for fault in faults)
