"""Which mistakes stand in which file."""

from collections.abc import Sequence

from infra.local.demo import faults
from infra.local.demo.city import COMPANY
from infra.local.demo.faults import Fault
from infra.local.demo.identifiers import PLACEHOLDER

Mistakes = Sequence[Sequence[Fault]]

_UNIT = "法人及非法人组织"

REGISTRATION: Mistakes = (
    *([faults.miscopied("uni_social_crd_cd")] for _ in range(6)),
    *([faults.foreign_capital("reg_capt")] for _ in range(4)),
    [faults.letter_for_digit("uni_social_crd_cd")],
    [faults.letter_for_digit("uni_social_crd_cd")],
    [faults.cut_short("uni_social_crd_cd")],
    [faults.excel_code("uni_social_crd_cd")],
    [faults.excel_code("uni_social_crd_cd")],
    [faults.needless_placeholder("uni_social_crd_cd")],
    [faults.missing("uni_social_crd_cd")],
    [faults.missing("comp_nm")],
    [faults.too_long("comp_nm")],
    [faults.missing("est_dt")],
    [faults.future("est_dt")],
    [faults.impossible_day("est_dt")],
    [faults.written("opt_to", "1999-12-31", "E-RULE-01")],
    [faults.shifted("comp_nm")],
    [faults.cut_short("uni_social_crd_cd"), faults.future("est_dt")],
)

SOCIETIES: Mistakes = (
    [faults.miscopied("uni_social_crd_cd")],
    [faults.missing("est_dt")],
)

LICENCES: Mistakes = (
    [faults.miscopied("xk_xdr_shxym")],
    [faults.excel_code("xk_xdr_shxym")],
    [faults.missing("xk_xdr_shxym", "E-REQUIRED-02", xk_xdr_lb=_UNIT.__eq__)],
    [faults.missing("xk_xdr_gszc", "E-REQUIRED-02", xk_xdr_shxym=PLACEHOLDER.__eq__)],
    [faults.wrong_registration_number("xk_xdr_gszc", "xk_xdr_shxym")],
    [faults.missing("xk_frdb", "E-REQUIRED-02", xk_xdr_lb=_UNIT.__eq__)],
    [faults.miscopied_paper("xk_fr_zjhm")],
    [faults.excel_paper("xk_fr_zjhm")],
    [faults.written("xk_xklb", "审批", "E-CHOICE-01")],
    [faults.written("xk_xdr_lb", "企业", "E-CHOICE-01")],
    [faults.missing("xk_nr")],
    [faults.missing("xk_wsh")],
    [faults.future("xk_jdrq")],
    [faults.impossible_day("xk_yxqz")],
    [faults.ended_before("xk_yxqzi")],
    [faults.ended_before("xk_yxqzi"), faults.miscopied_paper("xk_fr_zjhm")],
)

TRANSPORT: Mistakes = (
    [faults.miscopied_paper("xk_xdr_zjhm")],
    [faults.missing("xk_xdr_zjhm", "E-REQUIRED-02")],
    [faults.missing("xk_xdr_zjlx", "E-REQUIRED-02")],
    [faults.ended_before("xk_yxqzi")],
    [faults.shifted("xk_wsh")],
)

PENALTIES: Mistakes = (
    [faults.miscopied("cf_xdr_shxym")],
    [faults.miscopied("cf_xdr_shxym")],
    [faults.letter_for_digit("cf_xdr_shxym")],
    [faults.excel_code("cf_xdr_shxym")],
    [faults.missing("cf_nr_fk", "E-REQUIRED-02", cf_cflb=lambda kinds: "罚款" in kinds)],
    [faults.missing("cf_nr_wfff", "E-REQUIRED-02", cf_cflb=lambda kinds: "没收" in kinds)],
    [faults.missing("cf_nr_zkdx", "E-REQUIRED-02", cf_cflb=lambda kinds: "吊销" in kinds)],
    [faults.written("cf_nr_fk", "详见决定书", "E-AMOUNT-01")],
    [faults.written("cf_cflb", "口头教育", "E-CHOICE-01")],
    [faults.coded_person("cf_xdr_shxym", "cf_xdr_zjhm", COMPANY.uscc)],
    [faults.miscopied_paper("cf_xdr_zjhm")],
    [faults.impossible_birth("cf_xdr_zjhm")],
    [faults.missing("cf_xdr_zjhm", "E-REQUIRED-02")],
    [faults.missing("cf_xdr_mc")],
    [faults.missing("cf_yj"), faults.future("cf_jdrq", end="cf_yxq")],
    [faults.impossible_day("cf_jdrq")],
)

POLLUTION: Mistakes = (
    [faults.miscopied("cf_xdr_shxym")],
    [faults.missing("cf_nr_fk", "E-REQUIRED-02", cf_cflb=lambda kinds: "罚款" in kinds)],
    [faults.miscopied_paper("cf_fr_zjhm")],
    [faults.written("cf_yxq", "1999-12-31", "E-DATE-03")],
    [faults.future("cf_jdrq", end="cf_yxq")],
    [faults.excel_paper("cf_xdr_zjhm")],
)

COURT: Mistakes = (
    [faults.missing("identification_no")],
    [faults.miscopied_paper("xdr_zjhm")],
    [faults.ended_before("expiration_date")],
)

TAXATION: Mistakes = ([faults.miscopied("uni_social_crd_cd")],)

HONOURS: Mistakes = (
    [faults.written("comment_year", "二〇二五", "E-INTEGER-01")],
    [faults.written("honour_level", "镇级", "E-CHOICE-01")],
    [faults.miscopied("uni_social_crd_cd")],
    [faults.future("identification_date", end="expiration_date")],
)

WORKS: Mistakes = ([faults.missing("honour_nm")],)
