"""The stub with an archive in it that is read: run as a process, it answers at once and weighs.

What is inserted into table `archive` is answered to queries about its subject; of other tables
queries find nothing.
"""

import asyncio
import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Final

from infra.bench.stub import Account, Answer, Body, Headers, respond, serve

_NAMES: Final = re.compile(r"'([^']+)'\s*:\s*\?")
_ARCHIVE: Final = '"archive"'


class Archive(Account):
    """An account whose archive can be read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, weighing=True)
        self._held: defaultdict[str, list[Body]] = defaultdict(list)

    def answer(self, method: str, target: str, headers: Headers, body: bytes) -> Answer:
        """The HTTP response."""
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if operation == "BatchExecuteStatement":
            self._hold(body)
        if operation != "Query":
            return super().answer(method, target, headers, body)
        self.count(operation)
        asked = json.loads(body)
        subject = asked["ExpressionAttributeValues"].get(":s", {}).get("S", "")
        found = self._held[subject] if asked["TableName"] == "archive" else []
        answer = {"Items": found, "Count": len(found), "ScannedCount": len(found)}
        return respond(json.dumps(answer).encode())

    def _hold(self, body: bytes) -> None:
        for each in json.loads(body)["Statements"]:
            if _ARCHIVE in each["Statement"]:
                names = _NAMES.findall(each["Statement"])
                item = dict(zip(names, each["Parameters"], strict=True))
                self._held[item["subject"]["S"]].append(item)


if __name__ == "__main__":
    asyncio.run(serve(Archive(Path(sys.argv[1]))))
