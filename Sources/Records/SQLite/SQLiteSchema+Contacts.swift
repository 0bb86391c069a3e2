extension SQLiteSchema {
    /// Migration 3: where contacts come from, and what other systems answered about numbers.
    static let contactLookups = """
        ALTER TABLE contacts ADD COLUMN source TEXT;

        CREATE TABLE contact_lookups (
            phone_number TEXT NOT NULL,
            source TEXT NOT NULL,
            facts TEXT,
            fetched_at TEXT NOT NULL,
            PRIMARY KEY (phone_number, source)
        );
        CREATE INDEX contact_lookups_fetched ON contact_lookups (fetched_at);
        """
}
