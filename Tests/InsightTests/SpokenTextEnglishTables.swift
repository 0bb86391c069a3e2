/// What is written and what is said in English.
///
/// Numerals, fractions, ordinals and times after The Chicago Manual of Style (17th edition),
/// chapter 9, and the AP Stylebook; dates as each country says them; telephone numbers digit by
/// digit as both advise for speech.
enum SpokenTextEnglishTables {
    typealias Row = (written: String, spoken: String)

    static let cardinals: [Row] = [
        ("I have 0", "I have zero"),
        ("I have 13", "I have thirteen"),
        ("I have 21", "I have twenty-one"),
        ("I have 40", "I have forty"),
        ("I have 100", "I have one hundred"),
        ("I have 105", "I have one hundred five"),
        ("I have 999", "I have nine hundred ninety-nine"),
        ("I have 1000", "I have one thousand"),
        ("I have 1,250", "I have one thousand two hundred fifty"),
        ("I have 12,345", "I have twelve thousand three hundred forty-five"),
        ("I have 100,000", "I have one hundred thousand"),
        ("I have 1,000,000", "I have one million"),
        ("I have 2,000,001", "I have two million one"),
        ("I have 1,000,000,000", "I have one billion"),
        ("I have 1,000,000,000,000", "I have one trillion"),
    ]

    static let decimalsAndShares: [Row] = [
        ("It is 3.14", "It is three point one four"),
        ("It is 0.5", "It is zero point five"),
        ("It is 1.005", "It is one point zero zero five"),
        ("It rose 15%", "It rose fifteen percent"),
        ("It rose 2.5 %.", "It rose two point five percent."),
        ("Add 1/2 cup", "Add one half cup"),
        ("Add 3/4 cup", "Add three quarters cup"),
        ("Add 2/3 cup", "Add two thirds cup"),
        ("Wait 2 1/2 hours", "Wait two and a half hours"),
        ("Wait 1 ¼ hours", "Wait one and one quarter hours"),
        ("We are open 24/7", "We are open twenty-four seven"),
        ("From 9-18", "From nine to eighteen"),
        ("Takes 10–15 minutes", "Takes ten to fifteen minutes"),
        ("It is -5", "It is minus five"),
        ("Rated 10/10", "Rated ten out of ten"),
    ]

    static let ordinals: [Row] = [
        ("The 1st", "The first"),
        ("The 2nd floor", "The second floor"),
        ("The 3rd time", "The third time"),
        ("The 5th", "The fifth"),
        ("The 8th", "The eighth"),
        ("The 9th", "The ninth"),
        ("The 12th", "The twelfth"),
        ("The 20th", "The twentieth"),
        ("The 21st", "The twenty-first"),
        ("The 100th", "The one hundredth"),
        ("The 103rd", "The one hundred third"),
    ]

    static let units: [Row] = [
        ("It is 5 km away", "It is five kilometers away"),
        ("It is 1 km away", "It is one kilometer away"),
        ("It weighs 10 lbs.", "It weighs ten pounds."),
        ("It weighs 2.5 kg", "It weighs two point five kilograms"),
        ("At 60 mph", "At sixty miles per hour"),
        ("It is 72°F", "It is seventy-two degrees Fahrenheit"),
        ("It is 20 °C", "It is twenty degrees Celsius"),
        ("Wait 10 min. more", "Wait ten minutes more"),
        ("Open 12 hrs", "Open twelve hours"),
        ("With 16 GB", "With sixteen gigabytes"),
        ("About 80 m²", "About eighty square meters"),
        ("Turn 90°", "Turn ninety degrees"),
    ]

