"""The development sign-in's page: whoever comes chooses a persona (authorisation code with PKCE)."""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass
from html import escape
from threading import Lock
from urllib.parse import urlencode

from infra.local.issuer import CLIENT, PERSONAS, ROLES, SECONDS, Issuer

_CODE_SECONDS = 60
_ROLES = {
    "provider": "信息提供单位 · reports data",
    "code_authority": "赋码部门 · code authority",
    "operator": "公共信用信息工作机构 · operator",
    "supervisor": "社会信用综合管理部门 · supervisor",
    "agency": "政府部门 · government agency",
    "subject": "自然人 · a person",
    "representative": "企业代表 · an enterprise's representative",
    "third_party": "第三方机构（银行） · a bank",
    "judicial": "司法机关 · court",
}
_PAGE = """<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>开发环境登录 · Development sign-in</title><style>
body{{font:1rem/1.7 system-ui,"Noto Sans CJK SC",sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#1d2733}}
li{{margin:.5rem 0}}ul{{list-style:none;padding:0}}
a{{display:block;border:1px solid #5b6b7c;border-radius:.25rem;padding:.6rem 1rem;color:#0b5394}}
small{{color:#4a5766;display:block}}</style></head>
<body><main><h1>开发环境登录 Development sign-in</h1>
<p>选择一个虚构身份。此页面只存在于本机演示环境。<br>Choose an invented persona. This page is part of the local stack only.</p>
<ul>{personas}</ul></main></body></html>
"""


class RefusedError(Exception):
    """What was asked is not what the flow allows; the message is an OAuth error code."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What a code stands for."""

    persona: str
    back: str
    challenge: str
    nonce: str
    until: float


class Desk:
    """Gives codes for an issuer's personas, and tokens for codes, once each."""

    def __init__(self, name: str, issuer: Issuer) -> None:
        self._issuer = issuer
        self._back = f"{issuer.url.partition('/issuer/')[0]}/"
        self._personas = {
            persona: told for persona, told in PERSONAS.items() if told["role"] in ROLES[name]
        }
        self._codes: dict[str, _Given] = {}
        self._lock = Lock()

    def greet(self, asked: dict[str, str]) -> str:
        """The page on which a persona is chosen. Raises `RefusedError`."""
        self._check(asked)
        addresses = {
            persona: f"authorize?{urlencode({**asked, 'persona': persona})}"
            for persona in self._personas
        }
        return _PAGE.format(
            personas="".join(
                f'<li><a href="{escape(address)}">{escape(PERSONAS[persona]["name"])}'
                f"<small>{escape(_ROLES[persona])}</small></a></li>"
                for persona, address in addresses.items()
            )
        )

    def send_back(self, asked: dict[str, str]) -> str:
        """Where the browser goes once a persona is chosen. Raises `RefusedError`."""
        self._check(asked)
        if asked["persona"] not in self._personas:
            raise RefusedError("access_denied")
        code = secrets.token_urlsafe(24)
        given = _Given(
            persona=asked["persona"],
            back=asked["redirect_uri"],
            challenge=asked["code_challenge"],
            nonce=asked.get("nonce", ""),
            until=time.monotonic() + _CODE_SECONDS,
        )
        with self._lock:
            self._codes[code] = given
        return f"{given.back}?{urlencode({'code': code, 'state': asked.get('state', '')})}"

    def redeem(self, asked: dict[str, str]) -> dict[str, str | int]:
        """The tokens for a code, which is good once. Raises `RefusedError`."""
        with self._lock:
            given = self._codes.pop(asked.get("code", ""), None)
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        shown = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            given is None
            or given.until < time.monotonic()
            or not secrets.compare_digest(shown, given.challenge)
            or asked.get("redirect_uri") != given.back
            or asked.get("client_id") != CLIENT
        ):
            raise RefusedError("invalid_grant")
        return {
            "access_token": self._issuer.token(given.persona),
            "id_token": self._issuer.token(given.persona, aud=CLIENT, nonce=given.nonce),
            "token_type": "Bearer",
            "expires_in": SECONDS,
        }

    def _check(self, asked: dict[str, str]) -> None:
        fits = (
            asked.get("response_type") == "code"
            and asked.get("client_id") == CLIENT
            and asked.get("redirect_uri", "").startswith(self._back)
            and asked.get("code_challenge_method") == "S256"
            and asked.get("code_challenge")
        )
        if not fits:
            raise RefusedError("invalid_request")
