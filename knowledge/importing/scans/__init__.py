"""Pages of which there are only pictures: looked at twice by tesseract, put down as lines with their places."""
