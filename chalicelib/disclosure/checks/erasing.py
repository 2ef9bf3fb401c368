"""Erasing a person from batch checks (删除个人信息).

Answers are sealed under the persons' keys, so that destroying the key erases them. What is not is
removed here: results as they were made, which can be made again, and rows that wait for an answer.
"""

from chalicelib.disclosure.checks import objects
from chalicelib.disclosure.checks.codes import PERSON_ERASED
from chalicelib.disclosure.checks.values import Asked, tell
from chalicelib.subjects.identifiers import Paper


def forget_person(paper: Paper) -> None:
    """Remove every result, and blank the paper in rows that wait; again changes nothing."""
    objects.forget_files()
    for check, part in objects.list_waiting():
        rows = objects.read_rows(check, part) or []
        blanked = [_blank(row, paper) for row in rows]
        if blanked != rows:
            objects.replace_rows(check, part, blanked)


def _blank(row: Asked, paper: Paper) -> Asked:
    if (row.paper_kind, row.paper_number) != (paper.kind, paper.number):
        return row
    return Asked(row=row.row, problem=tell(PERSON_ERASED))
