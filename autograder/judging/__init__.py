"""Judging one submission: the hidden suite runs here, in a trusted process, and asks the sandbox for values.

No student code runs in these processes. Knows nothing of classes, stores or reports.
"""
