/// Where the tasks of a call's engines run; task-local around everything done for a call.
///
/// Child tasks run where their parent does. Tasks that are nobody's children do not: whoever makes
/// one for a call gives it this executor, or it wakes up on another thread each time.
package enum CallTasks {
    /// `nil`: anywhere.
    @TaskLocal package static var executor: (any TaskExecutor)?
}
