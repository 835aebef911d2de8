"""The report on a class, for its staff: statistics, likely misconceptions, who waits for whom."""
