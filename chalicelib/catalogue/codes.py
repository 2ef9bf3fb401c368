"""What the catalogue may refuse, and why."""

from chalicelib.runtime.errors import Code, Kind

MALFORMED_ITEM = Code(
    id="E-CAT-01",
    kind=Kind.INVALID,
    zh="目录文件 {file} 的 {place} 处不合格式：{reason}",
    en="catalogue file {file}, {place}: {reason}",
    mend_zh="按目录项的结构改正该处。",
    mend_en="Mend that place to fit the structure of a catalogue item.",
)
PROHIBITED_FIELD = Code(
    id="E-CAT-02",
    kind=Kind.INVALID,
    zh="目录文件 {file} 的字段 {field} 涉及禁止采集的信息“{term}”（{articles}）",
    en="catalogue file {file}: field {field} names “{term}”, which must never be collected"
    " ({articles})",
    mend_zh="删除该字段。",
    mend_en="Remove the field.",
)
CONSENT_FIELD = Code(
    id="E-CAT-03",
    kind=Kind.INVALID,
    zh="目录文件 {file} 的字段 {field} 涉及“{term}”，未经告知并取得书面同意不得采集（{articles}）",
    en="catalogue file {file}: field {field} names “{term}”, which may only be collected with"
    " notice and written consent ({articles})",
    mend_zh="删除该字段，或以 consent 指定记录告知、同意、用途和期限的必填字段。",
    mend_en="Remove the field, or name under `consent` the required fields that record notice,"
    " consent, purpose and term.",
)
UNKNOWN_REFERENCE = Code(
    id="E-CAT-04",
    kind=Kind.INVALID,
    zh="目录文件 {file} 的 {place} 引用了不存在的字段 {field}",
    en="catalogue file {file}: {place} refers to a field {field} that the item does not have",
    mend_zh="改为本目录项中的字段代码，或补充该字段。",
    mend_en="Name a field of the item, or add the field.",
)
MISSING_LABEL = Code(
    id="E-CAT-05",
    kind=Kind.INVALID,
    zh="目录文件 {file} 的 {place} 缺少 {label}",
    en="catalogue file {file}: {place} lacks {label}",
    mend_zh="补充中文名称（title）和英文名称（title_en）。",
    mend_en="Give both the Chinese (title) and the English (title_en) label.",
)
WRONG_CHOICES = Code(
    id="E-CAT-06",
    kind=Kind.INVALID,
    zh="目录文件 {file} 的字段 {field} 的取值范围有误：{values}",
    en="catalogue file {file}: the choices of field {field} are wrong: {values}",
    mend_zh="choice、choices 类型须有且只有一份非空、不重复的取值范围，别名须指向其中的值。",
    mend_en="A choice or choices field has exactly one list of values, neither empty nor repeated;"
    " aliases point to values of it.",
)
AMBIGUOUS_LABEL = Code(
    id="E-CAT-07",
    kind=Kind.INVALID,
    zh="目录文件 {file} 的字段 {field} 与 {other} 都使用表头“{label}”",
    en="catalogue file {file}: fields {field} and {other} both use the label “{label}”",
    mend_zh="一个表头只能对应一个字段。",
    mend_en="A label may mean one field only.",
)
WRONG_FIELD_TYPE = Code(
    id="E-CAT-08",
    kind=Kind.INVALID,
    zh="目录文件 {file} 的 {place} 须为 {wanted} 类型的字段，{field} 是 {found}",
    en="catalogue file {file}: {place} needs a field of type {wanted}, {field} is {found}",
    mend_zh="改正字段类型，或引用另一个字段。",
    mend_en="Mend the field's type, or name another field.",
)
WRONG_CONDITION = Code(
    id="E-CAT-09",
    kind=Kind.INVALID,
    zh="目录文件 {file} 的字段 {field} 的 required_when 有误：{values}",
    en="catalogue file {file}: required_when of field {field} is wrong: {values}",
    mend_zh="in、contains、filled 须且只须给出一项；in 用于单值字段，contains 用于多值字段，"
    "取值须在该字段范围内。",
    mend_en="Give exactly one of in, contains, filled; `in` for single values, `contains` for"
    " several; values must be among the field's choices.",
)
WRONG_RULE = Code(
    id="E-CAT-16",
    kind=Kind.INVALID,
    zh="目录文件 {file} 的 rules 第 {place} 条（字段 {field}）有误",
    en="catalogue file {file}: rule {place} of `rules` (field {field}) is wrong",
    mend_zh="not_before、not_after、at_most、above、definite、blank 须且只须给出一项；日期与日期比较，"
    "金额与金额或数字比较；when 的写法同 required_when。",
    mend_en="Give exactly one of not_before, not_after, at_most, above, definite, blank; compare"
    " dates with dates, amounts with amounts or numbers; `when` is written as required_when is.",
)
MISNAMED_ITEM = Code(
    id="E-CAT-10",
    kind=Kind.INVALID,
    zh="目录文件 {file} 的 id 为 {item}、版本为 {version}，与文件名不符",
    en="catalogue file {file} has the id {item} and the version {version}, which is not the file's"
    " name",
    mend_zh="首个版本的文件名应为 id 加 .json，以后各版本应为 id@版本.json。",
    mend_en="Name the file of the first version after the id with .json, of a later one"
    " id@version.json.",
)
UNKNOWN_ITEM = Code(
    id="E-CAT-11",
    kind=Kind.UNKNOWN,
    zh="目录中没有 {item}",
    en="the catalogue has no item {item}",
    mend_zh="使用目录中列出的目录项代码。",
    mend_en="Use the id of an item in the catalogue.",
)
UNKNOWN_DRAFT = Code(
    id="E-CAT-15",
    kind=Kind.UNKNOWN,
    zh="{item} 没有正在征求意见的草案",
    en="no draft of {item} is out for comment",
    mend_zh="目录清单的 drafts 列有全部草案。",
    mend_en="The catalogue lists all drafts under `drafts`.",
)
UNIDENTIFIED_KIND = Code(
    id="E-CAT-12",
    kind=Kind.INVALID,
    zh="目录文件 {file} 的信用主体可为 {kind}，但未指定 subject.{needed}，无法识别",
    en="catalogue file {file}: a row may be about a subject of kind {kind}, which nothing tells"
    " without subject.{needed}",
    mend_zh="法人、非法人组织和个体工商户须有统一社会信用代码字段（uscc），自然人须有证件号码字段"
    "（paper_number）。",
    mend_en="Organisations and sole traders need the field of their code (uscc), persons that of"
    " their paper (paper_number).",
)
CONSENT_OPTIONAL = Code(
    id="E-CAT-13",
    kind=Kind.INVALID,
    zh="目录文件 {file} 的 {place} 指定的字段 {field} 不是必填字段（SZ-12、NJ-29）",
    en="catalogue file {file}: {place} names the field {field}, which a row may leave blank"
    " (SZ-12, NJ-29)",
    mend_zh="告知、书面同意、约定用途和期限均须逐条记录：将该字段设为必填。",
    mend_en="Notice, written consent, agreed purpose and term are recorded with every row: make the"
    " field a required one.",
)
VERSION_ORDER = Code(
    id="E-CAT-14",
    kind=Kind.INVALID,
    zh="目录文件 {file} 的版本 {version}（{adopted} 起施行）须与版本 {other}（{since} 起施行）不同且更晚",
    en="catalogue file {file}: version {version} (from {adopted}) must differ from version {other}"
    " (from {since}) and be later",
    mend_zh="每个版本有自己的版本号和施行日期；最早的版本存于不带版本号的文件。",
    mend_en="Each version has a number and a day of adoption of its own; the earliest stands in the"
    " file that names no version.",
)
