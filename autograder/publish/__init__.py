"""What people get, made from the class's results."""
