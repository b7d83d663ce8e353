"""What the organisation that a string names is to the reference: the column ``relation`` of `Links`.

A link says that a string names the organisation *or a part of it*; 上海通用汽车 is neither General Motors nor a
stranger to it. The lexicon's rows say what it is, and the parse says whether a branch is meant. It is worked out for
the pairs that are returned, once each, from features that are there already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from entitymatch.features import NameFeatures
from entitymatch.features.name import UNIT
from entitymatch.lexicon import Lexicon
from entitymatch.lexicon.organizations import RELATIONS, SAME
from entitymatch.lexicon.organizations import UNIT as IS_UNIT
from entitymatch.scoring.alignment import in_context


def relation(query: NameFeatures, variants: Iterable[NameFeatures], lexicon: Lexicon) -> str:
    """Say what the organisation that a string names is to a reference.

    Args:
        query: the string.
        variants: the names of the reference.
        lexicon: the organisations.

    Returns:
        ``same``, ``unit``, ``affiliate`` or ``joint_venture``; of several that hold the closest. ``unit`` also where
        the string names a branch or department of the reference's very organisation. Empty where no row of the lexicon
        speaks of both names, where the name is an ordinary word and nothing else in the string fits, or where the
        reference is itself a branch, another than the string's.

    Example:
        >>> from entitymatch.features import FeatureExtractor
        >>> read = FeatureExtractor().extract
        >>> texts = ("滙豐", "汇丰银行上海分行", "上海汇成")
        >>> [relation(read(text), [read("HSBC")], Lexicon.default()) for text in texts]
        ['same', 'unit', '']
    """
    if not query.aliases:
        return ""
    found: list[str] = []
    for variant in variants:
        if not variant.aliases:
            continue
        for ours in query.aliases:
            for theirs in variant.aliases:
                if not (known := lexicon.relation(ours.key, theirs.key)):
                    continue
                han, named = (query, ours) if query.han else (variant, theirs)
                if not (ours.common or theirs.common) or not han.han or in_context(han, named, lexicon):
                    found.append(_of_unit(known, query, variant))
    return min(filter(None, found), key=RELATIONS.index, default="")


def _of_unit(known: str, query: NameFeatures, variant: NameFeatures) -> str:
    """Turn *the same* into *unit* if the string names a branch of it."""
    if known != SAME:
        return known
    ours, theirs = _unit(query), _unit(variant)
    if ours == theirs:
        return SAME
    return "" if theirs else IS_UNIT


def _unit(features: NameFeatures) -> Sequence[str]:
    han = [char for char, part in zip(features.han, features.parts, strict=True) if part == UNIT]
    return [*han, *(word.stem for word in features.words if word.part == UNIT)]
