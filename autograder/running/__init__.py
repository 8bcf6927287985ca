"""Running a class: finds the submissions, grades what the store does not have yet, writes the results."""
