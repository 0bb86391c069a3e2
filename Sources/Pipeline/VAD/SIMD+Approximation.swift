/// Functions that the compiler has no vector code for; all arithmetic, no table, no branch.
extension SIMD where Scalar == Float, MaskStorage.Scalar == Int32 {
    /// `self + factor * other`, fused where the build says that the processor can.
    ///
    /// Without that instruction `addingProduct` would call the C library once per lane.
    @inline(__always)
    func adding(_ factor: Self, times other: Self) -> Self {
        #if FUSED_MULTIPLY_ADD || arch(arm64)
            addingProduct(factor, other)
        #else
            self + factor * other
        #endif
    }

    /// The square root of values from 0 to 1e30, within 3e-7 of the value.
    ///
    /// The start value halves the exponent (6 bits right); each Newton step doubles the bits.
    @inline(__always)
    func approximateSquareRoot() -> Self {
        // 0 would meet an infinite reciprocal; 1e-30 has a root that is as good as 0.
        let value = self + 1e-30
        let half = value * 0.5
        // A lane of the mask's storage has the 32 bits of one float: same size, any bits valid.
        let bits = unsafe unsafeBitCast(value, to: MaskStorage.self)
        let estimate = MaskStorage(repeating: 0x5F37_59DF) &- (bits &>> 1)
        var reciprocal = unsafe unsafeBitCast(estimate, to: Self.self)
        for _ in 0..<3 { reciprocal *= 1.5 - half * reciprocal * reciprocal }
        return value * reciprocal
    }

    /// 1 / (1 + e^−x) within 1e-6.
    @inline(__always)
    func sigmoid() -> Self {
        let one = Self(repeating: 1)
        return one / (one + (Self.zero - self).exponential())
    }

    /// The hyperbolic tangent within 1e-6.
    @inline(__always)
    func hyperbolicTangent() -> Self {
        let doubled = (self + self).sigmoid()
        return doubled + doubled - 1
    }

    /// e^x with x held within ±79, within 3e-6 of the value where |x| is at most 20.
    ///
    /// 2^(n + f) with n whole: n goes to the exponent's bits, 2^f is a Taylor polynomial on ±½.
    @inline(__always)
    func exponential() -> Self {
        var exponent = self * 1.442_695_04
        exponent = exponent.replaced(by: 115, whereNegative: 115 - exponent)
        exponent = exponent.replaced(by: -115, whereNegative: exponent + 115)
        // Adding 1.5 × 2^23 rounds to a whole number, which then stands in the lowest bits.
        let rounding = Self(repeating: 12_582_912)
        let shifted = exponent + rounding
        let fraction = exponent - (shifted - rounding)
        var power = Self(repeating: 0.000_154_353)
        power = Self(repeating: 0.001_333_355_8).adding(power, times: fraction)
        power = Self(repeating: 0.009_618_129).adding(power, times: fraction)
        power = Self(repeating: 0.055_504_11).adding(power, times: fraction)
        power = Self(repeating: 0.240_226_51).adding(power, times: fraction)
        power = Self(repeating: 0.693_147_18).adding(power, times: fraction)
        power = Self(repeating: 1).adding(power, times: fraction)
        // The same 32 bits per lane; the lowest nine of `shifted` are n, moved to the exponent.
        let whole = unsafe unsafeBitCast(shifted, to: MaskStorage.self) &<< 23
        let bits = unsafe unsafeBitCast(power, to: MaskStorage.self) &+ whole
        return unsafe unsafeBitCast(bits, to: Self.self)
    }

    @inline(__always)
    func rectified() -> Self { replaced(by: 0, whereNegative: self) }

    /// Takes `value` in the lanes where `sign` is negative; comparisons would go lane by lane.
    @inline(__always)
    private func replaced(by value: Float, whereNegative sign: Self) -> Self {
        // Three views of the same 32 bits per lane; the sign is spread over all of them.
        let mask = unsafe unsafeBitCast(sign, to: MaskStorage.self) &>> 31
        let own = unsafe unsafeBitCast(self, to: MaskStorage.self)
        let other = unsafe unsafeBitCast(Self(repeating: value), to: MaskStorage.self)
        return unsafe unsafeBitCast(own & ~mask | other & mask, to: Self.self)
    }
}
