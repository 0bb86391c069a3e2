/// Sums as the records count them.
enum Money {
    /// - Parameter sum: of any currency.
    /// - Returns: millionths of it; `nil` for what is no price.
    static func micros(_ sum: Double?) -> Int64? {
        guard let sum, sum >= 0, sum < 1e9 else { return nil }
        return Int64((sum * 1e6).rounded())
    }
}
