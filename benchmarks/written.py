"""Written answers as different hands write them, and the disguises of one who copies. For
`benchmarks/similar.py --written`.

Each question has facts that a good answer states. A student states some of them, in an order of
their own, each in one of many wordings: `<a|b>` is a choice. The wordings were written for this,
without regard to how `autograder/similarity` reads text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_CHOICE = re.compile(r"<([^<>]*)>")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
SHARE_STATED = 0.75
"""Of the facts of a question, how many a student states."""
N_WORDS_SWAPPED = 0.25
"""The share of the words with a synonym that a copier replaces."""

FACTS: dict[str, list[list[str]]] = {
    "ae_reconstruction": [
        [
            "<We|One can|I would> <compare|measure> <each|every> <image|input|data point> "
            "<with|against> <what the decoder gives back|its own reconstruction|the output of "
            "the chain>, <e.g. by|for instance with|using> <the squared error|squared "
            "differences|an L2 loss>.",
            "The <loss|objective|cost> <is|could be> the <squared distance|MSE|squared norm of "
            "the difference> between $x$ and <$g(f(x))$|its reconstruction|the decoded code>.",
        ],
        [
            "<It is averaged|We take the mean|The average runs> over <all $n$ examples|the whole "
            "data set|the training points>, in practice over <a minibatch|batches|random "
            "batches>.",
            "In <SGD|training>, <the expectation over the data|this mean> <becomes|is estimated "
            "by> a <minibatch|batch> average.",
        ],
        [
            "<Both|The two> <networks|parameter vectors|maps> are <trained|optimised|fitted> "
            "<jointly|at the same time|together>, <so|hence> we minimise over $\\alpha$ and "
            "$\\beta$.",
            "<The minimum is taken|We minimise|Minimisation is> over $\\alpha$ <and|as well as> "
            "$\\beta$ <simultaneously|at once|jointly>.",
        ],
        [
            "<No labels are necessary|Labels are not used|It is unsupervised>, "
            "<since|because|as> <the target is the input|every image is its own label|$x$ itself "
            "is the target>.",
            "<The input plays the role of the label|Each input serves as its own target>, <which "
            "is why nobody has to annotate anything|so annotation is not required>.",
        ],
        [
            "<For|With> <binary|black and white|0 to 1> pixels, <cross-entropy|the Bernoulli "
            "likelihood|a BCE loss> <would also do|is a common alternative|can replace it>.",
            "<Statistically|In terms of likelihoods>, <this|squared error> <amounts to|is the "
            "same as> a Gaussian <model|decoder> with <constant|fixed|unit> variance.",
        ],
    ],
    "ae_not_generative": [
        [
            "<Nothing in the loss|No term of the objective|The training objective never> "
            "<says|fixes|determines> <where the codes lie|how codes are spread|what the code "
            "distribution looks like>.",
            "<The encoder is free|The encoder may choose freely> <where to put|how to place> "
            "<the codes|training images>, <e.g. in far apart islands|on a thin curved surface|at "
            "any scale>.",
        ],
        [
            "<A Gaussian sample|A draw from the normal|Some random $z$> <will probably|most "
            "likely> <fall|land|end up> <in a hole|between the clusters|where no image was "
            "encoded|off the data region>.",
            "<In high dimensions|With many latents> <nearly all|most> random <codes|points> are "
            "<far from|nowhere near> <those seen in training|any encoded image>.",
        ],
        [
            "<The decoder|$g$> <has not learned|was never asked> <what to do there|to give "
            "something sensible there|to map such codes to digits>, so <noise|garbage|mixtures "
            "of digits> <comes|come> out.",
            "<Outputs|Images decoded> there are <arbitrary|unconstrained>: the <decoder|network> "
            "<extrapolates|never saw those inputs>.",
        ],
        [
            "<First use|One application>: <compression|dimensionality reduction>, <because|as> "
            "the <narrow|small> <bottleneck|code> <holds|has to keep> <the essential "
            "information|all that matters for rebuilding>.",
            "<It can|They can> <provide|learn> features for <a classifier|visualisation|search> "
            "<since|because> <few numbers describe an image|the code is short but informative>.",
        ],
        [
            "<Second use|Another one>: <finding outliers|anomaly detection>, <where|since> "
            "<strange|unusual> inputs <have a high error|are rebuilt badly|give a large loss>.",
            "<Denoising|Removing noise> works <too|as well>, <because|as> the <code|bottleneck> "
            "<cannot store|has no room for> <random pixels|the noise>.",
        ],
    ],
    "kl_meaning": [
        [
            "<Splitting the log|Writing the quotient as a difference> gives <cross-entropy minus "
            "entropy|$H(p, q) - H(p)$|$E_p[\\log p] - E_p[\\log q]$>.",
            "<The KL is|We get> the <expected|mean> <difference|gap> of <the two log "
            "densities|log-likelihoods>, <both under $p$|with samples from $p$>.",
        ],
        [
            "<It counts|This is> the <extra|additional|wasted> <nats|bits> <we pay|that are "
            "needed> <per sample|on average> <when|if> <we code samples of $p$ with $q$|the code "
            "is built for $q$>.",
            "<How much worse|By how many nats less> <$q$ explains|$q$ predicts> <data from "
            "$p$|what $p$ generates> <than $p$ does|compared with the truth>.",
        ],
        [
            "<Non-negativity|That it is $\\ge 0$> <follows from|comes from|is> Jensen "
            "<for|applied to> the <concave log|convex function $-\\log$>.",
            "<Because|Since> $\\log u \\le u - 1$, <the negative KL|$-D$> is at most <$\\int q - "
            "1 = 0$|zero>.",
        ],
        [
            "<Equality|Zero> <holds|occurs> <only if|exactly when> <the densities agree|$p = q$> "
            "<almost everywhere|up to null sets>.",
            "It <vanishes|is 0> <iff|if and only if> $p$ and $q$ are <the same|equal> "
            "<a.e.|except on measure zero>.",
        ],
        [
            "<It is no metric|It isn't a distance>: <swapping $p$ and $q$ changes it|it is "
            "asymmetric|symmetry fails>, <and no triangle inequality holds|also the triangle "
            "inequality is violated>.",
            "<A true distance|A metric> would <be symmetric|not depend on the order>, <this one "
            "is not|which the KL does not satisfy>.",
        ],
    ],
    "elbo_terms": [
        [
            "<The reconstruction term|The first part> <pushes|makes|forces> the <codes|latents> "
            "to <keep|carry> <what is needed|enough information> to <redraw|recover> $x$.",
            "<Without|If we drop> the <reconstruction loss|likelihood term>, <$z$ could ignore "
            "$x$|the encoder would output the prior for every image>.",
        ],
        [
            "<The KL|The second part> <pulls|keeps> <each|every> <posterior|code distribution> "
            "<near|close to> <the prior|$\\mathcal N(0, I)$>.",
            "<It is a regulariser|The divergence regularises>: <codes of all images|the "
            "encoder's Gaussians> <overlap and fill the space|cover the prior without holes>.",
        ],
        [
            "<They compete|There is a trade-off|The two pull in opposite directions>: <precise "
            "codes cost KL|a small KL means blurry images>.",
            "<One wants|The first prefers> <narrow, separate|sharp> codes, <the other|the "
            "second> <wide, shared|noisy> ones.",
        ],
        [
            "<Their sum|Together they form> <is|the> <minus the ELBO|negative ELBO>, <which "
            "bounds|a bound on> $-\\log p(x)$ <from above|above>.",
            "<Minimising the total|Training> <raises|maximises> <a lower bound|the ELBO> <of|on> "
            "the log <evidence|likelihood>.",
        ],
        [
            "<After training|At test time> <we sample|one draws> $z$ from the prior and "
            "<decode|run the decoder>, <which works|that is fine> because the decoder <saw such "
            "codes|was trained there>.",
            "<Sampling from the prior|Generation> <makes sense|succeeds> <now|then>, "
            "<as|because> <the codes look normal|training codes are spread like the prior>.",
        ],
    ],
    "explicit_implicit": [
        [
            "<Explicit models|An explicit model> <write down|writes down|defines> <a "
            "density|$p(x)$>, <exactly|in closed form> <for flows|as in a flow|like PixelCNN> or "
            "<approximately|by a bound> <for VAEs|as in a VAE>.",
            "<If we can|When one can> <evaluate or bound the likelihood|put a number on $p(x)$>, "
            "the model is explicit: <normalising flows|autoregressive nets|VAEs>.",
        ],
        [
            "<Implicit ones|An implicit model> <only produce samples|can be sampled, nothing "
            "else|never states its density>, <a GAN for instance|such as GANs>.",
            "GANs are implicit: <noise goes in, images come out|they give samples>, <and no "
            "likelihood|but a formula for $p$ is missing>.",
        ],
        [
            "<The marginal is|We integrate out $z$>: $\\int \\mathcal N(z; 0, I)\\, \\mathcal "
            "N(x; g(z), s^2 I)\\, dz$.",
            "<By the law of total probability|Marginalising>, $p(x) = \\int p(x | z) p(z) dz$ "
            "<with|where> $x | z$ <is normal around|has mean> $g(z)$.",
        ],
        [
            "<There is no antiderivative|No closed form exists> <because|since> $g$ is <a neural "
            "network|nonlinear>, <and a grid|while quadrature> <needs exponentially many "
            "points|is hopeless in 20 dimensions>.",
            "<Monte Carlo|Averaging over prior samples> <fails|is useless> <in practice|here>: "
            "<almost all|nearly every> $z$ <contribute nothing|gives another digit>, so the "
            "variance <explodes|is huge>.",
        ],
        [
            "<A VAE|The VAE> <learns|trains> an encoder that <guesses good codes|proposes "
            "plausible $z$>, and <optimises the ELBO|maximises a lower bound> <instead|in its "
            "place>.",
            "<Instead|The way out>, <use|take> $q(z | x)$ for <importance|relevant> "
            "<codes|samples> and <bound|lower bound> the log <likelihood|evidence>.",
        ],
    ],
}
SYNONYMS = """
since as; because since; large big; small low; image picture; images pictures; training learning;
average mean; mean average; distribution spread; network model; decoder generator; sample draw;
samples draws; codes latents; code latent; error loss; loss cost; gives yields; keeps holds;
minimise reduce; together jointly; jointly together; unusual odd; strange odd; most many;
nearly almost; almost nearly; only just; needs requires; needed required; follows results;
works functions; possible feasible; difference gap; gap difference; number figure; way manner;
expected average; additional extra; extra additional; close near; near close; means implies;
determines fixes; says states; lie sit; land fall; fall land; arbitrary random; exactly precisely;
bound limit; learns finds; form produce; output result; outputs results; input datum; also too
"""
_SWAP = dict(pair.split() for pair in SYNONYMS.replace("\n", " ").split(";") if pair.strip())


def one_of(text: str, rng: random.Random) -> str:
    """The text with every choice made."""
    while _CHOICE.search(text):
        text = _CHOICE.sub(lambda match: rng.choice(match[1].split("|")), text)
    return text


def written(question: str, rng: random.Random) -> str:
    """A student's answer: some of the facts, in their order or nearly, in two paragraphs or one."""
    facts = [one for one in FACTS[question] if rng.random() < SHARE_STATED] or FACTS[question][:1]
    if len(facts) > 1 and rng.random() < 0.5:
        at = rng.randrange(len(facts) - 1)
        facts[at : at + 2] = facts[at + 1], facts[at]
    sentences = [one_of(rng.choice(wordings), rng) for wordings in facts]
    cut = rng.randint(1, len(sentences))
    halves = (" ".join(sentences[:cut]), " ".join(sentences[cut:]))
    return "\n\n".join(filter(None, halves)) + "\n"


