"""Adapters to the providers that carry texts and mail; they know neither the dialogue nor the database."""
