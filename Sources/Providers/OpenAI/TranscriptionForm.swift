internal import Codecs
internal import Foundation
internal import Pipeline

/// One utterance as the form that transcription servers take (multipart/form-data, RFC 7578).
struct TranscriptionForm: Sendable {
    /// What recognisers of this kind were trained on.
    private static let rate = SampleRate.hz16000
    private static let boundary = "mediabridge-utterance-5f1c9a"
    private static let longestAnswer = 1 << 20

    let audio: [UInt8]
    let format: AudioFormat
    let model: String
    let language: Language

    /// - Returns: the text, without the spaces around it.
    func post(
        to baseURL: String, key: String?, over http: ProviderHTTP
    ) async throws(ProviderFailure) -> String {
        var headers = [
            (name: "Content-Type", value: "multipart/form-data; boundary=" + Self.boundary)
        ]
        if let key { headers.append((name: "Authorization", value: "Bearer " + key)) }
        let request = ProviderHTTPRequest(
            url: ProviderAddress.url("audio/transcriptions", below: baseURL), headers: headers,
            body: body)
        let status: Int
        let octets: [UInt8]
        let retryAfter: Duration?
        do {
            let answer = try await http.send(request)
            status = answer.status
            retryAfter = answer.retryAfter
            octets = try await answer.body.collect(upTo: Self.longestAnswer)
        } catch {
            throw ProviderFailure(http: error)
        }
        guard status == 200 else { throw ProviderFailure(status: status, retryAfter: retryAfter) }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(octets)) else {
            throw .garbage
        }
        return answer.text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private struct Answer: Decodable { let text: String }

    private var body: [UInt8] {
        var body: [UInt8] = []
        let fields = [
            ("model", model), ("language", language.rawValue), ("response_format", "json"),
        ]
        for (name, value) in fields {
            body += Array("--\(Self.boundary)\r\n".utf8)
            body += Array("Content-Disposition: form-data; name=\"\(name)\"\r\n\r\n".utf8)
            body += Array("\(value)\r\n".utf8)
        }
        body += Array(
            """
            --\(Self.boundary)\r
            Content-Disposition: form-data; name="file"; filename="utterance.wav"\r
            Content-Type: audio/wav\r
            \r

            """.utf8)
        body += wave
        body += Array("\r\n--\(Self.boundary)--\r\n".utf8)
        return body
    }

    /// The utterance as a WAV file of 16-bit samples, at 16 kHz where that can be had.
    private var wave: [UInt8] {
        let samples = linear
        let inputRate = format.rate.rawValue
        guard inputRate != Self.rate.rawValue,
            var resampler = try? Resampler(from: inputRate, to: Self.rate, quality: .telephone)
        else { return WAVFile(samples: samples, sampleRate: inputRate).serialize() }
        let room = samples.count * Self.rate.rawValue / inputRate + 64
        let resampled = [Int16](capacity: room) { output in
            resampler.process(samples.span, into: &output)
        }
        return WAVFile(samples: resampled, sampleRate: Self.rate.rawValue).serialize()
    }

    private var linear: [Int16] {
        switch format.encoding {
        case .muLaw:
            var samples = [Int16](repeating: 0, count: audio.count)
            var span = samples.mutableSpan
            MuLaw.decode(audio.span, into: &span)
            return samples
        case .aLaw:
            var samples = [Int16](repeating: 0, count: audio.count)
            var span = samples.mutableSpan
            ALaw.decode(audio.span, into: &span)
            return samples
        case .linear16, .opus:
            return stride(from: 0, to: audio.count - 1, by: 2).map {
                Int16(bitPattern: UInt16(audio[$0 + 1]) << 8 | UInt16(audio[$0]))
            }
        }
    }
}
