"""The demo's files are what they claim to be, by the system's own rules."""
