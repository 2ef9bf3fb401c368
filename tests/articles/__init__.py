"""The duties of REQUIREMENTS §2 to §5, each a test whose docstring names the articles.

Together they are the readable list of what the regulations demand; every cell and edge is tested in
the rooms' own tests. `docs/articles.md` is made from these docstrings among others.
"""
