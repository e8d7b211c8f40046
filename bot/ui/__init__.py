"""What several cogs show: anime, pages, options."""
