"""How an outbox of one version becomes one of the next; only `drumbeat upgrade` loads what is in here."""
