"""How everything looks: theme, icons, small parts, preferences. Imports no other room of gui."""
