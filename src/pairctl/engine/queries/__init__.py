"""Answers from what is on record: explanations, approvals, evidence. Nobody but Git is asked."""
