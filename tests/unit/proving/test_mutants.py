"""Mutants are masters with one student's bug: they parse, differ in one place of one solution, and stay the same."""

import ast
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.authoring.regions import find_regions, split_lines
from autograder.errors import CourseError
from autograder.proving.edits import Kind
from autograder.proving.mutants import LINE_DROPPED, mutants, sample

COURSE = Path(__file__).resolve().parents[3]
MASTERS = sorted(COURSE.glob("assignments/*/assignment.yml"))
PATH = Path("assignments/small/small.py")


@pytest.fixture(scope="module", params=[path.parent.name for path in MASTERS])
def real(request):
    """The text, the path and the mutants of a real master."""
    path = COURSE / "assignments" / request.param / f"{request.param}.py"
    text = path.read_text()
    return text, path, mutants(text, path)


def master(*solution):
    """A master whose one solution begins in line 4."""
    body = "".join(f"    {line}\n" for line in solution)
    return f'# %% task="1.1"\ndef f(x, y):\n    # BEGIN SOLUTION\n{body}    # END SOLUTION\n'


def afters(*solution, kind=None):
    """What the lines of a small solution become."""
    found = mutants(master(*solution), PATH)
    return {mutant.after for mutant in found if kind is None or mutant.kind == kind}


def test_the_mutants_of_a_real_master_parse_and_no_two_are_alike(real):
    text, _, found = real
    assert len(found) >= 60
    for mutant in found:
        ast.parse(mutant.source)
    assert len({mutant.source for mutant in found} | {text}) == len(found) + 1


def test_a_mutant_changes_the_line_that_it_names_and_no_other(real):
    text, _, found = real
    for mutant in found:
        pairs = zip(text.split("\n"), mutant.source.split("\n"), strict=True)
        [(number, old, new)] = [
            (n, old, new) for n, (old, new) in enumerate(pairs, 1) if old != new
        ]
        assert (number, old.strip()) == (mutant.line, mutant.before)
        assert mutant.after == new.strip() or (
            mutant.after == LINE_DROPPED and new.strip().partition("  #")[0] == "pass"
        )


def test_nothing_outside_the_solution_of_its_task_changes(real):
    text, path, found = real
    regions = find_regions(split_lines(text), path)
    for mutant in found:
        [region] = [region for region in regions if region.begin < mutant.line < region.end]
        assert region.task_id == mutant.task
    assert {mutant.task for mutant in found} == {region.task_id for region in regions}


def test_ids_count_from_top_to_bottom_and_are_the_same_again(real):
    text, path, found = real
    assert mutants(text, path) == found
    assert [mutant.id for mutant in found] == [f"m{n:03d}" for n in range(1, len(found) + 1)]
    assert [mutant.line for mutant in found] == sorted(mutant.line for mutant in found)


def test_every_kind_but_logic_occurs_in_the_real_masters():
    kinds = set()
    for about in MASTERS:
        path = about.parent / f"{about.parent.name}.py"
        kinds |= {mutant.kind for mutant in mutants(path.read_text(), path)}
    assert kinds == set(Kind) - {Kind.LOGIC}


