"""Proofs, pure: the canonical form of what is logged, and the chain through it."""
