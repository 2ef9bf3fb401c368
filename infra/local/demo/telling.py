"""What the terminal shows."""


def tell_step(chinese: str, english: str) -> None:
    """A new step of the story."""
    print(f"\n{chinese} · {english}", flush=True)


def tell(words: str) -> None:
    """A line beneath the step."""
    print(f"  {words}", flush=True)