# One line, its kind, and all that this kind makes of it.
LINES = [
    ("return x + y", Kind.OPERATOR, {"return x - y"}),
    ("return x**y", Kind.OPERATOR, {"return x*y"}),
    ("return (x) @ (y)", Kind.OPERATOR, {"return (x) * (y)"}),
    ("x //= y", Kind.OPERATOR, {"x /= y"}),
    (
        "return x * (y + 1)",
        Kind.TERM,
        {"return x", "return (y + 1)", "return x * (y)", "return x * (1)"},
    ),
    ("return (x - 1) / y", Kind.TERM, {"return (x - 1)", "return (x) / y"}),
    ("return -x", Kind.SIGN, {"return x"}),
    ("return x, x * y", Kind.SIGN, {"return x, -(x * y)"}),
    ("y = x.T", Kind.SIGN, {"y = -x.T"}),
    ("y = x - 1", Kind.SIGN, set()),
    ('y = "sum"', Kind.SIGN, set()),
    ("y = torch.nn.ReLU()", Kind.SIGN, set()),
    ("x, y = split(x)", Kind.SIGN, set()),
    ("return x > y", Kind.COMPARISON, {"return x >= y", "return x <= y"}),
    (
        "return x <= y < 1",
        Kind.COMPARISON,
        {"return x < y < 1", "return x > y < 1", "return x <= y <= 1", "return x <= y >= 1"},
    ),
    ("return x is not None", Kind.COMPARISON, {"return x is None"}),
    ("return x and y and 1", Kind.LOGIC, {"return x or y and 1", "return x and y or 1"}),
    ("return not (x or y)", Kind.LOGIC, {"return (x or y)", "return not (x and y)"}),
    ("return x**2", Kind.CONSTANT, {"return x**3", "return x**1"}),
    (
        "return 0.0 if x else 0.5",
        Kind.CONSTANT,
        {"return 1.0 if x else 0.5", "return 0.0 if x else 1.0"},
    ),
    ("f(y=True)", Kind.CONSTANT, {"f(y=False)"}),
    ("return x.reshape(3, -1)", Kind.CONSTANT, set()),
    ("return x.sum(dim=1)", Kind.CONSTANT, set()),
    ('return f"{x + 1}"', None, set()),
    ('raise ValueError("x" * 2)', None, set()),
    ('assert x, "x" * 2', None, set()),
    ("import torch", None, set()),
    ("return x.sum(dim=1)", Kind.AXIS, {"return x.sum(dim=0)", "return x.sum()"}),
    ("return x.sum(0)", Kind.AXIS, {"return x.sum(1)", "return x.sum()"}),
    (
        "return torch.softmax(x, -1)",
        Kind.AXIS,
        {"return torch.softmax(x, 0)", "return torch.softmax(x)"},
    ),
    (
        "return torch.sum(x, dim=1, keepdim=True)",
        Kind.AXIS,
        {
            "return torch.sum(x, dim=0, keepdim=True)",
            "return torch.sum(x)",
            "return torch.sum(x, dim=1, keepdim=False)",
        },
    ),
    (
        "return torch.cat(dim=1, tensors=x)",
        Kind.AXIS,
        {"return torch.cat(dim=0, tensors=x)", "return torch.cat(tensors=x)"},
    ),
    ("return max(x, 1)", Kind.AXIS, set()),
    ("return x.mean()", Kind.REDUCTION, {"return x.sum()"}),
    ("return x.argmax(1)", Kind.REDUCTION, {"return x.argmin(1)"}),
    ("return max(x) + sum(y)", Kind.REDUCTION, {"return min(x) + sum(y)"}),
    ("return nn.MSELoss()", Kind.REDUCTION, {'return nn.MSELoss(reduction="sum")'}),
    ("return F.mse_loss(x, y)", Kind.REDUCTION, {'return F.mse_loss(x, y, reduction="sum")'}),
    ("return mse_loss(x, y)", Kind.REDUCTION, set()),
    ("return torch.relu(x)", Kind.CALL, {"return x"}),
    ("return torch.log_softmax(x + y, dim=1)", Kind.CALL, {"return (x + y)"}),
    (
        "return torch.exp(torch.abs(x + y))",
        Kind.CALL,
        {"return torch.abs(x + y)", "return torch.exp(x + y)"},
    ),
    ("return x.T @ y.abs()", Kind.CALL, {"return x @ y.abs()", "return x.T @ y"}),
    ("return (x * y).float()", Kind.CALL, {"return (x * y)"}),
    (
        "return torch.log(x)",
        Kind.SIBLING,
        {"return torch.log2(x)", "return torch.log10(x)", "return torch.log1p(x)"},
    ),
    ("return x.clamp(min=0)", Kind.SIBLING, {"return x.clamp(max=0)"}),
    ("return x.max(dim=1).values", Kind.SIBLING, {"return x.max(dim=1).indices"}),
    ("return sigmoid(x)", Kind.SIBLING, set()),
    ("return torch.matmul(x, y)", Kind.SWAPPED, {"return torch.matmul(y, x)"}),
    ("return x @ y.T", Kind.SWAPPED, {"return y.T @ x"}),
    ("return 2 * x / y", Kind.SWAPPED, {"return y / (2 * x)"}),
    ("return (2 * x) - (y + 1)", Kind.SWAPPED, {"return (y + 1) - (2 * x)"}),
    ("return x, y, 1", Kind.SWAPPED, {"return y, x, 1", "return x, 1, y"}),
    ("x, y = split(y)", Kind.SWAPPED, {"y, x = split(y)"}),
    ("return f(x, *y)", Kind.SWAPPED, set()),
    ("return f(x, x)", Kind.SWAPPED, set()),
    ("x.backward()  # why", Kind.DROPPED, {LINE_DROPPED}),
    ("x -= y", Kind.DROPPED, {LINE_DROPPED}),
    ("x = x.clone()", Kind.DROPPED, {LINE_DROPPED}),
    ("z = x.clone()", Kind.DROPPED, set()),
    ("print(x)", Kind.DROPPED, set()),
    (
        "return [1 for _ in range(len(x))]",
        Kind.LOOP,
        {"return [1 for _ in range(len(x) - 1)]", "return [1 for _ in range(len(x) + 1)]"},
    ),
    (
        "return range(1, x + y, 2)",
        Kind.LOOP,
        {"return range(1, (x + y) - 1, 2)", "return range(1, (x + y) + 1, 2)"},
    ),
    (
        "return nn.Linear(784, x)",
        Kind.LAYER,
        {
            "return nn.Linear(785, x)",
            "return nn.Linear(784, x + 1)",
            "return nn.Linear(784, x, bias=False)",
        },
    ),
    ("return nn.Linear(784, 3, False)", Kind.CONSTANT, {"return nn.Linear(784, 3, True)"}),
    ("return nn.ReLU()", Kind.LAYER, {"return nn.Identity()", "return nn.Tanh()"}),
]


