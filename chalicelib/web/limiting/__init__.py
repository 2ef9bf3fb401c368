"""Rate limits: how often one caller may ask for one kind of thing, counted before it is answered."""
