"""What a query may be refused for because of how many there were."""

from typing import Final

from chalicelib.runtime.errors import Code, Kind

QUERIES_STOPPED: Final = Code(
    id="E-VOLUME-01",
    kind=Kind.FORBIDDEN,
    zh="查询量异常，查询已停止（停止编号 {stop}，{source}）",
    en="queries are stopped, because there were anomalously many (stop {stop}, {source})",
    mend_zh="请向社会信用综合管理部门说明情况并提供停止编号，由其核实后解除；本人查询不受影响。",
    mend_en="Explain them to the supervisor, who may lift the stop; name its number. Queries of one's"
    " own archive go on.",
)
STOP_UNKNOWN: Final = Code(
    id="E-VOLUME-02",
    kind=Kind.UNKNOWN,
    zh="没有这一停止查询的记录",
    en="there is no such stop of queries",
    mend_zh="请从该单位的停止查询列表中取得停止编号。",
    mend_en="Take its number from the list of the organisation's stops.",
)
LIFTED_BEFORE: Final = Code(
    id="E-VOLUME-03",
    kind=Kind.CONFLICT,
    zh="该停止已以另一理由解除",
    en="the stop was lifted before, for another reason",
    mend_zh="解除后不能更改；请查阅停止查询列表。",
    mend_en="A lifting stays as it was made; see the list of stops.",
)
