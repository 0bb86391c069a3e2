internal import Foundation
internal import Pipeline
internal import Providers
internal import Records

/// Answers `lookup_customer` from the sources that know callers; hands other tools on.
struct CustomerTools: ToolRunner {
    let directory: ContactDirectory
    let others: any ToolRunner

    func run(_ call: ToolCall, callID: String) async -> ToolResult {
        guard call.name == ToolDefinition.lookUpCustomer.name else {
            return await others.run(call, callID: callID)
        }
        guard let id = Self.customerID(call.arguments) else {
            return ToolResult(
                callID: call.id, succeeded: false,
                content: "lookup_customer takes a customer_id: ask the caller for it.")
        }
        do throws(ContactSourceError) {
            let customer = try await directory.customer(id)
            return ToolResult(callID: call.id, succeeded: true, content: Self.json(customer))
        } catch {
            return ToolResult(
                callID: call.id, succeeded: false,
                content: "Customer data cannot be reached now.")
        }
    }

    /// Models also write numbers as numbers.
    private static func customerID(_ arguments: String) -> String? {
        let object = try? JSONSerialization.jsonObject(with: Data(arguments.utf8))
        let id: String? =
            switch (object as? [String: Any])?["customer_id"] {
            case let text as String: text
            case let number as Int: "\(number)"
            default: nil  // whatever else a model writes
            }
        let trimmed = id?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
        return trimmed.isEmpty ? nil : trimmed
    }

    private static func json(_ customer: KnownCaller?) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let answer = Answer(
            found: customer != nil, name: customer?.facts.name, customerID: customer?.contactID,
            fields: customer?.facts.fields)
        guard let data = try? encoder.encode(answer) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    private struct Answer: Encodable {
        let found: Bool
        let name: String?
        let customerID: String?
        let fields: [String: String]?

        private enum CodingKeys: String, CodingKey {
            case found, name, fields
            case customerID = "customer_id"
        }
    }
}
