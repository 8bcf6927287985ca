"""Settings: what a course, an assignment and a roster say, read from their files and checked."""
