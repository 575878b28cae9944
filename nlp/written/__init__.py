"""Orders in writing: labels, tables and sentences of mails and faxes become fields (pure)."""
