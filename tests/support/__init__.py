"""Real parts for slow tests and benchmarks: a broker, a certificate authority."""
