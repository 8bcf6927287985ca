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
        # An attempt is what the hidden tests made of it: what waits for a person is joined to it later.
        ("attempts", "status", [word for word in Status if word is not Status.PENDING]),
        ("outcomes", "outcome", [word for word in Outcome if word is not Outcome.PENDING]),
        ("runs", "isolation_level", Isolation),
        ("runs", "isolation_required", Isolation),
    ],
)
def test_a_column_admits_exactly_the_words_of_its_enum(tables, table, column, words):
    sql = tables.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    listed = re.search(rf"CHECK \({column} IN \((.*?)\)\)", sql, re.DOTALL).group(1)
    assert re.findall(r"'(\w+)'", listed) == [word.value for word in words]


def test_the_version_counts_the_steps():
    assert len(STEPS) == CURRENT_VERSION == 4


def test_a_store_of_version_1_keeps_its_runs_and_attempts_and_admits_the_new_level():
    connection = sqlite3.connect(":memory:")
    for statement in STEPS[0]:
        connection.execute(statement)
    run = ["r", "t", "a", "1", "s", "s", "cpu", 1, "landlock", "landlock", "e", "[]", "{}"]
    connection.execute(f"INSERT INTO runs VALUES ({', '.join('?' * len(run))})", run)
    connection.execute(
        "INSERT INTO attempts VALUES (1, 'r', 'k', 'ada', 'a', 1, 1, 'graded', 1, 1, 's', 's', 0, '', '')"
    )
    for statement in STEPS[1]:
        connection.execute(statement)
    assert connection.execute("SELECT * FROM runs").fetchall() == [tuple(run)]
    connection.execute("UPDATE runs SET isolation_level = 'uid'")
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    referred = connection.execute("PRAGMA foreign_key_list(attempts)").fetchone()
    assert referred[2] == "runs"
    connection.close()
