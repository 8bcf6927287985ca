"""The store: runs, attempts and outcomes in one SQLite file that survives kills and full disks.

Knows transactions, locks and the file. Knows nothing of how a grade comes about, of attempt keys or
of reports.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from autograder.errors import AutograderError, CourseError, GraderError
from autograder.records import Grade, RunRecord, Status
from autograder.store import rows
from autograder.store.schema import APPLICATION_ID, CURRENT_VERSION, STEPS

#: Length of the course secret: 256 bits (contract, Seeds).
SECRET_BYTES: Final = 32

# How long a statement waits for another process's transaction. One takes milliseconds; a slow disk
# under load, seconds.
_BUSY_TIMEOUT_S: Final = 30.0


class Store:
    """All that was graded, in one file.

    Two processes may hold the same file open; threads may share one object. An attempt is never
    overwritten: each save is a new row. A method that writes returns only when the data are on the
    disk (write-ahead log, synchronous=FULL).
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._lock = threading.Lock()
        self._process = os.getpid()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Returns the store in this file, made or brought up to date where needed.

        Args:
            path: The database. A new one is readable by its owner alone (it holds the course
                secret), and so is the folder above it where that is new.

        Raises:
            CourseError: The file is not a store, is of a newer version, or cannot be written.
        """
        # SQLite takes names such as ":memory:" for something else than a file.
        path = path.absolute()
        try:
            _create_private(path)
            connection = sqlite3.connect(
                path, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
            )
        except (OSError, sqlite3.Error) as error:
            raise _cannot_open(path, error) from error
        try:
            _prepare(connection, path)
        except sqlite3.Error as error:
            connection.close()
            raise _cannot_open(path, error) from error
        except AutograderError:
            connection.close()
            raise
        return cls(connection, path)

    def close(self) -> None:
        """Closes the file; what was saved is on the disk already."""
        # In a fork the connection is still the parent's: closing it there could undo its locks.
        if os.getpid() == self._process:
            with self._lock:
                self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def secret(self, new: Callable[[], bytes]) -> bytes:
        """Returns the course secret, 32 bytes.

        It is made with `new` the first time and the same ever after. Of two processes that ask at
        once, both get the secret of the first.

        Raises:
            GraderError: `new` did not give 32 bytes, or the store could not be written.
        """
        with self._transaction():
            found = self._connection.execute(
                "SELECT value FROM meta WHERE name = 'course_secret'"
            ).fetchone()
            if found is not None:
                return bytes(found[0])
            secret = new()
            if len(secret) != SECRET_BYTES:
                raise GraderError(
                    f"The course secret must have {SECRET_BYTES} bytes, got {len(secret)}. "
                    "Nothing was saved; please report this."
                )
            self._connection.execute(
                "INSERT INTO meta (name, value) VALUES ('course_secret', ?)", (secret,)
            )
            return secret

    def begin_run(self, run: RunRecord) -> None:
        """Saves the record of a run; attempts are saved under its `run_id`.

        Raises:
            GraderError: The id is taken, or the store could not be written.
        """
        with self._transaction():
            self._connection.execute(rows.insert_statement(rows.RunRow), rows.run_row(run))

    def save(self, run_id: str, key: str, grade: Grade) -> None:
        """Saves one finished grade as a new attempt, wholly or not at all; then it is on the disk.

        Args:
            run_id: A run that was begun.
            key: What the attempt depends on (submission, assignment, settings, ...); `find` asks
                for it.
            grade: The grade. Lone surrogates in its texts are spelled out (see `rows.storable`).

        Raises:
            GraderError: The store could not be written, the run is unknown, or the grade breaks a
                rule of the contract (points for a withheld grade). What was saved before stays.
        """
        with self._transaction():
            attempt_id = self._connection.execute(
                rows.insert_statement(rows.AttemptRow), rows.attempt_row(run_id, key, grade)
            ).lastrowid
            self._connection.executemany(
                rows.insert_statement(rows.OutcomeRow, "attempt_id"),
                [(attempt_id, *rows.outcome_row(n, task)) for n, task in enumerate(grade.tasks)],
            )

    def find(self, key: str) -> Grade | None:
        """Returns the latest grade saved under this key, None where there is none.

        A withheld grade is never returned: it was not finished, so the submission is to be graded
        again.
        """
        found = self._grades(
            "key = ? AND status <> ? ORDER BY id DESC LIMIT 1",
            rows.storable(key),
            Status.WITHHELD.value,
        )
        return found[0] if found else None

    def history(self, assignment: str, student: str) -> tuple[Grade, ...]:
        """Returns a student's attempts at an assignment, oldest first, withheld ones too."""
        return self._grades(
            "assignment = ? AND student = ? ORDER BY id",
            *map(rows.storable, (assignment, student)),
        )

    def run_of(self, key: str) -> RunRecord | None:
        """Returns the run in which the latest attempt under this key was saved, None where there is none."""
        # The names come from our own class; what comes from outside is bound as a value.
        columns = ", ".join(f"runs.{name}" for name in rows.RunRow._fields)
        with self._transaction("DEFERRED"):
            found = self._connection.execute(
                f"SELECT {columns} FROM attempts JOIN runs USING (run_id)"  # noqa: S608
                " WHERE key = ? ORDER BY attempts.id DESC LIMIT 1",
                (rows.storable(key),),
            ).fetchone()
        return None if found is None else rows.run_from(rows.RunRow(*found))

    @contextmanager
    def transaction(self, kind: str = "IMMEDIATE") -> Iterator[sqlite3.Connection]:
        """Lends the connection to another module of this package, for one transaction.

        Raises:
            GraderError: The store could not be read or written; what was saved before stays.
        """
        with self._transaction(kind):
            yield self._connection

    def _grades(self, condition: str, *values: str) -> tuple[Grade, ...]:
        # `condition` is written in this class; what comes from outside is bound as a value.
        attempts = (
            f"SELECT id, {', '.join(rows.AttemptRow._fields)} FROM attempts WHERE {condition}"  # noqa: S608
        )
        outcomes = (
            f"SELECT {', '.join(rows.OutcomeRow._fields)} FROM outcomes"  # noqa: S608
            " WHERE attempt_id = ? ORDER BY position"
        )
        ask = self._connection.execute
        with self._transaction("DEFERRED"):
            return tuple(
                rows.grade_from(
                    rows.AttemptRow(*row),
                    [rows.OutcomeRow(*line) for line in ask(outcomes, (number,))],
                )
                for number, *row in ask(attempts, values).fetchall()
            )

    @contextmanager
    def _transaction(self, kind: str = "IMMEDIATE") -> Iterator[None]:
        # IMMEDIATE takes the write lock at once and waits for it; a transaction that reads first
        # and writes later fails at once ("database is locked") when another process wrote in
        # between.
        if os.getpid() != self._process:
            raise GraderError(
                f"The store {self._path} was opened in process {self._process} and used in "
                f"{os.getpid()}. A SQLite connection does not survive a fork; please report this."
            )
        with self._lock:
            try:
                with _transaction(self._connection, kind):
                    yield
            except sqlite3.Error as error:
                raise GraderError(
                    f"The store {self._path} did not take or give the data: {error}. "
                    "What was saved before is safe. Check that the disk is not full and the file "
                    "writable, then run the same command again: it does only what is missing."
                ) from error


