internal import ArgumentParser
internal import ControlAPI
internal import Foundation
internal import Records

/// `mediabridge key`: who may use the control API.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Makes, lists and revokes keys of the control API.",
        discussion: """
            Keys stand in the gateway's database, which may be running; only their digests do. \
            A key is shown as `Authorization: Bearer KEY` or `X-API-Key: KEY`.
            """,
        subcommands: [Create.self, List.self, Revoke.self])

    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a key and prints it, once.")

        @Option(help: "viewer reads, operator steers calls, admin does everything.")
        var role: String

        @Option(help: "Says whose it is.")
        var name: String

        @OptionGroup var place: KeyStorePlace

        func validate() throws {
            guard AccessRole(rawValue: role) != nil else {
                throw ValidationError("--role takes viewer, operator or admin.")
            }
            guard (1...100).contains(name.utf8.count) else {
                throw ValidationError("--name takes 1 to 100 characters.")
            }
        }

        func run() async throws {
            guard let role = AccessRole(rawValue: role) else { return }
            let secret = APIKeySecret(name: name, role: role)
            try await place.withStore { store in
                _ = try await store.add(secret.key, at: Date())
            }
            print(secret.text)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists keys, without secrets.")

        @OptionGroup var place: KeyStorePlace

        func run() async throws {
            try await place.withStore { store in
                for key in try await store.apiKeys() {
                    let state = key.revoked == nil ? "in force" : "revoked"
                    let made = key.created.formatted(.iso8601)
                    print("\(key.id)  \(key.role.rawValue)  \(state)  \(made)  \(key.name)")
                }
            }
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a key out of use, within two seconds.")

        @Argument(help: "The key's id, as `list` shows it.")
        var id: String

        @OptionGroup var place: KeyStorePlace

        func run() async throws {
            try await place.withStore { store in
                guard try await store.revokeAPIKey(id, at: Date()) != nil else {
                    throw ValidationError("no key has this id; `mediabridge key list` shows them")
                }
            }
        }
    }
}

/// Where keys stand: the database of the gateway's configuration.
struct KeyStorePlace: ParsableArguments {
    @Option(help: "A configuration file instead of mediabridge.yaml.")
    var config: String?

    func withStore(_ body: (SQLiteStore) async throws -> Void) async throws {
        let configuration = try await GatewayConfiguration.load(file: config)
        guard !configuration.keepsRecordsInMemory else {
            throw ValidationError(
                "keys need a database: set MEDIABRIDGE_DATABASE to the gateway's, or give the "
                    + "gateway one key as MEDIABRIDGE_ADMIN_KEY")
        }
        var settings = configuration.storeConfiguration
        settings.isShared = true
        let store = try SQLiteStore(settings)
        try await body(store)
        try await store.close()
    }
}
