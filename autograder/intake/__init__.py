"""From files that strangers handed in to submissions."""
