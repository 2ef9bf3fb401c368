"""Receipts (回执) as a clerk reads them: those of the server and those of an offline check."""

from typing import Final

from creditctl import words
from creditctl.console import Console
from creditctl.exits import Exit
from creditctl.server import Json

_SHOWN: Final = 100


def print_receipt(receipt: Json, console: Console) -> None:
    """The receipt of an upload, as the server tells it."""
    console.tell(receipt)
    upload = receipt["upload"]
    console.say(
        words.HEAD,
        file=upload["file_name"],
        item=upload["item"],
        version=receipt["catalogue_version"] or "—",
    )
    if receipt["reason"] is not None:
        print_reason(receipt, console)
        return
    if receipt["state"] != "done":
        console.say(
            words.PROGRESS,
            **{name: receipt[name] for name in ("state", "merged", "ranges")},
        )
    for problem in (*receipt["remarks"], *receipt["problems"]):
        print_problem(problem, console)
    print_counts(receipt, console)
    if len(receipt["problems"]) >= _SHOWN:
        console.say(words.MORE, shown=_SHOWN, upload=upload["upload"])


def print_counts(receipt: Json, console: Console) -> None:
    """How many rows were accepted and refused, and how often each code was told."""
    if receipt["codes"]:
        console.say(words.RULES)
    for code, count in receipt["codes"].items():
        console.say(words.COUNTED, code=code, count=count)
    counts = ("received", "accepted", "warned", "refused")
    console.say(words.COUNTS, **{name: receipt[name] for name in counts})


def print_reason(receipt: Json, console: Console) -> None:
    """Why a file cannot be read, and which items it may belong to."""
    told = receipt["reason"]
    console.say(words.QUARANTINED)
    console.write(f"  {told['code']} {_text(told, console)}")
    for remark in receipt["remarks"]:
        print_problem(remark, console)


def print_problem(problem: Json, console: Console) -> None:
    """One line: which row and column, which code, what is wrong, how to mend it."""
    told = problem["told"]
    language = console.language
    place = ""
    if told["column"]:
        place = words.IN_COLUMN.say(language, column=told["column"], label=told["label"])
    elif told["label"]:
        place = words.IN_FIELD.say(language, label=told["label"])
    where = words.WHOLE_FILE.say(language)
    if problem["row"]:
        where = words.IN_ROW.say(language, row=problem["row"], place=place)
    value = told["values"].get("value", "")
    typed = words.VALUE.say(language, value=value) if value else ""
    console.write(f"{where}{typed}：{told['code']} {_text(told, console)}")


def _text(told: Json, console: Console) -> str:
    if console.language == "zh":
        return f"{told['detail']}{told['mend']}"
    return f"{told['detail_en']} {told['mend_en']}"


def exit_of(receipt: Json) -> Exit:
    """How a command ends that shows this receipt."""
    if receipt["state"] == "quarantined" or receipt["refused"]:
        return Exit.REFUSED_ROWS
    return Exit.OK
