"""A provider that sends files as a unit's own programme would."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Any

from tests.e2e.asking import Answer, Caller, request
from tests.e2e.waiting import wait_for

Receipt = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Provider:
    """A unit under its unified social credit code."""

    code: str
    caller: Caller

    def announce(self, item: str, body: bytes, name: str = "rows.csv", **more: Any) -> Answer:
        """Register a file."""
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        told = {"item": item, "size": len(body), "sha256": digest, "file_name": name, **more}
        return self.caller.post("/v1/uploads", told)

    def put(self, item: str, body: bytes) -> str:
        """Register a file and put it into the inbox; returns the upload's id."""
        invited = self.announce(item, body).of(201)
        answer = request("PUT", invited["url"], body, invited["headers"])
        assert answer.status == 200, answer
        upload: str = invited["upload"]["upload"]
        return upload

    def receipt(self, upload: str) -> Receipt:
        """The receipt of an upload, as soon as it is final."""
        path = f"/v1/uploads/{upload}"

        def look() -> Receipt | None:
            receipt: Receipt = self.caller.get(path).of(200)
            return receipt if receipt["state"] in {"done", "quarantined"} else None

        return wait_for(f"the receipt of {upload}", look)

    def send(self, item: str, body: bytes) -> Receipt:
        """Send a file and wait for its receipt."""
        return self.receipt(self.put(item, body))

    def deliver(self, item: str, body: bytes) -> Receipt:
        """Send a file of which every row is accepted."""
        receipt = self.send(item, body)
        assert receipt["state"] == "done", receipt
        assert receipt["accepted"] == receipt["received"] > 0, receipt
        return receipt

    def rows(self, upload: str, index: int = 0) -> list[dict[str, Any]]:
        """What became of the first rows of one range."""
        found: list[dict[str, Any]] = self.caller.get(
            f"/v1/uploads/{upload}/rows?range={index}"
        ).of(200)["rows"]
        return found

    def findings(self, upload: str, index: int = 0) -> list[tuple[int, str]]:
        """Row and code of each finding of one range."""
        path = f"/v1/uploads/{upload}/findings?range={index}"
        return [(f["row"], f["told"]["code"]) for f in self.caller.get(path).of(200)["findings"]]


def problems(receipt: Receipt) -> list[tuple[int, str, str]]:
    """Row, field and code of each problem on a receipt."""
    told = ((each["row"], each["told"]) for each in receipt["problems"])
    return [(row, problem["field"], problem["code"]) for row, problem in told]