@pytest.mark.parametrize(("line", "kind", "expected"), LINES)
def test_a_line_gets_the_bugs_that_students_make_in_it(line, kind, expected):
    assert afters(line, kind=kind) == expected


def test_every_kind_has_a_line_here():
    assert {kind for _, kind, expected in LINES if expected} == set(Kind)


def test_a_loop_is_left_after_its_first_turn_even_when_it_ends_in_a_with():
    loop = ("for _ in x:", "    with torch.no_grad():", "        y += 1  # a step")
    assert afters(*loop, kind=Kind.LOOP) == {"y += 1; break  # a step"}


def test_a_loop_that_leaves_by_itself_is_let_be():
    assert afters("while x:", "    return y", kind=Kind.LOOP) == set()


def test_a_with_is_dropped_and_its_body_kept():
    found = mutants(master("with torch.no_grad():  # no graph", "    y = f(x)"), PATH)
    [mutant] = [mutant for mutant in found if mutant.kind == Kind.DROPPED]
    assert mutant.after == "if True:  # no graph"
    assert mutant.source == master("if True:  # no graph", "    y = f(x)")


def test_a_with_that_names_something_stays():
    assert afters("with open(x) as y:", "    return y", kind=Kind.DROPPED) == set()


def test_annotations_and_docstrings_of_inner_functions_are_let_be():
    inner = ("def g(a: x[1]) -> y[2]:", '    """1 + 1."""', "    z: x[3] = a", "    return g")
    assert afters(*inner) == set()


def test_columns_count_bytes_so_that_other_alphabets_move_nothing():
    found = {mutant.after for mutant in mutants(master('return "häß", ε + y  # ∂'), PATH)}
    assert 'return "häß", ε - y  # ∂' in found


def test_a_coding_comment_moves_nothing():
    text = "# -*- coding: latin-1 -*-\n" + master('return "häß", x + y')
    assert 'return "häß", x - y' in {mutant.after for mutant in mutants(text, PATH)}


