"""What leaves as a file or on paper: CSV, PassagePoint import, PDF."""
