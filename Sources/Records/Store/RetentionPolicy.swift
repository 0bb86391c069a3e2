/// How long what is kept; `nil` is for ever.
package struct RetentionPolicy: Equatable, Sendable {
    /// Granular events.
    package var eventDays: Int? = 30
    /// Ended calls with their turns, tool logs, conversations and analyses.
    package var callDays: Int?
    /// Ended calls at most; for a store in memory.
    package var endedCalls: Int?
    /// Text messages through the orchestrator.
    package var messageDays: Int?
    /// Attempts to deliver, and what was delivered.
    package var deliveryDays: Int? = 7
    /// What could not be delivered.
    package var deadLetterDays: Int? = 30
    /// Who did what through the control API.
    package var auditDays: Int? = 365
    /// People whom another system told of and of whom nothing was heard or asked since.
    package var contactDays: Int?
    /// What other systems answered about numbers.
    package var contactLookupDays: Int? = 7
    /// Rows a transaction deletes at most, so that calls' events never wait for long.
    package var rowsPerBatch = 500

    package init() {}
}
