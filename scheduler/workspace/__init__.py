"""From the files of a workspace to the model: YAML, CSV and templates read, and whatever is wrong with them said."""