    static let money: [Row] = [
        ("It costs $1,250.50", "It costs one thousand two hundred fifty dollars and fifty cents"),
        ("It costs $20.00.", "It costs twenty dollars."),
        ("It costs $1", "It costs one dollar"),
        ("It costs $0.01", "It costs one cent"),
        ("It costs $0.99", "It costs ninety-nine cents"),
        ("It costs $1.01", "It costs one dollar and one cent"),
        ("It costs $100 USD", "It costs one hundred dollars"),
        ("It costs US$50", "It costs fifty dollars"),
        ("It costs €5", "It costs five euros"),
        ("It costs 5 €", "It costs five euros"),
        ("It costs £2.50", "It costs two pounds and fifty pence"),
        ("It costs 500 MXN", "It costs five hundred Mexican pesos"),
        ("It cost $5 million", "It cost five million dollars"),
        ("It cost $2.5M", "It cost two point five million dollars"),
        ("It cost $3B", "It cost three billion dollars"),
        ("It took 20k", "It took twenty thousand"),
        ("It cost $10K", "It cost ten thousand dollars"),
        ("Pay $99/month", "Pay ninety-nine dollars per month"),
        ("From $10-$20", "From ten dollars to twenty dollars"),
        ("A -$5 charge", "A minus five dollars charge"),
    ]

    static let dates: [Row] = [
        ("On 2026-11-21", "On November twenty-first, twenty twenty-six"),
        ("On 11/21/2026", "On November twenty-first, twenty twenty-six"),
        ("On 21/11/2026", "On November twenty-first, twenty twenty-six"),
        ("On 1/2/03", "On January second, two thousand three"),
        ("On 12/31/1999", "On December thirty-first, nineteen ninety-nine"),
        ("on 3/5 please", "on March fifth please"),
        ("Since 9/11", "Since September eleventh"),
        ("The 1st-3rd", "The first to third"),
        ("On Nov 3", "On November third"),
        ("On Nov. 3, 2026.", "On November third, twenty twenty-six."),
        ("On May 3rd", "On May third"),
        ("On July 4, 1905", "On July fourth, nineteen oh five"),
        ("On the 3rd of May", "On the third of May"),
        ("On 3 May 2026", "On the third of May, twenty twenty-six"),
        ("In 2026", "In twenty twenty-six"),
        ("In 2000", "In two thousand"),
        ("In 1900", "In nineteen hundred"),
        ("Since May 2010", "Since May twenty ten"),
        ("In the 80s", "In the eighties"),
        ("The 1990s", "The nineteen nineties"),
        ("On Mon, Nov 3", "On Monday, November third"),
        ("Open Mon-Fri", "Open Monday to Friday"),
        ("From 2024 to 2026", "From twenty twenty-four to twenty twenty-six"),
    ]

    static let times: [Row] = [
        ("At 2:30 pm", "At two thirty p.m."),
        ("At 2:30 p.m. we open", "At two thirty p.m. we open"),
        ("At 9am", "At nine a.m."),
        ("At 9 AM.", "At nine a.m."),
        ("At 9:05 am", "At nine oh five a.m."),
        ("At 9:00", "At nine o'clock"),
        ("At 14:30", "At fourteen thirty"),
        ("At 14:00", "At fourteen hundred"),
        ("At 12:00", "At twelve o'clock"),
        ("At 0:00", "At midnight"),
        ("At 7:45:10", "At seven forty-five"),
        ("From 9am-5pm", "From nine a.m. to five p.m."),
        ("From 9:00 - 17:30", "From nine o'clock to seventeen thirty"),
    ]

    static let digitByDigit: [Row] = [
        (
            "Call 555-123-4567",
            "Call five five five, one two three, four five six seven"
        ),
        (
            "Call (555) 123-4567.",
            "Call five five five, one two three, four five six seven."
        ),
        (
            "Call +1 555 123 4567",
            "Call plus one, five five five, one two three, four five six seven"
        ),
        (
            "Call +15551234567",
            "Call plus one, five five five, one two three, four five six seven"
        ),
        ("Call 555.123.4567", "Call five five five, one two three, four five six seven"),
        ("Call 5551234567", "Call five five five, one two three, four five six seven"),
        ("Call 555-1234", "Call five five five, one two three four"),
        ("Your code is 48213", "Your code is four eight, two one three"),
        ("Order 4711", "Order four seven one one"),
        ("Order number 4711", "Order number four seven one one"),
        ("Agent 007", "Agent zero zero seven"),
        ("Order A-1234", "Order A one two three four"),
        ("Flight UA508", "Flight U A five zero eight"),
        ("A 4G phone", "A four G phone"),
        ("Oil 5W-30", "Oil five W thirty"),
        ("A 2x4", "A two by four"),
        ("Use v2.0", "Use v two point zero"),
        ("COVID-19", "COVID nineteen"),
        ("Version 1.2.3", "Version one point two point three"),
    ]

