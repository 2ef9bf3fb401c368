"""The package as Lambda opens it: whole, compiled, the same every time."""

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from importlib.metadata import distributions
from importlib.util import MAGIC_NUMBER
from pathlib import Path

import pytest

from chalicelib.catalogue import loader
from chalicelib.law import calendars
from chalicelib.law.rulebook import RULEBOOKS
from infra import package
from infra.package import build, repack
from infra.shrinking import SERVICES
from tests.template.reading import Composed

# Run without this environment's packages: only what the zip holds may be imported.
_LOAD = """
import json, os, sys
sys.path[:0] = [{folder!r}]
os.environ.update({variables!r})
found = {{}}
for handler in {handlers!r}:
    module, _, name = handler.rpartition(".")
    target = getattr(__import__(module), name)
    import app
    from chalice.app import EventSourceHandler
    from chalicelib.runtime.observability import logger
    seen = []
    if isinstance(target, EventSourceHandler):
        target.func = lambda *_: seen.append(logger.get_current_keys())
        target({event!r}, type("Context", (), {context!r}))
        found[handler] = "function_request_id" in seen[0]
    elif target is app.app:
        found[handler] = len(app.app.middleware_handlers) > 1
    else:
        found[handler] = callable(target)
print(json.dumps(found))
"""
_EVENT = {
    "Records": [],
    **dict.fromkeys(("version", "account", "region", "detail-type", "source", "id", "time"), ""),
    "detail": {},
    "resources": [],
}
_CONTEXT = {
    "function_name": "f",
    "memory_limit_in_mb": "1",
    "invoked_function_arn": "arn",
    "aws_request_id": "r",
}


def test_should_load_with_its_middleware_when_lambda_names_a_handler(
    composed: Composed, unpacked: Path
) -> None:
    handlers = sorted({function["Handler"] for function in composed.functions.values()})
    program = _LOAD.format(
        folder=str(unpacked),
        variables={"AWS_DEFAULT_REGION": "cn-north-1", "POWERTOOLS_SERVICE_NAME": "credit"},
        handlers=handlers,
        event=_EVENT,
        context=_CONTEXT,
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=unpacked,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == dict.fromkeys(handlers, True)


def test_should_carry_bytecode_of_its_runtime_when_packed(
    package: Path, composed: Composed
) -> None:
    runtime = f"python{sys.version_info.major}.{sys.version_info.minor}"
    assert {function["Runtime"] for function in composed.functions.values()} == {runtime}
    with zipfile.ZipFile(package / "deployment.zip") as archive:
        names = set(archive.namelist())
        compiled = archive.read(f"__pycache__/app.{sys.implementation.cache_tag}.pyc")
    assert compiled[:4] == MAGIC_NUMBER
    assert compiled[4] == 1  # by hash (PEP 552), and the hash is not checked when loaded
    sources = [name for name in names if name.startswith("chalicelib/") and name.endswith(".py")]
    for source in sources:
        folder, _, stem = source.rpartition("/")
        cached = f"{folder}/__pycache__/{stem[:-3]}.{sys.implementation.cache_tag}.pyc"
        assert cached in names


def test_should_leave_out_services_that_no_function_calls_when_packed(package: Path) -> None:
    with zipfile.ZipFile(package / "deployment.zip") as archive:
        models = {
            name.split("/")[2]
            for name in archive.namelist()
            if name.startswith("botocore/data/") and name.count("/") > 2
        }
        size = sum(entry.file_size for entry in archive.infolist())
    assert models == SERVICES
    assert size < 60e6  # Lambda takes 250 MB


def test_should_give_the_same_bytes_when_packed_twice(package: Path, tmp_path: Path) -> None:
    first = tmp_path / "a.zip"
    first.write_bytes((package / "deployment.zip").read_bytes())

    repack(first)

    assert _digest(first) == _digest(package / "deployment.zip")


def test_should_give_the_same_bytes_when_built_twice(package: Path, tmp_path: Path) -> None:
    build("prod", tmp_path)

    for name in ("deployment.zip", "sam.json"):
        assert _digest(tmp_path / name) == _digest(package / name)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_should_keep_licences_and_notices_when_shrunk(unpacked: Path) -> None:
    shipped = {
        path.name.split("-")[0].replace("_", "-").lower() for path in unpacked.glob("*.dist-info")
    }
    kept = {
        path.relative_to(unpacked).as_posix()
        for path in unpacked.glob("*.dist-info/**/*")
        if path.is_file()
    }
    for one in distributions():
        files = [str(file) for file in one.files or () if ".dist-info/" in str(file)]
        legal = {name for name in files if re.search(r"/(?:licenses/|LICEN|NOTICE|COPYING)", name)}
        if one.name.lower().replace("_", "-") in shipped:
            assert legal <= kept, one.name
            assert any(name.endswith("/METADATA") for name in files)
    assert not {name for name in kept if name.endswith(("/RECORD", "/WHEEL"))}
    assert "botocore" in (unpacked / "botocore" / "data" / "CHANGED.txt").read_text("ascii")


_ASK = """
import sys
if {folder!r}: sys.path[:0] = [{folder!r}]
from botocore.session import Session
for service, operation, asked in {calls!r}:
    session = Session()
    session.set_credentials("test", "test")
    client = session.create_client(service, region_name={region!r})
    def tell(request, **_):
        body = request.body.read() if hasattr(request.body, "read") else request.body
        headers = [request.headers.get(each) for each in ("Content-Type", "X-Amz-Target", "Range")]
        print([request.method, request.url, body, headers])
        raise NotImplementedError
    client.meta.events.register_first("before-send", tell)
    try:
        getattr(client, operation)(**asked)
    except NotImplementedError:
        pass
"""
_KEY = {"Bucket": "b", "Key": "k/ö"}
_CALLS = [
    ("dynamodb", "query", {"TableName": "t", "KeyConditionExpression": "k = :k"}),
    ("dynamodb", "put_item", {"TableName": "t", "Item": {"k": {"B": b"1"}}}),
    ("s3", "put_object", {**_KEY, "Body": b"1", "ContentType": "text/csv"}),
    ("s3", "get_object", {**_KEY, "Range": "bytes=0-1"}),
    ("sqs", "send_message", {"QueueUrl": "https://q.example/1/q", "MessageBody": "m"}),
    ("kms", "decrypt", {"CiphertextBlob": b"1", "EncryptionContext": {"a": "b"}}),
]


@pytest.mark.parametrize("region", ["cn-north-1", "eu-central-1"])
def test_should_ask_aws_the_same_when_models_are_shrunk(unpacked: Path, region: str) -> None:
    def asked(folder: str) -> str:
        program = _ASK.format(folder=folder, region=region, calls=_CALLS)
        alone = ["-S"] if folder else []
        command = [sys.executable, "-I", *alone, "-c", program]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    assert asked(str(unpacked)) == asked("")
    assert asked("").count("\n") == len(_CALLS)


def test_should_ship_neither_tests_nor_infrastructure_when_packed(package: Path) -> None:
    with zipfile.ZipFile(package / "deployment.zip") as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
    assert not tops & {"tests", "infra", "docs", ".chalice", "Makefile"}


@pytest.mark.parametrize("name", ["deployment.zip", "sam.json"])
def test_should_leave_nothing_else_when_built(package: Path, name: str) -> None:
    assert name in {path.name for path in package.iterdir()}
    assert len(list(package.iterdir())) == 2


def test_should_refuse_with_place_and_reason_when_the_catalogue_is_malformed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "penalty.json").write_text('{"id": "penalty",\n "title" "行政处罚"}', "utf-8")
    monkeypatch.setattr(loader, "ITEMS", tmp_path)
    monkeypatch.setattr(sys, "argv", ["package", "--out", str(tmp_path / "out")])
    loader.load_register.cache_clear()
    assert package.main() == 1
    loader.load_register.cache_clear()
    told = capsys.readouterr().err
    assert "E-CAT-01" in told
    assert "penalty.json, line 2, column 10" in told
    assert not (tmp_path / "out").exists()


