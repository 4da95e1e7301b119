"""What each role may do: the policy documents a reviewer reads, and the roles made from them."""
