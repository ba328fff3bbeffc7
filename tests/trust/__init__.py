"""What the product withstands, each test named by its row of the threat table."""