@contextmanager
def _transaction(connection: sqlite3.Connection, kind: str) -> Iterator[None]:
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # SQLite itself rolls back on a full disk, and then there is nothing left to roll back.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _create_private(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Only ever a new file is opened here. Opening and closing one that exists would drop this
    # process's locks on it (POSIX drops them all when any descriptor of the file is closed) under
    # another Store of the same process.
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        return


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    # A foreign file must be refused before anything is written: setting the journal mode already is
    # a write.
    _version(connection, path)
    mode = _use_write_ahead_log(connection)
    if mode != "wal":
        raise CourseError(
            f"{path}: this file system cannot hold the store (journal mode {mode!r}, expected "
            "'wal'; network drives often cannot). Name a store on a local disk."
        )
    connection.execute("PRAGMA synchronous = FULL")
    if _version(connection, path) != CURRENT_VERSION:
        _bring_up_to_date(connection, path)
    # Only now: a step may have to make a table anew to which others refer.
    connection.execute("PRAGMA foreign_keys = ON")


def _bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    with _transaction(connection, "IMMEDIATE"):
        # Read again under the lock: another process may have brought it up to date meanwhile.
        for step in STEPS[_version(connection, path) :]:
            for statement in step:
                connection.execute(statement)
        connection.execute("UPDATE schema_version SET version = ?", (CURRENT_VERSION,))


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """Returns the version of the tables: 0 for an empty file."""
    if connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None:
        return 0
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise CourseError(
            f"{path}: a SQLite database, but not a store of autograder. It was left as it is. "
            "Name another file for the store."
        )
    version = int(connection.execute("SELECT version FROM schema_version").fetchone()[0])
    if version > CURRENT_VERSION:
        raise CourseError(
            f"{path}: written by a newer autograder (tables of version {version}, this one knows "
            f"{CURRENT_VERSION}). It was left as it is. Update autograder, or name another file "
            "for the store."
        )
    return version


def _use_write_ahead_log(connection: sqlite3.Connection) -> str:
    """Returns the journal mode after asking for a write-ahead log."""
    deadline_s = time.monotonic() + _BUSY_TIMEOUT_S
    while True:
        try:
            return str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0])
        except sqlite3.OperationalError as error:
            # The first switch needs the file alone, and SQLite does not always wait for that: two
            # processes that open a new store at once would otherwise fail.
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline_s:
                raise
            time.sleep(0.01)


def _cannot_open(path: Path, error: Exception) -> CourseError:
    if isinstance(error, sqlite3.DatabaseError) and "not a database" in str(error):
        return CourseError(
            f"{path}: not a store of autograder (expected a SQLite database). It was left as it "
            "is. Name another file for the store, or move this one away."
        )
    return CourseError(
        f"{path}: the store cannot be opened: {error}. "
        "Its folder and the file must be writable and on a disk with free space; mend that, or "
        "name another place for the store."
    )
