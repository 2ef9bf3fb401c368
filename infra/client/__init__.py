"""The providers' client as one file."""
