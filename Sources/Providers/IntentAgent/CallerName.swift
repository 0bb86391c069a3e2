/// How a caller is called whose number is known, from the variables of the call.
struct CallerName: Equatable {
    /// As appointments have it.
    let whole: String
    /// As they are greeted.
    let first: String

    /// `nil` for a caller whom nobody knows.
    ///
    /// - Parameter variables: of the call's agent.
    init?(_ variables: [String: String]) {
        guard let name = variables["name"]?.trimmed, !name.isEmpty else { return nil }
        whole = name
        let first = variables["first_name"]?.trimmed ?? ""
        self.first = first.isEmpty ? name : first
    }
}
