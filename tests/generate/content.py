"""The invented report that all generated files hold: a school of hydrology that does not exist."""

TITLE = "事业单位法人年度报告书"
YEAR = 2024
NAME = "砚湖县水文职业学校"
FIELDS = {
    "单位名称": NAME,
    "宗旨和业务范围": "培养水文测报技能人才；承担基层水文人员培训，开展水情科普。",
    "住所": "砚湖县汀洲路17号",
    "法定代表人": "闻溪石",
    "开办资金": "436.5万元",
    "经费来源": "财政补助",
    "举办单位": "砚湖县水务局",
}
OPENING, CLOSING = "1208.37", "1193.06"
ONLINE_NAME = "砚湖县水文职业学校.公益"
STAFF = 58
CHANGES = "2024年度无变更事项。"
NARRATIVE = (
    "一、教学工作稳步开展。全年开设专业6个，在校学生1387人，同比增长4.2%。毕业生就业率达到96.5%。",
    "二、社会培训服务基层。举办培训班23期，培训基层水文人员1140人次，发放教材2280册。",
    "三、水情科普走进社区。组织开放日12场，接待参观群众8600余人次，制作科普短片9部。",
)
QUALIFICATIONS = "持有《办学许可证》，有效期至2027年8月31日。"
PERFORMANCE = "获评2024年度全县职业教育先进集体。"
DONATIONS = "无"
OPINION = "兹委托登记管理机关公示我单位年度报告书。"
SPONSOR_OPINION = "情况属实，该年度报告书已经保密审查，可以向社会公示。"
FILER, PHONE, FILED = "谷雨桥", "0000-7654321", "2025年3月6日"
FOOT = f"填表人：{FILER}  联系电话：{PHONE}  报送日期：{FILED}"

SECTIONS = (
    ("对《条例》和实施细则有关变更登记规定的执行情况", (CHANGES,)),
    ("开展业务活动情况", NARRATIVE),
    ("相关资质认可或执业许可证明文件及有效期", (QUALIFICATIONS,)),
    ("绩效和受奖惩及诉讼投诉情况", (PERFORMANCE,)),
    ("接受捐赠资助及其使用情况", (DONATIONS,)),
    ("事业单位委托意见", (OPINION,)),
    ("举办单位意见（含保密审查意见）", (SPONSOR_OPINION,)),
)


def text() -> str:
    """The report as a plain text."""
    lines = [TITLE, f"（{YEAR}年度）", *(f"{label} {value}" for label, value in FIELDS.items())]
    lines += ["净资产合计（所有者权益合计）", f"年初数（万元） {OPENING}", f"年末数（万元） {CLOSING}"]
    lines += [f"网上名称 {ONLINE_NAME}", f"从业人数 {STAFF}"]
    for label, paragraphs in SECTIONS:
        lines += [label, *paragraphs]
    return "\n".join([*lines, FOOT, ""])
