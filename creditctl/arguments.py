"""The command line: what may be asked, described in the language that was chosen."""

import argparse
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final, NoReturn

from chalicelib.runtime.words import Language, Words
from creditctl import VERSION
from creditctl.exits import Exit

_ABOUT: Final = Words(
    "公共信用信息报送客户端。退出码：0 成功；1 有被拒绝的行或文件不能读取；2 用法或本地文件有误；"
    "3 系统拒绝；4 连接不上；5 到时未处理完；130 已中断。",
    "The client of those who report credit information. Exit codes: 0 done; 1 rows refused or file"
    " unreadable; 2 usage or local file; 3 refused by the system; 4 out of reach; 5 not finished in"
    " time; 130 interrupted.",
)
_HELP: Final[Mapping[str, Words]] = {
    "template": Words("生成 XLSX 填报模板", "write an XLSX template to fill in"),
    "check": Words(
        "离线核对文件，规则与系统相同", "check a file offline, by the server's own rules"
    ),
    "upload": Words("上传文件并等待回执", "send a file and wait for its receipt"),
    "receipt": Words("查看回执", "show a receipt"),
    "results": Words("查看逐行结果", "show what became of each row"),
    "withdraw": Words("撤销已报送的记录", "withdraw records that were reported"),
    "pull": Words("从数据库视图读取并报送新数据", "send what is new in a database view"),
    "ITEM": Words("目录项代码，如 penalty", "catalogue item, such as penalty"),
    "FILE": Words("CSV、XLSX、XLS 或 JSON Lines 文件", "a CSV, XLSX, XLS or JSON Lines file"),
    "UPLOAD": Words("上传编号", "the upload's id"),
    "output": Words("写入的文件（默认 ITEM.xlsx）", "the file to write (ITEM.xlsx by default)"),
    "mode": Words(
        "partial：好的行先入库（默认）；whole：有一行被拒绝则全部不入库",
        "partial merges good rows (the default); whole merges all rows or, if one is refused, none",
    ),
    "no_wait": Words("不等待回执", "do not wait for the receipt"),
    "timeout": Words("等待回执的秒数（默认 3600）", "seconds to wait for the receipt (3600)"),
    "refused": Words("只列出被拒绝的行", "refused rows only"),
    "refused_file": Words(
        "把被拒绝的行存为可改正后重新上传的 XLSX",
        "save refused rows as XLSX, to be mended and sent again",
    ),
    "row": Words("行号，可重复；不给则为全部", "a row's number, may be repeated; else all"),
    "reason": Words("撤销的理由或依据（必填）", "why, with its basis (required)"),
    "undo": Words("恢复此前用本命令撤销的记录", "restore what this command withdrew"),
    "url": Words(
        "数据库的 SQLAlchemy 地址（或环境变量 CREDIT_DATABASE_URL）",
        "the database's SQLAlchemy URL (or CREDIT_DATABASE_URL)",
    ),
    "view": Words("视图名（可带模式名）", "the view, with its schema where it has one"),
    "watermark": Words(
        "只增不减的水位列，如更新时间", "a column that only grows, such as the time of change"
    ),
    "overlap": Words(
        "每次从水位之前多久读起，以免漏掉迟提交的行（默认 5m）",
        "how long before the watermark to read from, for rows that were committed late (5m)",
    ),
    "state": Words("记录进度的文件", "the file that remembers how far it has come"),
    "once": Words("报送一次后退出（默认）", "send once and end (the default)"),
    "every": Words("每隔若干时间报送一次，如 90s、15m、2h", "again and again, every 90s, 15m, 2h"),
    "server": Words("系统地址（或 CREDIT_SERVER）", "the system's address (or CREDIT_SERVER)"),
    "token_file": Words(
        "存放令牌的文件，- 为标准输入（或 CREDIT_TOKEN）",
        "a file with the token, - for standard input (or CREDIT_TOKEN)",
    ),
    "json": Words("以 JSON 输出结果", "tell the result as JSON"),
    "lang": Words("输出语言", "language"),
}
_OVERLAP: Final = 300.0
_UNITS: Final = {"": 1, "s": 1, "m": 60, "h": 3600}


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """What is wrong with the command line, in one line."""
        self.print_usage(sys.stderr)
        self.exit(Exit.USAGE, f"{self.prog}: {message}\n")


