"""Word's files (.docx): what Word shows with all tracked changes accepted."""
