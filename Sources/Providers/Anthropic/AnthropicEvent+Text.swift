internal import Codecs

extension AnthropicEvent {
    /// Reads a piece of text, which nearly every event is, in one pass and without a tree.
    ///
    /// `nil` for every other event, and for what is no event.
    init?(textDelta data: String) {
        guard let (index, text) = try? Self.textDelta(data.utf8.span) else { return nil }
        self = .blockDelta(index: index, .text(text))
    }

    private static func textDelta(
        _ data: Span<UInt8>
    ) throws(JSONError) -> (index: Int, text: String)? {
        var scanner = JSONScanner()
        var isDelta = false
        var (index, text): (Int?, String?)
        try scanner.beginObject(in: data)
        while let key = try scanner.nextKey(in: data) {
            if key.equals("type", in: data) {
                let type = try scanner.stringIfPresent(in: data)
                guard type?.equals("content_block_delta", in: data) == true else { return nil }
                isDelta = true
            } else if key.equals("index", in: data) {
                index = try scanner.integer(in: data).as(Int.self)
            } else if key.equals("delta", in: data) {
                text = try Self.text(&scanner, data)
            } else {
                try scanner.skipValue(in: data)
            }
        }
        try scanner.end(in: data)
        guard isDelta, let index, let text else { return nil }
        return (index, text)
    }

    /// Of a delta, if it is one of text.
    private static func text(
        _ scanner: inout JSONScanner, _ data: Span<UInt8>
    ) throws(JSONError) -> String? {
        guard try scanner.beginObjectIfPresent(in: data) else { return nil }
        var isText = false
        var text: String?
        while let key = try scanner.nextKey(in: data) {
            if key.equals("type", in: data) {
                isText =
                    try scanner.stringIfPresent(in: data)?.equals("text_delta", in: data) == true
            } else if key.equals("text", in: data) {
                text = try scanner.stringIfPresent(in: data)?.decoded(in: data)
            } else {
                try scanner.skipValue(in: data)
            }
        }
        return isText ? text : nil
    }
}
