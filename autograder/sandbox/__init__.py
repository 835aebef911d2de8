"""The untrusted side: isolation, worker, and the protocol between worker and grader."""
