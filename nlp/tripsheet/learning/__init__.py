"""Measuring the reader against the annotated corpus, and training what learns from it."""
