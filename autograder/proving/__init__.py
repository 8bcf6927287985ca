"""Proves an assignment before release: known submissions, mutants, calibration."""
