"""Pages for people (门户): drawn by the server from what the API's routes answer."""
