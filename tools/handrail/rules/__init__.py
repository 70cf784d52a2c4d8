"""What is allowed and what it comes to: pure functions over the model."""
