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
    "fuzzy": "spelling of what is left, edit distance",
    "jaro_winkler": "spelling of what is left, Jaro–Winkler",
    "similarity": "likeness in the feature space of blocking: words, characters, aliases",
    "margin": "how far this likeness is ahead of that of all others on the list",
    "letter_similarity": "likeness of the letters",
    "sound_similarity": "likeness of the sounds",
    "uncompared": "too unlike to be compared in full",
    "institution": "either is the name of an institution: such names describe, firms choose theirs",
    "list_size": "log2 of the number of names on the list: the more there are, the more agree by chance",
}

INSTITUTION = list(FEATURES).index("institution")  # the column that says which weights count

# Which kind of evidence a feature belongs to, for those that can be left out (``Matcher(without=…)``).
KINDS: dict[str, tuple[str, ...]] = {
    "alias": (
        "alias",
        "common_alias",
        "unit_alias",
        "affiliate_alias",
        "alias_alone",
        "alias_first",
        "other_organization",
        "left_parent",
        "left_parent_word",
    ),
    "translation": ("translation",),
    "reading": ("reading", "compound", "letter_similarity"),
    "sound": ("sound", "sound_similarity"),
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
        weights: bits per unit of each feature.
        institution_weights: what is added to them where one of the names is an institution's.
        intercept: bits of every pair, before the prior.
        prior_slope: how far the log odds of the prior count. Most strings of a register that match nothing are
            unlike any name on the list, so the share of those that match says less about a string that resembles
            one (slope below 1).
        link_threshold, possible_threshold: scores from which a candidate is a link, a possible link.
    """

    weights: Mapping[str, float]
    institution_weights: Mapping[str, float]
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
        institution = values[:, INSTITUTION]
        for column, name in enumerate(FEATURES):
            bits += values[:, column] * (self.weights[name] + institution * self.institution_weights[name])
        return bits

    def weight(self, feature: str, institution: bool) -> float:
        """Return the weight of a feature for a pair of firms or one with an institution."""
        return self.weights[feature] + institution * self.institution_weights[feature]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {
            "intercept": self.intercept,
            "prior_slope": self.prior_slope,
            "link_threshold": self.link_threshold,
            "possible_threshold": self.possible_threshold,
            "weights": dict(self.weights),
            "institution_weights": dict(self.institution_weights),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ScoringModel:
        """Read what :meth:`to_dict` gave.

        Raises:
            ValueError: if a weight is missing or unknown.
        """
        if unknown := {*values["weights"]} ^ {*FEATURES} | {*values.get("institution_weights", ())} ^ {*FEATURES}:
            raise ValueError(
                f"the scoring model and this version differ in the features {sorted(unknown)}: fit it anew"
            )
        return cls(
            weights={name: float(values["weights"][name]) for name in FEATURES},
            institution_weights={name: float(values["institution_weights"][name]) for name in FEATURES},
            intercept=float(values["intercept"]),
            prior_slope=float(values["prior_slope"]),
            link_threshold=float(values["link_threshold"]),
            possible_threshold=float(values["possible_threshold"]),
        )


@cache
def default_scoring_model() -> ScoringModel:
    """Return the fitted model that the package ships."""
    return ScoringModel.from_dict(json.loads(data_root().joinpath(*FILE.split("/")).read_text(encoding="utf-8")))
