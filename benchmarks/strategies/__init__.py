"""The strategies that `benchmarks.compare` compares, each a small adapter behind one protocol (`protocol.Strategy`)."""

from benchmarks.strategies.multilingual import Embedding, LogicV2
from benchmarks.strategies.own import ABLATIONS, EntityMatch
from benchmarks.strategies.plain import Exact, PinyinRapidfuzz
from benchmarks.strategies.protocol import Candidate, Informed, Strategy
from benchmarks.strategies.toolkits import PinyinNameMatching, PinyinRecordlinkage, PinyinSplink, PinyinStringGrouper

STRATEGIES: tuple[type[Strategy], ...] = (
    Exact,
    PinyinRapidfuzz,
    PinyinRecordlinkage,
    PinyinStringGrouper,
    PinyinNameMatching,
    PinyinSplink,
    Embedding,
    LogicV2,
    *ABLATIONS,
    EntityMatch,
)

__all__ = [
    "STRATEGIES",
    "Candidate",
    "EntityMatch",
    "Exact",
    "Informed",
    "PinyinRapidfuzz",
    "Strategy",
]
