"""Organisation names in the Python Record Linkage Toolkit.

De Bruin's toolkit (https://recordlinkage.readthedocs.io) makes pairs with *index* algorithms, compares them with
*compare* features and classifies what comes out. Its own string methods see letters only: a Chinese and an English
name of one organisation share none. The classes here bring readings, meanings, sounds and the evidence of this package
into its `Index` and `Compare`, beside its own. It is an extra, because its newest release (0.16) keeps pandas below 3.

    indexer = recordlinkage.Index([FeatureBlock("branch", "name"), PinyinBlock("branch", "name")])
    compare = recordlinkage.Compare([OrganizationEvidence("branch", "name", references=companies["name"])])
    for features in link_batches(indexer, compare, register, companies):
        links = classifier.predict(features)

==========================  =======================================================================================
index                       pairs
==========================  =======================================================================================
`OrganizationIndex`         the best candidates by the full comparison of the matcher
`FeatureBlock`              the nearest in the bilingual feature space; no pair is compared in full
`PinyinBlock`               the same letters of the core (华为, Huawei)
`PinyinNeighbourhood`       nearly the same letters: sorted neighbourhood (Hernández and Stolfo 1995)
==========================  =======================================================================================

==========================  =======================================================================================
compare                     feature
==========================  =======================================================================================
`OrganizationCompare`       one probability
`OrganizationEvidence`      the evidence in bits, one column a kind
`PinyinCompare`             likeness of the letters of the whole name
`CoreCompare`               likeness of the letters of the core (字号)
`SoundCompare`              whether one sounds like the other, by the transliteration model
`PlaceCompare`              whether they name the same place
==========================  =======================================================================================
"""

try:
    import recordlinkage.base  # noqa: F401
except ImportError as error:
    raise ImportError(
        "entitymatch.integrations.recordlinkage needs recordlinkage: pip install 'entitymatch[recordlinkage]'"
    ) from error

from entitymatch.integrations.recordlinkage.batches import link_batches
from entitymatch.integrations.recordlinkage.compare import (
    CoreCompare,
    OrganizationCompare,
    OrganizationEvidence,
    PinyinCompare,
    PlaceCompare,
    SoundCompare,
)
from entitymatch.integrations.recordlinkage.index import (
    FeatureBlock,
    OrganizationIndex,
    PinyinBlock,
    PinyinNeighbourhood,
)

__all__ = [
    "CoreCompare",
    "FeatureBlock",
    "OrganizationCompare",
    "OrganizationEvidence",
    "OrganizationIndex",
    "PinyinBlock",
    "PinyinCompare",
    "PinyinNeighbourhood",
    "PlaceCompare",
    "SoundCompare",
    "link_batches",
]
