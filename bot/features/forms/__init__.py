"""Forms that an admin makes: described by a workbook, looked over, put in force from a period on, withdrawn."""
