"""What people look at: a day, the changes, what went out. Views are pure; rich is imported where they are drawn."""
