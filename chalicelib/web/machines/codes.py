"""The codes of registered clients."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

KEY_UNUSABLE: Final = Code(
    id="E-CLIENT-01",
    kind=Kind.INVALID,
    zh="公钥“{kid}”不可用，或与另一公钥同名",
    en="the public key “{kid}” cannot be used, or another one has its name",
    mend_zh="请提供 RSA（2048 位以上，RS256）或 P-256（ES256）的公钥，每个公钥的 kid 不同；私钥不得发送。",
    mend_en="Give public keys of RSA (2048 bits or more, RS256) or P-256 (ES256), each with a kid of its own; never send a private key.",
)
ORGANISATION_WRONG: Final = Code(
    id="E-CLIENT-02",
    kind=Kind.INVALID,
    zh="客户端所属单位的统一社会信用代码有误",
    en="the unified social credit code of the client's organisation is wrong",
    mend_zh="请对照登记证书重新填写。",
    mend_en="Copy it again from the organisation's certificate.",
)
