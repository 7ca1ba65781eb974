"""What `drumbeat init` writes: a first workspace with every line explained, or the shipped example."""

from scheduler.workspace.starter.example import example_files
from scheduler.workspace.starter.slugs import slug
from scheduler.workspace.starter.starter import StarterAccount, starter_files
from scheduler.workspace.starter.writing import Written, write_files

__all__ = ["StarterAccount", "Written", "example_files", "slug", "starter_files", "write_files"]
