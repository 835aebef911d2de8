"""The VAE suite, measured in this process: solutions and right answers keep full marks, blank and wrong ones don't, oracles are true."""

from __future__ import annotations

import ast
import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import jupytext
import pytest
import torch

from autograder.assignment import load
from autograder.proxy import local_student, reference_student
from autograder.reference import vae as reference
from autograder.runner import SUITES, run_question, score, suite

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = load("vae", ROOT)
QUESTIONS = {name: question for name, question in ASSIGNMENT.questions.items() if question.autograded}
WRONG, RIGHT = (sorted((SUITES / "vae" / kind).glob("*.py")) for kind in ("wrong", "right"))
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?^ *### END SOLUTION$", re.MULTILINE | re.DOTALL)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@cache
def lab() -> list[Any]:
    """The cells of the lab's text."""
    text = next(file for name in ("lab.py", "lab_part.py") if (file := ROOT / "assignments" / "vae" / name).is_file())
    return jupytext.read(text).cells


@cache
def cells() -> tuple[str, dict[str, str]]:
    """The set-up code and the answer cells of the autograded questions, in order."""
    setup, answers = [], {}
    for cell in lab():
        if cell.cell_type != "code" or "train" in cell.metadata or "check" in cell.metadata:
            continue
        name = cell.metadata.get("answer")
        if name in QUESTIONS:
            answers[name] = cell.source
        elif not answers:
            setup.append(cell.source)
    return "\n".join(setup), answers


@cache
def compiled(source: str) -> Any:
    return compile(source, "lab", "exec")


@cache
def set_up() -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "lab"}
    exec(compiled(cells()[0]), names)
    return names


def namespace(**replaced: str) -> dict[str, Any]:
    """The notebook's globals after its cells have run, with some answer cells replaced."""
    names = dict(set_up())
    for source in (cells()[1] | replaced).values():
        exec(compiled(source), names)
    return names


@cache
def solved() -> dict[str, Any]:
    """The globals of the model solution; to be copied, not changed."""
    return namespace()


def blank(source: str) -> str:
    return SOLUTION.sub(r"\1raise NotImplementedError", source)


def points(question: str, names: dict[str, Any], secret: str = "tests") -> tuple[float | None, list[str]]:
    """Score of a question, and what its checks that did not pass say to staff."""
    checks = run_question("vae", QUESTIONS[question], lambda: local_student(names), secret)
    return score(QUESTIONS[question], checks), [f"{check.name}: {check.staff}" for check in checks if check.outcome != "passed"]


