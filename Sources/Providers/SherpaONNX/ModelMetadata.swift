internal import Foundation
internal import Pipeline

/// The names and values that stand in an ONNX file beside its network (ONNX's `onnx.proto`,
/// `ModelProto.metadata_props`).
///
/// sherpa-onnx ends the whole program when it misses one, so they are looked at before it does.
struct ModelMetadata: Equatable, Sendable {
    private let values: [String: String]

    init(_ values: [String: String]) { self.values = values }

    subscript(_ name: String) -> String? { values[name] }

    /// - Throws: `EngineError.unavailable` when the file cannot be read or is no whole ONNX model.
    init(ofFile path: String) throws(EngineError) {
        let file: Data
        do {
            // Mapped: a model has hundreds of megabytes, of which little is looked at.
            file = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
        } catch {
            throw .unavailable("the model \(path) cannot be read")
        }
        guard let values = Self.values(file) else {
            throw .unavailable("\(path) is no ONNX model, or only a part of one: fetch it again")
        }
        self.values = values
    }

    /// `nil` when the octets are no protocol buffer or have no graph.
    private static func values(_ file: Data) -> [String: String]? {
        var values: [String: String] = [:]
        var hasGraph = false
        var reader = ProtocolBufferReader(file)
        while !reader.isAtEnd {
            guard let field = reader.next() else { return nil }
            switch field {
            case (7, .some): hasGraph = true
            case (14, .some(let entry)):
                guard let (name, value) = pair(entry) else { return nil }
                values[name] = value
            default: break  // every other field of a protocol buffer may be passed over
            }
        }
        return hasGraph ? values : nil
    }

    private static func pair(_ entry: Data) -> (String, String)? {
        var texts = (name: "", value: "")
        var reader = ProtocolBufferReader(entry)
        while !reader.isAtEnd {
            guard let field = reader.next() else { return nil }
            if case (1, .some(let octets)) = field {
                texts.name = String(decoding: octets, as: UTF8.self)
            }
            if case (2, .some(let octets)) = field {
                texts.value = String(decoding: octets, as: UTF8.self)
            }
        }
        return texts
    }
}

/// Walks over one message's fields without copying them.
private struct ProtocolBufferReader {
    private let octets: Data
    private var position: Data.Index

    init(_ octets: Data) {
        self.octets = octets
        position = octets.startIndex
    }

    var isAtEnd: Bool { position == octets.endIndex }

    /// The next field's number, with its octets where it has a length; `nil`: this is none.
    mutating func next() -> (number: UInt64, octets: Data?)? {
        guard let key = varint() else { return nil }
        switch key & 7 {
        case 0: return varint().map { _ in (key >> 3, nil) }
        case 1: return slice(8).map { _ in (key >> 3, nil) }
        case 2:
            guard let length = varint(), let slice = slice(length) else { return nil }
            return (key >> 3, slice)
        case 5: return slice(4).map { _ in (key >> 3, nil) }
        default: return nil
        }
    }

    private mutating func slice(_ length: UInt64) -> Data? {
        guard length <= UInt64(octets.endIndex - position) else { return nil }
        let end = position + Int(length)
        defer { position = end }
        return octets[position..<end]
    }

    private mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard position < octets.endIndex else { return nil }
            let octet = octets[position]
            position += 1
            value |= UInt64(octet & 0x7F) << shift
            if octet < 0x80 { return value }
        }
        return nil
    }
}
