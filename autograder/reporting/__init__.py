"""Writes what people and programs read of grades: texts, CSV, JSON, a table; grades nothing."""
