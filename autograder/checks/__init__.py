"""The student's side: public checks of one's own work, on any laptop.

No pytest, no otter-grader, no fork, no /proc, and nothing that holds a secret: what a student can run, a student can
read.
"""
