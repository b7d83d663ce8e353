"""A short list and a register that most tests of the matcher ask about."""

COLUMNS = ["query_id", "query", "reference_id", "reference", "rank", "score", "match_weight", "decision", "relation"]
REFERENCES = [
    "HSBC",
    "Standard Chartered",
    "Pfizer",
    "University of St Andrews",
    "Rolls-Royce",
    "Boeing",
    "Siemens",
    "Bank of Chongqing",
    "Industrial and Commercial Bank of China",
    "China Merchants Bank",
    "Honeywell",
    "Shanghai Foreign Agency Service Corporation",
    "L'Oréal",
    "Tsinghua University",
    "Peking University",
    "BYD Company",
]
RIGHT = {
    "中共汇丰银行（中国）有限公司上海分行支部委员会": "HSBC",
    "罗尔斯-罗伊斯商贸（北京）有限公司党支部": "Rolls-Royce",
    "上海市外国机构服务处有限公司": "Shanghai Foreign Agency Service Corporation",
    "圣安德鲁斯大学": "University of St Andrews",
    "波音（中国）投资有限公司": "Boeing",
    "西门子（中国）有限公司": "Siemens",
    "霍尼韦尔自动化控制（中国）有限公司": "Honeywell",
    "重庆银行股份有限公司": "Bank of Chongqing",
    "工商银行北京分行": "Industrial and Commercial Bank of China",
    "招商银行": "China Merchants Bank",
    "滙豐銀行": "HSBC",
    "渣打銀行（香港）有限公司": "Standard Chartered",
    "清华大学": "Tsinghua University",
    "北京大學": "Peking University",
    "欧莱雅（中国）有限公司": "L'Oréal",
    "HSBC Bank (China) Company Limited": "HSBC",
    "Pfizer Inc.": "Pfizer",
    "Rolls Royce": "Rolls-Royce",
    "St Andrews University": "University of St Andrews",
    "HSBC汇丰银行上海分行": "HSBC",
}
DECOYS = [
    "上海光明村餐饮管理有限公司",
    "上海汇丰纸业有限公司",
    "波音文具店",
    "重庆市第一中学",
    "Sunshine Kindergarten",
    "苹果园社区居委会",
]
SURE = [
    "圣安德鲁斯大学",
    "招商银行",
    "清华大学",
    "重庆银行股份有限公司",
    "西门子（中国）有限公司",
    "St Andrews University",
]
REGISTER = [*RIGHT, *DECOYS]
