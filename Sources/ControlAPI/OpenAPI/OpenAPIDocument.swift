internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Records

/// The description of this API by OpenAPI 3.1, made from the routes that there are.
struct OpenAPIDocument: Sendable {
    let value: JSONTree

    /// Describes `routes`; one that the table does not know is described by its path alone.
    init(of routes: [ControlRouter.Route]) {
        let described = Dictionary(
            APIOperation.table.map { (ControlRouter.Route(method: $0.method, path: $0.path), $0) }
        ) { first, _ in first }
        var paths: [String: JSONTree] = [:]
        for (path, routes) in Dictionary(grouping: routes, by: \.path) {
            var item: [String: JSONTree] = [:]
            let names = Self.names(in: path)
            if !names.isEmpty { item["parameters"] = .list(names.map(Self.pathParameter)) }
            for route in routes {
                item[route.method.rawValue.lowercased()] = Self.operation(
                    described[route]
                        ?? APIOperation(route.method, path, "more", "Not described yet."))
            }
            paths[Self.template(of: path)] = .object(item)
        }
        value = [
            "openapi": "3.1.0",
            "info": [
                "title": "MediaBridge", "version": "0.1.0",
                "description": "Steers calls, and finds everything about them afterwards.",
            ],
            "servers": [["url": "/"]],
            "security": [["key": []], ["bearer": []]],
            "paths": .object(paths),
            "components": [
                "schemas": OpenAPISchemas.value,
                "securitySchemes": [
                    "key": ["type": "apiKey", "in": "header", "name": "X-API-Key"],
                    "bearer": ["type": "http", "scheme": "bearer"],
                ],
            ],
        ]
    }

    func add(to router: ControlRouter) {
        let value = value
        router.route("/openapi.json", .get) { _, _ in try .json(value) }
    }

    private static func names(in path: String) -> [String] {
        path.split(separator: "/").filter { $0.hasPrefix(":") }.map { String($0.dropFirst()) }
    }

    private static func template(of path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }
            .joined(separator: "/")
    }

    private static func pathParameter(_ name: String) -> JSONTree {
        [
            "name": .text(name), "in": "path", "required": true,
            "schema": ["type": "string", "minLength": 1, "maxLength": 128],
        ]
    }

    private static func operation(_ operation: APIOperation) -> JSONTree {
        let rule = AccessRule(operation.method, path: operation.path)
        var object: [String: JSONTree] = [
            "summary": .text(operation.summary), "tags": [.text(operation.tag)],
            "responses": responses(of: operation, rule),
        ]
        switch rule {
        case .open, .signed: object["security"] = []
        case .role(let role): object["x-role"] = .text(role.rawValue)
        }
        if !operation.query.isEmpty {
            object["parameters"] = .list(
                operation.query.map { parameter in
                    [
                        "name": .text(parameter.name), "in": "query",
                        "description": .text(parameter.detail), "schema": parameter.schema,
                    ]
                })
        }
        if let body = operation.body {
            object["requestBody"] = [
                "required": .bool(needsMembers(body)),
                "content": content("application/json", schema: body),
            ]
        }
        return .object(object)
    }

    /// No body is an object without members.
    private static func needsMembers(_ schema: String) -> Bool {
        guard case .object(let schemas) = OpenAPISchemas.value,
            case .object(let members) = schemas[schema]
        else { return true }
        return members["required"] != nil || members["anyOf"] != nil
    }

    private static func responses(of operation: APIOperation, _ rule: AccessRule) -> JSONTree {
        var statuses = operation.problems
        if !operation.query.isEmpty || operation.method != .get { statuses.append(400) }
        if operation.method != .get { statuses.append(413) }
        if operation.body != nil { statuses.append(422) }
        if case .role = rule { statuses += [401, 403, 429, 503] }
        var responses: [String: JSONTree] = [:]
        for status in statuses {
            responses[String(status)] = [
                "description": .text(HTTPResponse.Status(code: status).reasonPhrase),
                "content": content("application/problem+json", schema: "Problem"),
            ]
        }
        if operation.path == "/readyz" {
            responses["503"] = [
                "description": "Not ready.",
                "content": content("application/json", schema: "Readiness"),
            ]
        }
        var success: [String: JSONTree] = ["description": .text(operation.summary)]
        if operation.path == "/metrics" {
            success["content"] = ["text/plain": ["schema": ["type": "string"]]]
        } else if let answer = operation.answer {
            success["content"] = content("application/json", schema: answer)
        }
        responses[String(operation.status)] = .object(success)
        return .object(responses)
    }

    private static func content(_ type: String, schema: String) -> JSONTree {
        let reference = "#/components/schemas/\(schema)"
        return [type: ["schema": ["$ref": .text(reference)]]]
    }
}
