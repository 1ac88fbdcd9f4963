"""What only medicine, retail or video knows."""