def test_should_refuse_with_line_when_a_name_of_the_catalogue_stands_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written = (loader.ITEMS / "penalty.json").read_text("utf-8")
    twice = written.replace('"category"', '"id": "penalty",\n  "category"', 1)
    (tmp_path / "penalty.json").write_text(twice, "utf-8")
    monkeypatch.setattr(loader, "ITEMS", tmp_path)
    monkeypatch.setattr(sys, "argv", ["package", "--out", str(tmp_path / "out")])
    loader.load_register.cache_clear()
    assert package.main() == 1
    loader.load_register.cache_clear()
    assert "penalty.json:5: /id stands twice" in capsys.readouterr().err


def test_should_refuse_with_line_when_a_rulebook_names_no_item(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    national = (RULEBOOKS / "national.toml").read_text("utf-8")
    broken = national.replace("\ndishonesty = [", "\ndishonest = [")
    (tmp_path / "national.toml").write_text(broken, "utf-8")
    line = broken[: broken.index("\ndishonest =")].count("\n") + 2
    monkeypatch.setattr(package, "RULEBOOKS", tmp_path)
    monkeypatch.setattr(sys, "argv", ["package", "--out", str(tmp_path / "out")])
    assert package.main() == 1
    assert f"/national.toml:{line}: item_severity.dishonest: " in capsys.readouterr().err


def test_should_refuse_with_line_and_reason_when_a_rulebook_is_malformed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    national = (RULEBOOKS / "national.toml").read_text("utf-8")
    broken = national.replace('value = "clamp"', 'value = "clip"')
    (tmp_path / "national.toml").write_text(broken, "utf-8")
    line = broken[: broken.index('"clip"')].count("\n") + 1
    monkeypatch.setattr(package, "RULEBOOKS", tmp_path)
    monkeypatch.setattr(sys, "argv", ["package", "--out", str(tmp_path / "out")])
    assert package.main() == 1
    told = capsys.readouterr().err
    assert f"/national.toml:{line}: month_end[0].value: " in told
    assert "'clip'" in told
    assert not (tmp_path / "out").exists()


def test_should_refuse_with_line_and_reason_when_a_calendar_is_malformed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "2027.toml").write_text('year = 2027\nsource = ""\n', "utf-8")
    monkeypatch.setattr(calendars, "CALENDARS", tmp_path)
    monkeypatch.setattr(sys, "argv", ["package", "--out", str(tmp_path / "out")])
    assert package.main() == 1
    assert "/2027.toml:2: source: " in capsys.readouterr().err
