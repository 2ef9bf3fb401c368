"""Search (检索): organisations by a fragment of their name, over a view that can be made anew."""
