"""The 31 classes of safety risk that a rule's category may name (GB/T 45654-2025, Annex A).

The text of the classes is ours, short; the split into 8 + 9 + 5 + 7 + 2 follows TC260-003, from
which the standard was made. Naming a class is not filling it: A.1.a to A.1.d are left to the
operator.
"""

from __future__ import annotations

RISKS: dict[str, tuple[str, str]] = {
    "A.1.a": ("煽动颠覆国家政权、推翻社会主义制度", "incitement to overthrow the state"),
    "A.1.b": ("危害国家安全和利益、损害国家形象", "harm to national security or image"),
    "A.1.c": ("煽动分裂国家、破坏国家统一和社会稳定", "incitement to separatism or unrest"),
    "A.1.d": ("宣扬恐怖主义、极端主义", "promotion of terrorism or extremism"),
    "A.1.e": ("宣扬民族仇恨", "promotion of ethnic hatred"),
    "A.1.f": ("宣扬暴力、淫秽色情", "promotion of violence or obscenity"),
    "A.1.g": ("传播虚假有害信息", "spreading of false, harmful information"),
    "A.1.h": ("法律、行政法规禁止的其他内容", "other content the law forbids"),
    "A.2.a": ("民族歧视", "discrimination by ethnic group"),
    "A.2.b": ("信仰歧视", "discrimination by belief"),
    "A.2.c": ("国别歧视", "discrimination by country"),
    "A.2.d": ("地域歧视", "discrimination by region"),
    "A.2.e": ("性别歧视", "discrimination by sex"),
    "A.2.f": ("年龄歧视", "discrimination by age"),
    "A.2.g": ("职业歧视", "discrimination by occupation"),
    "A.2.h": ("健康歧视", "discrimination by health"),
    "A.2.i": ("其他歧视", "other discrimination"),
    "A.3.a": ("侵犯他人知识产权", "infringement of intellectual property"),
    "A.3.b": ("违反商业道德", "breach of business ethics"),
    "A.3.c": ("泄露他人商业秘密", "disclosure of trade secrets"),
    "A.3.d": ("利用算法、数据、平台等优势垄断和不正当竞争", "monopoly and unfair competition"),
    "A.3.e": ("其他商业违法违规行为", "other commercial offences"),
    "A.4.a": ("危害他人身心健康", "harm to body or mind"),
    "A.4.b": ("侵害他人肖像权", "infringement of likeness"),
    "A.4.c": ("侵害他人名誉权", "infringement of reputation"),
    "A.4.d": ("侵害他人荣誉权", "infringement of honour"),
    "A.4.e": ("侵害他人隐私权", "infringement of privacy"),
    "A.4.f": ("侵害他人个人信息权益", "infringement of personal information"),
    "A.4.g": ("侵犯他人其他合法权益", "infringement of other rights"),
    "A.5.a": ("内容不准确，严重不符合科学常识或主流认知", "grossly inaccurate content"),
    "A.5.b": ("内容不可靠，对使用者没有帮助", "unreliable content"),
}
"""Class → (name in Chinese, name in English)."""
