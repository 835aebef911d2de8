"""A class: plan, run, results folder, which submission counts, what changed."""
