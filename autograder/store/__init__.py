"""Keeps every run, attempt and outcome in one SQLite file; knows nothing of grading or reports."""

from autograder.store.database import Store

__all__ = ["Store"]
