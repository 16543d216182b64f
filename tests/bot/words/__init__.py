"""Tests of wording that features share."""
