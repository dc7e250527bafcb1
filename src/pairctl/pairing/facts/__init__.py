"""What is known of one pairing, as frozen data: intent, observation, claims, evidence."""
