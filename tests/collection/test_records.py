"""The same act has the same record key; what cannot be told apart safely is not merged."""

from chalicelib.catalogue.loader import load_catalogue
from chalicelib.collection.records import name_record
from tests.collection.files import OTHER_PROVIDER, PROVIDER, penalty
from tests.factories import DAY

PENALTY = load_catalogue(DAY).item("penalty")


def _name(provider: str = PROVIDER, **changed: str) -> str:
    return name_record(PENALTY, provider, penalty(**changed))


def test_should_be_one_record_when_two_providers_report_the_same_act() -> None:
    assert _name(PROVIDER) == _name(OTHER_PROVIDER)
    assert _name()[0] == "1"
    assert len(_name()) == 17


def test_should_be_one_record_when_only_brackets_widths_and_spaces_differ() -> None:
    forms = (
        "清市监罚〔2026〕1号",
        "清市监罚（2026）1号",
        "清市监罚(2026)1号",
        "清市监罚【２０２６】 1 号",
        "清市监罚[2026]1号",
    )
    assert len({_name(cf_wsh=form) for form in forms}) == 1


def test_should_be_another_record_when_number_or_authority_differ() -> None:
    assert _name(cf_wsh="清市监罚〔2026〕11号") != _name(cf_wsh="清市监罚〔2026〕1号")
    assert _name(cf_cfjgdm=OTHER_PROVIDER) != _name()


def test_should_use_next_key_when_a_part_is_blank() -> None:
    assert _name(cf_cfjgdm="")[0] == "2"


def test_should_use_weak_key_of_the_provider_when_no_number_was_issued() -> None:
    for blank in ("空", "无", " - ", ""):
        assert _name(cf_wsh=blank)[0] == "w"
    assert _name(PROVIDER, cf_wsh="空") == _name(PROVIDER, cf_wsh="")
    assert _name(PROVIDER, cf_wsh="空") != _name(OTHER_PROVIDER, cf_wsh="空")
    assert _name(cf_wsh="空", cf_jdrq="2026-03-26") != _name(cf_wsh="空")


def test_should_never_change_when_rules_are_the_same() -> None:
    """A frozen key: changing it makes every record anew, so it needs a migration."""
    assert _name(cf_cfjgdm="11329900000000017Q") == "1Y3JACUKF3XVBAAQT"
