"""The tables admit the words of the records, and no others."""

import re
import sqlite3

import pytest

from autograder.records import Isolation, Outcome, Status
from autograder.store.schema import CURRENT_VERSION, STEPS


@pytest.fixture
def tables():
    connection = sqlite3.connect(":memory:")
    for step in STEPS:
        for statement in step:
            connection.execute(statement)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("table", "column", "words"),
    [
        ("attempts", "status", Status),
        ("outcomes", "outcome", Outcome),
        ("runs", "isolation_level", Isolation),
        ("runs", "isolation_required", Isolation),
    ],
)
def test_a_column_admits_exactly_the_words_of_its_enum(tables, table, column, words):
    sql = tables.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    listed = re.search(rf"CHECK \({column} IN \((.*?)\)\)", sql, re.DOTALL).group(1)
    assert re.findall(r"'(\w+)'", listed) == [word.value for word in words]


def test_the_version_counts_the_steps():
    assert len(STEPS) == CURRENT_VERSION == 1
