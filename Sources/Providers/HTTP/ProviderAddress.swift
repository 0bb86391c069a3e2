/// The addresses of a provider's HTTP API below a base, as people write bases down.
enum ProviderAddress {
    /// The URL of a path such as `chat/completions` below the version, whichever way the base was
    /// written; `version` is put in where it names none.
    static func url(_ path: String, below base: String, version: String = "v1") -> String {
        var base = base[...]
        func dropSlashes() { while base.last == "/" { base.removeLast() } }
        dropSlashes()
        if base.hasSuffix("/" + path) {
            base.removeLast(path.count + 1)
            dropSlashes()
        }
        let afterScheme = base.split(separator: "/").dropFirst(base.contains("://") ? 2 : 1)
        let hasVersion = afterScheme.contains { part in
            part.first == "v" && part.dropFirst().first?.isNumber == true
        }
        return base + (hasVersion ? "/" : "/\(version)/") + path
    }
}
