"""The pages of people: coming in, settling what has to be settled, and one's own page."""
