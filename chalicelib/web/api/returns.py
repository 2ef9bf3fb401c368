"""What comes back of an upload (数据回流): a page to print, files, candidates, the report on codes."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.archive.profile import read_profiles
from chalicelib.collection import returning
from chalicelib.collection.candidates import read_given
from chalicelib.collection.code_issues import Place, list_code_issues
from chalicelib.collection.receipts import fold_receipt
from chalicelib.collection.returning import VALID, Returned
from chalicelib.disclosure.search.finding import search_names
from chalicelib.law.rulebook import load_rulebook
from chalicelib.runtime.clock import lawful_day
from chalicelib.runtime.errors import DomainError, Kind
from chalicelib.runtime.settings import settings
from chalicelib.subjects.codes import FRAGMENT_COMMON, FRAGMENT_SHORT
from chalicelib.subjects.evidence import Clue, weigh
from chalicelib.web.api.uploads import Cursor, RangeNumber, find_own
from chalicelib.web.api.uploads_shown import Told, tell
from chalicelib.web.callers import Caller, Role
from chalicelib.web.cursors import read_position, write_position
from chalicelib.web.endpoints import Answer, Api, Asked
from chalicelib.web.inputs import Input
from chalicelib.web.outputs import Html
from chalicelib.web.receipt_page import POLICY, write_page
from chalicelib.web.scopes import Scope

api = Api(__name__, tag="uploads", scope=Scope.UPLOADS)

_PROVIDERS = frozenset({Role.PROVIDER, Role.CODE_AUTHORITY})
_READERS = _PROVIDERS | {Role.OPERATOR}
_UNKNOWN = frozenset({Kind.UNKNOWN})
_UNSEARCHABLE = frozenset({FRAGMENT_COMMON.id, FRAGMENT_SHORT.id})


class FileQuery(Input, frozen=True):
    """The range of the upload, from 0, with which the file begins."""

    range: RangeNumber = 0


class FileShown(Struct, frozen=True, kw_only=True):
    """A file of `rows` rows that can be fetched from `url` until `expires_at`.

    `next_range` is where the next file begins, null after the last; ask again where that range is
    not merged yet.
    """

    url: str
    file_name: str
    rows: int
    expires_at: datetime
    next_range: int | None


class CandidatesQuery(Input, frozen=True):
    """A row, by its number in the file, and the range that holds it."""

    range: RangeNumber
    row: Annotated[int, Meta(ge=1, le=1 << 31)]


class Candidate(Struct, frozen=True, kw_only=True):
    """An organisation that the row may mean, and everything that speaks for it."""

    code: str
    name: str
    clues: tuple[Clue, ...]


class CandidatesShown(Struct, frozen=True, kw_only=True):
    """Candidates are for people to verify: none is ever taken for the subject by itself."""

    candidates: tuple[Candidate, ...]


class CodeIssuesQuery(Input, frozen=True):
    """Uploads registered on `day`, today where none is given; `cursor` from the page before."""

    day: date | None = None
    cursor: Cursor = ""


class CodeIssueShown(Struct, frozen=True, kw_only=True):
    """A code to verify, the row that holds it, and what is told about it.

    `wrong` codes contradict their standard, `mismatched` ones are registered for another name,
    `duplicate` ones for two organisations.
    """

    kind: Literal["wrong", "mismatched", "duplicate"]
    provider: str
    upload: str
    row: int
    subject: str
    told: Told


class CodeIssuesShown(Struct, frozen=True, kw_only=True):
    """A page of the report; it may hold none and still have a next one."""

    issues: tuple[CodeIssueShown, ...]
    next_cursor: str | None


@api.endpoint(
    "GET",
    "/v1/uploads/{upload}/receipt",
    summary="打印回执 · Print the receipt",
    answers={200: Html},
    roles=_READERS,
    refuses=_UNKNOWN,
)
def print_receipt(upload: str, caller: Caller) -> Answer:
    """The receipt as a page to print, with a summary by rule and the first hundred problems."""
    page = write_page(fold_receipt(find_own(upload, caller)))
    return Answer(Html(page), headers={"Content-Security-Policy": POLICY})


@api.endpoint(
    "GET",
    "/v1/uploads/{upload}/results",
    summary="下载逐行结果（CSV） · Download what became of each row",
    query=FileQuery,
    answers={200: FileShown},
    roles=_READERS,
    refuses=_UNKNOWN,
)
def download_results(upload: str, query: FileQuery, caller: Caller, asked: Asked) -> FileShown:
    """A line for each problem of each row, and one for each row that has none, as CSV."""
    find_own(upload, caller)
    return _offer(returning.return_results(upload, query.range), asked)


@api.endpoint(
    "GET",
    "/v1/uploads/{upload}/refused",
    summary="下载需更正的行（XLSX） · Download the refused rows to mend them",
    query=FileQuery,
    answers={200: FileShown},
    roles=_PROVIDERS,
    refuses=_UNKNOWN,
)
def download_refused(upload: str, query: FileQuery, caller: Caller, asked: Asked) -> FileShown:
    """The refused rows as sent, wrong cells red and with a comment: mend them and send the file."""
    find_own(upload, caller)
    return _offer(returning.return_refused(upload, query.range), asked)


@api.endpoint(
    "GET",
    "/v1/uploads/{upload}/candidates",
    summary="候选主体及理由 · Read whom a refused row may mean",
    query=CandidatesQuery,
    answers={200: CandidatesShown},
    roles=_PROVIDERS,
    refuses=_UNKNOWN,
)
def list_candidates(
    upload: str, query: CandidatesQuery, caller: Caller, asked: Asked
) -> CandidatesShown:
    """Organisations of a like name that the visible characters of a row's codes do not contradict.

    Natural persons are never offered.
    """
    find_own(upload, caller)
    given = read_given(upload, query.range, query.row)
    if given is None:
        return CandidatesShown(candidates=())
    profiles = read_profiles(_search(given.name, lawful_day(asked.at)))
    weighed = [
        Candidate(code=code, name=known.name, clues=weigh(given, code, known.names))
        for code, known in profiles.items()
    ]
    return CandidatesShown(candidates=tuple(each for each in weighed if each.clues))


@api.endpoint(
    "GET",
    "/v1/code-issues",
    summary="重错码报告 · Read the report on wrong and duplicate codes",
    query=CodeIssuesQuery,
    answers={200: CodeIssuesShown},
    roles={Role.CODE_AUTHORITY, Role.OPERATOR},
)
def read_code_issues(query: CodeIssuesQuery, asked: Asked) -> CodeIssuesShown:
    """Codes of one day's uploads that their authority should verify and correct (JS-5)."""
    day = query.day or lawful_day(asked.at)
    scope = f"code-issues:{day}"
    at = read_position(query.cursor, scope)
    place = Place(at["provider"], at["upload"], int(at["range"])) if at else Place()
    found, rest = list_code_issues(day, place)
    following = (
        {"provider": rest.provider, "upload": rest.upload, "range": str(rest.range)}
        if rest
        else None
    )
    return CodeIssuesShown(
        issues=tuple(
            CodeIssueShown(
                kind=each.kind,
                provider=each.provider,
                upload=each.upload,
                row=each.row,
                subject=each.subject,
                told=tell(each.problem),
            )
            for each in found
        ),
        next_cursor=write_position(following, scope),
    )


def _search(name: str, day: date) -> list[str]:
    """The codes of organisations of which a name holds `name`; none where it is too common."""
    try:
        rulebook = load_rulebook(settings().rulebook)
        return [found.subject for found in search_names(name, day, rulebook).found]
    except DomainError as error:
        if error.code.id in _UNSEARCHABLE:
            return []
        raise


def _offer(returned: Returned, asked: Asked) -> FileShown:
    return FileShown(
        url=returned.url,
        file_name=returned.file_name,
        rows=returned.rows,
        expires_at=asked.at + VALID,
        next_range=returned.following,
    )