@cache
def mentioned(source: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def defined(source: str) -> set[str]:
    """Names that the top level of a cell binds."""
    before = solved()
    names = dict(before)
    exec(compiled(source), names)
    return {name for name, value in names.items() if name not in before or before[name] is not value}


def others_that_may_change(question: str, source: str) -> list[str]:
    """Questions whose code reads a name that the known answer binds: no other can behave differently."""
    bound = defined(source)
    return [name for name, answer in cells()[1].items() if name != question and mentioned(answer) & bound]


def identity(file: Path) -> str:
    return file.stem


def test_every_question_has_cells_checks_and_known_answers():
    answers = cells()[1]
    assert list(answers) == list(QUESTIONS)
    for name in QUESTIONS:
        assert "### BEGIN SOLUTION" in answers[name] and "NotImplementedError" in blank(answers[name])
        assert "return" not in blank(answers[name]).split('"""')[-1], f"the blank of {name} still holds code"
        assert len(suite("vae", name).items) >= 6
        assert sum(file.stem.startswith(f"{name}__") for file in WRONG) >= 4
        assert sum(file.stem.startswith(f"{name}__") for file in RIGHT) >= 2
    assert len(WRONG) >= 45 and len(RIGHT) >= 25


@pytest.mark.parametrize("file", [*WRONG, *RIGHT], ids=identity)
def test_known_answer_says_in_a_sentence_what_it_is(file):
    source = file.read_text()
    sentence = ast.get_docstring(ast.parse(source))
    assert sentence and sentence.endswith(".") and "\n" not in sentence
    question = file.stem.split("__")[0]
    assert question in QUESTIONS and question in defined(source)


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_students_are_told_completes_the_sentence(question):
    for item in suite("vae", question).items:
        title = suite("vae", question).title(item)
        assert title[0].islower() and not title.endswith("."), title


@pytest.mark.parametrize("question", QUESTIONS)
def test_model_solution_gets_full_marks(question):
    for secret in ("a", "b", "c", "d", "e"):
        assert points(question, namespace(), secret) == (QUESTIONS[question].points, [])


@pytest.mark.parametrize("question", QUESTIONS)
def test_reference_passes_its_own_checks(question):
    checks = run_question("vae", QUESTIONS[question], lambda: reference_student("vae"), "tests")
    assert [(check.name, check.staff) for check in checks if check.outcome != "passed"] == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_blank_gets_nothing(question):
    names = namespace(**{name: blank(source) for name, source in cells()[1].items()})
    assert points(question, names)[0] == 0


@pytest.mark.parametrize("file", WRONG, ids=identity)
def test_wrong_answer_loses_points_on_its_own_question_alone(file):
    question, source = file.stem.split("__")[0], file.read_text()
    names = namespace(**{question: source})
    got, _ = points(question, names)
    assert got is not None and got < QUESTIONS[question].points
    for other in others_that_may_change(question, source):
        assert points(other, names) == (QUESTIONS[other].points, [])


@pytest.mark.parametrize("file", RIGHT, ids=identity)
def test_right_answer_keeps_full_marks_whatever_the_secret(file):
    question, source = file.stem.split("__")[0], file.read_text()
    names = namespace(**{question: source})
    for secret in ("a", "b", "c", "d", "e"):
        assert points(question, names, secret) == (QUESTIONS[question].points, [])
    for other in others_that_may_change(question, source):
        assert points(other, names) == (QUESTIONS[other].points, [])


def visible_verdict(question: str, names: dict[str, Any], capsys: Any) -> str:
    """What the question's check cell prints for a student."""
    capsys.readouterr()
    exec(compiled(next(cell.source for cell in lab() if cell.metadata.get("check") == question)), names)
    return capsys.readouterr().out.strip()


@pytest.mark.parametrize("question", QUESTIONS)
def test_visible_checks_pass_for_the_solution_and_say_what_is_missing_in_a_blank(question, capsys):
    assert visible_verdict(question, namespace(), capsys) == f"{question}: visible checks pass"
    empty = namespace(**{name: blank(source) for name, source in cells()[1].items()})
    assert visible_verdict(question, empty, capsys).startswith(f"{question}: not answered yet")


@pytest.mark.parametrize("file", RIGHT, ids=identity)
def test_visible_checks_pass_for_right_answers(file, capsys):
    question = file.stem.split("__")[0]
    assert visible_verdict(question, namespace(**{question: file.read_text()}), capsys) == f"{question}: visible checks pass"


# The oracles against the definitions, by brute force

GRID = torch.linspace(-14, 14, 40001, dtype=torch.float64)


def integral(values: torch.Tensor) -> float:
    return float(torch.trapezoid(values, GRID))


def log_normal(z: torch.Tensor, mean: float, std: float) -> torch.Tensor:
    return -0.5 * ((z - mean) / std) ** 2 - math.log(std) - 0.5 * math.log(2 * math.pi)


def linear_model() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, float]:
    """One latent, so that a grid over it integrates everything; two dimensions of x."""
    x = torch.tensor([[0.4, -1.1], [2.0, 0.3], [-0.7, 0.9]], dtype=torch.float64)
    return x, torch.tensor([[0.8], [-1.3]], dtype=torch.float64), torch.tensor([0.2, -0.5], dtype=torch.float64), 0.7


def log_joint(row: int) -> torch.Tensor:
    x, W, b, sigma = linear_model()
    likelihood = sum(log_normal(x[row, d] - W[d, 0] * GRID, float(b[d]), sigma) for d in range(2))
    return likelihood + log_normal(GRID, 0.0, 1.0)


