"""What several features do: campaigns, reports, drafts, duties, reminders, conversations. No update is seen here."""
