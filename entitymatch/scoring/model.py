"""From the pieces of an alignment to a match weight in bits.

The match weight is linear in the features: every feature's value times its weight is one term, in the manner of
Fellegi and Sunter (*A Theory for Record Linkage*, JASA 1969), except that the weights of all kinds of evidence are
fitted together, so that two kinds that say the same thing are not counted twice. The weights are those of a conditional
logit with an outside option (McFadden 1974): of the candidates of a string at most one is right, and perhaps none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from entitymatch.lexicon.tables import data_root

FILE = "models/scoring.json"

# What the features measure; explanations in bits of the words explained, left-overs in bits of what is left.
FEATURES: dict[str, str] = {
    "alias": "a known name of the same organisation",
    "common_alias": "a known name that is also an ordinary word",
    "ordinary_word": "a known name that is an ordinary word here: beside it stands another trade",
    "unit_alias": "a known name of a part of the organisation",
    "affiliate_alias": "a known name of an affiliate or joint venture",
    "alias_alone": "a known name, and beside it only places, activities and trades of the organisation",
    "alias_first": "a known name at the front, without another trade after it",
    "literal": "the same word or characters",
    "translation": "a word translated",
    "reading": "a word spelled in pinyin",
    "place": "the same place",
    "initials": "initials of the pinyin",
    "compound": "a word composed of two",
    "spelling": "a word spelled nearly so",
    "sound": "a word that sounds alike",
    "legal_form": "the same legal form",
    "left_word": "words of the Latin name that nothing explains",
    "left_light_word": "common words that nothing explains",
    "left_trade_word": "words of trade that nothing explains",
    "left_place_word": "a place in the Latin name only",
    "left_unit_word": "a unit in the Latin name only",
    "left_legal_word": "a legal form in the Latin name only",
    "left_han": "characters that nothing explains",
    "left_han_trade": "a trade in the Han name only",
    "left_han_activity": "an activity of any firm in the Han name only",
    "small_business": "the Han name is that of a shop",
    "left_han_unit": "a part of the organisation that only the Han name names",
    "left_parent": "the organisation that an institution belongs to, in the Han name only",
    "left_parent_word": "the organisation that an institution belongs to, in the Latin name only",
    "listed_itself": "a known name of a part of the organisation, and that part is on the list, too",
    "other_organization": "the names of two known organisations, of which the one is not a part of the other",
    "place_first": "a place before the name of a foreign organisation, as local firms put it",
    "place_before": "a place before the known name",
    "trade_agreement": "a trade of the organisation in the Han name only",
    "trade_family": "the Han name has another trade of the same family",
    "left_han_place": "a place in the Han name only",
    "place_conflict": "different places",
    "trade_conflict": "a trade of another family",
    "number_conflict": "different numbers",
    "words_explained": "share of the Latin name that is explained",
    "han_explained": "share of the Han name that is explained",
    "whole": "everything is explained on both sides",
    "same_name": "the same name in the same script",
    "head": "the first word is explained",
    "foreign": "a foreign name, written for its sound",
    "foreign_explained": "a foreign name, by how much of both names is explained",
    "fuzzy": "spelling of what is left, edit distance",
    "jaro_winkler": "spelling of what is left, Jaro–Winkler",
    "similarity": "likeness in the feature space of blocking: words, characters, aliases",
    "margin": "how far this likeness is ahead of that of all others on the list",
    "letter_similarity": "likeness of the letters",
    "sound_similarity": "likeness of the sounds",
    "uncompared": "too unlike to be compared in full",
    "institution": "either is the name of an institution: such names describe, firms choose theirs",
    "one_script": "both names are of one script",
    "list_size": "log2 of the length of the list, by which more agrees by chance; 0 for known names across scripts",
}

# Pairs of names that are compared alike, each with weights of its own; the first is what all others are.
PAIR_KINDS = ("firms", "institutions", "one_script")
_FLAGS = [list(FEATURES).index(name) for name in ("institution", "one_script")]


def pair_kinds(values: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return which of :data:`PAIR_KINDS` each pair is, by its feature values.

    Args:
        values: (pairs, features).
    """
    institution, one_script = (values[:, column] > 0.0 for column in _FLAGS)
    return np.where(one_script, 2, np.where(institution, 1, 0)).astype(np.int64)


