import pytest

from autograder.errors import CourseError
from autograder.sandbox import gpus
from autograder.sandbox.gpus import Gpu

CARD = """Model: \t\t NVIDIA H100 80GB HBM3
IRQ:   \t\t 31
GPU UUID: \t GPU-29ed4414-f1c2-ba12-de12-2333c968fc93
Bus Location: \t 0000:00:06.0
Device Minor: \t %s
"""


@pytest.fixture
def driver(tmp_path):
    """A folder as NVIDIA's driver makes it, with one GPU whose device file is /dev/null's."""
    for bus in ("0000:00:06.0", "0000:00:07.0"):
        (tmp_path / "gpus" / bus).mkdir(parents=True)
    return tmp_path


def write(driver, *minors):
    for folder, minor in zip(sorted((driver / "gpus").iterdir()), minors, strict=False):
        (folder / "information").write_text(CARD % minor)


def test_a_gpu_is_told_by_its_uuid_its_model_and_its_device_file(driver, monkeypatch):
    monkeypatch.setattr(gpus.os.path, "exists", lambda path: path == "/dev/nvidia3")
    write(driver, 3)
    uuid = "GPU-29ed4414-f1c2-ba12-de12-2333c968fc93"
    assert gpus.find(driver) == (Gpu(uuid, "NVIDIA H100 80GB HBM3", "/dev/nvidia3"),)


def test_a_gpu_that_the_container_was_not_given_is_none(driver):
    write(driver, 77, 78)
    assert gpus.find(driver) == ()
    with pytest.raises(CourseError, match=r"device files .*docker run --gpus all"):
        gpus.require(driver)


def test_a_machine_without_the_driver_is_told_so(tmp_path):
    with pytest.raises(CourseError, match=r"driver is not loaded .*--device cpu"):
        gpus.require(tmp_path / "nowhere")


def test_only_the_files_of_these_gpus_are_opened():
    one = Gpu("GPU-1", "a", "/dev/nvidia1")
    assert gpus.nodes([one]) == ("/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia1")
    assert gpus.nodes([]) == ()


def test_the_drivers_library_is_found_where_a_link_leads(tmp_path):
    real, linked = tmp_path / "real", tmp_path / "linked"
    real.mkdir()
    linked.mkdir()
    (real / "libcuda.so.580").touch()
    (linked / "libcuda.so.1").symlink_to(real / "libcuda.so.580")
    candidates = [str(tmp_path / "none"), str(linked)]
    assert gpus.library_folders(candidates) == (str(linked), str(real))
    assert gpus.library_folders(candidates[:1]) == ()


def test_the_drivers_version_is_read(tmp_path):
    line = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.159.04  Release Build\n"
    (tmp_path / "version").write_text(line)
    assert gpus.driver_version(tmp_path) == "580.159.04"
    assert gpus.driver_version(tmp_path / "nowhere") == ""
