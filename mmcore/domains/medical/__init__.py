"""What only medicine knows: what a clinical note says in numbers."""
