"""One file a schema, in order; what has been released is never changed."""
