"""The case store: tables, and the transactions on them."""
