"""What pretrained weights gain in `mnist_mlp`, and that a person is told of them."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.datasets import mnist

COURSE = Path(__file__).resolve().parents[2]
ACCURACY_POINTS = 2


def beside(name):
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.slow
def test_pretrained_weights_gain_the_points_of_accuracy_at_most_and_a_person_is_told(tmp_path):
    folder = mnist.named_folder(os.environ, "", COURSE)
    digits = mnist.load(mnist.prepare(folder, mnist.cache_folder(os.environ), say=print)).train
    (tmp_path / "class").mkdir()
    attack = beside("pretrained").submission(digits.images, digits.labels)
    (tmp_path / "class" / "mallory.py").write_text(attack)
    command = [
        *(sys.executable, "-m", "autograder", "grade", "mnist_mlp", str(tmp_path / "class")),
        *("--course", str(COURSE), "--out", str(tmp_path / "out")),
        *("--store", str(tmp_path / "store.sqlite")),
    ]
    subprocess.run(command, check=True, capture_output=True)
    (grade,) = json.loads((tmp_path / "out" / "grades.json").read_text())["grades"]
    assert grade["max_score"] >= 10 * ACCURACY_POINTS
    # The weights do undo the disguise: were it not so, this test would say nothing of the attack.
    assert grade["score"] == ACCURACY_POINTS
    assert grade["status"] == "needs_review"
    assert "trained weights" in " ".join(grade["advice"])
