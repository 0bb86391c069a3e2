import Testing

@testable import ControlAPI

/// The examples follow prometheus.io/docs/instrumenting/exposition_formats (text format details).
@Test func prometheusText() {
    var histogram = HistogramValue(bounds: [0.05, 0.1, 1])
    for value in [0.05, 0.07, 0.5, 0.75, 4] { histogram.record(value) }
    let text = PrometheusText.render([
        Metric(
            "http_requests_total", help: "The total number of HTTP requests.",
            .counter([
                .init(1_027, [.init("method", "post"), .init("code", "200")]),
                .init(3, [.init("method", "post"), .init("code", "400")]),
            ])),
        Metric(
            "msdos_file_access_time_seconds", help: #"A \ back"# + "\nslash \"quoted\"",
            .gauge([
                .init(1.458, [.init("path", #"C:\DIR\FILE.TXT"#), .init("error", "No:\n\"FILE\"")])
            ])),
        Metric(
            "http_request_duration_seconds", help: "A histogram.",
            .histogram([.init(histogram), .init(histogram, [.init("stage", "stt")])])),
        Metric("nothing", help: "", .gauge([])),
    ])
    #expect(
        text == #"""
            # HELP http_requests_total The total number of HTTP requests.
            # TYPE http_requests_total counter
            http_requests_total{method="post",code="200"} 1027
            http_requests_total{method="post",code="400"} 3
            # HELP msdos_file_access_time_seconds A \\ back\nslash "quoted"
            # TYPE msdos_file_access_time_seconds gauge
            msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="No:\n\"FILE\""} 1.458
            # HELP http_request_duration_seconds A histogram.
            # TYPE http_request_duration_seconds histogram
            http_request_duration_seconds_bucket{le="0.05"} 1
            http_request_duration_seconds_bucket{le="0.1"} 2
            http_request_duration_seconds_bucket{le="1"} 4
            http_request_duration_seconds_bucket{le="+Inf"} 5
            http_request_duration_seconds_sum 5.37
            http_request_duration_seconds_count 5
            http_request_duration_seconds_bucket{stage="stt",le="0.05"} 1
            http_request_duration_seconds_bucket{stage="stt",le="0.1"} 2
            http_request_duration_seconds_bucket{stage="stt",le="1"} 4
            http_request_duration_seconds_bucket{stage="stt",le="+Inf"} 5
            http_request_duration_seconds_sum{stage="stt"} 5.37
            http_request_duration_seconds_count{stage="stt"} 5
            # HELP nothing \#("")
            # TYPE nothing gauge

            """#)
}

@Test(arguments: [
    (Double.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"), (0, "0"), (-2, "-2"),
    (0.1, "0.1"), (1e300, "1e+300"), (1.5e-9, "1.5e-09"),
])
func prometheusNumbers(value: Double, text: String) {
    let metric = Metric("x", help: "h", .gauge([.init(value)]))
    #expect(PrometheusText.render([metric]) == "# HELP x h\n# TYPE x gauge\nx \(text)\n")
}

/// A carriage return and line feed are one character in Swift, and still two to Prometheus.
@Test func lineFeedsNeverReachALabel() {
    let metric = Metric("x", help: "a\r\nb", .gauge([.init(1, [.init("l", "a\r\nb")])]))
    #expect(
        PrometheusText.render([metric])
            == "# HELP x a\r\\nb\n# TYPE x gauge\nx{l=\"a\r\\nb\"} 1\n")
}

@Test func histogramsKeepEveryValue() {
    var histogram = HistogramValue(bounds: [1, 2])
    for value in [-.infinity, 0, 1, 1.5, 2, 2.5, .nan, .infinity] { histogram.record(value) }
    #expect(histogram.counts == [3, 2, 2])
    #expect(histogram.count == 7)
}
