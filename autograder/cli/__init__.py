"""The command line: parses arguments, calls one part, turns errors into exit codes. Decides nothing.

Every command imports what it needs when it runs, so that `autograder --help` answers at once.
"""
