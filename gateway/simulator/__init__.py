"""The world outside, on this machine: a carrier, a mailbox, phones."""
