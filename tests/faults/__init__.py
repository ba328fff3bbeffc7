"""Real processes, killed, poisoned, raced and starved: what was acknowledged stands, and nothing is doubled."""
