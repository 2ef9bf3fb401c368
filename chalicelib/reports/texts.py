"""The words of a report. It never asserts that there is nothing: only that nothing was found."""

from collections.abc import Mapping

from chalicelib.law.rules import Label

TITLE = Label(zh="公共信用信息报告（标准版）", en="Public credit information report (standard)")

NOT_FOUND = Label(
    zh="截至数据时点，未查询到相关记录",
    en="No such record was found at the time of the data",
)

OTHER_CHAPTER = Label(zh="其他信息", en="Other information")

CHAPTERS: tuple[tuple[str, Label, tuple[str, ...]], ...] = (
    (
        "registration",
        Label(zh="登记注册基础信息", en="Registration"),
        ("registration", "person_registration", "title", "certification"),
    ),
    (
        "administration",
        Label(zh="行政管理信息", en="Administrative acts"),
        (
            *("licence", "penalty", "compulsory", "ruling", "confirmation", "levy", "payment"),
            *("compensation", "inspection"),
        ),
    ),
    (
        "honours",
        Label(zh="诚实守信相关荣誉信息", en="Honours for good faith"),
        ("honour", "bravery", "volunteering", "donation"),
    ),
    (
        "serious_dishonesty",
        Label(zh="严重失信主体名单信息", en="Lists of seriously dishonest subjects"),
        ("dishonesty",),
    ),
    (
        "abnormal_operation",
        Label(zh="经营（活动）异常名录（状态）信息", en="Abnormal operation"),
        ("abnormal",),
    ),
    (
        "commitments",
        Label(zh="信用承诺信息", en="Commitments"),
        ("commitment", "commitment_limited", "broken_commitment"),
    ),
    ("evaluation", Label(zh="信用评价信息", en="Evaluation"), ("evaluation",)),
    (
        "judgments",
        Label(zh="司法判决及执行信息", en="Judgments and their enforcement"),
        ("criminal", "court_default", "litigation"),
    ),
)
"""Chapters of the national standard report in their order, each with its catalogue items.

Items of the catalogue that stand in none of them follow under `OTHER_CHAPTER`. Left out is what
could not have been found: items that no third party may be shown, or that are not about such
subjects.
"""

ANNOTATIONS: Mapping[str, Label] = {
    "disputed": Label(zh="异议处理中", en="Under dispute"),
    "verifying": Label(zh="核实中", en="Under verification"),
    "repaired": Label(zh="已修复", en="Repaired"),
    "ended": Label(zh="已超过公示期限", en="Disclosure period ended"),
    "withdrawn": Label(zh="信息提供单位已撤回", en="Withdrawn by its provider"),
    "replaced": Label(zh="已更正，由另一条记录取代", en="Corrected: replaced by another record"),
    "annulled": Label(zh="已撤销", en="Annulled"),
    "deleted": Label(zh="经异议处理删除", en="Deleted after a dispute"),
    "unclassified": Label(zh="失信程度未分类", en="Not classified by severity"),
    "unpublished": Label(zh="不予公示", en="Not for public display"),
    "person": Label(zh="自然人信息", en="About a natural person"),
    "entered": Label(
        zh="所在单位的严重失信信息，记入负有责任的人员", en="Entered for a responsible person"
    ),
    "underage": Label(zh="未成年人行为待确认", en="Conduct of a minor, to be confirmed"),
    "consent_over": Label(zh="本人同意的使用期限已满", en="Term of the person's consent over"),
    "hidden": Label(zh="应信用主体申请不予展示", en="Hidden at the subject's request"),
}
"""What each state that a decision demands to be told is called (`law.rules.State`; an entry, NJ-43)."""

EXPLANATION = (
    Label(
        zh="本报告由公共信用信息系统根据信息提供单位报送的信息自动生成，内容未经编辑，"
        "不含任何评分、评级或者评价结论。信息内容由信息提供单位负责。",
        en="This report is made by the public credit information system from what providers of"
        " information have reported. The content is not edited, and there is no score, grade or"
        " opinion. The providers answer for the content.",
    ),
    Label(
        zh="概要中的数量与正文所列记录一致；依法不再展示的信息不列入本报告。",
        en="The counts in the summary are those of the records listed. What the law no longer lets"
        " be shown is not in this report.",
    ),
    Label(
        zh="“未查询到相关记录”仅说明截至数据时点系统中没有可以展示的该类信息，"
        "不构成对信用主体行为的证明或者评价。",
        en="“No such record was found” says only that at the time of the data the system held none"
        " that may be shown. It neither certifies nor judges the subject's conduct.",
    ),
    Label(
        zh="信用主体认为信息与事实不符、超过公示期限仍然公示或者存在错误、遗漏的，"
        "可以向信息提供单位或者公共信用信息工作机构提出异议申请；处理期间信息加注标注。",
        en="A subject who finds information contrary to fact, displayed beyond its period, wrong or"
        " incomplete may file a dispute with the provider or the public credit information office."
        " The information is annotated while the dispute is handled.",
    ),
    Label(
        zh="失信行为已纠正并达到最短公示期限的，信用主体可以向失信行为认定单位申请信用修复。",
        en="A subject who has corrected dishonest conduct and completed the minimum period of"
        " display may apply for credit repair to the body that established it.",
    ),
    Label(
        zh="对所列行政行为不服的，可以依法申请行政复议或者提起行政诉讼。",
        en="Against a listed administrative act, administrative reconsideration or litigation is"
        " open as the law provides.",
    ),
    Label(
        zh="获得本报告的组织和个人不得超出约定的用途使用，对其中的非公开信息负有保密义务。",
        en="Whoever obtains this report may use it only for the purpose stated, and must keep what"
        " is not public in confidence.",
    ),
    Label(
        zh="凭报告编号可以核验报告的真实性；核验不显示报告内容。",
        en="Anyone can verify by its number that this report is authentic; verification does not"
        " show the content.",
    ),
)
