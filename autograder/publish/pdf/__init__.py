"""A PDF of what a student handed in, for people who mark: through pandoc and Typst."""
