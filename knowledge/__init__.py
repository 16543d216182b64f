"""What is known: the plans, the forms, the officers' language; pure functions over plain values."""
