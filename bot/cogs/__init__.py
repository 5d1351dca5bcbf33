"""What people can do on Discord: thin cogs, each of which turns calls into the modules' words and back."""
