"""The published JSON Schemas are made of the models, and the course's files are valid under them."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from autograder.settings.schema import schema_text

ROOT = Path(__file__).resolve().parents[3]
ASSIGNMENTS = sorted(ROOT.glob("assignments/*/assignment.yml"))
UNITS = {"_s": "seconds", "_mb": "MiB", "_kb": "KiB"}


def schema(kind):
    return json.loads(schema_text(kind))


def groups(found):
    """The schema of every group with fixed keys."""
    return [found, *(part for part in found["$defs"].values() if "properties" in part)]


def refused(kind, text):
    validator = jsonschema.Draft202012Validator(schema(kind))
    return [error.message for error in validator.iter_errors(yaml.safe_load(text))]


@pytest.mark.parametrize("kind", ["grading", "assignment"])
def test_the_published_schema_is_the_one_that_the_models_make(kind):
    published = (ROOT / "docs" / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert published == schema_text(kind), f"autograder settings --schema {kind} > docs/{kind}..."
    jsonschema.Draft202012Validator.check_schema(schema(kind))


@pytest.mark.parametrize("kind", ["grading", "assignment"])
def test_every_key_is_explained_with_its_unit_and_no_other_key_is_allowed(kind):
    for group in groups(schema(kind)):
        assert group["additionalProperties"] is False
        for name, about in group["properties"].items():
            words = about.get("description", "")
            assert words or "$ref" in about, name
            for ending, unit in UNITS.items():
                if name.endswith(ending):
                    assert unit in words, name


@pytest.mark.parametrize(
    "path", [ROOT / "grading.yml", *ASSIGNMENTS], ids=lambda path: path.parent.name
)
def test_the_courses_own_files_are_valid_and_lead_editors_to_their_schema(path):
    text = path.read_text(encoding="utf-8")
    assert refused(path.stem, text) == []
    target = text.splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / target).resolve() == ROOT / "docs" / f"{path.stem}.schema.json"


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("grading", "course: x\nlimits: {call_time: 3}", "'call_time' was unexpected"),
        ("grading", "course: x\nlimits: {memory_mb: 4}", "4 is less than the minimum of 64"),
        ("grading", "course: x\nisolation: {require: docker}", "'docker' is not one of"),
        ("grading", "term: x", "'course' is a required property"),
        (
            "assignment",
            'title: x\nversion: "1"\ntasks: {"a b": {title: x, entry_point: f}}',
            "'a b' does not match",
        ),
        (
            "assignment",
            'title: x\nversion: "1"\ntasks: {"1": {title: x, entry_point: f(x)}}',
            "'f(x)' does not match",
        ),
        ("assignment", 'title: x\nversion: 1.0\ntasks: {"1": {title: x, entry_point: f}}', "1.0 is not of type"),
    ],
)  # fmt: skip
def test_an_editor_underlines_what_the_package_would_refuse(kind, text, words):
    (found,) = refused(kind, text)
    assert words in found
