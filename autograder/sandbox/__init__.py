"""The trusted side of the wall: starts engines, spawns confined processes, talks to them and doubts every answer.

Knows nothing of pytest, of the course's settings or of reports.
"""
