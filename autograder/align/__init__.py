"""A student's answers in the course's cells, and what of them people may be shown."""
