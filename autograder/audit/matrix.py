"""An audit for people: the matrix of known answers, the mutants that survived, and the totals."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from autograder.audit.mutants import as_entry
from autograder.audit.results import AuditResult, KnownResult, MutantResult
from autograder.intake.untrusted_text import clean


def print_audit(result: AuditResult, console: Console) -> None:
    """Print the matrix, then survivors and stale entries, then the totals."""
    console.print(known_table(result))
    for line in fault_lines(result.known):
        console.print(line, markup=False, highlight=False)
    if result.mutants:
        console.print(mutant_table(result.mutants))
    _print_survivors(result.mutants, console)
    for entry in result.stale:
        console.print(
            f"{entry.question}/equivalent.toml: {entry.digest}: {entry.problem}",
            style="yellow",
            markup=False,
        )
    for line in total_lines(result):
        console.print(line, markup=False, highlight=False)


def fault_lines(known: list[KnownResult], most: int = 5) -> list[str]:
    """Of each answer that is not in order, the questions and checks that it broke, and why."""
    lines = []
    for answer in known:
        for name, points in answer.gained.items():
            lines.append(f"{answer.name}: {name}: an unanswered question gets {points:g} points")
        if answer.kind == "blank" and not answer.undecided:
            continue
        # a wrong answer must fail checks of its own question
        told = [
            each
            for each in answer.told
            if not answer.ok and (answer.kind != "wrong" or each.question != answer.question)
        ]
        told += [
            each for each in answer.told if each.question in answer.undecided and each not in told
        ]
        for each in told[:most]:
            why = each.staff or each.message or each.title
            lines.append(f"{answer.name}: {each.question}, {each.check}: {clean(why, 300)}")
        if len(told) > most:
            lines.append(f"{answer.name}: {len(told) - most} more checks (--json lists all)")
    return lines


def known_table(result: AuditResult) -> Table:
    table = Table(title=f"{result.slug}: known answers", title_justify="left")
    for name, justify in (
        ("answer", "left"),
        ("what it is", "left"),
        ("lost on its own", "right"),
        ("lost on others", "right"),
    ):
        table.add_column(name, justify="right" if justify == "right" else "left", overflow="fold")
    table.add_column("harm")
    table.add_column("kept", justify="right")
    table.add_column("verdict")
    kind = ""
    for answer in sorted(
        result.known, key=lambda answer: ("solution", "blank", "wrong", "right").index(answer.kind)
    ):
        if kind and answer.kind != kind and answer.kind in ("wrong", "right"):
            table.add_section()
        kind = answer.kind
        table.add_row(answer.name, escape(answer.sentence), *_points(answer), _verdict(answer))
    return table


def _points(answer: KnownResult) -> tuple[str, str, str, str]:
    """(lost on its own question, on others, its harm, kept), of the points that its own question is
    worth.
    """
    elsewhere = sum(answer.collateral.values()) if answer.question else 0.0
    others = f"{elsewhere:.3g} ({', '.join(answer.collateral)})" if elsewhere else "0"
    lost = f"{answer.lost:.3g} of {answer.points:g}"
    return lost, others, answer.harm, f"{answer.share:.0%}"


def _verdict(answer: KnownResult) -> str:
    which = answer.undecided or ([] if answer.question else list(answer.collateral))
    if answer.kind == "blank" and not answer.undecided:
        which = list(answer.gained)
    named = f" ({', '.join(which)})" if which and not answer.ok else ""
    return f"[{'green' if answer.ok else 'bold red'}]{answer.verdict}{named}[/]"


def mutant_table(mutants: list[MutantResult]) -> Table:
    table = Table(title="mutants of the model solution", title_justify="left")
    table.add_column("question")
    for name in ("mutants", "equivalent", "caught", "by time limit alone", "survived"):
        table.add_column(name, justify="right")
    for question in dict.fromkeys(mutant.question for mutant in mutants):
        mine = [mutant for mutant in mutants if mutant.question == question]
        count = Counter(mutant.verdict for mutant in mine)
        left = count["survived"] + count["undecided"]
        timeouts = sum(mutant.timeout for mutant in mine)
        cells = (
            len(mine),
            count["equivalent"],
            count["caught"],
            timeouts,
            f"[{'red' if left else 'green'}]{left}[/]",
        )
        table.add_row(question, *(str(cell) for cell in cells))
    return table


def _print_survivors(mutants: list[MutantResult], console: Console) -> None:
    left = [mutant for mutant in mutants if mutant.verdict in ("survived", "undecided")]
    if left:
        console.print(
            "\nNo check tells these from the solution. Strengthen the suite, or enter the true "
            "reason in equivalent.toml:"
        )
    for mutant in left:
        entry = as_entry(mutant.digest, mutant.diff)
        console.print(
            f"\n# {mutant.question}: {mutant.operator}, line {mutant.line}, "
            f"{mutant.verdict}\n{entry}",
            markup=False,
            highlight=False,
        )


def total_lines(result: AuditResult) -> list[str]:
    totals = result.totals
    lines = [
        f"wrong answers caught: {totals.wrong_caught} of "
        f"{totals.wrong}{_percent(totals.wrong_share)}",
        f"within their limit:   {totals.within_limits} of {totals.wrong}; "
        f"{totals.spoils} that spoil something keep{_percent(totals.spoils_kept)} on average, "
        f"{totals.corner} corners{_percent(totals.corner_kept)}",
        f"right answers kept:   {totals.right_kept} of "
        f"{totals.right}{_percent(totals.right_share)}, each graded {_times(result.repeat)}",
        f"collateral:           {totals.collateral:g} points",
    ]
    if result.mutants:
        judged, timeouts = (
            totals.mutants - totals.mutants_equivalent,
            sum(mutant.timeout for mutant in result.mutants),
        )
        lines += [
            f"mutants caught:       {totals.mutants_caught} of "
            f"{judged}{_percent(totals.mutants_share)}, {timeouts} by a time limit alone; "
            f"{totals.mutants_equivalent} more are equivalent"
        ]
    verdict = "in order" if result.ok else "NOT IN ORDER"
    return [
        *lines,
        f"{result.slug}: {verdict}; {result.seconds:g} s under isolation {result.isolation!r}",
    ]


def _percent(share: float | None) -> str:
    return "" if share is None else f" ({share:.1%})"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
