"""What the system says: error codes and log codes."""

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Iterator
from types import ModuleType

import chalicelib
from chalicelib.runtime.errors import Code
from chalicelib.runtime.log_codes import LogCode
from chalicelib.web import problems
from infra.documents.markdown import literal, page, table


def list_codes() -> Iterator[tuple[ModuleType, Code]]:
    """Every code with the module that declares it, in the order of modules and declarations."""
    found = pkgutil.walk_packages(chalicelib.__path__, "chalicelib.")
    names = sorted(
        each.name for each in found if "codes" in each.name.split(".")[-2:] and not each.ispkg
    )
    for module in map(importlib.import_module, names):
        yield from ((module, code) for code in vars(module).values() if isinstance(code, Code))


def error_codes() -> str:
    """`error-codes.md`."""
    parts: list[str] = []
    told: ModuleType | None = None
    for module, code in list_codes():
        if module is not told:
            parts.append(f"## `{module.__name__}`\n\n{_first_line(module)}")
            told = module
        parts.append(_describe_code(code))
    about = (
        "Every code that a caller, a receipt or a log may name. `E-` refuses, `W-` accepts and"
        " tells, `F-` is a finding beside a receipt. The status is that of an HTTP answer (RFC"
        " 9457); in a receipt the code refuses its row. `{…}` is filled with values of the case."
        " A code's anchor is its id in lower case and never changes."
    )
    return page("Error codes 错误代码", about, *parts)


def _first_line(module: ModuleType) -> str:
    return (module.__doc__ or "").partition("\n")[0]


def _describe_code(code: Code) -> str:
    refuses = f"{problems.status_of(code)} {code.kind.name}"
    kind = {"E": refuses, "W": "accepted, told", "F": "finding"}[code.id[0]]
    return f"### {code.id}\n\n{kind}\n\n- {code.zh} → {code.mend_zh}\n- {code.en} → {code.mend_en}"


def explain_log_codes() -> dict[str, str]:
    """What each log code means: the text beneath it in the source; empty where there is none."""
    (source,) = ast.parse(textwrap.dedent(inspect.getsource(LogCode))).body
    assert isinstance(source, ast.ClassDef)
    meanings: dict[str, str] = {}
    name = ""
    for line in source.body:
        match line:
            case ast.Assign(targets=[ast.Name(id=found)]):
                name = found
                meanings[name] = ""
            case ast.Expr(value=ast.Constant(value=str(text))) if name:
                meanings[name] = text
    return meanings


def log_codes() -> str:
    """`log-codes.md`."""
    about = (
        "Logs are JSON lines; field `code` holds one of these. The values beside it are keys,"
        " counts and codes, never personal data."
    )
    rows = ((literal(name), text) for name, text in explain_log_codes().items())
    return page("Log codes", about, table(("code", "meaning"), rows))
