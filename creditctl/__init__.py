"""creditctl, the client of those who report credit information (信息提供单位)."""

VERSION = "0.1.0"
