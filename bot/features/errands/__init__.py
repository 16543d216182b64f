"""The slow work of all features: done aside, forgotten with whoever waits for it."""
