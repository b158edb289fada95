"""How the tables came to be what they are; run when a writer opens the store."""
