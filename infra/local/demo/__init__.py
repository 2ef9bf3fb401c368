"""The demo: an invented city, its files, and the story of what becomes of them.

清江市 (region 329900, which stands in no edition of GB/T 2260) does not exist; neither does anybody
here. Names are put together from parts, identifiers are drawn at random and completed with the
right check digit, and every file's name begins with 演示. The generator is seeded: the same bytes
every time. Mistakes are planted, so every refusal is known before a file is sent.

`load(stack)` sends everything through the front door, as authorities would, and checks each step.
"""

from infra.local.demo.asking import DemoFailure
from infra.local.demo.story import load

__all__ = ["DemoFailure", "load"]
