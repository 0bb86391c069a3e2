import Insight

/// The services of a car workshop, as a business profile would give them.
enum Workshop {
    static func services(_ language: SpokenLanguage) -> [ServiceTerms] {
        switch language {
        case .english:
            [
                ServiceTerms(id: "oil", phrases: ["oil change", "change of oil", "oil"]),
                ServiceTerms(
                    id: "tyres", phrases: ["tyre change", "tire change", "tyres", "tires"]),
                ServiceTerms(id: "brakes", phrases: ["brake check", "brake inspection", "brakes"]),
                ServiceTerms(id: "inspection", phrases: ["general inspection", "inspection"]),
            ]
        case .spanish:
            [
                ServiceTerms(id: "oil", phrases: ["cambio de aceite", "cambiar el aceite"]),
                ServiceTerms(
                    id: "tyres",
                    phrases: ["cambio de neumáticos", "cambio de llantas", "llantas", "ruedas"]),
                ServiceTerms(
                    id: "brakes", phrases: ["revisión de frenos", "revisar los frenos", "frenos"]),
                ServiceTerms(id: "inspection", phrases: ["revisión general", "revisión"]),
            ]
        }
    }
}
