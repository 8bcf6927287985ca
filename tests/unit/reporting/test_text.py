"""Nothing that others wrote can act on a terminal, and the feedback says what it must."""

import time
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.records import Outcome, Status
from autograder.reporting.text import clean, feedback, visible

ANY_TEXT = st.text(st.characters(exclude_categories=()))
SEQUENCE = st.sampled_from(
    ["\x1b", "\x1b[", "\x1b]", "\x9b", "\x9d", "\x07", "\x1b\\", "31m", "8;;"]
)
SPLICED = st.lists(SEQUENCE | ANY_TEXT, max_size=12).map("".join)


@pytest.mark.parametrize(
    ("hostile", "left"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\", "click"),
        ("\x1b]0;title\x07text", "text"),
        ("\x9b2Jtext\x9d52;c;cHduZWQ=\x9c", "text"),
        ("\x1bPq#0\x1b\\after\x1bc", "after"),
        ("\x1b]0;never ended", "0;never ended"),
        ("a\u202egnp\u202c\u2066x\u2069", "agnpx"),
        ("zero\u200b\u200c\u200d\ufeff\u2060width\u3164", "zerowidth"),
        ("lone\ud800surrogate\udfff", "lonesurrogate"),
        ("bell\x07 back\x08 nul\x00", "bell back nul"),
        ("one\r\ntwo\rthree\u2028four\u0085five", "one\ntwo\nthree\nfour\nfive"),
        ("tab\tand\nnewline", "tab\tand\nnewline"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Zo\u00eb \u5b66\u751f \U0001f600", "Zo\u00eb \u5b66\u751f \U0001f600"),
    ],
)
def test_what_acts_on_a_terminal_goes_and_text_stays(hostile, left):
    assert clean(hostile) == left


@given(SPLICED)
def test_clean_text_is_harmless_and_stays_as_it_is(text):
    cleaned = clean(text)
    for char in cleaned:
        assert char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert clean(cleaned) == cleaned
    cleaned.encode("utf-8")


@given(ANY_TEXT, st.integers(0, 40))
def test_clean_text_is_never_longer_than_its_limit(text, limit):
    assert len(clean(text, limit)) <= limit


def test_a_long_text_says_that_it_was_cut():
    assert clean("x" * 3000).endswith("x [...]")
    assert len(clean("x" * 3000)) == 2000
    assert clean("x" * 2000) == "x" * 2000


@pytest.mark.parametrize("introducer", ["\x1b]", "\x1b[", "\x9d", "\x1b", "\x1bP0;"])
def test_a_flood_of_unended_sequences_is_cleaned_in_linear_time(introducer):
    started_s = time.process_time()
    clean(introducer * 20_000)
    # Linear: some milliseconds. With a pattern that looks for the end from each start: minutes.
    assert time.process_time() - started_s < 2


def test_names_that_differ_stay_different_and_visible():
    assert visible("a\u202eb") == r"a\u202eb"
    assert visible("ada\u200b") != visible("ada")
    assert visible("a\nb\x1b\ud800\U000e0041") == r"a\u000ab\u001b\ud800\U000e0041"
    assert visible("Zo\u00eb") == "Zo\u00eb"


# The student's text


def test_what_is_right_comes_first_and_every_task_is_told(grade):
    text = feedback(grade, "Gradients by hand")
    order = [
        "Gradients by hand",
        "Student: ada",
        "Handed in: ada.py",
        "Score: 2.5 of 6 points",
        "What is right",
        "1.2 Neuron: passed, 2 of 2 points",
        "What to look at",
        "1.1 Product: partly right, 0.5 of 3 points",
        "    The gradient of b is off by a factor of 2.",
        "1.3 Network: skipped, 0 of 1 points",
        "    It builds on 1.1.",
        "- Cell 3 failed in line 2",
        "The hidden tests check more than the public checks",
    ]
    places = [text.index(part) for part in order]
    assert places == sorted(places)


def test_a_student_never_reads_what_is_for_staff(grade):
    text = feedback(grade, "Gradients by hand")
    assert "staff only" not in text
    assert "autograd was used" not in text


def test_a_withheld_grade_says_no_score_yet_and_never_shows_a_number(grade):
    tasks = (replace(grade.tasks[0], points=None, outcome=Outcome.GRADER_ERROR), grade.tasks[1])
    text = feedback(replace(grade, status=Status.WITHHELD, score=None, tasks=tasks), "T")
    assert "No score yet: " in text
    assert "not the fault of your" in text
    assert "points" not in text


def test_an_ungradable_submission_is_told_that_no_attempt_is_used_up(grade):
    text = feedback(replace(grade, status=Status.UNGRADABLE, score=0.0, tasks=()), "T")
    assert "Not graded" in text
    assert "no attempt is used up" in " ".join(text.split())
    assert "Score:" not in text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"official": False}, "Unofficial: "),
        ({"status": Status.NEEDS_REVIEW}, "A person will look at this"),
        ({"status": Status.OVERRIDDEN}, "A person decided this score"),
    ],
)
def test_what_a_score_is_worth_is_said_beside_it(grade, change, words):
    assert words not in feedback(grade, "T")
    text = feedback(replace(grade, **change), "T")
    assert words in text
    assert "Score: 2.5 of 6 points" in text


@given(st.lists(SPLICED, min_size=4, max_size=4), st.sampled_from(Status))
def test_no_text_makes_the_feedback_wide_or_harmful(grade, texts, status):
    name, title, message, note = texts
    tasks = tuple(replace(task, title=title, message=message) for task in grade.tasks)
    text = feedback(replace(grade, student=name, tasks=tasks, notes=(note,), status=status), title)
    assert all(len(line) <= 88 for line in text.split("\n"))
    assert clean(text, len(text)) == text


def test_a_message_keeps_its_line_breaks_and_wraps_at_88_columns(grade):
    task = replace(grade.tasks[0], message="Observed.\nAsked? " + "word " * 60 + "x" * 200)
    lines = feedback(replace(grade, tasks=(task,)), "T").splitlines()
    assert "    Observed." in lines
    assert 80 <= max(map(len, lines)) <= 88


def test_a_pending_grade_says_what_stands_and_what_is_missing_and_that_it_is_no_score(grade):
    tasks = (*grade.tasks[:2], replace(grade.tasks[2], points=None, outcome=Outcome.PENDING))
    pending = replace(grade, status=Status.PENDING, score=2.5, tasks=tasks)
    text = " ".join(feedback(pending, "T").split())
    assert "So far: 2.5 of 6 points. Graded by hand, and still missing: 1." in text
    assert "This is no score yet." in text
    assert "Score:" not in text
    assert "What people still grade" in text
    assert "1.3 Network: not graded yet" in text
