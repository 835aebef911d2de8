"""The staff side: release, hidden checks, sandbox, grading. Never handed to students."""

import sys

# jsonschema (which nbformat imports) looks for this package for a format that no notebook has, and it builds a grammar for two seconds.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: "not installed"
