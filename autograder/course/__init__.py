"""The course: an assignment as its TOML says, the kinds of its cells, model answers, the secret."""
