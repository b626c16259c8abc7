"""LibCal: its client, and what its answers mean. Knows neither Alma nor PassagePoint."""
