"""Answers that are too alike: pairs of submissions that a person should read side by side."""
