"""The rules, one file a platform: limits and features with their sources and dates, counting and entities by name."""
