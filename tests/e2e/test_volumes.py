"""Limits and stops on the deployed system, where every function has only its own rights."""

import pytest

from chalicelib.disclosure.volumes.stops import stop
from chalicelib.disclosure.volumes.values import Excess
from chalicelib.runtime.clock import now
from tests.e2e.system import System

pytestmark = pytest.mark.deployed


def test_should_refuse_until_it_is_lifted_when_an_agencys_queries_are_stopped(
    system: System,
) -> None:
    code, subject = system.invent.code("11"), system.invent.code("91")
    agency = system.sign_in("agency", organisation=code)
    supervisor = system.sign_in("supervisor")
    excess = Excess(
        id="20261122.day.-.1",
        organisation=code,
        staff="",
        measure="day",
        count=50_000,
        threshold=50_000,
        source="OWN",
        rulebook="national",
        at=now(),
    )

    first = agency.get(f"/v1/archives/{subject}", X_Query_Purpose="supervision")
    assert first.status == 200
    assert first.headers["ratelimit-policy"] == '"query";q=600;w=60'
    assert first.headers["ratelimit"].startswith('"query";r=599;t=')

    with system.inside("APIHandler"):
        stop(excess)
    stopped = agency.get(f"/v1/archives/{subject}", X_Query_Purpose="supervision")
    stopped.refused(403, "E-VOLUME-01")
    told = supervisor.get("/v1/ledger/alerts").of(200)["alerts"]
    assert ("stopped", code) in {(each["what"], each["excess"]["organisation"]) for each in told}

    lifted = supervisor.post(
        f"/v1/ledger/stops/{code}", {"stop": excess.id, "reason": "已核实，专项清理"}
    )
    assert lifted.of(200)["lifting"]["reason"] == "已核实，专项清理"
    assert supervisor.get(f"/v1/ledger/stops/{code}").of(200)["stopped"] is False
    agency.get(f"/v1/archives/{subject}", X_Query_Purpose="supervision").of(200)


def test_should_be_counted_by_address_when_nobody_has_signed_in(system: System) -> None:
    found = system.nobody.get("/v1/organisations?name=AB")
    assert found.headers["ratelimit-policy"] == '"search";q=60;w=60'
    sources = [
        item["counter"]["S"]
        for item in system.scan("CountersTable")
        if item["counter"]["S"].startswith("rate/search/")
    ]
    assert sources
    assert not any("127.0.0.1" in each for each in sources)
