"""What happens in 清江市, told as it happens; every step is checked."""

from chalicelib.runtime.clock import lawful_day, now
from infra.local.demo import disclosing
from infra.local.demo.asking import Caller, DemoFailure, Json, System, check_equal, wait_for
from infra.local.demo.city import RENAMED
from infra.local.demo.deliveries import CORRECTED_NAME, make_deliveries
from infra.local.demo.files import FIRST_ROW, DemoFile
from infra.local.demo.followed import LATEST_DAY
from infra.local.demo.providers import PROVIDERS
from infra.local.demo.sending import (
    Sent,
    as_provider,
    check_findings,
    check_receipt,
    describe,
    follow,
    follow_all,
    send_file,
)
from infra.local.demo.telling import tell, tell_step

_NAMED_WITHIN = 180


def load(stack: System) -> None:
    """Load the invented city into the running system and tell what can be seen of it.

    Raises `DemoFailure`, in one line, where a step does not come out as it must.
    """
    day = lawful_day(now())
    if day <= LATEST_DAY:
        raise DemoFailure(f"the clock says {day}; the demo's records go up to {LATEST_DAY}")
    deliveries = make_deliveries()
    operator = Caller(stack, "operator")
    _register_providers(operator)
    sent = _send_files(stack, deliveries.files)
    _send_again(stack, deliveries.files[1])
    _quarantine(stack, deliveries.unreadable)
    _correct(stack, deliveries.corrections)
    _keep_apart(stack, sent[0])
    disclosing.show(stack, day)


def _register_providers(operator: Caller) -> None:
    tell_step("登记信息提供单位", "providers are registered")
    for provider in PROVIDERS:
        body = {"name": provider.name, "items": list(provider.items)}
        operator.ask("PUT", f"/v1/providers/{provider.uscc}", body=body)
        tell(f"{provider.uscc} {provider.name} {'、'.join(provider.items)}")


def _send_files(stack: System, files: tuple[DemoFile, ...]) -> list[Sent]:
    """All are on their way at once."""
    tell_step("报送文件", "files are sent, checked row by row, and merged")
    sent = [send_file(stack, file) for file in files]
    rows = sum(file.rows for file in files)
    tell(f"{len(files)} 份文件 files, {rows} 行 rows")
    receipts = []
    for each, receipt in follow_all(sent):
        _hold_against(each, receipt)
        receipts.append((each, receipt))
    tell("... 与登记名称比对 names are compared with the registration")
    for each, receipt in receipts:
        check_findings(each, receipt, each.file.findings)
    _show_refusals([receipt for _, receipt in receipts])
    return sent


def _receive(sent: Sent) -> Json:
    receipt = follow(sent)
    _hold_against(sent, receipt)
    return receipt


def _hold_against(sent: Sent, receipt: Json) -> None:
    """Tell what became of a file, and compare it with what was known beforehand."""
    tell(f"{sent.file.name}: {describe(receipt)}")
    check_receipt(sent, receipt)


def _show_refusals(receipts: list[Json]) -> None:
    """One refusal of each kind, as the provider's clerk reads it."""
    tell_step("逐行退回，说明原因", "each refused row is told what is wrong and what to do")
    shown: set[str] = set()
    for receipt in receipts:
        for problem in receipt["problems"]:
            told = problem["told"]
            if told["code"] in shown:
                continue
            shown.add(told["code"])
            place = f"第 {problem['row']} 行 row, {told['label'] or '-'}"
            tell(f"{told['code']:13} {place}: {told['detail']} {told['detail_en']}")


def _send_again(stack: System, file: DemoFile) -> None:
    tell_step("重复报送", "the same file sent again changes nothing")
    sent = send_file(stack, file)
    receipt = _receive(sent)
    unchanged = sorted(set(range(FIRST_ROW, file.rows + FIRST_ROW)) - file.refused)
    check_findings(sent, receipt, dict.fromkeys(unchanged, ("F-SAME-01",)))
    tell(f"F-SAME-01: 内容相同 unchanged {len(unchanged)}")


def _quarantine(stack: System, files: tuple[DemoFile, ...]) -> None:
    tell_step("整份隔离", "files that cannot be taken are put aside with their reason")
    for sent in [send_file(stack, file) for file in files]:
        _receive(sent)


def _correct(stack: System, files: tuple[DemoFile, ...]) -> None:
    tell_step("更正后改回", "a name is corrected, and corrected back")
    names = (RENAMED.name, CORRECTED_NAME, RENAMED.name)
    for file, name in zip(files, names, strict=True):
        sent = send_file(stack, file)
        receipt = _receive(sent)
        check_findings(sent, receipt, file.findings)
        shown = _wait_for_name(stack, name)
        former = "、".join(shown["former_names"]) or "-"
        tell(f"现名 name {name}，曾用名 former {former}")


def _wait_for_name(stack: System, name: str) -> Json:
    """What the public sees of the renamed company, once it has this name."""

    def look() -> Json:
        path = f"/v1/organisations/{RENAMED.uscc}"
        shown = Caller(stack).ask("GET", path, expect=(200, 404))
        return shown if shown.get("name") == name else None

    return wait_for(f"the name {name}", look, _NAMED_WITHIN)


def _keep_apart(stack: System, sent: Sent) -> None:
    tell_step("各单位互不可见", "no provider sees another's uploads")
    other = as_provider(stack, PROVIDERS[-1].uscc)
    refusal = other.ask("GET", f"/v1/uploads/{sent.upload}", expect=(404,))
    check_equal("another provider's upload", refusal["code"], "E-UPLOAD-01")
    tell(f"{PROVIDERS[-1].name}: 404 {refusal['code']}")
