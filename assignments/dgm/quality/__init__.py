"""What quality questions measure: one number on what a student's model made, and the thresholds that it meets.

Students and the grader run the same code. It reads a file and runs nobody's code.
"""

from dgm.quality.measure import Measured, measure, show_quality
from dgm.quality.metrics import METRICS, Metric, problem_of_question

__all__ = ["METRICS", "Measured", "Metric", "measure", "problem_of_question", "show_quality"]
