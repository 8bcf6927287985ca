"""How well right and wrong training of `mnist_mlp` reads digits, and where the threshold stands between them.

    python benchmarks/mnist_accuracy.py [--seeds 100] [--plot docs/mnist_accuracy.svg] [--json FILE]

Trains on the disguised digits of the hidden suite itself, with draws of no course. `--seeds` trainings of the master,
and some of every other known submission whose code for `train` can be judged by accuracy at all.
"""

import argparse
import contextlib
import importlib.util
import io
import json
import os
import re
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from autograder.datasets import mnist
from autograder.judging.draw import Draw
from autograder.judging.suite import load_reference
from autograder.submission.execute import load
from autograder.submission.flatten import flatten
from autograder.submission.stand_ins import install

COURSE = Path(__file__).resolve().parents[1]
SUITE = COURSE / "tests" / "hidden" / "mnist_mlp"
TERMS = {"epochs": 1, "batch_size": 128, "lr": 5e-3}


@dataclass(frozen=True, slots=True)
class Variant:
    """One known submission's accuracies, one per seed."""

    name: str
    right: bool
    accuracies: list[float]
    time_s: float


def main() -> None:
    """Trains, prints a table, and writes what was asked for."""
    options = _options()
    os.chdir(tempfile.mkdtemp())  # what a submission writes beside itself
    torch.set_num_threads(1)
    install()
    suite, reference = _module(SUITE / "test_mnist_mlp.py"), _reference()
    folder = mnist.named_folder(os.environ, "", COURSE)
    digits = mnist.load(mnist.prepare(folder, mnist.cache_folder(os.environ), say=print))
    draw = Draw(bytes(32), "accuracy").draw
    data = suite.disguised(draw, digits)
    variants = [
        _measured("the master", True, master(), data, reference, options.seeds),
        *_known("right", data, reference, options.few),
        *_known("wrong", data, reference, options.few),
    ]
    threshold = suite.ACCURACY_THRESHOLD
    _print([variant for variant in variants if variant.accuracies], threshold)
    if options.json is not None:
        plain = [[v.name, v.right, v.accuracies, v.time_s] for v in variants]
        options.json.write_text(json.dumps({"threshold": threshold, "variants": plain}) + "\n")
    if options.plot is not None:
        _plot([variant for variant in variants if variant.accuracies], threshold, options.plot)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100, help="trainings of the master")
    parser.add_argument("--few", type=int, default=5, help="trainings of every other submission")
    parser.add_argument("--plot", type=_absolute, help="an .svg or .png; needs matplotlib")
    parser.add_argument("--json", type=_absolute, help="write every number there")
    return parser.parse_args()


def _absolute(path: str) -> Path:
    return Path(path).absolute()


def _known(kind: str, data: Any, reference: ModuleType, seeds: int) -> list[Variant]:
    variants = []
    for path in sorted((SUITE / kind).glob("*.py")):
        fails = re.search(r"^# fails: (.*)$", path.read_text(), re.MULTILINE)
        if kind == "right" or (fails and "4.1" in fails[1].split()):
            print(f"\r{path.stem:60}", end="", file=sys.stderr)
            variants.append(
                _measured(path.stem, kind == "right", path.read_bytes(), data, reference, seeds)
            )
    return variants


def _measured(
    name: str, right: bool, source: bytes, data: Any, reference: ModuleType, seeds: int
) -> Variant:
    """The suite's own test, without its threshold; no accuracies where the parameters are not those of an MLP."""
    images, labels, test_images, test_labels = data
    accuracies: list[float] = []
    started = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for seed in range(seeds):
            torch.manual_seed(seed)
            with contextlib.suppress(Exception):  # a wrong one may raise; then it has no accuracy
                module, _ = load(
                    flatten({"work.py": source}, ["train"]), cell_time_s=60, total_time_s=60
                )
                model = module.train(images.clone(), labels.clone(), seed=1000 + seed, **TERMS)
                parameters = [p.detach().float() for p in model.parameters()]
                found = reference.log_probabilities(parameters, test_images).argmax(dim=1)
                accuracies.append(found.eq(test_labels).float().mean().item())
            torch.set_default_dtype(torch.float32)
            torch.set_grad_enabled(True)
    return Variant(name, right, accuracies, (time.perf_counter() - started) / seeds)


def _print(variants: list[Variant], threshold: float) -> None:
    print(f"\r{'':40}{'n':>5}{'mean':>8}{'sd':>8}{'min':>8}{'max':>8}{'at least':>10}")
    for v in sorted(variants, key=lambda v: (not v.right, -statistics.mean(v.accuracies))):
        spread = statistics.stdev(v.accuracies) if len(v.accuracies) > 1 else 0.0
        passed = statistics.mean(a >= threshold for a in v.accuracies)
        print(
            f"{'' if v.right else 'WRONG '}{v.name:{40 - 6 * (not v.right)}}{len(v.accuracies):>5}"
            f"{statistics.mean(v.accuracies):8.4f}{spread:8.4f}{min(v.accuracies):8.4f}"
            f"{max(v.accuracies):8.4f}{passed:>10.0%}"
        )
    right = [a for v in variants if v.right for a in v.accuracies]
    print(
        f"\nthreshold {threshold}: the least of {len(right)} right trainings is {min(right):.4f}, "
        f"the mean {statistics.mean(right):.4f}, {_deviations(right, threshold):.1f} standard deviations away"
    )


def _deviations(accuracies: list[float], threshold: float) -> float:
    return (statistics.mean(accuracies) - threshold) / statistics.stdev(accuracies)


def _plot(variants: list[Variant], threshold: float, path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    import matplotlib.pyplot as plt

    ordered = sorted(variants, key=lambda v: (v.right, statistics.median(v.accuracies)))
    figure, axes = plt.subplots(figsize=(8, 0.17 * len(ordered) + 1.4))
    for row, v in enumerate(ordered):
        axes.plot(
            v.accuracies,
            [row] * len(v.accuracies),
            "|",
            color="tab:green" if v.right else "tab:red",
        )
    axes.axvline(threshold, color="black", linewidth=0.8)
    axes.annotate(f"threshold {threshold} ", (threshold, len(ordered)), ha="right", fontsize=8)
    axes.set_yticks(range(len(ordered)), [v.name for v in ordered], fontsize=6)
    axes.set_ylim(-1, len(ordered) + 1)
    axes.set_xlabel("accuracy on the 10,000 disguised test images, one mark per training")
    axes.set_title("mnist_mlp, 4.1: right (green) and wrong (red) submissions", fontsize=9)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def master() -> bytes:
    """The master, whose solutions are marked by comments only."""
    return (COURSE / "assignments" / "mnist_mlp" / "mnist_mlp.py").read_bytes()


def _reference() -> ModuleType:
    return load_reference(COURSE / "reference" / "mnist_mlp.py")


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    main()