class _Builder:
    """Builds the parser of one language."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self.parser = _Parser(prog="creditctl", description=_ABOUT.say(language))
        self.parser.add_argument("--version", action="version", version=VERSION)
        self._commands = self.parser.add_subparsers(
            dest="command", required=True, metavar="COMMAND", parser_class=_Parser
        )
        self._common = _Parser(add_help=False)
        self._common.add_argument("--json", action="store_true", help=self._help("json"))
        self._common.add_argument(
            "--lang", choices=("zh", "en"), default=language, help=self._help("lang")
        )
        self._online = _Parser(add_help=False)
        self._online.add_argument(
            "--server", default=os.environ.get("CREDIT_SERVER"), help=self._help("server")
        )
        self._online.add_argument("--token-file", metavar="FILE", help=self._help("token_file"))

    def _help(self, name: str) -> str:
        return _HELP[name].say(self._language).replace("%", "%%")

    def _command(self, name: str, *, online: bool) -> argparse.ArgumentParser:
        parents = [self._common, self._online] if online else [self._common]
        text = self._help(name)
        return self._commands.add_parser(name, parents=parents, help=text, description=text)

    def add_offline(self) -> None:
        """The commands that ask nobody."""
        template = self._command("template", online=False)
        template.add_argument("item", metavar="ITEM", help=self._help("ITEM"))
        template.add_argument(
            "-o", "--output", type=Path, metavar="FILE", help=self._help("output")
        )
        check = self._command("check", online=False)
        self._add_file(check)

    def add_uploads(self) -> None:
        """The commands about files and what became of them."""
        upload = self._command("upload", online=True)
        self._add_file(upload)
        upload.add_argument(
            "--mode", choices=("partial", "whole"), default="partial", help=self._help("mode")
        )
        upload.add_argument("--no-wait", action="store_true", help=self._help("no_wait"))
        self._add_timeout(upload)
        receipt = self._command("receipt", online=True)
        results = self._command("results", online=True)
        withdraw = self._command("withdraw", online=True)
        for parser in (receipt, results, withdraw):
            parser.add_argument("upload", metavar="UPLOAD", help=self._help("UPLOAD"))
        results.add_argument("--refused", action="store_true", help=self._help("refused"))
        results.add_argument(
            "--refused-file", type=Path, metavar="FILE", help=self._help("refused_file")
        )
        withdraw.add_argument(
            "--row", type=int, action="append", default=[], metavar="N", help=self._help("row")
        )
        withdraw.add_argument("--reason", required=True, help=self._help("reason"))
        withdraw.add_argument("--undo", action="store_true", help=self._help("undo"))

    def add_pull(self) -> None:
        """The pull agent."""
        pull = self._command("pull", online=True)
        url = os.environ.get("CREDIT_DATABASE_URL")
        pull.add_argument("--url", default=url, required=url is None, help=self._help("url"))
        pull.add_argument("--view", required=True, help=self._help("view"))
        pull.add_argument("--item", required=True, help=self._help("ITEM"))
        pull.add_argument(
            "--watermark", required=True, metavar="COLUMN", help=self._help("watermark")
        )
        pull.add_argument(
            "--overlap",
            type=read_seconds,
            default=_OVERLAP,
            metavar="TIME",
            help=self._help("overlap"),
        )
        pull.add_argument("--state", type=Path, metavar="FILE", help=self._help("state"))
        often = pull.add_mutually_exclusive_group()
        often.add_argument("--once", action="store_true", help=self._help("once"))
        often.add_argument("--every", type=read_seconds, metavar="TIME", help=self._help("every"))
        self._add_timeout(pull)

    def _add_file(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help=self._help("FILE"))
        parser.add_argument("--item", required=True, help=self._help("ITEM"))

    def _add_timeout(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--timeout", type=float, default=3600.0, metavar="N", help=self._help("timeout")
        )


def read_seconds(text: str) -> float:
    """Seconds of `90`, `90s`, `15m` or `2h`. Raises `ArgumentTypeError`."""
    match = re.fullmatch(r"([1-9]\d{0,6})([smh]?)", text, re.ASCII)
    if match is None:
        raise argparse.ArgumentTypeError(text)
    return float(int(match[1]) * _UNITS[match[2]])


def read_arguments(given: Sequence[str]) -> argparse.Namespace:
    """What the command line asks for; ends the process with code 2 where that is nothing."""
    builder = _Builder(_language_of(given))
    builder.add_offline()
    builder.add_uploads()
    builder.add_pull()
    return builder.parser.parse_args(given)


def _language_of(given: Sequence[str]) -> Language:
    """`--lang` wherever it stands, else that of the environment; help depends on it."""
    known = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    known.add_argument("--lang", default=os.environ.get("CREDIT_LANG", "zh"))
    return "en" if known.parse_known_args(given)[0].lang == "en" else "zh"
