"""The helper package that every notebook of the course imports."""
