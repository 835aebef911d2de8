"""Text notebooks into source, release and student kit."""
