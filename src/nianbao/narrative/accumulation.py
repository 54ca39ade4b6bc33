"""Period, to date, or at a point: what the number of a level adds up.

Decided in this order: a stock (what exists at a moment) is at a point; a flow, act, rate or mean is to date where 累计
stands without a named period, or 自…以来, or 截至 with a date; else it is of the period.
"""

from __future__ import annotations

import re
from functools import cache

from nianbao.narrative import clauses
from nianbao.narrative.clauses import SHARE, Quantity
from nianbao.narrative.lexicon import lexicon

PER = re.compile(
    r"(?:日|月|年|人|户|亩|次|件|周|校|村|场|生)均|平均|均价|每(?:周|月|年|天|日|人|户|亩|件|次|季|名|所|个|家|场|支|公斤|平方米)"
)
_SINCE = re.compile(r"(?:自|从)[^，。；\n]{1,24}?(?:以来|至今)|[^，。；\n]{1,20}(?:以来|至今)")
_AS_OF = re.compile(r"(?:截至|截止)[^，。；]{0,14}?(?:\d|目前|年末|年底|期末|报告期)")
_NAMED_PERIOD = re.compile(r"全年|本年|今年|当年|年内|(?<![截自从\d至止在])20\d\d年(?!以来|末|底|\d|起|至今|[-—~～至])")
_THIS_YEAR = re.compile(r"全年|本年度|今年|当年|年内")
_NOW = re.compile(r"目前|现[有存]|年末|期末|年底")
_HAVE = re.compile(r"(?:现|共|拥|仍|尚)有|管养|管护|管辖")
_LISTED = re.compile(r"[^，。；]{0,12}?[、和及与]")
_POINT_RATE = re.compile(
    r"(?:乡镇|街道|网络|信号|光纤|区域|城乡|绿化|行政村|社区|小区|人口|森林|植被|电网|建制村)[一-鿿（）]{0,4}覆盖率"
)
_BALANCE = re.compile(r"余|结转|资产|原值|总值|净值|存款|负债")
_SPENT = re.compile(r"使用|动用|分配|弥补|上缴|盘活|收回|处置|用于")
_BASE = re.compile(r"每[百千万十]+[一-鿿]{0,4}?(?:名|人|户|个|口)")
_BODIES = re.compile(r"(?:全|我|辖)[国省市区县州镇]内?(?:各级)?(?:现?有|共有)?")
_EXISTS = re.compile(
    r"(?:^|[，、])(?:[^，、。；“”]{0,10}?(?:现|仍|尚)有|(?:现|共|拥|仍|尚|目前|已)?有|(?:我|本|全)[一-鿿]{1,3}(?:共|均|各)?有)[^，。；]*$"
)
_SELF = re.compile(r"(?:我|本|全)(?:中心|单位|[馆院校所站园局台团队办市县区省镇])|(?:中心|学校|医院)(?=[一-鿿]{3})")
# A noun that only looks like an act at its beginning: 服务站, 检验人员, 培训机构.
_NOUN = re.compile(
    r"中心|站|点|网点|机构|室|厅|区(?!域)|台|座[位席]|席位|基地|平台|小组|团队|队(?!员)|系统|面积|用房|窗口|大厅"
    r"|(?<=检验|检测|管理|服务|研究|修复|讲解|监测|检查|鉴定|维修|编辑|辅导|登记|审核|采编|编目|保障|执法)(?:人员|员|师)"
)
_PLACE = re.compile(r"器|中心|站|点|网点|机构|人员|窗口|大厅|平台|台(?!次)")
_BODY = re.compile(
    r"(?:医院|卫生院|门诊部|诊所|卫生室|机构|学校|幼儿园|协会|学会|分馆|分中心|分院|专业|服务点|[监观]测站|流通站|服务站|站点|网点|窗口|书屋|驿站|车辆|用车|计算机|电脑|设备|实验室|工作室)"
    r"(?:总?数量?)?$"
)
_PERSON = re.compile(
    r"(?:人员|[一-鿿]员|[教医护技厨药]师|工程师|社工|职工|专家|干部|志愿者|传承人|读者|用户|博士|硕士|职称|学历)$"
)
_ALL = re.compile(r"(?:全|我|本)[一-鿿]{1,2}(?:现有|共有|共)?")
_NEW = re.compile(
    r"新(?:开户|登记|注册|签|纳|入|进|招|聘|添|订|办|引|评|获|认定|立项|开[工设]|上[架线]|收|征|编|采|录|参|申|挂|成立|迁|落户|发现)"
)
# What is set up and yet no thing that exists at a moment: rules, files.
_MADE = re.compile(
    r"(?:建立|健全|完善|设立|建成)[^，]{0,8}(?:制度|机制|预案|方案|办法|规程|规范|流程|台账|清单|档案|细则)"
)
_AGENT = re.compile(r"[一-鿿]{0,4}?(?:教师|职工|员工|护士|医师|医生|党员|专家|志愿者(?!注册|登记))")
_REGION_AREA = re.compile(r"^(?:全|我|辖|境)[国省市县区州镇乡村域内][^，]{0,10}面积$")
_WITH = re.compile(r"(?:与|同|和)(?![谐平解])")
_COMING = re.compile(
    r"参|受益|毕业|新[生增招进]|报名|考|获奖|入[学职选]|惠及|到[馆场]|来[馆访]|[组派抽整合]|调(?!解|研|查)|先后|培|招|接|慰|服务|派|出动|引|邀|聘"
)
_THINGS = frozenset(("个", "家", "所", "台", "辆", "间", "座", "处", "支"))
_TOWARDS = re.compile(
    r"(?:在(?![职编岗册校园线建用训院读库馆研养住]|校生)|对(?![外口])|为(?!主)|向|给|与|赴|到(?!位)|走进|深入)"
)
# What is told behind the noun was done in the period: 5间专用教室完成翻新.
_DONE = re.compile(
    r"(?:全部|顺利|如期|已|均|也)*(?:完成|获|被|竣工|完工|参加|参与|入选|入围|接受|得到|报名|申报|立项|结题|通过)"
)
_REACHED = re.compile(r"(?:延伸|伸|拓展|扩展|推广|下沉|覆盖|辐射)(?:到|至|周边)了?$")
_ATTRIBUTE = re.compile(r"(?:总?面积|原值|总?价值|总值|总长|长度|总?投资|占地)")
_PER_HEAD = re.compile(r"(?:人|户|生)均")
_COUNTABLE = frozenset("家所台辆间座处支条只头匹艘架栋")
# Land, houses and machines: where no act is told they are what there is.
_HELD = re.compile(
    r"(?:公益林|商品林|林地|林场|草场|草地|牧场|湿地|苗圃|绿地|[一-鿿]{2}仪|相机|摄像头|传感器|种群|跑道|干道|国道|省道|干线|教学班|科室|内设机构|库区|库房|展区|园区|公园|水库|泵站"
    r"|水闸|船闸|码头|泊位|航道|管网|管线|路灯|机组|泳池|食堂|宿舍|公寓|教室|病区|手术室|监护室|生产线|检验线|检定线|书架|书库|全宗|种质资源|母[牛羊马猪]|种[牛羊马猪]|存栏|[生产服务检测接待]{2}能力)$"
)
_HELD_UNITS = frozenset("个亩米名匹头只套台条棵吨座处间支份张所家") | {"平方米", "立方米", "公里", "台套", "公顷"}
_HOUSES = frozenset(("家", "所", "座", "栋"))


