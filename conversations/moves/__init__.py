"""The moves of the dialogue: what a conversation can do with what it is told, one matter a file."""
