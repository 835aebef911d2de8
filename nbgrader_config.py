"""Configuration of plain nbgrader (formgrader, autograde, generate_feedback, zip_collect), read
when it runs in this folder.
"""

from pathlib import Path

c = get_config()  # noqa: F821  (traitlets gives it)

root = Path(__file__).resolve().parent

c.CourseDirectory.course_id = "dgm"
c.CourseDirectory.root = str(root)
c.CourseDirectory.db_url = f"sqlite:///{root / 'gradebook.db'}"
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "release"
c.CourseDirectory.submitted_directory = "submitted"
c.CourseDirectory.autograded_directory = "autograded"
c.CourseDirectory.feedback_directory = "feedback"

# Our mark schemes stand in manually graded answer cells; nbgrader would allow them in its task
# cells alone.
c.ClearMarkScheme.enforce_metadata = False

# As in the [limits] that assignment.toml has by default: a cell that hangs is interrupted, and the
# rest still runs.
c.Execute.timeout = 60
c.Execute.startup_timeout = 120
c.Execute.interrupt_on_timeout = True
# Training is not run again for a grade.
c.Execute.skip_cells_with_tag = "train"

# Archives as collect_submission.sh names them, {name}_{slug}.zip, each extracted into a folder of
# its name: downloaded/vae/extracted/Ada_Lovelace_vae/lab.ipynb.
c.FileNameCollectorPlugin.named_regexp = (
    r".*/(?P<student_id>[^/]+)_[a-z0-9]+/(?P<file_id>[^/]+)\.ipynb$"
)

# Mark schemes next to the answers in formgrader, formulas without a network (docs/gradebook.md).
try:
    from autograder.gradebook.marking_page.settings import configure
except ImportError:
    import sys

    print("autograder is not installed here: formgrader shows no mark schemes", file=sys.stderr)
else:
    configure(c)
