"""Where the world comes in: each door checks and bounds what it is given before anything else sees it."""
