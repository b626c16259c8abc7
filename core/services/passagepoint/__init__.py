"""PassagePoint: its client, and what its answers mean. Knows neither LibCal nor Alma."""
