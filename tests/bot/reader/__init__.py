"""The second reader, part by part and against a stand-in endpoint."""