@cache
def _tables() -> tuple[re.Pattern[str], ...]:
    words = lexicon()
    adverb = words.joined("adverb")
    return (
        re.compile(rf"(?<![发大])(?:{words.pattern('stock')})"),
        re.compile(words.pattern("output")),
        re.compile(
            rf"(?:{adverb}|先后|为|对|向|给|在|由|从|共|累计)*(?:{words.pattern('verb')}|{words.pattern('flow verb')})"
        ),
        re.compile(rf"(?:{words.pattern('flow verb')})$"),
        re.compile(words.pattern("standing verb")),
    )


def settle_accumulation(q: Quantity, before: list[Quantity], plain: str) -> None:
    """Set ``q.accumulation``; that of a change stays ``period``."""
    if q.kind == "change":
        return
    last = before[-1] if before else None
    if (q.amount.shared or q.share and not q.own) and last:
        q.accumulation = last.accumulation
        return
    behind = clauses.noun_behind(q.behind)
    words = q.left + (q.subject if q.own or not last else "") + behind
    flows = _flows(q, words, behind)
    whole = q.part_of.accumulation if q.part_of else "period"
    if q.part_of and whole == "period" and not _EXISTS.search(q.left):
        return
    if whole == "to-date" and not _THIS_YEAR.search(q.left) or whole == "point" and not flows:
        q.accumulation = whole
        return
    clause = plain[q.clause : q.amount.start]
    if (_BASE.search(clause) and q.unit not in SHARE) or (_POINT_RATE.search(words) and q.unit == "%"):
        q.accumulation = "point"
        return
    held = _PER_HEAD.search(q.left) and _tables()[0].search(q.left) and not flows
    if PER.search(q.left) and not held:
        return
    if q.unit == "元" and re.search(r"(?:结余|余额|结转)$", clauses.strip_tail(q.left)) and not _SPENT.search(q.left):
        q.accumulation = "point"
        return
    attribute = last and _ATTRIBUTE.fullmatch(clauses.strip_tail(q.left.strip("，、"))) and last.sentence == q.sentence
    if attribute and last and last.accumulation != "point":
        q.accumulation = last.accumulation  # 新购设备三台，原值80万元
        return
    if last and last.clause == q.clause and q.left in ("计", "共计", "合计", "共") and last.kind == "level":
        q.accumulation, q.held = last.accumulation, last.held  # 干线6条计412公里
        return
    if (
        last
        and last.accumulation == "to-date"
        and last.clause == q.clause
        and q.left == clauses.noun_behind(last.behind)
    ):
        q.accumulation = "to-date"  # 累计为89个小区3.4万户居民办证
        return
    part = max(q.sentence, plain.rfind("；", 0, q.amount.start) + 1)
    dated = q.unit not in SHARE and _AS_OF.search(plain, q.sentence, q.amount.start)
    beside = last if last and last.kind == "level" and last.sentence == q.sentence else None
    if not flows and not _THIS_YEAR.search(q.left) and _stands(q, words, behind, clause):
        q.accumulation = "point"
        return
    pair = q.earlier or last and last.earlier and last.clause == q.clause
    if pair and not flows and q.unit in _COUNTABLE:
        q.accumulation = "point"  # 服务站由两个增加到四个
        return
    if not flows and beside and _LISTED.match(q.left) and beside.clause == q.clause:
        q.accumulation = beside.accumulation  # 设立…的38家网点、12家企业: one verb for both
        return
    if not flows and _lone(q, behind, bool(dated), beside):
        q.accumulation = "point"
        return
    elided = not q.own and not q.left.strip("、和及，")
    if elided and last and last.kind == "level" and last.clause_end + 1 >= q.clause:
        q.accumulation = last.accumulation
        return
    summed = "累计" in q.left and not _NAMED_PERIOD.search(plain, part, q.clause_end)
    if dated and _THIS_YEAR.search(plain, q.clause, q.amount.start):
        dated = None
    if summed or dated or _SINCE.search(plain, part, q.amount.start):
        q.accumulation = "to-date"


