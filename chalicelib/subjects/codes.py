"""What may be wrong with identifiers and names, told so that a clerk can mend it."""

from chalicelib.runtime.errors import Code, Kind

_COPY_USCC_ZH = "对照营业执照或登记证书重新填写，不要按校验码猜改。"
_COPY_USCC_EN = "Copy the code again from the licence or certificate; do not guess it."
_COPY_PAPER_ZH = "对照证件原件重新填写。"
_COPY_PAPER_EN = "Copy the number again from the paper itself."

USCC_LENGTH = Code(
    id="E-USCC-01",
    kind=Kind.INVALID,
    zh="统一社会信用代码应为 18 位，现为 {length} 位。",
    en="A unified social credit code has 18 characters, this has {length}.",
    mend_zh=_COPY_USCC_ZH,
    mend_en=_COPY_USCC_EN,
)
USCC_LETTER = Code(
    id="E-USCC-02",
    kind=Kind.INVALID,
    zh="统一社会信用代码第 {position} 位“{letter}”不可使用（不用字母 I、O、Z、S、V 和符号）。",
    en="Character {position} “{letter}” cannot stand in a unified social credit code"
    " (no I, O, Z, S, V and no signs).",
    mend_zh="检查是否把 1、0、2、5 误写为字母，对照证照重新填写。",
    mend_en="See whether 1, 0, 2 or 5 was written as a letter, and copy the code again.",
)
USCC_CHECK_DIGIT = Code(
    id="E-USCC-03",
    kind=Kind.INVALID,
    zh="统一社会信用代码的校验码不符（GB 32100-2015），有字符写错或颠倒。",
    en="The check digit of the unified social credit code does not fit (GB 32100-2015): a character"
    " is wrong or two are exchanged.",
    mend_zh=_COPY_USCC_ZH,
    mend_en=_COPY_USCC_EN,
)
USCC_DEPARTMENT = Code(
    id="E-USCC-04",
    kind=Kind.INVALID,
    zh="统一社会信用代码首位“{letter}”不是登记管理部门代码（1 至 9、A、N、Y）。",
    en="“{letter}” at the beginning of the unified social credit code is no registering department"
    " (1 to 9, A, N, Y).",
    mend_zh=_COPY_USCC_ZH,
    mend_en=_COPY_USCC_EN,
)
USCC_SCIENTIFIC = Code(
    id="E-USCC-05",
    kind=Kind.INVALID,
    zh="代码已被电子表格改成科学计数法（如 9.13205E+17），原有数字已丢失。",
    en="A spreadsheet has turned the code into scientific notation (such as 9.13205E+17); its digits"
    " are lost.",
    mend_zh="把该列设为“文本”格式，从原始资料重新填写。",
    mend_en="Set the column to text format and enter the code again from the original.",
)
USCC_PLACEHOLDER = Code(
    id="E-USCC-06",
    kind=Kind.INVALID,
    zh="此处不能使用占位代码 00000000000000000X（仅限无统一社会信用代码的个体工商户）。",
    en="The placeholder 00000000000000000X cannot stand here; it is for sole traders without a code"
    " only.",
    mend_zh="填写真实的统一社会信用代码；个体工商户用占位代码时须填工商注册号。",
    mend_en="Give the real code; a sole trader with the placeholder needs the registration number.",
)
USCC_MASKED = Code(
    id="E-USCC-07",
    kind=Kind.INVALID,
    zh="统一社会信用代码有字符被隐去（*），不能据此认定主体。",
    en="Characters of the unified social credit code are hidden (*): it tells no subject.",
    mend_zh="请填写完整的代码；可查看系统按名称和可见字符提供的候选主体及其理由，核实后填写。",
    mend_en="Give the whole code; the candidates for the row say which characters and names agree:"
    " verify, then fill in.",
)
USCC_INNER_CODE = Code(
    id="W-USCC-01",
    kind=Kind.INVALID,
    zh="统一社会信用代码第 9 至 17 位的组织机构代码校验码不符（GB 11714-1997）。",
    en="The organisation code inside (characters 9 to 17) does not fit its check digit"
    " (GB 11714-1997).",
    mend_zh="请与赋码部门核实。",
    mend_en="Verify it with the authority that gave the code.",
)
USCC_REGION = Code(
    id="W-USCC-02",
    kind=Kind.INVALID,
    zh="统一社会信用代码第 3 至 8 位“{region}”不像行政区划代码。",
    en="Characters 3 to 8 of the code, “{region}”, do not look like an administrative division.",
    mend_zh="请与赋码部门核实。",
    mend_en="Verify it with the authority that gave the code.",
)
REGISTRATION_FORM = Code(
    id="E-REGNO-01",
    kind=Kind.INVALID,
    zh="工商注册号应为 15 位数字，现为 {length} 位。",
    en="A business registration number has 15 digits, this has {length} characters.",
    mend_zh="对照营业执照重新填写 15 位注册号。",
    mend_en="Copy the 15-digit number again from the business licence.",
)
REGISTRATION_CHECK_DIGIT = Code(
    id="E-REGNO-02",
    kind=Kind.INVALID,
    zh="工商注册号的校验码不符（GS15-2006），有数字写错。",
    en="The check digit of the registration number does not fit (GS15-2006): a digit is wrong.",
    mend_zh="对照营业执照重新填写。",
    mend_en="Copy the number again from the business licence.",
)
REGISTRATION_SCIENTIFIC = Code(
    id="E-REGNO-03",
    kind=Kind.INVALID,
    zh="工商注册号已被电子表格改成科学计数法，原有数字已丢失。",
    en="A spreadsheet has turned the registration number into scientific notation; its digits are"
    " lost.",
    mend_zh=USCC_SCIENTIFIC.mend_zh,
    mend_en=USCC_SCIENTIFIC.mend_en,
)
ORGANISATION_CODE_FORM = Code(
    id="E-ORGCODE-01",
    kind=Kind.INVALID,
    zh="组织机构代码应为 9 位数字或大写字母（可在第 8 位后加“-”）。",
    en="An organisation code has 9 digits or capital letters, with or without a hyphen before the"
    " last.",
    mend_zh="对照组织机构代码证重新填写。",
    mend_en="Copy the code again from its certificate.",
)
ORGANISATION_CODE_CHECK_DIGIT = Code(
    id="E-ORGCODE-02",
    kind=Kind.INVALID,
    zh="组织机构代码的校验码不符（GB 11714-1997）。",
    en="The check digit of the organisation code does not fit (GB 11714-1997).",
    mend_zh="对照组织机构代码证重新填写。",
    mend_en="Copy the code again from its certificate.",
)
ORGANISATION_CODE_DOUBTED = Code(
    id="W-ORGCODE-01",
    kind=Kind.INVALID,
    zh="组织机构代码不合格式或校验码不符（GB 11714-1997），主体以统一社会信用代码为准。",
    en="The organisation code is malformed or does not fit its check digit (GB 11714-1997); the"
    " unified social credit code tells the subject.",
    mend_zh="对照证照核对；不再使用的，请留空。",
    mend_en="Check it against the certificate; leave it blank where it is no longer in use.",
)
ORGANISATION_CODE_DIFFERS = Code(
    id="W-ORGCODE-02",
    kind=Kind.INVALID,
    zh="组织机构代码与统一社会信用代码第 9 至 17 位不一致。",
    en="The organisation code is not characters 9 to 17 of the unified social credit code.",
    mend_zh="请核对两个代码是否属于同一主体。",
    mend_en="Check whether both codes are of the same subject.",
)
ORGANISATION_CODE_ZEROS = Code(
    id="W-ORGCODE-03",
    kind=Kind.INVALID,
    zh="组织机构代码只有 {length} 位数字：电子表格把它当作数字，去掉了开头的 0。",
    en="The organisation code has {length} digits only: a spreadsheet took it for an amount and dropped"
    " the zeros in front.",
    mend_zh="把该列设为“文本”格式，对照证照填写 9 位代码；系统不会自行补 0。",
    mend_en="Set the column to text format and enter all 9 characters; zeros are never guessed.",
)
REGISTRATION_DOUBTED = Code(
    id="W-REGNO-01",
    kind=Kind.INVALID,
    zh="工商注册号不是 15 位数字或校验码不符（GS15-2006），主体以统一社会信用代码为准。",
    en="The registration number has not 15 digits or does not fit its check digit (GS15-2006); the"
    " unified social credit code tells the subject.",
    mend_zh="对照营业执照核对；没有的，请留空。",
    mend_en="Check it against the licence; leave it blank where there is none.",
)
REGISTRATION_REGION = Code(
    id="W-REGNO-02",
    kind=Kind.INVALID,
    zh="工商注册号前 6 位与统一社会信用代码第 3 至 8 位的登记机关不一致。",
    en="The first six digits of the registration number are not characters 3 to 8 of the unified"
    " social credit code, as they mostly are.",
    mend_zh="迁移、改制的主体可能如此；请核对两个号码是否属于同一主体。",
    mend_en="That may be right where a subject has moved; check whether both are of one subject.",
)
ID_FORM = Code(
    id="E-PAPER-01",
    kind=Kind.INVALID,
    zh="身份证号码应为 18 位（末位可为 X）或 15 位数字，现为 {length} 位。",
    en="An identity number has 18 digits (the last may be X) or 15, this has {length} characters.",
    mend_zh=_COPY_PAPER_ZH,
    mend_en=_COPY_PAPER_EN,
)
ID_CHECK_DIGIT = Code(
    id="E-PAPER-02",
    kind=Kind.INVALID,
    zh="身份证号码的校验码不符（GB 11643-1999），有数字写错或颠倒。",
    en="The check digit of the identity number does not fit (GB 11643-1999): a digit is wrong or"
    " two are exchanged.",
    mend_zh=_COPY_PAPER_ZH,
    mend_en=_COPY_PAPER_EN,
)
ID_BIRTH_DATE = Code(
    id="E-PAPER-03",
    kind=Kind.INVALID,
    zh="身份证号码中的出生日期不存在或不合理。",
    en="The birth date inside the identity number does not exist or cannot be right.",
    mend_zh=_COPY_PAPER_ZH,
    mend_en=_COPY_PAPER_EN,
)
PAPER_FORM = Code(
    id="E-PAPER-04",
    kind=Kind.INVALID,
    zh="号码不符合{paper}的格式。",
    en="The number does not have the form of this paper ({paper}).",
    mend_zh="检查证件类型与号码是否对应，对照证件原件重新填写。",
    mend_en="See whether kind and number belong together, and copy the number from the paper.",
)
PAPER_KIND = Code(
    id="E-PAPER-05",
    kind=Kind.INVALID,
    zh="证件类型不在范围内（身份证、护照号、港澳居民来往内地通行证、台湾居民来往大陆通行证、"
    "外国人永久居留身份证）。",
    en="This kind of paper is not in the code list (identity card, passport, mainland travel permit"
    " for Hong Kong and Macao or for Taiwan residents, foreign permanent resident card).",
    mend_zh="填写列出的证件类型之一，或其代码 01 至 05。",
    mend_en="Give one of the listed kinds, or its number 01 to 05.",
)
PAPER_SCIENTIFIC = Code(
    id="E-PAPER-06",
    kind=Kind.INVALID,
    zh="证件号码已被电子表格改成科学计数法，原有数字已丢失。",
    en="A spreadsheet has turned the number into scientific notation; its digits are lost.",
    mend_zh=USCC_SCIENTIFIC.mend_zh,
    mend_en=USCC_SCIENTIFIC.mend_en,
)
PAPER_MASKED = Code(
    id="E-PAPER-07",
    kind=Kind.INVALID,
    zh="证件号码有字符被隐去（*），不能据此认定本人。",
    en="Characters of the number are hidden (*): it tells no person.",
    mend_zh="请填写完整的号码；自然人不提供候选。",
    mend_en="Give the whole number; candidates are not offered for persons.",
)
PAPER_ZEROS = Code(
    id="E-PAPER-08",
    kind=Kind.INVALID,
    zh="{paper}只有 {length} 位数字：电子表格可能把它当作数字，去掉了开头的 0。",
    en="The number of this paper ({paper}) has {length} digits only: a spreadsheet may have taken it for"
    " an amount and dropped the zeros in front.",
    mend_zh="把该列设为“文本”格式，对照证件原件填写；系统不会自行补 0。",
    mend_en="Set the column to text format and enter the whole number; zeros are never guessed.",
)
FRAGMENT_SHORT = Code(
    id="E-NAME-01",
    kind=Kind.INVALID,
    zh="名称片段至少两个字。",
    en="A fragment of a name needs at least two characters.",
    mend_zh="多输入几个字再查。",
    mend_en="Give more of the name.",
)
FRAGMENT_COMMON = Code(
    id="E-NAME-02",
    kind=Kind.INVALID,
    zh="名称片段只有“有限公司”一类通用字样。",
    en="The fragment holds only words that every name has, such as 有限公司.",
    mend_zh="加上字号或行业用语再查。",
    mend_en="Add a distinctive part of the name.",
)
