"""Pages for people (门户; SZ-20, NJ-55): drawn by the server from what the API's routes answer."""
