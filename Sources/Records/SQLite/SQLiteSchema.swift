internal import GRDB

/// The tables and views of the store, brought up to date step by step.
///
/// A migration that has been released is never changed; what comes later is one more. Times are
/// text, ISO 8601 in UTC with milliseconds, so that they sort and SQLite's date functions read them;
/// lists and objects are JSON text; Booleans are 0 and 1; costs are counted in millionths.
enum SQLiteSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            for part in [calls, conversations, learning, delivery, people, views] {
                try database.execute(sql: part)
            }
        }
        migrator.registerMigration("2") { try $0.execute(sql: access) }
        migrator.registerMigration("3") { try $0.execute(sql: contactLookups) }
        return migrator
    }

    private static let calls = """
        CREATE TABLE voice_calls (
            id TEXT PRIMARY KEY NOT NULL,
            source TEXT NOT NULL,
            carrier TEXT NOT NULL,
            carrier_call_id TEXT NOT NULL,
            conversation_id TEXT NOT NULL,
            direction TEXT NOT NULL DEFAULT 'inbound' CHECK (direction IN ('inbound', 'outbound')),
            from_number TEXT,
            to_number TEXT,
            language TEXT NOT NULL,
            status TEXT NOT NULL DEFAULT 'live'
                CHECK (status IN ('live', 'ended', 'interrupted')),
            started_at TEXT NOT NULL,
            ended_at TEXT,
            end_reason TEXT,
            duration_seconds REAL NOT NULL DEFAULT 0,
            cost_micros INTEGER,
            cost REAL GENERATED ALWAYS AS (cost_micros / 1000000.0) VIRTUAL,
            currency TEXT,
            live_transcript_enabled INTEGER NOT NULL DEFAULT 0,
            turns_count INTEGER NOT NULL DEFAULT 0,
            interruptions_count INTEGER NOT NULL DEFAULT 0,
            tool_calls_count INTEGER NOT NULL DEFAULT 0,
            tool_errors_count INTEGER NOT NULL DEFAULT 0,
            errors_count INTEGER NOT NULL DEFAULT 0,
            user_sentiment TEXT
                CHECK (user_sentiment IN ('positive', 'neutral', 'negative', 'frustrated')),
            intervention_count INTEGER NOT NULL DEFAULT 0,
            recording TEXT,
            last_seq INTEGER NOT NULL DEFAULT 0,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        );
        CREATE INDEX voice_calls_carrier_call ON voice_calls (carrier_call_id);
        CREATE INDEX voice_calls_conversation ON voice_calls (conversation_id);
        CREATE INDEX voice_calls_started ON voice_calls (started_at, id);
        CREATE INDEX voice_calls_open ON voice_calls (started_at) WHERE status = 'live';

        CREATE TABLE call_events (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            call_id TEXT NOT NULL REFERENCES voice_calls (id) ON DELETE CASCADE,
            conversation_id TEXT NOT NULL,
            source TEXT NOT NULL,
            seq INTEGER NOT NULL,
            event_type TEXT NOT NULL,
            event_data TEXT NOT NULL,
            speaker TEXT CHECK (speaker IN ('ai', 'user')),
            transcript_text TEXT,
            is_final INTEGER,
            event_time TEXT NOT NULL,
            seconds_from_start REAL NOT NULL,
            created_at TEXT NOT NULL,
            UNIQUE (call_id, seq)
        );
        CREATE INDEX call_events_conversation ON call_events (conversation_id);
        CREATE INDEX call_events_type ON call_events (event_type);

        CREATE TABLE tool_logs (
            id TEXT PRIMARY KEY NOT NULL,
            call_id TEXT NOT NULL REFERENCES voice_calls (id) ON DELETE CASCADE,
            conversation_id TEXT NOT NULL,
            source TEXT NOT NULL,
            tool_name TEXT NOT NULL,
            tool_call_id TEXT NOT NULL,
            arguments TEXT NOT NULL,
            success INTEGER,
            result TEXT,
            error_message TEXT,
            started_at TEXT NOT NULL,
            duration_ms REAL,
            user_feedback TEXT CHECK (user_feedback IN ('helpful', 'not_helpful')),
            correction_applied INTEGER NOT NULL DEFAULT 0,
            created_at TEXT NOT NULL
        );
        CREATE INDEX tool_logs_call ON tool_logs (call_id, tool_call_id);
        CREATE INDEX tool_logs_conversation ON tool_logs (conversation_id);
        CREATE INDEX tool_logs_tool ON tool_logs (tool_name, started_at);
        CREATE INDEX tool_logs_started ON tool_logs (started_at);

        CREATE TABLE turns (
            call_id TEXT NOT NULL REFERENCES voice_calls (id) ON DELETE CASCADE,
            turn INTEGER NOT NULL,
            conversation_id TEXT NOT NULL,
            user_text TEXT NOT NULL,
            agent_text TEXT NOT NULL,
            heard_text TEXT NOT NULL,
            interrupted INTEGER NOT NULL,
            filler INTEGER NOT NULL,
            speculated INTEGER,
            sentiment_score REAL,
            endpointing_ms REAL,
            stt_latency_ms REAL,
            llm_latency_ms REAL,
            chunking_ms REAL,
            tts_latency_ms REAL,
            send_ms REAL,
            total_latency_ms REAL,
            bridge_ms REAL,
            first_audio_heard_ms REAL,
            completed_at TEXT NOT NULL,
            PRIMARY KEY (call_id, turn)
        ) WITHOUT ROWID;
        CREATE INDEX turns_conversation ON turns (conversation_id);
        """

    private static let conversations = """
        CREATE TABLE conversations (
            id TEXT PRIMARY KEY NOT NULL,
            user_id TEXT,
            agent_id TEXT,
            twilio_call_sid TEXT,
            transcript TEXT,
            duration REAL,
            cost REAL,
            status TEXT NOT NULL DEFAULT 'live',
            phone_number TEXT,
            direction TEXT,
            created_at TEXT NOT NULL,
            ended_at TEXT
        );
        CREATE INDEX conversations_created ON conversations (created_at, id);
        CREATE INDEX conversations_user ON conversations (user_id);
        CREATE INDEX conversations_call ON conversations (twilio_call_sid);

        CREATE TABLE conversation_analysis (
            id TEXT PRIMARY KEY NOT NULL,
            conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
            analysis_type TEXT NOT NULL,
            programmatic_results TEXT,
            ai_insights TEXT,
            confidence REAL,
            cost REAL,
            created_at TEXT NOT NULL
        );
        CREATE INDEX conversation_analysis_conversation
            ON conversation_analysis (conversation_id, created_at);

        CREATE TABLE conversation_logs (
            id TEXT PRIMARY KEY NOT NULL,
            user_id TEXT NOT NULL,
            message TEXT NOT NULL,
            intent TEXT,
            entities TEXT,
            action TEXT,
            nlu_response TEXT,
            llm_response TEXT,
            api_calls TEXT,
            processing_time_ms REAL,
            success INTEGER NOT NULL,
            timestamp TEXT NOT NULL
        );
        CREATE INDEX conversation_logs_time ON conversation_logs (timestamp);
        CREATE INDEX conversation_logs_user ON conversation_logs (user_id, timestamp);
        CREATE INDEX conversation_logs_intent ON conversation_logs (intent);
        """

    private static let learning = """
        CREATE TABLE search_term_mappings (
            id TEXT PRIMARY KEY NOT NULL,
            search_term TEXT NOT NULL,
            mapped_terms TEXT NOT NULL,
            source TEXT NOT NULL CHECK (source IN ('manual', 'auto_learned', 'ai_suggested')),
            learned_from_call_id TEXT REFERENCES voice_calls (id) ON DELETE SET NULL,
            confidence_score REAL NOT NULL DEFAULT 0.5
                CHECK (confidence_score BETWEEN 0 AND 1),
            times_used INTEGER NOT NULL DEFAULT 0,
            times_successful INTEGER NOT NULL DEFAULT 0,
            is_active INTEGER NOT NULL DEFAULT 1,
            reviewed_by TEXT,
            reviewed_at TEXT,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        );
        CREATE UNIQUE INDEX search_term_mappings_active
            ON search_term_mappings (search_term) WHERE is_active;
        CREATE INDEX search_term_mappings_created ON search_term_mappings (created_at);
        CREATE INDEX search_term_mappings_call ON search_term_mappings (learned_from_call_id);
        """

    private static let delivery = """
        CREATE TABLE webhooks (
            id TEXT PRIMARY KEY NOT NULL,
            url TEXT NOT NULL,
            events TEXT NOT NULL,
            description TEXT,
            secret TEXT,
            active INTEGER NOT NULL DEFAULT 1,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        );

        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            destination TEXT NOT NULL,
            call_id TEXT NOT NULL,
            conversation_id TEXT NOT NULL,
            event_id TEXT NOT NULL,
            event_type TEXT NOT NULL,
            event_data TEXT NOT NULL,
            event_seq INTEGER NOT NULL,
            event_time TEXT NOT NULL,
            seconds_from_start REAL NOT NULL,
            state TEXT NOT NULL DEFAULT 'pending'
                CHECK (state IN ('pending', 'delivered', 'dead')),
            attempts INTEGER NOT NULL DEFAULT 0,
            next_attempt_at TEXT NOT NULL,
            last_error TEXT,
            created_at TEXT NOT NULL,
            settled_at TEXT,
            UNIQUE (destination, event_id)
        );
        CREATE INDEX outbox_order ON outbox (destination, call_id, id) WHERE state = 'pending';
        CREATE INDEX outbox_event ON outbox (event_id);
        CREATE INDEX outbox_settled ON outbox (state, settled_at, id);

        CREATE TABLE webhook_deliveries (
            id TEXT PRIMARY KEY NOT NULL,
            webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
            outbox_id INTEGER,
            event_type TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            succeeded INTEGER NOT NULL,
            status_code INTEGER,
            error_message TEXT,
            duration_ms REAL,
            attempted_at TEXT NOT NULL
        );
        CREATE INDEX webhook_deliveries_webhook ON webhook_deliveries (webhook_id, attempted_at);
        CREATE INDEX webhook_deliveries_time ON webhook_deliveries (attempted_at);
        """

    private static let people = """
        CREATE TABLE contacts (
            id TEXT PRIMARY KEY NOT NULL,
            phone_number TEXT UNIQUE,
            name TEXT,
            email TEXT,
            language TEXT,
            external_ids TEXT NOT NULL DEFAULT '{}',
            attributes TEXT NOT NULL DEFAULT '{}',
            fetched_at TEXT,
            created_at TEXT NOT NULL,
            updated_at TEXT NOT NULL
        );

        CREATE TABLE memories (
            id TEXT PRIMARY KEY NOT NULL,
            contact_id TEXT NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
            call_id TEXT REFERENCES voice_calls (id) ON DELETE SET NULL,
            kind TEXT NOT NULL,
            content TEXT NOT NULL,
            created_at TEXT NOT NULL,
            expires_at TEXT
        );
        CREATE INDEX memories_contact ON memories (contact_id, created_at);
        CREATE INDEX memories_call ON memories (call_id);

        CREATE TABLE prompts (
            id TEXT PRIMARY KEY NOT NULL,
            name TEXT NOT NULL,
            version INTEGER NOT NULL,
            language TEXT,
            body TEXT NOT NULL,
            is_active INTEGER NOT NULL DEFAULT 0,
            created_at TEXT NOT NULL,
            UNIQUE (name, version)
        );
        CREATE UNIQUE INDEX prompts_active ON prompts (name) WHERE is_active;
        """

    private static let views = """
        CREATE VIEW vapi_call_events AS
            SELECT event.id, call.carrier_call_id AS vapi_call_id, event.conversation_id,
                event.event_type, event.event_data, event.speaker, event.transcript_text,
                event.is_final, event.event_time, event.seconds_from_start, event.created_at
            FROM call_events AS event JOIN voice_calls AS call ON call.id = event.call_id
            WHERE event.source = 'vapi';

        CREATE VIEW vapi_tool_logs AS
            SELECT log.id, call.carrier_call_id AS vapi_call_id, log.conversation_id,
                log.tool_name, log.tool_call_id, log.arguments, log.success, log.result,
                log.error_message, log.started_at, log.duration_ms, log.user_feedback,
                log.correction_applied, log.created_at
            FROM tool_logs AS log JOIN voice_calls AS call ON call.id = log.call_id
            WHERE log.source = 'vapi';

        CREATE VIEW real_time_events AS
            SELECT event.id, event.conversation_id, event.event_type,
                event.event_data AS data, event.event_time AS timestamp,
                NOT EXISTS (
                    SELECT 1 FROM outbox
                    WHERE outbox.event_id = event.id AND outbox.state <> 'delivered'
                ) AS delivered
            FROM call_events AS event;

        CREATE VIEW conversation_stats AS
            SELECT day,
                SUM(conversation) AS total_conversations,
                SUM(completed) AS completed_conversations,
                SUM(interrupted) AS interrupted_conversations,
                AVG(duration) AS avg_duration_seconds,
                SUM(cost) AS total_cost,
                SUM(message) AS total_messages,
                SUM(success) AS successful_messages,
                AVG(processing_time_ms) AS avg_processing_time_ms,
                COUNT(DISTINCT user_id) AS unique_users
            FROM (
                SELECT date(created_at) AS day, 1 AS conversation,
                    status = 'ended' AS completed, status = 'interrupted' AS interrupted,
                    duration, cost, 0 AS message, 0 AS success, NULL AS processing_time_ms,
                    COALESCE(user_id, phone_number) AS user_id
                FROM conversations
                UNION ALL
                SELECT date(timestamp), 0, 0, 0, NULL, NULL, 1, success, processing_time_ms, user_id
                FROM conversation_logs
            )
            GROUP BY day;

        CREATE VIEW error_stats AS
            SELECT day, source, error_message, COUNT(*) AS occurrences, MAX(time) AS last_seen
            FROM (
                SELECT date(event_time) AS day, event_data ->> '$.stage' AS source,
                    event_data ->> '$.error_message' AS error_message, event_time AS time
                FROM call_events WHERE event_type = 'error'
                UNION ALL
                SELECT date(started_at), 'tool:' || tool_name, error_message, started_at
                FROM tool_logs WHERE success = 0
                UNION ALL
                SELECT date(timestamp), 'message', COALESCE(intent, 'unknown intent'), timestamp
                FROM conversation_logs WHERE NOT success
            )
            GROUP BY day, source, error_message;

        CREATE VIEW intent_stats AS
            SELECT COALESCE(intent, 'unknown') AS intent, COUNT(*) AS total,
                SUM(success) AS successful, AVG(success) AS success_rate,
                AVG(processing_time_ms) AS avg_processing_time_ms,
                COUNT(DISTINCT user_id) AS unique_users, MAX(timestamp) AS last_seen
            FROM conversation_logs
            GROUP BY COALESCE(intent, 'unknown');

        CREATE VIEW user_stats AS
            SELECT user_id, SUM(conversation) AS total_conversations,
                SUM(message) AS total_messages, SUM(success) AS successful_messages,
                SUM(duration) AS total_duration_seconds, SUM(cost) AS total_cost,
                MIN(time) AS first_seen, MAX(time) AS last_seen
            FROM (
                SELECT COALESCE(user_id, phone_number) AS user_id, 1 AS conversation, 0 AS message,
                    0 AS success, duration, cost, created_at AS time
                FROM conversations
                UNION ALL
                SELECT user_id, 0, 1, success, NULL, NULL, timestamp FROM conversation_logs
            )
            WHERE user_id IS NOT NULL
            GROUP BY user_id;
        """
}
