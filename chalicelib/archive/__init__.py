"""The archive (信用档案): everything ever said about a subject, and what it adds up to."""