# Which kind of evidence a feature belongs to, for those that can be left out (``Matcher(without=…)``).
KINDS: dict[str, tuple[str, ...]] = {
    "alias": (
        "alias",
        "common_alias",
        "ordinary_word",
        "unit_alias",
        "affiliate_alias",
        "alias_alone",
        "alias_first",
        "listed_itself",
        "other_organization",
        "left_parent",
        "left_parent_word",
    ),
    "translation": ("translation",),
    "reading": ("reading", "compound", "letter_similarity"),
    "sound": ("sound", "sound_similarity", "foreign", "foreign_explained"),
    "initials": ("initials",),
    "place": ("place", "left_place_word", "left_han_place", "place_conflict", "place_first", "place_before"),
    "trade": (
        "left_trade_word",
        "left_han_trade",
        "left_han_activity",
        "trade_agreement",
        "trade_family",
        "trade_conflict",
        "small_business",
    ),
    "spelling": ("spelling", "fuzzy", "jaro_winkler"),
}


@dataclass(frozen=True)
class ScoringModel:
    """Weights of the features, the intercept, and the thresholds of the decisions.

    Attributes:
        weights: bits per unit of each feature, for each of :data:`PAIR_KINDS`.
        intercept: bits of every pair, before the prior.
        prior_slope: how far the log odds of the prior count. Most strings of a register that match nothing are
            unlike any name on the list, so the share of those that match says less about a string that resembles
            one (slope below 1).
        link_threshold, possible_threshold: scores from which a candidate is a link, a possible link.
    """

    weights: Mapping[str, Mapping[str, float]]
    intercept: float
    prior_slope: float
    link_threshold: float
    possible_threshold: float

    def bits(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return the evidence of pairs in bits, the intercept among it.

        Summed feature by feature, not as a matrix product, so that no batch size changes the last digit.

        Args:
            values: (pairs, features).
        """
        bits = np.full(len(values), self.intercept)
        weights = np.array([[self.weights[kind][name] for kind in PAIR_KINDS] for name in FEATURES])
        kinds = pair_kinds(values)
        for column, of_kinds in enumerate(weights):
            bits += values[:, column] * of_kinds[kinds]
        return bits

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "intercept": self.intercept,
            "prior_slope": self.prior_slope,
            "link_threshold": self.link_threshold,
            "possible_threshold": self.possible_threshold,
            "weights": {kind: dict(self.weights[kind]) for kind in PAIR_KINDS},
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ScoringModel:
        """Read what :meth:`to_dict` gave.

        Raises:
            ValueError: if a weight is missing or unknown.
        """
        weights = values["weights"]
        differ = {*weights} ^ {*PAIR_KINDS} or set().union(*({*weights[kind]} ^ {*FEATURES} for kind in PAIR_KINDS))
        if differ:
            raise ValueError(f"the scoring model and this version differ in {sorted(differ)}: fit it anew")
        return cls(
            weights={kind: {name: float(weights[kind][name]) for name in FEATURES} for kind in PAIR_KINDS},
            intercept=float(values["intercept"]),
            prior_slope=float(values["prior_slope"]),
            link_threshold=float(values["link_threshold"]),
            possible_threshold=float(values["possible_threshold"]),
        )


@cache
def default_scoring_model() -> ScoringModel:
    """Return the fitted model that the package ships."""
    return ScoringModel.from_dict(json.loads(data_root().joinpath(*FILE.split("/")).read_text(encoding="utf-8")))
