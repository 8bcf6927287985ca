"""Grades PyTorch assignments behind a wall that a submission cannot cross."""

__version__ = "0.1.0"
