"""What each command does; every one returns how it ends."""

import argparse
import os
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from chalicelib.runtime import clock
from creditctl import words
from creditctl.console import Console
from creditctl.exits import Exit, Failure
from creditctl.files import state_folder
from creditctl.receipts import exit_of, print_counts, print_problem, print_reason, print_receipt
from creditctl.remembered import Memory
from creditctl.results import print_row, read_rows, save_refused
from creditctl.sending import Sender
from creditctl.server import Server
from creditctl.signing_in import find_signer
from creditctl.withdrawing import withdraw_rows

Given = argparse.Namespace
Command = Callable[[Given, Console], Exit]


def _today() -> date:
    return clock.lawful_day(clock.now())


def write_template(given: Given, console: Console) -> Exit:
    """`template ITEM`."""
    from xlsxwriter.exceptions import FileCreateError

    from chalicelib.collection.templates import write_template as write
    from creditctl.checking import find_item

    item = find_item(given.item, _today())
    path: Path = given.output or Path(f"{item.id}.xlsx")
    try:
        write(item, str(path), console.language)
    except FileCreateError as error:
        raise Failure(
            Exit.USAGE, words.FILE_UNWRITABLE, file=str(path), reason=str(error)
        ) from None
    console.tell({"file": str(path), "item": item.id, "catalogue_version": item.version})
    console.say(words.WRITTEN, file=str(path))
    return Exit.OK


def check_file(given: Given, console: Console) -> Exit:
    """`check FILE --item ITEM`."""
    from creditctl import checking

    receipt = checking.check_file(
        given.file,
        given.item,
        _today(),
        None if console.as_json else lambda problem: print_problem(problem, console),
        lambda done, total: console.show_progress(words.CHECKING, done, total),
    )
    console.tell(receipt)
    if receipt["reason"] is not None:
        print_reason(receipt, console)
        return exit_of(receipt)
    for remark in receipt["remarks"]:
        print_problem(remark, console)
    console.say(
        words.HEAD,
        file=receipt["file_name"],
        item=receipt["item"],
        version=receipt["catalogue_version"],
    )
    print_counts(receipt, console)
    return exit_of(receipt)


def upload_file(given: Given, console: Console) -> Exit:
    """`upload FILE --item ITEM`."""
    sender = _sender(_server(given, console), console)
    sent = sender.send(given.file, given.item, given.mode)
    if given.no_wait:
        sender.forget(sent)
        console.tell({"upload": sent.upload})
        return Exit.OK
    receipt = sender.wait(sent, given.timeout)
    print_receipt(receipt, console)
    return exit_of(receipt)


def show_receipt(given: Given, console: Console) -> Exit:
    """`receipt UPLOAD`."""
    receipt = _server(given, console).get("v1", "uploads", given.upload)
    print_receipt(receipt, console)
    return exit_of(receipt)


def show_results(given: Given, console: Console) -> Exit:
    """`results UPLOAD`."""
    server = _server(given, console)
    if given.refused_file is not None:
        return _save_refused(server, given, console)
    shown: list[dict[str, Any]] = []
    end = Exit.OK
    for row in read_rows(server, given.upload):
        if not row["accepted"]:
            end = Exit.REFUSED_ROWS
        elif given.refused:
            continue
        print_row(row, console)
        if console.as_json:
            shown.append(row)
    console.tell({"rows": shown})
    return end


def _save_refused(server: Server, given: Given, console: Console) -> Exit:
    saved = save_refused(server, given.upload, given.refused_file)
    console.tell({"files": [str(path) for path in saved]})
    for path in saved:
        console.say(words.WRITTEN, file=str(path))
    if saved:
        return Exit.REFUSED_ROWS
    console.say(words.NOTHING_REFUSED)
    return Exit.OK


def withdraw(given: Given, console: Console) -> Exit:
    """`withdraw UPLOAD --reason TEXT`."""
    done = withdraw_rows(
        _server(given, console),
        given.upload,
        given.row,
        reason=given.reason,
        undo=given.undo,
        console=console,
    )
    console.tell({"records": done})
    console.say(words.RESTORED if given.undo else words.WITHDRAWN, count=len(done))
    return Exit.OK


def pull_view(given: Given, console: Console) -> Exit:
    """`pull --url URL --view NAME --item ITEM --watermark COLUMN`."""
    from creditctl.checking import find_item
    from creditctl.pulling import Agent, Pull
    from creditctl.views import View
    from creditctl.watermarks import source_of

    server = _server(given, console)
    view = View(
        given.url,
        given.view,
        given.watermark,
        find_item(given.item, _today()),
        timedelta(seconds=given.overlap),
    )
    source = source_of(server.url, given.view, given.item, given.watermark)
    state = given.state or state_folder(os.environ) / f"pull-{source}.json"
    agent = Agent(
        Pull(view, given.item, source, state, given.timeout),
        _sender(server, console),
        console,
    )
    if given.every:
        agent.run_every(given.every, server.pause)
    return agent.run_once()


def _server(given: Given, console: Console) -> Server:
    if not given.server:
        raise Failure(Exit.USAGE, words.NO_SERVER)
    signer = find_signer(os.environ, given.server, given.token_file)
    server = Server(given.server, signer, console.language)
    if server.is_plain:
        console.note(words.PLAIN_HTTP, url=server.url)
    return server


def _sender(server: Server, console: Console) -> Sender:
    return Sender(server, Memory(state_folder(os.environ)), console, clock.now)


COMMANDS: Final[Mapping[str, Command]] = {
    "template": write_template,
    "check": check_file,
    "upload": upload_file,
    "receipt": show_receipt,
    "results": show_results,
    "withdraw": withdraw,
    "pull": pull_view,
}
