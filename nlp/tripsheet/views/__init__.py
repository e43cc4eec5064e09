"""What people and programs see of an analysis: terminal, HTML, text and JSON Schema."""
