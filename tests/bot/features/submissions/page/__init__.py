"""Tests of the page over the chat."""
