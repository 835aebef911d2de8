"""Grades as files that learning platforms import."""
