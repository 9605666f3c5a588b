"""A pack for each school and one for the programme: what it says, and the three that write it."""
