"""What a decision rests on, as data: what a plan binds, and an approval names."""