def _flows(q: Quantity, words: str, behind: str) -> bool:
    """Whether the words tell an act or an output, and not what there is."""
    if _NEW.search(words) or behind and _WITH.match(q.left.lstrip("，、；")):
        return True
    if _MADE.search(words):
        return True
    held = _AGENT.match(words)
    if held and _tables()[2].search(words[held.end() :]) and not _NOUN.search(words, held.end()):
        return True  # 教师申报课题6项
    _, output, act, ends, standing = _tables()
    bare = _SELF.sub("", q.left[clauses.strip_lead(q.left) :])
    bare = bare[clauses.strip_lead(bare) :]
    own = bare + behind
    if behind and _TOWARDS.match(bare):
        return True  # 在9个乡镇设立, 对12家单位检查
    lead = None if standing.match(own) else act.match(own)
    if lead and not standing.search(lead[0]) and not _NOUN.match(own, lead.end()):
        return True
    if ends.search(clauses.strip_tail(bare)) and not standing.search(bare):
        return True
    for found in output.finditer(words):
        if not _PLACE.match(words, found.end()):
            return True
    rest = q.behind[len(behind) :]
    if q.unit in ("人", "名", "位") and behind and not standing.search(words):
        return bool(rest) and not rest.startswith(("的", "、", "和", "及"))
    return bool(behind and len(behind) <= 8 and _DONE.match(rest) or _REACHED.search(q.left))


def _lone(q: Quantity, behind: str, dated: bool, beside: Quantity | None) -> bool:
    """Whether a bare noun tells what there is: behind 截至 with a date, or a count of houses (统防统治组织37家)."""
    if q.unit in SHARE or q.unit == "元" or (q.unit or "").endswith("次"):
        return False
    if dated:
        return beside is None or beside.accumulation == "point"
    if beside and beside.held and q.own and not PER.search(q.left):
        q.held = True
        return True  # 现有泳道16条，器材48台
    return q.unit in _HOUSES and q.own and len(q.behind) == len(behind)


def _stands(q: Quantity, words: str, behind: str, clause: str) -> bool:
    """Whether the words tell what exists at a moment."""
    stock, _, _, _, standing = _tables()
    if (q.unit in SHARE and not q.share) or (q.unit or "").endswith("次"):
        return False
    if q.unit == "元":
        return bool(_BALANCE.search(words)) and not _SPENT.search(words)
    q.held = bool(_HAVE.search(q.left))
    if stock.search(words) or _staff(q) or _REGION_AREA.search(q.subject):
        return True
    if q.unit in SHARE:
        return False
    if standing.search(q.left) or _EXISTS.search(q.left) or _NOW.search(clause):
        q.held = bool(_HAVE.search(q.left) or _EXISTS.search(q.left))
        return True
    if not behind and q.own and q.unit in _THINGS and _BODY.search(q.subject):
        return True
    if q.own and q.unit in _HELD_UNITS and _HELD.search(behind or q.said or q.subject):
        q.held = True
        return True
    return bool(behind and _BODIES.fullmatch(q.left[clauses.strip_lead(q.left) :]))


def _staff(q: Quantity) -> bool:
    """Whether a quantity tells how many people there are: 检验人员11人, not 参训人员120人."""
    people = q.unit in ("人", "名", "位") and not q.part_of
    if people and _ALL.fullmatch(clauses.strip_tail(q.left)):
        return True
    return people and q.own and bool(_PERSON.search(q.subject)) and not _COMING.search(q.subject)
