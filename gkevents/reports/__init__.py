"""What is said about scores, apart from how it looks: `answers` is the contract's JSON."""
