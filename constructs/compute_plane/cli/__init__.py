"""`compute-plane`: what an operator asks of the repository besides synthesis and deployment."""
