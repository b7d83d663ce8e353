"""A name read once: what it offers for comparison with any other name."""

from entitymatch.features.extract import FeatureExtractor
from entitymatch.features.name import AliasSpan, NameFeatures, Origin, Word

__all__ = ["AliasSpan", "FeatureExtractor", "NameFeatures", "Origin", "Word"]
