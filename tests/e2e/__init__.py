"""The main job against the deployed system, as its users and its operators meet it."""
