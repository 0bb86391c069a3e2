/// Why a file is not the safetensors file that was asked for, told by what it holds.
package enum SafetensorsError: Error, Equatable, Sendable {
    case truncated(needed: Int, available: Int)
    /// The header's length field is beyond what any speech network needs.
    case headerTooLong(octetCount: UInt64)
    /// The header is not the JSON object that the format asks for.
    case malformedHeader
    case missingTensor(String)
    /// Only 32-bit floats are taken.
    case elementType(tensor: String, String)
    case shape(tensor: String, expected: [Int], found: [Int])
    /// Offsets outside the data, in the wrong order, or not as long as the shape says.
    case extent(tensor: String)
}