# Disguises: the copied text and what the copier would have written alone -> what is handed in


def verbatim(copied: str, own: str, rng: random.Random) -> str:
    return copied


def reordered(copied: str, own: str, rng: random.Random) -> str:
    """Sentences change places, and their halves around a because or a since as well."""
    sentences = _SENTENCE.split(copied.strip())
    rng.shuffle(sentences)
    return " ".join(map(_turned, sentences)) + "\n"


def _turned(sentence: str) -> str:
    match = re.fullmatch(r"(.+?),? (because|since|as) (.+)\.", sentence)
    if not match:
        return sentence
    claim, why, reason = match.groups()
    return f"{why.capitalize()} {reason}, {claim[0].lower()}{claim[1:]}."


def synonyms(copied: str, own: str, rng: random.Random) -> str:
    """A quarter of the words that have a synonym here is replaced, one word at least."""
    words = re.split(r"(\W+)", copied)
    places = [at for at, word in enumerate(words) if word.lower() in _SWAP]
    chosen = rng.sample(places, max(1, round(N_WORDS_SWAPPED * len(places)))) if places else []
    for at in chosen:
        new = _SWAP[words[at].lower()]
        words[at] = new.capitalize() if words[at][0].isupper() else new
    return "".join(words)


def one_paragraph(copied: str, own: str, rng: random.Random) -> str:
    """A run of two copied sentences in an answer of one's own."""
    sentences, mine = _SENTENCE.split(copied.strip()), _SENTENCE.split(own.strip())
    at = rng.randrange(max(1, len(sentences) - 1))
    place = rng.randint(0, len(mine))
    mine[place:place] = sentences[at : at + 2]
    return " ".join(mine) + "\n"


def all_at_once(copied: str, own: str, rng: random.Random) -> str:
    return synonyms(reordered(copied, own, rng), own, rng)


DISGUISES: dict[str, Callable[[str, str, random.Random], str]] = {
    "verbatim": verbatim,
    "reordered": reordered,
    "synonyms": synonyms,
    "one paragraph": one_paragraph,
    "all at once": all_at_once,
}
