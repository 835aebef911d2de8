"""What a student reads of a code question that lost points, and of a quality question. One cause is
told once.
"""

from __future__ import annotations

from collections import Counter

from autograder.course.points import Choice
from autograder.report import NOT_YET, QuestionResult

BEYOND = "Answered beyond the"
UNDEFINED = "your code raised NameError"
NOT_RUN = "could not be run"
"""Of a cell, and the first of what comes of it."""
MESSAGES = 2
"""Of one check's cases, which may have failed for several reasons."""


def not_counted(choice: Choice, *, blank: bool) -> str:
    """Why a question is beyond the best of its choice, which costs the student nothing."""
    if blank:
        return f"Not counted, and not needed ({choice.rule})."
    those, others = f"{choice.count} that count", f"{choice.count} others"
    if choice.count == 1:
        those, others = "one that counts", "another"
    return f"{BEYOND} {those}: not counted ({choice.rule}; {others} earned as much or more)."


def told(question: QuestionResult) -> list[str]:
    """The sentences for a student on one question, a line each; none where nothing was lost. A
    quality question always has one, with what was measured.

    First what kept the cell from running, which explains the rest. Then each check that failed, by
    its title and what there is to say about it. Checks that failed for one and the same reason are
    told together, the cases of a check are counted, and of those that wait until the result is
    right there is only their number.
    """
    judged, later = [], 0
    for check in question.checks:
        if check.outcome == "failed":
            if check.message == NOT_YET:
                later += 1
            else:
                judged.append(check)
    cases = Counter(check.title for check in judged)
    by_message: dict[str, list[str]] = {}
    for title, n in cases.items():
        said = dict.fromkeys(check.message for check in judged if check.title == title)
        pieces = "; ".join(list(filter(None, said))[:MESSAGES]).split("; ")
        message = "; ".join(dict.fromkeys(pieces))  # two cases may share one of several reasons
        by_message.setdefault(message, []).append(f"{title} ({n} cases)" if n > 1 else title)
    lines = list(question.notes)
    if question.quality is not None and question.quality.message:
        lines.append(question.quality.message)
    for message, titles in by_message.items():
        if not message:
            lines += titles
        elif UNDEFINED in message and any(NOT_RUN in note for note in question.notes):
            lines.append(f"for that reason not judged: {'; '.join(titles)}")
        elif len(titles) == 1:
            lines.append(f"{titles[0]}: {message}")
        else:
            lines.append(f"{message}, so these fail: {'; '.join(titles)}")
    if later:
        which = "one more check is" if later == 1 else f"{later} more checks are"
        lines.append(f"{which} judged once the result is right")
    return lines
