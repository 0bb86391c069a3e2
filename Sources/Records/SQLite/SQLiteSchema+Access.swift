extension SQLiteSchema {
    /// Migration 2: who may use the control API, and what they did.
    static let access = """
        CREATE TABLE api_keys (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'admin')),
            digest BLOB NOT NULL UNIQUE,
            created_at TEXT NOT NULL,
            revoked_at TEXT
        );

        CREATE TABLE audit_log (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            time TEXT NOT NULL,
            actor TEXT NOT NULL,
            role TEXT NOT NULL,
            action TEXT NOT NULL,
            target TEXT,
            status INTEGER NOT NULL,
            request_id TEXT NOT NULL
        );
        CREATE INDEX audit_log_time ON audit_log (time, id);
        CREATE INDEX audit_log_target ON audit_log (target);
        """
}
