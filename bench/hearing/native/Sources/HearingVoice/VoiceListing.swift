import Pipeline

/// What each detector says of recordings: alone, in one batch with all the others, and by energy.
struct VoiceListing {
    /// Recordings that share a batch.
    static let fileCount = 64
    private static let frameCount = 160

    let weights: SileroWeights

    /// Three lines for each file, of a probability per 32 ms window or, the last, per 20 ms frame.
    func lines(for files: [[Int16]]) -> [String] {
        let batched = batchedProbabilities(of: files)
        return files.indices.flatMap { index in
            [
                line("single", singleProbabilities(of: files[index])),
                line("batched", batched[index]), line("energy", energies(of: files[index])),
            ]
        }
    }

    private func line(_ name: String, _ values: [Float]) -> String {
        ([name] + values.map { String($0) }).joined(separator: " ")
    }

    private func singleProbabilities(of pcm: [Int16]) -> [Float] {
        var stream = SileroStream()
        var probabilities: [Float] = []
        for start in stride(from: 0, to: pcm.count, by: Self.frameCount) {
            stream.hear(pcm.span.extracting(start..<start + Self.frameCount))
            guard stream.isDue else { continue }
            weights.run(&stream)
            probabilities.append(stream.probability)
        }
        return probabilities
    }

    /// A file that ends earlier leaves the batch, as calls do.
    private func batchedProbabilities(of files: [[Int16]]) -> [[Float]] {
        var batch = SileroBatch(weights: weights)
        var streams = [SileroStream](repeating: SileroStream(), count: files.count)
        var probabilities = [[Float]](repeating: [], count: files.count)
        let longest = files.map(\.count).max() ?? 0
        for start in stride(from: 0, to: longest, by: Self.frameCount) {
            let end = start + Self.frameCount
            for index in files.indices where end <= files[index].count {
                let pcm = files[index]
                streams[index].hear(pcm.span.extracting(start..<end))
            }
            let due = streams.indices.filter { streams[$0].isDue }
            var span = streams.mutableSpan
            batch.run(&span, due: due.span)
            for index in due { probabilities[index].append(streams[index].probability) }
        }
        return probabilities
    }

    private func energies(of pcm: [Int16]) -> [Float] {
        var detector = EnergyDetector()
        return stride(from: 0, to: pcm.count, by: Self.frameCount).map { start in
            detector.speechProbability(in: pcm.span.extracting(start..<start + Self.frameCount))
        }
    }
}
