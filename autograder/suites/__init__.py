"""The hidden suites of a course, a folder for each assignment and in it one for each question;
`__path__` is the course's own folder.
"""
