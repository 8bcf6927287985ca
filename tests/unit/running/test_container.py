"""What a container shows of itself, and what of that is left for a submission."""

from pathlib import Path

import pytest

from autograder.errors import GraderError
from autograder.running.container import (
    GRADER_MB,
    GRADER_TIME_S,
    MNIST_MB,
    Container,
    be_last_to_go,
    fit,
    look,
)
from autograder.settings.course import Limits

CHOSEN = Container(memory_mb=768, cores=0.5, time_s=600)


def groups(folder: Path, membership: str, files: dict[str, str]) -> Container:
    """Looks at a made-up /sys/fs/cgroup."""
    mounted, process = folder / "cgroup", folder / "membership"
    process.write_text(membership)
    for name, text in files.items():
        (mounted / name).parent.mkdir(parents=True, exist_ok=True)
        (mounted / name).write_text(text + "\n")
    return look(CHOSEN, mounted, process)


def test_version_2_shows_memory_and_cores(tmp_path):
    found = groups(tmp_path, "0::/\n", {"memory.max": str(1024 << 20), "cpu.max": "150000 100000"})
    assert found == Container(1024, 1.5, 600, ("memory", "cores"))


def test_version_1_in_a_container_shows_its_own_group_at_the_top(tmp_path):
    found = groups(
        tmp_path,
        "5:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n",
        {
            "memory/memory.limit_in_bytes": str(512 << 20),
            "cpu/cpu.cfs_quota_us": "25000",
            "cpu/cpu.cfs_period_us": "100000",
        },
    )
    assert found == Container(512, 0.25, 600, ("memory", "cores"))


def test_the_tightest_of_nested_groups_counts(tmp_path):
    files = {"a/memory.max": str(300 << 20), "a/b/memory.max": "max", "cpu.max": "max 100000"}
    assert groups(tmp_path, "0::/a/b\n", files) == Container(300, 0.5, 600, ("memory",))


def test_without_a_limit_what_was_chosen_counts(tmp_path):
    files = {
        "memory/memory.limit_in_bytes": "9223372036854771712",
        "cpu/cpu.cfs_quota_us": "-1",
        "cpu/cpu.cfs_period_us": "100000",
    }
    assert groups(tmp_path, "5:memory:/\n4:cpu:/\n", files) == CHOSEN
    assert look(CHOSEN, tmp_path / "none", tmp_path / "none") == CHOSEN


def test_half_a_core_doubles_times_and_the_grader_takes_its_memory_first():
    allowance = fit(Limits(), CHOSEN)
    assert allowance.limits.call_time_s == 20
    assert allowance.limits.memory_mb == 768 - GRADER_MB
    assert allowance.limits.submission_time_s == 600 - GRADER_TIME_S
    assert f"memory_mb: 4096 in the course, {768 - GRADER_MB} here" in allowance.remarks


def test_a_roomy_container_changes_nothing():
    allowance = fit(Limits(), Container(memory_mb=16_384, cores=4, time_s=2400), MNIST_MB)
    assert allowance.limits == Limits()
    assert allowance.remarks == ()


def test_too_little_memory_is_refused_with_what_is_needed():
    with pytest.raises(GraderError, match="has 768 MB of memory, and this assignment needs 1138"):
        fit(Limits(), CHOSEN, MNIST_MB)


def test_where_root_may_not_be_the_last_to_go_nothing_happens(tmp_path):
    adjustment = tmp_path / "oom_score_adj"
    be_last_to_go(adjustment)
    assert adjustment.read_text() == "-900"
    be_last_to_go(tmp_path / "none" / "oom_score_adj")
