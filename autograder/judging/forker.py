"""Forks a grader process per submission from the suite process, and what a grader process does.

A grader that dies, by whatever fault of ours, takes down nothing else: the command sees its stream end without a grade.
"""

import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Sequence
from dataclasses import replace
from typing import NoReturn

import pytest

from autograder.errors import GraderError
from autograder.judging.exam import Exam, Rules, TimeLimits
from autograder.judging.messages import GRADE, JUDGE, Stream, SuiteOrder, read_submission
from autograder.judging.plugin import GradingPlugin
from autograder.judging.score import TestResult, grade_submission, score_task
from autograder.judging.seeds import derive
from autograder.records import Grade, Outcome, Submission, TaskInfo, TestEvidence
from autograder.sandbox.session import SubmissionFault
from autograder.sandbox.spawn import Spawner, WarmSpawner
from autograder.worker import kernel
from autograder.worker.request import SandboxLimits


class Forker:
    """Answers requests on the channel, each a descriptor of a stream, with a forked grader.

    Args:
        items: The hidden tests in the order of the tasks.
        tasks: The assignment's tasks with the suite's points.
    """

    def __init__(
        self,
        plugin: GradingPlugin,
        items: Sequence[pytest.Item],
        order: SuiteOrder,
        tasks: Sequence[TaskInfo],
        spawner: Spawner,
    ) -> None:
        self._plugin = plugin
        self._items = items
        self._order = order
        self._tasks = tasks
        self._spawner = spawner
        self._rules = _rules(order)

    def serve(self, channel: socket.socket) -> None:
        """Forks until the command closes the channel."""
        # The kernel buries graders; nobody asks for their status.
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            if isinstance(self._spawner, WarmSpawner) and self._rules.device == "cpu":
                self._spawner.keep_spare(
                    self._rules.limits
                )  # which GPU it would need is not known yet
            body, descriptors, _, _ = socket.recv_fds(channel, len(JUDGE), 1)
            if not body:
                return
            parent = os.getpid()
            if os.fork() == 0:
                channel.close()
                self._judge(descriptors[0], parent)
            os.close(descriptors[0])
            if isinstance(self._spawner, WarmSpawner):
                self._spawner.leave_spare()

    def _judge(self, descriptor: int, parent: int) -> NoReturn:
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            if sys.platform == "linux":
                # When the command is killed, its graders must not go on: their lifelines kill the submissions.
                kernel.parent_death_signal(signal.SIGKILL)
                if os.getppid() != parent:
                    os._exit(1)
            with socket.socket(fileno=descriptor).makefile("rwb") as stream:
                self._answer(stream)
        except BaseException:  # noqa: BLE001  # a fork must not become a second suite process
            traceback.print_exc()
            os._exit(1)
        os._exit(0)

    def _answer(self, stream: Stream) -> None:
        submission, gpu = read_submission(stream)
        grade = self.grade(submission, gpu)
        stream.write(GRADE.dump_json(grade) + b"\n")

    def grade(self, submission: Submission, gpu: str = "") -> Grade:
        """Judges one submission, in the grader process."""
        started = time.monotonic()
        evidence: list[TestEvidence] = []
        rules = replace(self._rules, limits=replace(self._rules.limits, gpu=gpu))
        if self._order.per_student:
            rules = replace(rules, key=derive(rules.key, "student", submission.student))
        exam = Exam(submission, self._spawner, rules, len(self._tasks))
        if submission.refused:
            return self._ungradable(submission, submission.refused, Outcome.MISSING, started)
        try:
            exam.open()
        except SubmissionFault as fault:
            exam.close()
            return self._ungradable(submission, fault.message, fault.outcome, started)
        except GraderError as error:
            exam.close()
            results = [_our_fault(task, str(error)) for task in self._tasks]
        else:
            results, evidence = self._plugin.judge(self._items, exam)
        scored = [
            score_task(task, [r for r in results if r.task == task.id]) for task in self._tasks
        ]
        grade = grade_submission(
            submission,
            self._order.assignment,
            scored,
            official=self._order.official,
            review=exam.reviews,
            notes=exam.notes,
            advice=exam.advice,
            time_s=time.monotonic() - started,
        )
        return replace(grade, evidence=tuple(evidence))

    def _ungradable(
        self, submission: Submission, why: str, outcome: Outcome, started: float
    ) -> Grade:
        message = "Nothing could be loaded from what you handed in."
        results = [
            score_task(task, [TestResult(task.id, task.max_points, outcome, message)])
            for task in self._tasks
        ]
        return grade_submission(
            submission,
            self._order.assignment,
            results,
            official=self._order.official,
            ungradable=why,
            time_s=time.monotonic() - started,
        )


def _rules(order: SuiteOrder) -> Rules:
    return Rules(
        entry_points=order.entry_points,
        by_hand=frozenset(order.by_hand),
        limits=SandboxLimits(gpu="", **order.limits),
        times=TimeLimits(**order.times),
        device=order.device,
        key=bytes.fromhex(order.key),
        review_code_kb=order.review_code_kb,
        evidence=order.evidence,
    )


def _our_fault(task: TaskInfo, text: str) -> TestResult:
    message = "The grader failed before it could judge this task."
    return TestResult(task.id, task.max_points, Outcome.GRADER_ERROR, message, text)
