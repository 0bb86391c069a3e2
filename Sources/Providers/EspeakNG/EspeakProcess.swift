internal import Codecs
internal import Pipeline
internal import Subprocess

/// One request on its way through the pool.
struct EspeakJob: Sendable {
    let id: Int
    let octets: [UInt8]
    let language: Language
    let format: AudioFormat
    let blocks: AsyncThrowingStream<SpeechBlock, any Error>.Continuation
}

/// One espeak-ng process: it waits for a text on its standard input, speaks it and exits.
///
/// It reads until the end of its input, so it goes by itself when this program dies. All its other
/// descriptors are closed before it starts.
struct EspeakProcess: Sendable {
    enum Outcome {
        /// It was let go before it had a text.
        case unused
        case spoke
        /// `wasHeard`: some audio had gone out before.
        case failed(EngineError, wasHeard: Bool)
    }

    let program: String
    let voice: EspeakSynthesizer.Voice

    /// Runs the process until it has spoken the first of `jobs`; cancelling the task kills it.
    ///
    /// - Parameters:
    ///   - jobs: ends without an element when the process is not needed.
    ///   - started: takes the process identifier.
    /// - Returns: how it went, once the process is gone.
    func serve(
        _ jobs: AsyncStream<EspeakJob>, started: @escaping @Sendable (Int32) -> Void
    ) async -> Outcome {
        var options = PlatformOptions()
        // A Ctrl-C in the terminal is for the gateway, which still has calls to finish.
        options.processGroupID = 0
        let speed = min(max(voice.wordsPerMinute, 80), 450)
        // -b 1: UTF-8. No text ever stands among the arguments.
        let arguments: Arguments = [
            "--stdin", "--stdout", "-b", "1", "-v", voice.name, "-s", String(speed),
        ]
        var wasHeard = false
        do {
            let result = try await run(
                .name(program),
                arguments: arguments,
                // The gateway's environment holds secrets.
                environment: .custom(["PATH": "/usr/local/bin:/usr/bin:/bin"]),
                platformOptions: options,
                input: .inputWriter, output: .sequence, error: .discarded
            ) { execution in
                started(execution.processIdentifier.value)
                var iterator = jobs.makeAsyncIterator()
                let job = await iterator.next()
                if let job {
                    // When it has died already, its exit status says why.
                    _ = try? await execution.standardInputWriter.write(job.octets)
                }
                try? await execution.standardInputWriter.finish()
                guard let job else { return false }
                var audio = try EspeakAudio(format: job.format)
                for try await buffer in execution.standardOutput {
                    for block in try audio.take(buffer.bytes) {
                        wasHeard = true
                        job.blocks.yield(SpeechBlock(octets: block))
                    }
                }
                if let block = audio.finish() { job.blocks.yield(SpeechBlock(octets: block)) }
                return true
            }
            guard result.closureResult else { return .unused }
            switch result.terminationStatus {
            case .exited(0): return .spoke
            case .exited(1) where !wasHeard:
                return .failed(
                    .unavailable("espeak-ng has no voice called \(voice.name)"), wasHeard: false)
            case let status:
                return .failed(.failed("espeak-ng: \(status)"), wasHeard: wasHeard)
            }
        } catch let error as EngineError {
            return .failed(error, wasHeard: wasHeard)
        } catch let error as SubprocessError where error.code == .executableNotFound {
            return .failed(.unavailable("install the Debian package espeak-ng"), wasHeard: false)
        } catch {
            return .failed(.failed("espeak-ng: \(error)"), wasHeard: wasHeard)
        }
    }
}
