"""Submissions and grades survive the way between the command and its suite process."""

import io
import json
import socket
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import GraderError
from autograder.judging.messages import (
    ANSWER,
    GRADE,
    ORDER,
    Ready,
    Refusal,
    SuiteOrder,
    read_submission,
    receive_line,
    write_submission,
)
from autograder.records import (
    Grade,
    HandedInFile,
    Isolation,
    IsolationRecord,
    Outcome,
    ProbeResult,
    Status,
    Submission,
    TaskInfo,
    TaskResult,
)

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
SUBMISSION = Submission(
    "ada",
    "ada",
    (
        HandedInFile("a.py", b"x = 1\n"),
        HandedInFile("data/empty.bin", b""),
        HandedInFile("data/points.bin", bytes(range(256)) * 3 + b"\n\n"),
    ),
    "a" * 64,
    refused="why not",
    matched=False,
)


def written(submission):
    stream = io.BytesIO()
    write_submission(stream, submission, "GPU-1")
    return stream.getvalue()


def test_a_submission_comes_back_byte_for_byte_with_its_gpu():
    assert read_submission(io.BytesIO(written(SUBMISSION))) == (SUBMISSION, "GPU-1")


@given(
    st.builds(
        Submission,
        student=TEXT,
        source=TEXT,
        files=st.lists(
            st.builds(HandedInFile, name=TEXT, content=st.binary(max_size=50)), max_size=4
        ).map(tuple),
        sha256=TEXT,
        refused=TEXT,
        matched=st.booleans(),
    )
)
def test_any_submission_comes_back(submission):
    stream = io.BytesIO(written(submission))
    assert read_submission(stream) == (submission, "GPU-1")
    assert stream.read() == b""


def test_contents_do_not_stand_in_the_json():
    _, line, rest = written(SUBMISSION).split(b"\n", 2)
    assert json.loads(line)["files"] == [
        ["a.py", 6],
        ["data/empty.bin", 0],
        ["data/points.bin", 770],
    ]
    assert rest == b"".join(file.content for file in SUBMISSION.files)


def test_a_submission_crosses_a_socket_and_leaves_it_open_for_the_grade():
    ours, theirs = socket.socketpair()
    large = Submission("ada", "ada", (HandedInFile("big", bytes(3 << 20)),), "a" * 64)
    received = []

    def grade():
        with theirs, theirs.makefile("rwb") as stream:
            received.append(read_submission(stream))
            stream.write(b"done\n")

    thread = threading.Thread(target=grade)
    thread.start()
    with ours, ours.makefile("rwb") as stream:
        write_submission(stream, large)
        assert stream.readline() == b"done\n"
    thread.join()
    assert received == [(large, "")]


def test_a_command_that_is_gone_before_it_spoke_is_our_fault():
    with pytest.raises(GraderError, match="ended before it had sent"):
        read_submission(io.BytesIO(b""))


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_submission_that_breaks_off_is_never_judged_by_its_first_part(share):
    whole = written(SUBMISSION)
    with pytest.raises(GraderError, match="ended before it had sent"):
        read_submission(io.BytesIO(whole[: int(len(whole) * share)]))


def test_a_line_is_read_without_what_follows_it():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"first\nsecond\n")
        assert receive_line(theirs) == b"first"
        assert theirs.recv(100) == b"second\n"


def test_a_closed_channel_reads_as_an_empty_line():
    ours, theirs = socket.socketpair()
    ours.close()
    with theirs:
        assert receive_line(theirs) == b""


def test_an_order_comes_back_and_fits_on_one_line():
    order = SuiteOrder(
        assignment="demo",
        suite="/course/tests/hidden/demo",
        reference="/course/reference/demo.py",
        tasks=(TaskInfo("1", "One\nline", 0.0),),
        entry_points=("f",),
        by_hand=(),
        data={"mnist": "/cache/mnist"},
        review_code_kb=24,
        key="00" * 32,
        device="cpu",
        official=True,
        level=Isolation.LANDLOCK,
        required=Isolation.NAMESPACES,
        engine="Landlock ABI 6",
        zygote=False,
        canary_target="/course/grading.yml",
        limits={"memory_mb": 4096},
        times={"call_s": 0.5},
    )
    line = ORDER.dump_json(order)
    assert b"\n" not in line
    assert ORDER.validate_json(line) == order


@pytest.mark.parametrize(
    "answer",
    [
        Refusal("CourseError", "test_x.py:1: what\nis wrong"),
        Ready(
            (TaskInfo("1", "One", 2.5),),
            IsolationRecord(
                Isolation.NAMESPACES,
                Isolation.LANDLOCK,
                "bubblewrap",
                (ProbeResult("tcp", True, "EPERM"),),
            ),
            (("python", "3.11"),),
        ),
    ],
)
def test_an_answer_comes_back_as_what_it_was(answer):
    line = ANSWER.dump_json(answer)
    assert b"\n" not in line
    assert ANSWER.validate_json(line) == answer


def test_a_grade_comes_back_with_what_is_withheld():
    grade = Grade(
        student="ada\n\u202e",
        assignment="demo",
        score=None,
        max_score=0.1 + 0.2,
        status=Status.WITHHELD,
        official=False,
        tasks=(
            TaskResult("1", "One", None, 0.3, Outcome.GRADER_ERROR, "ours", "why\n", 0.25, 0.1),
        ),
        notes=("a note",),
        advice=("an advice",),
        source="ada.py",
        matched=False,
    )
    line = GRADE.dump_json(grade)
    assert b"\n" not in line
    assert GRADE.validate_json(line) == grade
