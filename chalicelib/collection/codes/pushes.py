"""What providers are told of records pushed through the API."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

PUSH_KEY_REUSED: Final = Code(
    id="E-PUSH-01",
    kind=Kind.INVALID,
    zh="该幂等键已用于另一内容的推送。",
    en="This idempotency key was used for other content.",
    mend_zh="每次推送使用新的幂等键；仅在重试同一请求时沿用。",
    mend_en="Use a new key for each push, and the same one only to repeat a request.",
)
PUSH_KEY_EXPIRED: Final = Code(
    id="E-PUSH-02",
    kind=Kind.CONFLICT,
    zh="以该幂等键登记的推送未能按时完成，已作废，没有数据入库。",
    en="The push under this idempotency key was not received in time and is void; nothing was added.",
    mend_zh="请使用新的幂等键重新推送。",
    mend_en="Push again under a new key.",
)
PUSH_BLANK: Final = Code(
    id="E-PUSH-03",
    kind=Kind.INVALID,
    zh="该记录没有任何内容。",
    en="The record holds nothing.",
    mend_zh="请删除空记录，或填写其内容。",
    mend_en="Leave it out, or fill it in.",
)
