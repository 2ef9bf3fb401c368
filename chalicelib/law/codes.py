"""What the law chapter may refuse, and why."""

from chalicelib.runtime.errors import Code, Kind

CALENDAR_NOT_PUBLISHED = Code(
    id="E-LAW-01",
    kind=Kind.UNAVAILABLE,
    zh="{year} 年的法定工作日历尚未公布或未载入，不能推算工作日（现有 {first} 至 {last} 年）",
    en="the statutory calendar of {year} is not published or not loaded, so working days cannot be"
    " counted (loaded: {first} to {last})",
    mend_zh="国务院公布放假安排后，由运行单位载入（chalicelib/law/calendars）后再试。",
    mend_en="Once the State Council's holiday notice is published, whoever runs the system loads it"
    " (chalicelib/law/calendars); then try again.",
)
