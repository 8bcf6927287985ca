"""The tables of the store and the steps that lead from one version of them to the next.

Knows SQL and nothing else: no file, no connection. A step that was released is never edited; a
change of the tables is a new step at the end.
"""

from typing import Final

#: Stands in the file's header and tells a store from any other SQLite database ("agrd").
APPLICATION_ID: Final = 0x61677264

# Spelled out, not taken from the enums of `records`: a new word there must not change a step that
# was released, but needs a new step for the stores that exist (a test compares the two).
_ISOLATION: Final = "('namespaces', 'landlock', 'process')"
_ISOLATION_SINCE_2: Final = "('namespaces', 'landlock', 'uid', 'process')"
_STATUS: Final = "('graded', 'ungradable', 'needs_review', 'withheld', 'overridden')"
_OUTCOME: Final = (
    "('passed', 'partial', 'wrong', 'missing', 'not_implemented', 'raised', 'timed_out',"
    " 'out_of_memory', 'crashed', 'skipped', 'grader_error')"
)


def _runs(name: str, isolation: str) -> str:
    return f"""
    CREATE TABLE {name} (
        run_id TEXT PRIMARY KEY,
        started_at TEXT NOT NULL,
        assignment TEXT NOT NULL,
        assignment_version TEXT NOT NULL,
        assignment_sha256 TEXT NOT NULL,
        settings_sha256 TEXT NOT NULL,
        device TEXT NOT NULL,
        official INTEGER NOT NULL CHECK (official IN (0, 1)),
        isolation_level TEXT NOT NULL CHECK (isolation_level IN {isolation}),
        isolation_required TEXT NOT NULL CHECK (isolation_required IN {isolation}),
        isolation_engine TEXT NOT NULL,
        probes_json TEXT NOT NULL,
        versions_json TEXT NOT NULL
    )
    """


_VERSION_1: Final = (
    f"PRAGMA application_id = {APPLICATION_ID}",
    "CREATE TABLE schema_version (version INTEGER NOT NULL)",
    "INSERT INTO schema_version (version) VALUES (0)",
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL)",
    _runs("runs", _ISOLATION),
    # AUTOINCREMENT: an id is never used twice, so that the highest id is the latest attempt.
    f"""
    CREATE TABLE attempts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id TEXT NOT NULL REFERENCES runs (run_id),
        key TEXT NOT NULL,
        student TEXT NOT NULL,
        assignment TEXT NOT NULL,
        score REAL,
        max_score REAL NOT NULL,
        status TEXT NOT NULL CHECK (status IN {_STATUS}),
        official INTEGER NOT NULL CHECK (official IN (0, 1)),
        matched INTEGER NOT NULL CHECK (matched IN (0, 1)),
        source TEXT NOT NULL,
        submission_sha256 TEXT NOT NULL,
        time_s REAL NOT NULL,
        notes_json TEXT NOT NULL,
        advice_json TEXT NOT NULL,
        -- The contract: a withheld grade is an empty score everywhere, never 0.
        CHECK (status <> 'withheld' OR score IS NULL)
    )
    """,
    f"""
    CREATE TABLE outcomes (
        attempt_id INTEGER NOT NULL REFERENCES attempts (id),
        position INTEGER NOT NULL,
        task_id TEXT NOT NULL,
        title TEXT NOT NULL,
        points REAL,
        max_points REAL NOT NULL,
        outcome TEXT NOT NULL CHECK (outcome IN {_OUTCOME}),
        message TEXT NOT NULL,
        staff_message TEXT NOT NULL,
        time_s REAL NOT NULL,
        student_time_s REAL NOT NULL,
        PRIMARY KEY (attempt_id, position),
        -- Where the grader is at fault nobody knows the points: neither none nor all.
        CHECK (outcome <> 'grader_error' OR points IS NULL)
    )
    """,
    "CREATE INDEX attempts_by_key ON attempts (key)",
    "CREATE INDEX attempts_by_student ON attempts (assignment, student)",
)

# SQLite cannot change a CHECK in place. Foreign keys are off while the steps are taken.
_VERSION_2: Final = (
    _runs("runs_with_uid", _ISOLATION_SINCE_2),
    "INSERT INTO runs_with_uid SELECT * FROM runs",
    "DROP TABLE runs",
    "ALTER TABLE runs_with_uid RENAME TO runs",
)

#: JSON list of the device files that submissions could use.
_VERSION_3: Final = ("ALTER TABLE runs ADD COLUMN open_devices_json TEXT NOT NULL DEFAULT '[]'",)

# Annotations belong to a student and a task, so that judging again cannot lose them. They are only ever added to:
# a later one supersedes. What judged a run is kept file by file, so that a change under the same version can be named.
_VERSION_4: Final = (
    """
    CREATE TABLE annotations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        assignment TEXT NOT NULL,
        assignment_version TEXT NOT NULL,
        student TEXT NOT NULL,
        task TEXT NOT NULL,
        points REAL NOT NULL,
        max_points REAL NOT NULL,
        by TEXT NOT NULL CHECK (by <> ''),
        why TEXT NOT NULL CHECK (why <> ''),
        made_at TEXT NOT NULL,
        submission_sha256 TEXT NOT NULL,
        CHECK (points >= 0 AND points <= max_points)
    )
    """,
    "CREATE INDEX annotations_by_assignment ON annotations (assignment, student)",
    """
    CREATE TRIGGER annotations_are_not_changed BEFORE UPDATE ON annotations
    BEGIN SELECT RAISE(ABORT, 'an annotation is never changed; add another one'); END
    """,
    """
    CREATE TRIGGER annotations_are_not_removed BEFORE DELETE ON annotations
    BEGIN SELECT RAISE(ABORT, 'an annotation is never removed; add another one'); END
    """,
    """
    CREATE TABLE judged_by (
        assignment_sha256 TEXT PRIMARY KEY,
        files_json TEXT NOT NULL
    )
    """,
)

#: STEPS[n] holds the statements that lead from version n to n + 1; version 0 is an empty file.
STEPS: Final[tuple[tuple[str, ...], ...]] = (_VERSION_1, _VERSION_2, _VERSION_3, _VERSION_4)

#: The version that this code reads and writes.
CURRENT_VERSION: Final = len(STEPS)
