"""Template + record + account -> content. Pure: templates come as a mapping, the moment as a parameter."""
