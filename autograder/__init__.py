"""The staff side: release, grade, audit. Never handed to students."""
