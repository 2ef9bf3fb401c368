"""Races by hand: several actors run at once, and a schedule decides before each AWS call who goes on.

One actor runs at a time, from one AWS call up to the next, so a schedule gives the same run each
time it is tried, and AWS calls are as atomic as they are in AWS (moto's are not among threads).
"""

import threading
from collections.abc import Callable, Sequence
from random import Random
from typing import Any
from unittest.mock import patch

from botocore.client import BaseClient

from tests.faults.worlds import World

Actor = Callable[[], object]
Choose = Callable[[Sequence[int]], int]
"""Given who is still running, says who goes on."""

_STICKY = 0.85
_LONGEST_WAIT = 30.0


class _Stage:
    """Whose turn it is, and who is still running."""

    def __init__(self, actors: int) -> None:
        self.changed = threading.Condition()
        self.turn: int | None = None
        self.running = set(range(actors))
        self.errors: list[BaseException] = []
        self.mine = threading.local()

    def is_mine(self) -> bool:
        """Whether the thread that asks is an actor's."""
        return hasattr(self.mine, "number")

    def perform(self, number: int, actor: Actor) -> None:
        self.mine.number = number
        self.wait_for_turn()
        try:
            actor()
        except BaseException as error:  # noqa: BLE001 - told by `interleave`
            self.errors.append(error)
        with self.changed:
            self.running.discard(number)
            self.turn = None
            self.changed.notify_all()

    def pause(self) -> None:
        """Before an AWS call: give the turn back, and go on when it comes again."""
        with self.changed:
            self.turn = None
            self.changed.notify_all()
        self.wait_for_turn()

    def wait_for_turn(self) -> None:
        with self.changed:
            if not self.changed.wait_for(lambda: self.turn == self.mine.number, _LONGEST_WAIT):
                raise TimeoutError

    def give_turn(self, number: int) -> None:
        """Let one actor go on up to its next AWS call."""
        with self.changed:
            self.turn = number
            self.changed.notify_all()
            if not self.changed.wait_for(lambda: self.turn is None, _LONGEST_WAIT):
                raise TimeoutError


def interleave(actors: Sequence[Actor], choose: Choose, turns: list[int]) -> None:
    """Run `actors` to their ends; `choose` says which of those still running goes on.

    `turns` is told who went on, in order. Raises what an actor raised.
    """
    stage = _Stage(len(actors))
    original: Any = BaseClient.__dict__["_make_api_call"]

    def call(client: BaseClient, operation: str, arguments: Any) -> Any:
        if stage.is_mine():
            stage.pause()
        return original(client, operation, arguments)

    threads = [
        threading.Thread(target=stage.perform, args=each, daemon=True) for each in enumerate(actors)
    ]
    with patch.object(BaseClient, "_make_api_call", call):
        for thread in threads:
            thread.start()
        while stage.running:
            turns.append(choose(sorted(stage.running)))
            stage.give_turn(turns[-1])
        for thread in threads:
            thread.join()
    if stage.errors:
        raise stage.errors[0]


def race(world: World, actors: Sequence[Actor], check: Callable[[], None], runs: int = 15) -> None:
    """Run `actors` by many schedules, each in a world of its own, and `check` every end.

    Each actor comes first once, and is overtaken by all the others before each of its calls; then
    `runs` schedules are drawn. A failure notes who went on when.
    """
    for number in range(len(actors)):
        turns = _run(world, actors, check, _first(number))
        for calls in range(turns.count(number)):
            _run(world, actors, check, _overtaken(number, calls))
    for seed in range(runs):
        _run(world, actors, check, _drawn(seed))


def _run(
    world: World, actors: Sequence[Actor], check: Callable[[], None], choose: Choose
) -> list[int]:
    turns: list[int] = []
    try:
        with world():
            interleave(actors, choose, turns)
            check()
    except Exception as error:
        error.add_note(f"turns: {turns}")
        raise
    return turns


def _first(number: int) -> Choose:
    return lambda running: number if number in running else running[0]


def _overtaken(number: int, calls: int) -> Choose:
    """Actor `number` goes on `calls` times; then the others run to their ends."""
    left = calls

    def choose(running: Sequence[int]) -> int:
        nonlocal left
        others = [each for each in running if each != number]
        if number in running and (left or not others):
            left -= 1
            return number
        return others[0]

    return choose


def _drawn(seed: int) -> Choose:
    """Drawn turns; every second schedule changes actors seldom."""
    random = Random(seed)
    last = -1

    def choose(running: Sequence[int]) -> int:
        nonlocal last
        if not (seed % 2 and last in running and random.random() < _STICKY):
            last = random.choice(running)
        return last

    return choose


def scripted(*turns: int) -> Choose:
    """Turns as written down, then who comes first."""
    left = list(turns)
    return lambda running: left.pop(0) if left else running[0]
