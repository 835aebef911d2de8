"""The staff side: release, hidden checks, sandbox, grading. Never handed to students."""

from autograder.worker.speed import spare_grammar

spare_grammar()
