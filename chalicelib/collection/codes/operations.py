"""What providers are told of what a row does (操作)."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

FORMER_UNASKED: Final = Code(
    id="E-OPERATION-01",
    kind=Kind.INVALID,
    zh="填写了更正前的记录或原值，但“操作”不是“更正”。",
    en="What was there before is given, yet the operation is not “correct”.",
    mend_zh="更正请在“操作”填写“更正”；否则请清空“更正前记录”和各“原…”列。",
    mend_en="Write “correct” as the operation, or clear the columns for what was there before.",
)
FORMER_RECORD: Final = Code(
    id="E-OPERATION-02",
    kind=Kind.INVALID,
    zh="“更正前记录”不是回执中的记录编号，或同时填写了“原…”列。",
    en="The record before the correction is none that a receipt names, or former values are given"
    " beside it.",
    mend_zh="请照抄逐行结果中的“主体/记录”，主体未变时可只填记录；或清空该项而填写“原…”列。",
    mend_en="Copy “subject/record” from the rows of a receipt, or the record alone where the subject"
    " is the same; or clear it and give the former values.",
)
REASON_PERSONAL: Final = Code(
    id="E-OPERATION-03",
    kind=Kind.INVALID,
    zh="操作原因写有自然人的姓名或证件号码。",
    en="The reason holds a person's name or number.",
    mend_zh="请只写依据和事由，不写个人信息。",
    mend_en="Give the ground only, and nothing about a person.",
)
OPERATION_UNKNOWN: Final = Code(
    id="F-OPERATION-01",
    kind=Kind.INVALID,
    zh="本单位此前没有报送过所指的记录，该操作目前没有作用。",
    en="Your unit had said nothing on the record that is meant; the operation has no effect.",
    mend_zh="请核对用以识别记录的各项（主体代码、文号等）；更早登记的文件处理完成后会重新比对。",
    mend_en="Check what names the record (subject's code, document number); files registered before"
    " that are still to be merged are compared again.",
)
OPERATION_AGAIN: Final = Code(
    id="F-OPERATION-02",
    kind=Kind.INVALID,
    zh="所指的记录此前已由本单位撤销或更正。",
    en="Your unit had withdrawn or replaced the record that is meant already.",
    mend_zh="无需处理。",
    mend_en="Nothing to mend.",
)
CORRECTION_NEW: Final = Code(
    id="F-OPERATION-03",
    kind=Kind.INVALID,
    zh="本单位此前没有报送过该记录，更正按新增处理。",
    en="Your unit had said nothing on this record: the correction adds it.",
    mend_zh="如更正改变了主体代码或文号，请填写“更正前记录”或相应的“原…”列，否则旧记录仍然有效。",
    mend_en="If the correction changes the subject's code or the document number, say what they were"
    " before; otherwise the old record stands.",
)
WORDS_MOVED: Final = Code(
    id="F-OPERATION-04",
    kind=Kind.INVALID,
    zh="本单位已将该记录更正为另一条记录，再次报送的内容不生效。",
    en="Your unit has replaced this record by another; saying it again has no effect.",
    mend_zh="如原记录正确，请以“更正”报送，并在“更正前记录”填写取代它的记录。",
    mend_en="If the old record is right, send it as a correction that names the record which replaced"
    " it.",
)
