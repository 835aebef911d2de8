"""How good are the hidden checks? Grade answers whose worth is known, and mutants of the model solution, as students are graded."""

from autograder.audit.results import AuditResult, KnownResult, MutantResult, Totals
from autograder.audit.run import audit

__all__ = ["AuditResult", "KnownResult", "MutantResult", "Totals", "audit"]
