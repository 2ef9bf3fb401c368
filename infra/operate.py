"""The operator's commands on a deployed stack, here or on AWS.

Each drives a function part by part until it says that it is done; a command that was broken off is
simply given again. AWS credentials, region and `AWS_ENDPOINT_URL` come from the environment; with
`--local` the stack is that of `make run`.
"""

import argparse
import getpass
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from infra import proof, staged
from infra.stack import CommandError, Functions, as_scheduled, use_local


def rebuild(functions: Functions, segments: int) -> int:
    """Make the views anew from the archive, `segments` at a time; returns how many records."""

    def rebuild_segment(segment: int) -> int:
        part = {"segment": segment, "segments": segments}
        return sum(done["records"] for done in functions.drive("RebuildName", part, "start"))

    with ThreadPoolExecutor(segments) as pool:
        return sum(pool.map(rebuild_segment, range(segments)))


def erase(functions: Functions, order: Mapping[str, str]) -> tuple[int, int]:
    """Erase a person; returns in how many files and records the person was blanked."""
    parts = list(functions.drive("EraseName", order, "after"))
    return sum(part["files"] for part in parts), sum(part["records"] for part in parts)


def look_at_reevaluation(functions: Functions) -> dict[str, Any]:
    """How far the views are with the rules and the catalogue in force."""
    return functions.call("ReevaluateName", as_scheduled({"look": True}))


def reevaluate(functions: Functions) -> dict[str, Any]:
    """Bring the views up to the rules and the catalogue in force, without waiting for the schedule.

    Raises `CommandError` where a call gets no further: a run of the schedule is at it.
    """
    done = look_at_reevaluation(functions)
    while done["segments_left"]:
        further = functions.call("ReevaluateName", as_scheduled({}))
        if further["step"] == done["step"]:
            raise CommandError("another run is at it; see how far it is with 'reevaluation'")
        done = further
    return done


def _ask_whom() -> dict[str, str]:
    """The person's paper, typed and not shown: it enters no shell history and no process list."""
    return {
        "paper_kind": input("证件类型 kind of paper (身份证, 护照 …): ").strip(),
        "paper_number": getpass.getpass("证件号码 number: ").strip(),
        "name": input("姓名 name: ").strip(),
    }


def _rebuild(functions: Functions, given: argparse.Namespace) -> int:
    print(f"{rebuild(functions, given.segments)} records projected")
    return 0


def _erase(functions: Functions, _: argparse.Namespace) -> int:
    files, records = erase(functions, _ask_whom())
    print(f"erased; blanked {records} records in {files} files")
    return 0


def _reevaluation(functions: Functions, _: argparse.Namespace) -> int:
    return _tell_progress(look_at_reevaluation(functions))


def _reevaluate(functions: Functions, _: argparse.Namespace) -> int:
    return _tell_progress(reevaluate(functions))


def _tell_progress(progress: Mapping[str, Any]) -> int:
    left = progress["segments_left"]
    state = f"{left} segments are left" if left else "done"
    print(f"{progress['edition']}: {progress['records']} records projected, {state}")
    return 0


def _preview(functions: Functions, given: argparse.Namespace) -> int:
    if given.rulebook is None and given.item is None:
        raise CommandError("preview needs --rulebook FILE, --item FILE, or both")
    candidate = staged.read_candidate(given.rulebook, given.item, functions.rulebook)
    found = staged.preview(functions, candidate, given.day, given.samples, given.segments)
    print(msgspec.json.encode(found).decode() if given.json else staged.tell(found))
    return 0


def _prove(functions: Functions, given: argparse.Namespace) -> int:
    """1 where anything is still shown."""
    proven = proof.prove(functions, given.url or functions.url, given.segments)
    print(msgspec.json.encode(proven).decode() if given.json else proof.tell(proven))
    return int(any(sight.still_shown for sight in proven.surfaces))


_COMMANDS = {
    "rebuild": (_rebuild, "make the views anew from the archive"),
    "erase": (_erase, "erase a person after a legal procedure"),
    "reevaluation": (_reevaluation, "how far the views are with rules and catalogue in force"),
    "reevaluate": (_reevaluate, "bring the views up to rules and catalogue in force, now"),
    "preview": (_preview, "what a staged rulebook or catalogue item would change"),
    "prove": (_prove, "prove that nothing shows what the rules withhold"),
}


def main() -> int:
    """The command; 1 and one line where something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m infra.operate", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (_, about) in _COMMANDS.items():
        _describe(name, commands.add_parser(name, help=about))
    given = parser.parse_args()
    try:
        stack = use_local() if given.local else given.stack
        return _COMMANDS[given.command][0](Functions(stack), given)
    except CommandError as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 1


def _describe(name: str, command: argparse.ArgumentParser) -> None:
    """The options of one command."""
    where = command.add_mutually_exclusive_group(required=True)
    where.add_argument("--stack", help="the CloudFormation stack's name")
    where.add_argument("--local", action="store_true", help="the system that make run serves")
    if name in {"rebuild", "preview", "prove"}:
        command.add_argument("--segments", type=int, default=4, help="how many side by side")
    if name in {"preview", "prove"}:
        command.add_argument("--json", action="store_true", help="for programs")
    if name == "prove":
        command.add_argument("--url", help="where the public reaches the system")
    if name == "preview":
        command.add_argument("--rulebook", type=Path, help="a rulebook file, named as deployed")
        command.add_argument("--item", type=Path, help="a version of a catalogue item")
        command.add_argument("--day", type=date.fromisoformat, help="the day to decide for")
        command.add_argument("--samples", type=int, default=5, help="of each kind of change")


if __name__ == "__main__":
    sys.exit(main())
