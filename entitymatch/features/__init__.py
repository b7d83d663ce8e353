"""A name read once: what it offers for comparison with any other name."""

from entitymatch.features.extract import FeatureExtractor
from entitymatch.features.name import AliasSpan, NameFeatures, Origin, Word
from entitymatch.features.spans import FeatureSpans, feature_spans

__all__ = ["AliasSpan", "FeatureExtractor", "FeatureSpans", "NameFeatures", "Origin", "Word", "feature_spans"]
