"""One sparse feature space for names of both scripts, and the nearest references in it.

A name is a sparse vector over typed features. The product of a query's and a reference's vectors estimates, in
bits, how much the reference's words are explained by the query's name:

=========  ============================================  =====================================================
type       on the reference side                         on the query side
=========  ============================================  =====================================================
``word``   its Latin words, and runs of them joined      log2(P(word | name) / P(word)) of each possible word
``from``   Latin words that its Han name may stand for   its Latin words
``han``    its Han characters and pairs of them          the same, by rarity
``alias``  known organisations in it                     the same
``gram``   letter trigrams of the name in Latin          the same of the romanised name, by rarity (cosine)
``sound``  sound keys of its words                       sound keys of the Han core (cosine)
=========  ============================================  =====================================================

Rarity is the share of references that bear a feature, smoothed by the words' background frequency, so that a list
of twenty names does not take its every word for rare. The product is computed by ``sparse-dot-topn``, which keeps
the best of each row and never builds the whole matrix.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from entitymatch.blocking.background import Background, default_background
from entitymatch.features import NameFeatures
from entitymatch.features.compounds import parts_of
from entitymatch.features.name import LEGAL, PLACE, TRADE, UNIT
from entitymatch.romanize import sound_keys_han, sound_keys_latin

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Bits that a perfect agreement of each type may bring, relative to the words' own; chosen on training pairs.
TYPE_WEIGHTS: dict[str, float] = {"word": 1.0, "from": 1.0, "han": 1.0, "alias": 1.0, "gram": 12.0, "sound": 2.5}
LENGTH_NORM = 0.5  # power of the reference's information by which its products are divided
ALIAS_BITS = 14.0
PART_SHARE = 0.6  # what half of a compound is worth, against a word of its own
PARENT_SHARE = 0.6  # what the name of a part is worth for the whole
_MOST_FROM = 80
_JOIN = 4


def joined_runs(stems: Sequence[str]) -> Iterator[str]:
    """Yield the runs of two to four adjacent words, written together (``shen zhen`` → ``shenzhen``)."""
    for start in range(len(stems)):
        for size in range(2, min(_JOIN, len(stems) - start) + 1):
            yield "".join(stems[start : start + size])


def letters_of(features: NameFeatures) -> str:
    """Return the name in Latin letters: its own, or its pinyin, without legal form and unit."""
    if features.han:
        return "".join(
            s for s, part in zip(features.syllables, features.parts, strict=True) if part not in (LEGAL, UNIT)
        )
    return "".join(w.stem for w in features.words if w.part not in (LEGAL, UNIT)) or "".join(
        w.stem for w in features.words
    )


def sound_keys(features: NameFeatures) -> dict[str, float]:
    """Return the weighted sound keys of a name: of each run of core characters, or of each Latin word of a name."""
    if not features.han:
        latin = [sound_keys_latin(w.stem) for w in features.words if w.part not in (LEGAL, TRADE, PLACE, UNIT)]
        return dict(key for keys in latin for key in keys)
    runs: list[str] = []
    run = ""
    for character, part in zip(features.han, features.parts, strict=True):
        if part in (LEGAL, TRADE, PLACE, UNIT):
            runs, run = [*runs, run], ""
        else:
            run += character
    found: dict[str, float] = {}
    for text in [r for r in (*runs, run) if r] or [features.han]:
        for key, weight in sound_keys_han(text):
            found[key] = max(weight, found.get(key, 0.0))
    return found


def trigrams(letters: str) -> Counter[str]:
    """Count the letter trigrams of a string, with its ends marked."""
    marked = f"^{letters}$"
    return Counter(marked[i : i + 3] for i in range(len(marked) - 2))


def _csr(data: list[float], indices: list[int], indptr: list[int], shape: tuple[int, int]) -> sparse.csr_matrix:
    """Build a sparse matrix without explicit zeros."""
    parts = (np.array(data, dtype=np.float64), np.array(indices, dtype=np.int32), np.array(indptr, dtype=np.int32))
    matrix = sparse.csr_matrix(parts, shape=shape)
    matrix.eliminate_zeros()
    return matrix


class BlockingIndex:
    """References in the feature space, ready to be searched.

    Args:
        references: the features of each reference name.
        background: how common words and characters are in names at large.
        type_weights: replaces entries of :data:`TYPE_WEIGHTS`; 0 leaves a type out.
    """

    def __init__(
        self,
        references: Sequence[NameFeatures],
        background: Background | None = None,
        type_weights: dict[str, float] | None = None,
        length_norm: float = LENGTH_NORM,
    ) -> None:
        self.background = background or default_background()
        self.weights = {**TYPE_WEIGHTS, **(type_weights or {})}
        self.columns: dict[str, int] = {}
        self._word_bits: dict[str, float] = {}
        self.size = len(references)
        counts: Counter[str] = Counter()
        rows = [self._reference_keys(f) for f in references]
        for row in rows:
            counts.update(row.keys())
        for key in sorted(counts):
            self.columns[key] = len(self.columns)
        self.information = np.array([self._information(key, counts[key]) for key in self.columns])
        self.matrix = self._assemble(rows, references, length_norm)

    def _information(self, key: str, count: int) -> float:
        """Return -log2 of the smoothed share of references that bear a feature."""
        return self.background.information(key, count, self.size)

    @classmethod
    def restore(
        cls, columns: Sequence[str], information: Floats, matrix: sparse.csr_matrix, type_weights: dict[str, float]
    ) -> BlockingIndex:
        """Return an index from its parts: the attributes of another index, and its type weights."""
        index = cls.__new__(cls)
        index.background, index.weights = default_background(), type_weights
        index.columns = {key: position for position, key in enumerate(columns)}
        index.size, index._word_bits = matrix.shape[0], {}
        index.information, index.matrix = information, matrix
        return index

    def word_information(self, stem: str) -> float:
        """Return the bits of surprise in meeting a Latin word in a name."""
        bits = self._word_bits.get(stem)
        if bits is None:
            column = self.columns.get(f"word:{stem}")
            bits = (
                self.background.information(f"word:{stem}", 0, self.size)
                if column is None
                else float(self.information[column])
            )
            self._word_bits[stem] = bits
        return bits

    def _reference_keys(self, features: NameFeatures) -> dict[str, float]:
        keys: dict[str, float] = {}
        stems = [w.stem for w in features.words]
        for stem in stems:
            keys[f"word:{stem}"] = 1.0
        for run in joined_runs(stems):
            keys.setdefault(f"word:{run}", 1.0)
        for stem in stems:
            for part in parts_of(stem):
                keys.setdefault(f"word:{part}", PART_SHARE)
        if features.han:
            best = sorted(features.origins.items(), key=lambda item: (-item[1].probability, item[0]))[:_MOST_FROM]
            for stem, origin in best:
                keys[f"from:{stem}"] = origin.probability
            keys.update(dict.fromkeys(self._han_keys(features), 1.0))
        for alias in features.aliases:
            keys[f"alias:{alias.key}"] = 0.5 if alias.common else 1.0
        for gram in trigrams(letters_of(features)):
            keys[f"gram:{gram}"] = 1.0
        keys.update((f"sound:{key}", weight) for key, weight in sound_keys(features).items())
        return keys

    @staticmethod
    def _han_keys(features: NameFeatures) -> Iterable[str]:
        kept = "".join(c for c, part in zip(features.han, features.parts, strict=True) if part not in (LEGAL, UNIT))
        yield from (f"han:{c}" for c in kept)
        yield from (f"han:{kept[i : i + 2]}" for i in range(len(kept) - 1))

    def _assemble(
        self, rows: list[dict[str, float]], references: Sequence[NameFeatures], length_norm: float
    ) -> sparse.csr_matrix:
        data: list[float] = []
        indices: list[int] = []
        indptr = [0]
        for row, features in zip(rows, references, strict=True):
            information = self.information
            own = sum(information[self.columns[f"word:{w.stem}"]] for w in features.words)
            own += sum(information[self.columns[k]] for k in self._han_keys(features)) * 0.5 if features.han else 0.0
            scale = max(own, 8.0) ** -length_norm
            norms = {
                kind: math.sqrt(
                    sum((w * information[self.columns[k]]) ** 2 for k, w in row.items() if k.startswith(kind))
                )
                or 1.0
                for kind in ("gram:", "sound:")
            }
            for key, value in row.items():
                column = self.columns[key]
                kind = key[: key.index(":")]
                if kind == "gram":
                    value = information[column] / norms["gram:"] * scale
                elif kind == "sound":
                    value *= information[column] / norms["sound:"]
                elif kind == "from":
                    value = max(0.0, math.log2(1.0 + value * 2.0 ** information[column])) * scale
                else:
                    value *= scale
                data.append(value)
                indices.append(column)
            indptr.append(len(indices))
        shape = (len(rows), len(self.columns))
        return _csr(data, indices, indptr, shape)

    def query_row(self, features: NameFeatures) -> dict[int, float]:
        """Return the vector of a query: column → weight."""
        columns, information, weights = self.columns, self.information, self.weights
        out: dict[int, float] = {}
        log2 = math.log2
        scale = weights["word"]
        for stem, origin in features.origins.items():
            if (column := columns.get("word:" + stem)) is not None:
                gain = log2(0.2 + origin.probability * 2.0 ** information[column])
                if gain > 0.0:
                    out[column] = gain * scale
        stems = [w.stem for w in features.words]
        for stem in (*stems, *joined_runs(stems)):
            if (column := columns.get("word:" + stem)) is not None:
                out[column] = float(information[column]) * scale
            if (column := columns.get("from:" + stem)) is not None:
                out[column] = weights["from"]
        if features.han:
            for key in self._han_keys(features):
                if (column := columns.get(key)) is not None:
                    out[column] = float(information[column]) * (0.5 if len(key) == 5 else 1.0) * weights["han"]
        for alias in features.aliases:
            if (column := columns.get(f"alias:{alias.key}")) is not None:
                out[column] = ALIAS_BITS * weights["alias"] * (0.5 if alias.common else 1.0)
            for parent in alias.parents:
                if (column := columns.get(f"alias:{parent}")) is not None:
                    out[column] = max(out.get(column, 0.0), PARENT_SHARE * ALIAS_BITS * weights["alias"])
        if weights["gram"]:
            found = trigrams(letters_of(features))
            kept = [(columns[k], n) for gram, n in found.items() if (k := "gram:" + gram) in columns]
            norm = math.sqrt(sum((information[c]) ** 2 for c, n in kept) + 100.0 * (len(found) - len(kept))) or 1.0
            for column, _n in kept:
                out[column] = float(information[column]) / norm * weights["gram"]
        if weights["sound"]:
            out.update(self._sound_row(features))
        return out

    def _sound_row(self, features: NameFeatures) -> dict[int, float]:
        """Return the sound keys of a query, scaled to length 1; a key that no reference has counts in the length."""
        columns, information = self.columns, self.information
        unseen = math.log2(self.size + 1.0)
        kept: dict[int, float] = {}
        square = 0.0
        for key, weight in sound_keys(features).items():
            column = columns.get("sound:" + key)
            value = weight * (unseen if column is None else float(information[column]))
            square += value * value
            if column is not None:
                kept[column] = value
        scale = self.weights["sound"] / math.sqrt(square) if square else 0.0
        return {column: value * scale for column, value in kept.items()}

    def query_matrix(self, queries: Sequence[NameFeatures]) -> sparse.csr_matrix:
        """Return the queries' vectors as a sparse matrix (queries × features)."""
        data: list[float] = []
        indices: list[int] = []
        indptr = [0]
        for features in queries:
            row = self.query_row(features)
            indices.extend(row.keys())
            data.extend(row.values())
            indptr.append(len(indices))
        return _csr(data, indices, indptr, (len(queries), len(self.columns)))

    def search(self, vectors: sparse.csr_matrix, top_k: int, threads: int = 1) -> tuple[Integers, Integers, Floats]:
        """Return the ``top_k`` references nearest to each query.

        Args:
            vectors: the queries, as :meth:`query_matrix` gives them.
            top_k: how many references a query gets at most.
            threads: how many threads multiply.

        Returns:
            Query positions, reference positions and products, sorted by query and falling product (ties by reference
            position).
        """
        from sparse_dot_topn import sp_matmul_topn

        # A few more than asked for, so that ties at the end of the list fall by position, not by the order of the
        # product. sort=True keeps sparse-dot-topn 1.2 off a shortcut for small lists that returns unset numbers where a
        # product is 0.
        spare = min(top_k + 10, max(self.size, 1))
        product = sp_matmul_topn(vectors, self._transposed, top_n=spare, sort=True, n_threads=threads).tocoo()
        values = np.round(product.data, 9)
        query, reference = product.row.astype(np.int64), product.col.astype(np.int64)
        order = np.lexsort((reference, -values, query))
        query, reference, values = query[order], reference[order], values[order]
        starts = np.searchsorted(query, np.arange(vectors.shape[0]))
        rank = np.arange(len(query)) - starts[query]
        keep = (rank < top_k) & (values > 0)
        return query[keep], reference[keep], values[keep]

    def similarity_by_type(
        self, vectors: sparse.csr_matrix, query: Integers, reference: Integers, prefix: str
    ) -> Floats:
        """Return what the features of one type contribute to the products of given pairs.

        Args:
            vectors: the queries.
            query: (pairs,) positions of the queries.
            reference: (pairs,) positions of the references.
            prefix: the type, e.g. ``"sound"``.
        """
        first, last = self._ranges[prefix]
        if first == last:
            return np.zeros(len(query))
        left, right = vectors[:, first:last], self.matrix[:, first:last]
        return np.asarray(left[query].multiply(right[reference]).sum(axis=1), dtype=np.float64).ravel()

    @cached_property
    def _transposed(self) -> sparse.csr_matrix:
        return self.matrix.T.tocsr()

    @cached_property
    def _ranges(self) -> dict[str, tuple[int, int]]:
        """Where the columns of each type begin and end: columns are sorted by key, and a key begins with its type."""
        kinds = [key[: key.index(":")] for key in self.columns]
        return {kind: (bisect_left(kinds, kind), bisect_right(kinds, kind)) for kind in TYPE_WEIGHTS}
