"""Lists of strings with known answers, from which the evidence is weighed: pairs of names, and simulated registers.

Half of the references of a list of pairs are taken away, so that half of its strings have no right answer. In a
register nineteen strings in twenty have none: firms that are not on the list, small local firms, schools and
neighbourhoods, and decoys that bear the name of a listed firm in another trade.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from entitymatch.features import FeatureExtractor
from entitymatch.features.trades import ACTIVITY, GENERIC, han_trades, trades_of
from entitymatch.lexicon import Lexicon
from entitymatch.lexicon.organizations import LIGHT_WORDS
from entitymatch.lexicon.tables import values as split
from entitymatch.names.tokens import tokens
from entitymatch.translate.training import Pair

FOLDS = 3


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
    return Task(name, strings, references, answers, folds, 0.05, 2.0)


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
# Subsidiaries of Chinese groups are called so as well; those of foreign ones hardly ever.
OF_CHINESE_GROUPS = [
    "{c}{z}{t}有限公司",
    "{c}{z}{t}有限公司",
    "{c}{z}{a}有限公司",
    "{c}{z}{t}有限公司{c}分公司",
    "{c}{z}{b}有限公司",
    "{c}{z}",
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

    A group's subsidiaries bear its name with a place, an activity (投资) or a trade of its own; one with a name of its
    own is meant itself where it is listed beside the group. A namesake bears the name with a trade of another family,
    or is a shop. Only short names (中远) stand in other firms' own names by chance.
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
    members = [o for o in listed if o.relation == "unit" and o.parent in by_key]
    activities = [row["zh"] for row in read_table("activities.tsv") if row["role"] == "activity" and len(row["zh"]) < 5]
    cities, by_group, families = words_of_names()
    strings, answers = [], []
    for _ in range(n):
        kind = rng.random()
        answer: set[int] = set()
        kinds = [(0.15, listed), (0.25, short), (0.95, others), (0.975, units), (1.0, members)]
        o = rng.choice(next(some for most, some in kinds if kind < most))
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
            templates = SUBSIDIARIES + OF_CHINESE_GROUPS * (o.country in ("CN", "HK"))
            text = rng.choice(templates).format(**words)
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
