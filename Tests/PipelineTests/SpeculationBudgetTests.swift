import Pipeline
import Testing

@Suite struct SpeculationBudgetTests {
    /// One character per turn of the caller: what comes of its question, `w` wasted or `u` used;
    /// below, `?` where one may be asked.
    @Test(arguments: [
        // Five are too few to judge by; the sixth is.
        ("wwwwwwwwwwwww", "??????.....?."),
        ("uuuwwwuuuwwwu", "?????????????"),  // half is not more than half
        ("uuuwwwwuuuuuu", "???????.....?"),
        // The probe was right: nothing of before counts any more.
        ("wwwwwwuuuuuuwwwww", "??????.....??????"),
        ("wwwwwwuuuuuwwwwwwwww", "??????.....?.....?.."),
    ])
    func offAfterWaste(outcomes: String, expected: String) {
        var budget = SpeculationBudget(wasteLimit: 0.5)
        var actual = ""
        for outcome in outcomes {
            let isOpen = budget.isOpen
            actual += isOpen ? "?" : "."
            budget.turnEnded()
            if isOpen { budget.add(wasted: outcome == "w") }
        }
        #expect(actual == expected)
    }

    /// Only the last twenty count: after a hundred good ones, eleven bad ones are too many.
    @Test func oldOnesAreForgotten() {
        var budget = SpeculationBudget(wasteLimit: 0.5)
        for _ in 0..<100 { budget.add(wasted: false) }
        for _ in 0..<10 { budget.add(wasted: true) }
        #expect(budget.isOpen)
        budget.add(wasted: true)
        #expect(!budget.isOpen)
    }

    @Test(arguments: [(Float(1), true), (0, false)])
    func theLimitDecides(wasteLimit: Float, isOpen: Bool) {
        var budget = SpeculationBudget(wasteLimit: wasteLimit)
        for index in 0..<20 { budget.add(wasted: index > 10) }
        #expect(budget.isOpen == isOpen)
    }
}
