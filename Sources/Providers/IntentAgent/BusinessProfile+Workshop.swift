internal import Insight

extension BusinessProfile {
    /// The demonstration business: a car workshop, open Monday to Friday 8–18 and Saturday 9–13.
    package static let workshop = BusinessProfile(
        name: Localized(english: "Luna Motors", spanish: "Taller Luna"),
        services: [oilChange, tyreChange, brakeCheck, inspection],
        hours: workshopHours,
        currency: Localized(english: "euros", spanish: "euros"),
        department: "front_desk")

    private static let oilChange = Service(
        id: "oil_change",
        name: Localized(english: "an oil change", spanish: "un cambio de aceite"),
        phrases: Localized(
            english: [
                "oil change", "change of oil", "oil changed", "change the oil", "new oil", "oil",
            ],
            spanish: ["cambio de aceite", "cambiar el aceite", "aceite"]),
        price: 59, durationMinutes: 30)

    private static let tyreChange = Service(
        id: "tyre_change",
        name: Localized(english: "a tyre change", spanish: "un cambio de neumáticos"),
        phrases: Localized(
            english: [
                "tyre change", "tire change", "tyres changed", "tires changed", "new tyres",
                "new tires", "winter tyres", "winter tires", "tyres", "tires", "tyre", "tire",
            ],
            spanish: [
                "cambio de neumáticos", "cambio de llantas", "cambiar los neumáticos",
                "cambiar las llantas", "neumáticos", "llantas", "ruedas",
            ]),
        price: 80, durationMinutes: 60)

    private static let brakeCheck = Service(
        id: "brake_check",
        name: Localized(english: "a brake check", spanish: "una revisión de frenos"),
        phrases: Localized(
            english: [
                "brake check", "brake inspection", "brakes checked", "check the brakes", "brakes",
                "brake",
            ],
            spanish: ["revisión de frenos", "revisar los frenos", "frenos"]),
        price: 39, durationMinutes: 30)

    private static let inspection = Service(
        id: "inspection",
        name: Localized(english: "a general inspection", spanish: "una revisión general"),
        phrases: Localized(
            english: [
                "general inspection", "inspection", "full service", "car service", "check up",
                "checkup",
            ],
            spanish: ["revisión general", "revisión", "inspección", "puesta a punto"]),
        price: 89, durationMinutes: 90)

    private static let workshopHours: WeeklyHours = {
        guard let week = WeeklyHours.Stretch(from: 8, to: 18),
            let saturday = WeeklyHours.Stretch(from: 9, to: 13)
        else { preconditionFailure("the workshop opens before it closes") }
        return WeeklyHours([
            .monday: week, .tuesday: week, .wednesday: week, .thursday: week, .friday: week,
            .saturday: saturday,
        ])
    }()
}
