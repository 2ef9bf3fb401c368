"""Machines (系统对接): clients that the operator registers, their assertions, and their tokens."""