    static let addresses: [Row] = [
        ("Visit https://www.example.com", "Visit the site example dot com"),
        ("Visit www.example.com/help?x=1.", "Visit the site example dot com."),
        ("Visit example.com today", "Visit example dot com today"),
        ("Visit example.co.uk", "Visit example dot co dot U K"),
        ("Write to ann@example.com.", "Write to ann at example dot com."),
        ("ann_lee-7@example.org", "ann underscore lee dash seven at example dot org"),
        ("j.doe+cars@example.net", "j dot doe plus cars at example dot net"),
    ]

    static let abbreviations: [Row] = [
        ("Mr. Smith", "Mister Smith"),
        ("Mrs. Lee and Ms. Day", "Missus Lee and Miz Day"),
        ("Dr. Smith on Elm Dr.", "Doctor Smith on Elm Drive."),
        ("On Main St. today", "On Main Street today"),
        ("In St. Paul", "In Saint Paul"),
        ("Oil, tires, etc.", "Oil, tires, et cetera."),
        ("Parts, e.g. brakes", "Parts, for example brakes"),
        ("Parts, i.e., brakes", "Parts, that is, brakes"),
        ("Oil w/o filter", "Oil without filter"),
        ("Us vs. them", "Us versus them"),
        ("No. 5 is done", "number five is done"),
        ("I said no. Five left.", "I said no. Five left."),
        ("The FBI called", "The F B I called"),
        ("Use HTML", "Use H T M L"),
        ("The URLs", "The U R L's"),
        ("A U.S. bank in the U.K.", "A U S bank in the U K."),
        ("NASA is OK", "NASA is OK"),
        ("Your PIN, please", "Your PIN, please"),
        ("Do NOT call", "Do NOT call"),
        ("Henry VIII", "Henry the eighth"),
        ("World War II", "World War two"),
        ("Chapter IV", "Chapter four"),
    ]

    static let signs: [Row] = [
        ("Smith & Sons", "Smith and Sons"),
        ("2 + 2 = 4", "two plus two equals four"),
        ("3 * 4", "three times four"),
        ("We are #1", "We are number one"),
        ("5 > 3 < 9", "five greater than three less than nine"),
        ("Hello — he said", "Hello, he said"),
        ("Follow @garage", "Follow at garage"),
        ("It is ~20", "It is about twenty"),
    ]

    static let markup: [Row] = [
        ("**Hello** and *bye* and `now`", "Hello and bye and now"),
        ("## Services\nOil and brakes.", "Services. Oil and brakes."),
        ("We do:\n* Oil\n* Brakes", "We do: Oil. Brakes."),
        ("1) Oil\n2) Brakes", "one, Oil. two, Brakes."),
        ("See [our page](https://a.com/x).", "See our page."),
        ("Done 👍🏽 thanks! 😊", "Done thanks!"),
        ("oil\nbrakes", "oil, brakes"),
        ("One.\n\nTwo", "One. Two"),
        ("| A | B |\n|---|---|\n| one | |", "A, B. one."),
        ("```swift\nhello\n```", "hello."),
        ("Tom &amp; Ann", "Tom and Ann"),
        ("snake_case", "snake case"),
    ]

    static let groups = [
        cardinals, decimalsAndShares, ordinals, units, money, dates, times, digitByDigit,
        addresses, abbreviations, signs, markup,
    ]

    static let countries: [(country: String, written: String, spoken: String)] = [
        ("en-GB", "I have 105", "I have one hundred and five"),
        ("en-GB", "I have 1,005", "I have one thousand and five"),
        (
            "en-GB", "I have 2,150,021",
            "I have two million one hundred and fifty thousand and twenty-one"
        ),
        ("en-GB", "On 3/12/2026", "On the third of December, twenty twenty-six"),
        ("en-GB", "On Nov 3", "On the third of November"),
        ("en-GB", "In 2005", "In two thousand and five"),
        ("en-GB", "It costs £1,250", "It costs one thousand two hundred and fifty pounds"),
        ("en-US", "It costs £1", "It costs one pound"),
        ("en-MX", "It costs $20", "It costs twenty pesos"),
    ]
}
