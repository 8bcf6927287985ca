"""Two texts, kept apart."""

import pickle

from autograder.judging.mismatch import Mismatch, mismatch_at


def test_what_staff_read_begins_with_what_the_student_reads() -> None:
    error = mismatch_at("value 2 of 2: ", "shape is (3,)", "Got 1.")
    assert error.message == "Value 2 of 2: shape is (3,)."
    assert error.staff_message == "Value 2 of 2: shape is (3,). Got 1."


def test_the_text_of_the_exception_is_the_students() -> None:
    error = Mismatch("wrong", "wrong: expected 3.25")
    assert isinstance(error, AssertionError)
    assert str(error) == "wrong"
    assert "3.25" not in repr(error)


def test_without_words_for_staff_they_read_the_same() -> None:
    assert Mismatch("wrong").staff_message == "wrong"


def test_a_mismatch_keeps_both_texts_across_processes() -> None:
    error = pickle.loads(pickle.dumps(Mismatch("wrong", "for staff")))
    assert (error.message, error.staff_message) == ("wrong", "for staff")
