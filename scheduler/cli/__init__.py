"""The command line: parses, calls one operation, hands the result to a view (for people, or JSON of one object)."""
