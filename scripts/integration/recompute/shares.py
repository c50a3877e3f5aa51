"""Shares with their intervals."""
import math

Z = 1.959963984540054  # standard errors that a 95 % interval reaches either way


def wilson(k, n):
    """The share k/n, n > 0, with its 95 % score interval (Wilson 1927)."""
    p = k / n
    middle, half = (p + Z * Z / (2 * n)) / (1 + Z * Z / n), Z / (1 + Z * Z / n) * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
    return {"value": p, "low": 0.0 if k == 0 else middle - half, "high": 1.0 if k == n else middle + half}
