"""Trusted oracles that the hidden checks compare with, one module per assignment."""
