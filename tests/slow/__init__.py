"""What only shows with real brokers, processes and signals."""
