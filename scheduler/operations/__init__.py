"""What a person asks for, one verb a file. Each takes what it needs and returns what a view can show."""
