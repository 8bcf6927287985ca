"""Turns what an instructor writes into what students get; grades nothing by itself."""
