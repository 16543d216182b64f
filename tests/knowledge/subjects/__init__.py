"""Tests of knowledge.subjects."""
