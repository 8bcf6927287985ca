"""The cache's one file is whole or not there, whatever happens to those who write it."""

import os
import subprocess
import sys
import time

import pytest

from autograder.datasets.cached import cached_flaw, cached_path, spans, write_cached
from autograder.errors import CourseError


@pytest.fixture
def path(small, tmp_path):
    path = cached_path(tmp_path / "deep" / "cache", small.originals)
    write_cached(path, small.contents)
    return path


def test_the_file_is_the_published_files_one_after_another(small, path):
    whole = path.read_bytes()
    assert whole == b"".join(small.contents)
    assert tuple(whole[span] for span in spans(small.originals)) == small.contents
    assert cached_flaw(path, small.originals) is None


def test_other_files_have_another_name(small, tmp_path):
    names = {
        cached_path(tmp_path, small.originals),
        cached_path(tmp_path, small.originals[::-1]),
        cached_path(tmp_path, small.originals[:3]),
    }
    assert len(names) == 3


@pytest.mark.parametrize("place", [0, 100, -1])
def test_one_wrong_bit_is_seen(small, path, place):
    content = bytearray(path.read_bytes())
    content[place] ^= 0x10
    path.write_bytes(content)
    found = cached_flaw(path, small.originals)
    assert found is not None
    assert "expected SHA-256" in found


@pytest.mark.parametrize("length", [0, 1, 150])
def test_half_a_file_is_seen(small, path, length):
    os.truncate(path, length)
    found = cached_flaw(path, small.originals)
    assert found == f"expected {sum(map(len, small.contents))} bytes, got {length}"


def test_no_file_is_told_as_such(small, tmp_path):
    found = cached_flaw(tmp_path / "none", small.originals)
    assert found == "cannot be read: No such file or directory"


def test_who_has_the_old_file_open_keeps_it(small, path):
    with path.open("rb") as reader:
        write_cached(path, tuple(bytes(len(content)) for content in small.contents))
        assert reader.read() == b"".join(small.contents)


def test_a_cache_that_cannot_be_written_is_told_with_a_remedy(small, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CourseError, match=r"cannot be kept there: .*AUTOGRADER_CACHE"):
        write_cached(tmp_path / "file" / "mnist.idx", small.contents)


def test_a_full_disk_leaves_nothing_behind(small, path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CourseError, match="No space left on device"):
        write_cached(path, (b"new",))
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert cached_flaw(path, small.originals) is None


def test_a_writer_that_is_killed_leaves_no_file_and_its_rest_goes_after_an_hour(
    small, tmp_path, other_process
):
    cache = tmp_path / "cache"
    program = other_process + (
        "os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_cached(cached_path(cache, originals), contents)\n"
    )
    files = small.put_raw(tmp_path / "files")
    done = subprocess.run([sys.executable, "-c", program, files, cache], check=False)
    assert done.returncode == -9
    (rest,) = cache.iterdir()
    path = cached_path(cache, small.originals)
    assert rest != path
    write_cached(path, small.contents)
    assert cached_flaw(path, small.originals) is None
    assert rest.exists()  # for all we know its writer is still at it
    os.utime(rest, (time.time() - 4000, time.time() - 4000))
    write_cached(path, small.contents)
    assert list(cache.iterdir()) == [path]