def test_kl_is_the_integral_of_its_definition():
    mu, logvar = torch.tensor([[0.7, -1.2]], dtype=torch.float64), torch.tensor([[-0.8, 0.6]], dtype=torch.float64)
    parts = []
    for m, v in zip(mu[0].tolist(), logvar[0].tolist(), strict=True):
        log_q = log_normal(GRID, m, math.exp(v / 2))
        parts.append(integral(log_q.exp() * (log_q - log_normal(GRID, 0.0, 1.0))))
    assert math.isclose(float(reference.kl_divergence(mu, logvar)), sum(parts), rel_tol=1e-8)
    assert math.isclose(float(reference.free_bits(mu, logvar, 0.3)), sum(max(0.3, part) for part in parts), rel_tol=1e-8)


@pytest.mark.parametrize("row", range(3))
def test_log_marginal_and_posterior_are_integrals_over_z(row):
    evidence = integral(log_joint(row).exp())
    assert math.isclose(float(reference.log_marginal(*linear_model())[row]), math.log(evidence), rel_tol=1e-8)
    posterior = log_joint(row).exp() / evidence
    mean, cov = reference.optimal_posterior(*linear_model())
    expected = integral(posterior * GRID)
    assert math.isclose(float(mean[row, 0]), expected, rel_tol=1e-7)
    assert math.isclose(float(cov[0, 0]), integral(posterior * (GRID - expected) ** 2), rel_tol=1e-7)


@pytest.mark.parametrize("row", range(3))
def test_elbo_and_gap_are_expectations_under_q(row):
    x, W, b, sigma = linear_model()
    m, S = torch.tensor([[0.3], [-0.6], [1.1]], dtype=torch.float64), torch.tensor([[0.45]], dtype=torch.float64)
    log_q = log_normal(GRID, float(m[row, 0]), math.sqrt(0.45))
    elbo = integral(log_q.exp() * (log_joint(row) - log_q))
    assert math.isclose(float(reference.gaussian_elbo(x, W, b, sigma, m, S)[row]), elbo, rel_tol=1e-8)
    log_posterior = log_joint(row) - math.log(integral(log_joint(row).exp()))
    gap = integral(log_q.exp() * (log_q - log_posterior))
    assert math.isclose(float(reference.elbo_gap(m, S, *reference.optimal_posterior(x, W, b, sigma))[row]), gap, rel_tol=1e-7)


def test_bernoulli_is_a_product_of_probabilities():
    x, logits = torch.tensor([[1.0, 0.0, 1.0]], dtype=torch.float64), torch.tensor([[0.3, -1.2, 2.0]], dtype=torch.float64)
    p = [1 / (1 + math.exp(-value)) for value in logits[0].tolist()]
    assert math.isclose(float(reference.bernoulli_nll(x, logits)), -math.log(p[0] * (1 - p[1]) * p[2]), rel_tol=1e-12)


def test_iwae_averages_the_weights():
    log_w = torch.tensor([[0.1, -2.0], [1.3, 0.4], [-0.6, 0.9]], dtype=torch.float64)
    columns = [math.log(sum(math.exp(value) for value in column) / 3) for column in log_w.T.tolist()]
    assert math.isclose(float(reference.iwae_bound(log_w)), sum(columns) / 2, rel_tol=1e-12)


def test_moments_agree_with_scipy():
    scipy_stats = pytest.importorskip("scipy.stats")
    z = torch.randn(9, 2, generator=torch.Generator().manual_seed(3), dtype=torch.float64) * 1.7 + 0.4
    mean, std, kurtosis = z.mean(0).numpy(), z.numpy().std(0), scipy_stats.kurtosis(z.numpy(), fisher=False)
    expected = (mean**2 + (std - 1) ** 2 + (kurtosis - 3) ** 2).sum()
    assert math.isclose(float(reference.moment_penalty(z)), float(expected), rel_tol=1e-10)
