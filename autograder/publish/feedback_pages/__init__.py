"""What a student gets back: a page that opens from disk, with points, checks and comments."""