def test_a_statement_over_several_lines_is_dropped_whole_and_lines_keep_their_numbers():
    text = master("x.add_(", "    y,", ")  # why", "return x")
    [mutant] = [m for m in mutants(text, PATH) if m.after == LINE_DROPPED]
    assert (mutant.line, mutant.before) == (4, "x.add_(")
    changed = mutant.source.split("\n")
    assert changed[3:7] == ["    pass", "", "  # why", "    return x"]
    assert len(changed) == len(text.split("\n"))


def test_an_operator_is_found_behind_parentheses_and_comments():
    text = master("return (", "    (x)  # minus - here", "    + y", ")")
    assert "- y" in {mutant.after for mutant in mutants(text, PATH)}


def test_windows_line_ends_give_the_same_mutants():
    text = master("y = x + 1", "return y")
    assert mutants(text.replace("\n", "\r\n"), PATH) == mutants(text, PATH)


def test_what_is_given_to_students_is_not_mutated():
    assert mutants(master("pass") + "    return x + 1\n", PATH) == ()


def test_a_loop_around_a_solution_is_not_the_solution():
    text = (
        '# %% task="1.1"\ndef f(x):\n    for _ in range(9):\n        # BEGIN SOLUTION\n'
        "        x = -x\n        # END SOLUTION\n    return x\n"
    )
    assert {(mutant.line, mutant.after) for mutant in mutants(text, PATH)} == {
        (5, "x = x"),
        (5, LINE_DROPPED),
        (5, "x = -x; break"),
    }


def test_a_master_with_a_wrong_marker_is_refused():
    with pytest.raises(CourseError, match="END SOLUTION"):
        mutants("# %%\n# END SOLUTION\n", PATH)


NAMES = st.sampled_from(["x", "y", "ä", "0", "1.5", "True", "x.T", "y.sum(dim=1)"])
EXPRESSIONS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "@", "**", ">", "and"]), inner).map(
            lambda parts: "({} {} {})".format(*parts)
        ),
        inner.map(lambda one: f"-{one}"),
        inner.map(lambda one: f"torch.exp({one})"),
        st.tuples(inner, inner).map(lambda two: "nn.Linear({}, {})".format(*two)),
    ),
    max_leaves=8,
)


@given(st.lists(EXPRESSIONS, min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_any_solution_gives_mutants_that_parse_and_keep_the_rest(expressions):
    text = master(*(f"x = {one}" for one in expressions), "return x")
    lines = text.split("\n")
    for mutant in mutants(text, PATH):
        ast.parse(mutant.source)
        changed = mutant.source.split("\n")
        pairs = enumerate(zip(lines, changed, strict=True), 1)
        assert [number for number, (old, new) in pairs if old != new] == [mutant.line]


@pytest.mark.parametrize("most", [0, 1, 2, 7, 40, 60, 73, 120, 400])
def test_a_sample_is_spread_over_tasks_and_kinds(real, most):
    _, _, found = real
    taken = sample(found, most)
    assert len(taken) == min(most, len(found))
    assert [mutant for mutant in found if mutant in taken] == list(taken)
    assert set(taken) <= set(sample(found, most + 1))
    _is_even(taken, found, lambda mutant: mutant.task)
    for task in {mutant.task for mutant in found}:
        _is_even(
            *([m for m in some if m.task == task] for some in (taken, found)), lambda m: m.kind
        )


def _is_even(taken, found, group):
    """No group has two more than another one that has some left."""
    counts, there = Counter(map(group, taken)), Counter(map(group, found))
    with_some_left = [counts[name] for name in there if counts[name] < there[name]]
    assert not with_some_left or max(counts.values(), default=0) <= min(with_some_left) + 1


def test_a_sample_does_not_depend_on_lines_above():
    path = COURSE / "assignments" / "mnist_mlp" / "mnist_mlp.py"
    text = path.read_text()
    one, other = (sample(mutants(found, path), 25) for found in (text, "# A remark.\n" + text))
    assert [(m.before, m.after) for m in one] == [(m.before, m.after) for m in other]
