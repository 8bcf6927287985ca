"""Data sets that assignments are graded on: found, verified and kept for all processes of a run.

Knows where they come from and what they must hash to. Refuses to know assignments and students.
"""
