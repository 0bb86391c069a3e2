// What bench/hearing/turns.py asks of the gateway's turn-taking:
//   HearingTurns PLAN    runs the calls of a plan (JSON, see Plan.swift), prints a line a run and call
import Foundation
import Pipeline

guard CommandLine.arguments.count == 2 else {
    print("usage: HearingTurns PLAN")
    exit(2)
}
let plan = try JSONDecoder().decode(
    Plan.self, from: Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1])))
let ear = try Ear(plan)
let encoder = JSONEncoder()
for call in plan.calls {
    let frames = try ear.frames(of: call.audio)
    for run in plan.runs {
        var script = try ScriptedCall(call, run: run, hearing: ear.settings)
        script.run(frames)
        print(String(decoding: try encoder.encode(script.outcome), as: UTF8.self))
    }
}
