"""A register that names an organisation in two columns: where somebody belongs, and where somebody works.

    python examples/second_column.py

Either column may name an organisation of the list. The two are matched one after the other and put side by side. Their
weights are not added up: each holds the prior, and what both columns share would count twice.
"""

import pandas as pd

from entitymatch import Matcher

register = pd.DataFrame(
    [
        ("r1", "中共汇丰银行（中国）有限公司上海分行支部委员会", "汇丰银行（中国）有限公司"),
        ("r2", "陆家嘴街道联合党支部", "辉瑞制药有限公司"),
        ("r3", "汇丰银行（中国）有限公司第三党支部", None),
        ("r4", "汇丰银行（中国）有限公司苏州分行党支部", "波音（中国）投资有限公司"),
        ("r5", "陆家嘴街道联合党支部", "上海光明村餐饮管理有限公司"),
    ],
    columns=["id", "branch", "employer"],
)
matcher = Matcher().fit(["HSBC", "Pfizer", "Boeing"])

parts = []
for column in ("branch", "employer"):
    links = matcher.match(register, name=column, id="id").to_pandas()
    parts.append(links[links["decision"] == "link"].assign(column=column))
links = pd.concat(parts)

# One line per row of the register and organisation: which columns say so?
found = links.groupby(["query_id", "reference"])["column"].agg("+".join).reset_index()
found.columns = ["id", "organisation", "says"]
found["says"] = found["says"].replace({"branch+employer": "both"})
# Two organisations in one row: a secondment, a union branch, or a mistake. A person should look.
found.loc[found["id"].duplicated(keep=False), "says"] = "conflict"

if __name__ == "__main__":
    print(found.to_string(index=False))  # noqa: T201
