"""What `drumbeat init` writes: a first workspace with every line explained, or the shipped example."""
