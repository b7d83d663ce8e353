"""A matcher small enough to know every answer by heart: the stages after the matcher are tested against it."""

import math

import numpy as np

from entitymatch.columns import read_reference, read_register
from entitymatch.explanation import Explanation, Term
from entitymatch.links import LINK, NON_LINK, POSSIBLE_LINK, Candidates, Links

KNOWN = {"汇丰": "HSBC", "渣打": "Standard Chartered", "辉瑞": "Pfizer"}
WEIGHTS = {LINK: 6.0, POSSIBLE_LINK: 1.0, NON_LINK: -6.0}


class StubMatcher:
    """Links a string that holds a known word; 纸业 after it makes the link possible only; all else is no link."""

    def __init__(self, *, prior=0.05):
        self.prior = prior

    def fit(self, table, *, name=None, id=None, aliases=None):  # noqa: A002
        self.references, self.aliases = read_reference(table, name, id=id, aliases=aliases)
        return self

    def decide(self, query, reference):
        if not any(word in query and known == reference for word, known in KNOWN.items()):
            return NON_LINK
        return POSSIBLE_LINK if "纸业" in query else LINK

    def match(self, table, *, name=None, id=None, top_k=5, threshold=None, **_how):  # noqa: A002
        queries = read_register(table, name, id=id)
        lines = []
        for i, query in enumerate(queries.names):
            decided = [(-self.decide(query, reference), j) for j, reference in enumerate(self.references.names)]
            lines += [(i, j, rank, -code) for rank, (code, j) in enumerate(sorted(decided)[:top_k], 1)]
        query, reference, rank, decision = np.array(lines, dtype=np.int64).reshape(-1, 4).T
        weight = np.array([WEIGHTS[code] for code in decision])
        candidates = Candidates(query, reference, rank, weight, 1 / (1 + np.exp2(-weight)), decision.astype(np.int8))
        return Links(
            queries=queries,
            references=self.references,
            candidates=candidates,
            explainer=lambda i, j: self.explain(queries.names[i], j),
            threshold=threshold,
        )

    def explain(self, query, position):
        reference = self.references.names[position]
        code = self.decide(query, reference)
        prior = math.log2(self.prior / (1 - self.prior))
        terms = (Term("alias", WEIGHTS[code] - prior, query[:2], reference, "stub"), Term("prior", prior))
        decision = ("non_link", "possible_link", "link")[code]
        return Explanation(query, reference, terms, WEIGHTS[code], 1 / (1 + 2 ** -WEIGHTS[code]), decision)
