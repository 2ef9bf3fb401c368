"""What is penalised in 清江市: conduct, basis, and the measures taken."""

from dataclasses import dataclass

from infra.local.demo.providers import ENVIRONMENT, MARKET


@dataclass(frozen=True, slots=True)
class Offence:
    """One kind of unlawful conduct and the kinds of penalty 处罚类别 that it brings.

    `kinds` is written as a clerk writes it into the column; `licence` is the document that is
    suspended or revoked; `weight` says how common it is.
    """

    conduct: str
    facts: str
    basis: str
    kinds: str
    weight: int = 4
    licence: str = ""
    by_persons: bool = False

    @property
    def fined(self) -> bool:
        """Whether there is a fine 罚款."""
        return "罚款" in self.kinds

    @property
    def confiscated(self) -> bool:
        """Whether something is confiscated 没收."""
        return "没收" in self.kinds


def find_offence(conduct: str) -> Offence:
    """The offence of this name; KeyError where there is none."""
    return {one.conduct: one for several in OFFENCES.values() for one in several}[conduct]


OFFENCES = {
    MARKET: (
        Offence(
            "未按规定公示年度报告",
            "当事人未在规定期限内公示上一年度年度报告。",
            "《企业信息公示暂行条例》第十七条",
            "警告",
            6,
        ),
        Offence(
            "销售不符合标准的产品",
            "当事人销售的产品经抽样检验不符合标准要求。",
            "《中华人民共和国产品质量法》第四十九条",
            "罚款；没收违法所得、没收非法财物",
            8,
        ),
        Offence(
            "销售失效产品",
            "当事人销售的密封胶已超过保质期。",
            "《中华人民共和国产品质量法》第五十二条",
            "没收违法所得、没收非法财物",
        ),
        Offence(
            "发布虚假广告",
            "当事人在经营场所发布引人误解的广告。",
            "《中华人民共和国广告法》第五十五条",
            "罚款",
            8,
        ),
        Offence(
            "未取得许可从事食品经营",
            "当事人未取得食品经营许可，从事食品销售活动。",
            "《中华人民共和国食品安全法》第一百二十二条",
            "没收违法所得、没收非法财物;罚款",
            6,
            by_persons=True,
        ),
        Offence(
            "未明码标价",
            "当事人在经营场所销售商品未明码标价。",
            "《中华人民共和国价格法》第四十二条",
            "警告、罚款",
            by_persons=True,
        ),
        Offence(
            "提交虚假材料取得登记",
            "当事人提交虚假材料，骗取公司登记，情节严重。",
            "《中华人民共和国公司法》第二百五十条",
            "吊销营业执照",
            2,
            "营业执照",
        ),
        Offence(
            "生产经营不符合食品安全标准的食品",
            "当事人生产经营的食品不符合食品安全标准，情节严重。",
            "《中华人民共和国食品安全法》第一百二十四条",
            "罚款|责令停产停业",
            3,
        ),
        Offence(
            "价格欺诈",
            "当事人以虚假打折方式诱导消费者交易。",
            "《中华人民共和国价格法》第四十条",
            "通报批评",
            2,
        ),
        Offence(
            "使用未经检验的特种设备",
            "当事人使用超过检验有效期的电梯。",
            "《中华人民共和国特种设备安全法》第八十四条",
            "限制开展生产经营活动；罚款",
            2,
        ),
        Offence(
            "食品安全犯罪人员从业",
            "当事人系被限制从业人员，仍从事食品安全管理工作。",
            "《中华人民共和国食品安全法》第一百三十五条",
            "限制从业",
            1,
            by_persons=True,
        ),
        Offence(
            "无照经营",
            "当事人未依法取得营业执照从事经营活动。",
            "《无证无照经营查处办法》第十三条",
            "其他（责令停止违法行为）",
            2,
            by_persons=True,
        ),
    ),
    ENVIRONMENT: (
        Offence(
            "超标排放水污染物",
            "当事人外排废水化学需氧量超过排放标准。",
            "《中华人民共和国水污染防治法》第八十三条",
            "罚款",
            8,
        ),
        Offence(
            "未批先建",
            "当事人建设项目未依法报批环境影响评价文件即开工建设。",
            "《中华人民共和国环境影响评价法》第三十一条",
            "罚款",
            6,
        ),
        Offence(
            "超标排放大气污染物",
            "当事人排气筒颗粒物浓度超过排放标准，情节严重。",
            "《中华人民共和国大气污染防治法》第九十九条",
            "罚款；责令停产停业",
            3,
        ),
        Offence(
            "未取得排污许可证排放污染物",
            "当事人未取得排污许可证排放污染物，拒不改正。",
            "《排污许可管理条例》第三十三条",
            "责令关闭",
            1,
        ),
        Offence(
            "违反排污许可管理规定",
            "当事人未按排污许可证规定开展自行监测。",
            "《排污许可管理条例》第三十四条",
            "暂扣许可证、罚款",
            2,
            "排污许可证",
        ),
        Offence(
            "露天焚烧秸秆",
            "当事人在禁止区域露天焚烧秸秆。",
            "《中华人民共和国大气污染防治法》第一百一十九条",
            "罚款",
            4,
            by_persons=True,
        ),
        Offence(
            "未按规定贮存固体废物",
            "当事人未采取防护措施，露天堆放一般工业固体废物。",
            "《中华人民共和国固体废物污染环境防治法》第一百零二条",
            "警告；罚款",
            4,
        ),
    ),
}
