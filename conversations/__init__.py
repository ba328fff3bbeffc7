"""The dialogue, pure: text, values and time go in; state and effects come out."""
