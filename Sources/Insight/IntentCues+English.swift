extension IntentCues {
    static let english: [Entry] = [
        Entry(
            .human,
            [
                0.95: ["not ... robot|machine|computer|bot"],
                0.93: [
                    "speak|talk|connect|transfer|put|get|give|reach|want|need ... human|person|someone|somebody|representative|operator|agent|manager|mechanic|staff|receptionist|colleague|advisor|rep",
                    "real|actual|live|living ... person|human|agent|people|being",
                ],
                0.85: [
                    "transfer me", "put me through", "not a|to robot|machine|bot|computer",
                    "no robot|robots|machine|machines",
                ],
                0.8: [
                    "human", "operator", "representative", "receptionist",
                    "anyone|anybody there|else", "customer service",
                ],
                0.6: ["speak to|with", "talk to|with", "^ agent $", "person $"],
            ]),
        Entry(
            .reschedule,
            [
                0.92: ["reschedul*", "rebook*"],
                0.91: [
                    "move|change|push|postpone|shift|switch|swap|modify|alter my|the|our|that ... appointment|booking|reservation|visit|slot",
                    "change|move|push|shift it|that ... to|another|earlier|later|different",
                    "appointment|booking ... moved|changed|pushed|earlier|later",
                ],
                0.86: [
                    "postpone*", "push it back", "come another|different|on|some day|time instead",
                    "can|could|may ... change the day|time|date",
                ],
                0.55: ["another|different day|time|date"],
            ]),
        Entry(
            .cancel,
            [
                0.94: [
                    "cancel* ... appointment|booking|reservation|visit|slot",
                    "delete|remove|drop|scrap ... appointment|booking|reservation|visit",
                    "not need|want ... appointment|booking|visit|slot",
                ],
                0.87: ["cancel*", "call off", "call ... off"],
                0.8: [
                    "not make|keep it|the|my", "not be able to make|come|keep",
                    "not going to make|come",
                ],
            ]),
        Entry(
            .query,
            [
                0.96: [
                    "do|did|have i have|got|made|make ... appointment|booking|reservation|anything"
                ],
                0.92: [
                    "when|time|day|date|where is|was my ... appointment|booking|reservation|visit",
                    "did i book|reserve|schedule",
                    "status of my appointment|booking", "am i booked|scheduled|down|expected",
                    "when|time ... am|was|are i|we coming|booked|scheduled|supposed|due|meant|expected",
                    "is my ... booked|confirmed|still|scheduled",
                ],
                0.86: [
                    "check|confirm|verify|find|see|about|remember|forgot|forgotten|review my|our|the|when ... appointment|booking|reservation|visit",
                    "look up my|the|our", "remind me ... when|time|appointment|booking|day|coming",
                    "details of|for my", "tell me ... my appointment|booking",
                    "already|existing ... appointment|booking",
                ],
                0.52: ["my appointment|booking|reservation"],
            ]),
        Entry(
            .orderStatus,
            [
                0.94: ["i|we ordered"],
                0.92: [
                    "my|our|the|an order|orders",
                    "order ... number|status|ready|arrived|shipped|here|arrive|coming",
                    "is|are|has|have|was my|the|our car|vehicle|truck|van|parts|part|tyres|tires|wheels ... ready|done|finished|fixed|repaired|arrived|here|come",
                    "where is|are my ... order|car|part|parts|package|tyres|tires",
                    "status of ... car|order|repair|parts|vehicle|number",
                    "parts|part ... arrived|ordered|here|come|ready",
                ],
                0.86: [
                    "how is my|the ... car|repair|vehicle ... going|coming|doing|along",
                    "pick up|collect my|the car|order|vehicle|parts", "order # ",
                ],
                0.75: ["track*", "deliver*", "shipment|shipped|shipping", "car ... ready"],
                0.55: ["^ order"],
            ]),
        Entry(
            .prices,
            [
                0.86: [
                    "how much", "what|how do|does|would|will|is ... cost|costs|charge|run|price",
                    "price*|cost|costs|pricing|quote|fee|fees|rates", "set me back",
                ],
                0.75: [
                    "packages|package|deals|offers|discount*", "what|which services|repairs|work",
                    "list of services", "services do you",
                ],
                0.6: ["expensive|cheap|cheaper|afford|estimate|rate|charge"],
            ]),
        Entry(
            .openingHours,
            [
                0.9: [
                    "what time|times|days|hours ... open|close|shut|closing|opening|closed|start",
                    "when ... open|close|shut|closed", "are you|they|we ... open|closed|working",
                    "do you ... open|close|work ... on|at|in|today|tomorrow|weekends|late|early|saturdays|sundays",
                    "until|till when", "how late|early|long ... open|there|stay",
                    "opening|business|working|office|store|your|shop|closing hours|times|time|schedule",
                    "is the|your ... garage|shop|workshop|place ... open|closed",
                ],
                0.7: [
                    "hours", "timetable",
                    "you ... open|closed ... weekends|weekend|holidays|sunday|saturday",
                ],
                0.55: ["open|closed|close"],
            ]),
        Entry(
            .book,
            [
                0.93: [
                    "book|schedule|reserve|arrange|make|set|fix|get|need|want|like ... an|a|another|new ... appointment|slot|visit|booking|reservation",
                    "book|schedule|reserve ... me|car|vehicle|in",
                ],
                0.85: [
                    "can|could|may|might i|we ... have|get ... appointment|slot|booking",
                    "put me down", "fit|squeeze|pencil ... in",
                    "have|got|any|an|is ... opening|openings|slot|slots|availability|available|vacancy|free",
                    "see|look|take ... you|at my|the car",
                    "appointment for|on|at|next|tomorrow|today|to",
                ],
                0.75: [
                    "bring|take|drop|get|come ... in|by|over|round",
                    "bring|take|drop|leave my|the ... car|van|truck|vehicle",
                ],
                0.6: [
                    "book|schedule|reserve", "^ appointment|appointments $",
                    "an|a|new|for appointment|booking", "my car|van|truck needs",
                    "needs|need ... done|doing|replaced|replacing|changed|changing|serviced|fixed|looked|checked",
                ],
            ]),
        Entry(
            .nevermind,
            [
                0.92: [
                    "never mind", "nevermind", "forget it|that|about|the", "start over|again|from",
                    "start ... beginning|scratch", "changed my mind",
                ],
                0.85: [
                    "leave it", "scrap|drop that|it", "back to the beginning|start|menu",
                    "main menu", "do not worry",
                ],
                0.6: ["^ stop $", "^ wait"],
            ]),
        Entry(
            .repeatAnswer,
            [
                0.9: [
                    "say|said|tell ... that|it|me|again again|once", "come again",
                    "what did|was you|that say?", "what was that|the question",
                    "not hear|catch|understand|get|follow you|that|it|what", "1|once more time?",
                    "repeat*",
                ],
                0.8: [
                    "^ pardon", "^ sorry $", "^ sorry what", "^ excuse me $", "^ what $",
                    "missed that|it|what", "can not|barely hear", "louder|slower|slowly",
                    "speak up", "you said what", "what ... you say|said|saying|asking",
                ],
                0.55: ["again $"],
            ]),
        Entry(
            .help,
            [
                0.88: ["what ... can|could|may i|you ask|say|do"],
                0.86: [
                    "what can|could|do i|you say|do|ask|offer|help",
                    "what are my|the options|choices",
                    "how does|do|can this|it|i|you|we work|use|help",
                    "what ... supposed|am i to|say|do", "list|my|the options",
                ],
                0.7: [
                    "help", "assist*", "not know what|how", "i am lost|stuck|confused|new",
                    "instructions",
                ],
            ]),
        Entry(
            .farewell,
            [
                0.85: [
                    "goodbye|bye|byebye|farewell", "hang up", "see you", "talk to you later|soon",
                    "so long", "end the call",
                ],
                0.75: [
                    "have a ... day|one|evening|weekend|afternoon|night|morning",
                    "that is|was|will be? all|everything", "that is it", "nothing else|more",
                    "no more questions|thank",
                    "i am done|finished|good|all", "take care", "until then|tomorrow|next",
                    "no that is", "all i need*|wanted", "i have to|got go", "all set|done|good",
                ],
                0.65: ["good night", "cheerio|ciao", "later $"],
            ]),
        Entry(
            .no,
            [
                0.8: [
                    "not really|quite|exactly|correct|right|yet|now|that|at", "wrong|incorrect",
                    "rather not", "do not think|want|do|book", "^ no thank|thanks|thank",
                ],
                0.72: [
                    "^ no|nope|nah|not|never|negative|nay", "^ please do not",
                    "^ well|um|uh|oh|actually|i no",
                ],
                0.35: ["no"],
            ]),
        Entry(
            .yes,
            [
                0.95: ["^ book it $", "book it please"],
                0.8: [
                    "that is right|correct|fine|good|great|perfect|ok|okay", "go ahead",
                    "go for it",
                    "please do", "sounds|looks|seems good|great|fine|perfect|right", "of course",
                    "book it|that", "works for|great|fine|well", "that works|will|would", "why not",
                    "you got it", "by all means", "i confirm|agree|accept",
                ],
                0.72: [
                    "^ yes|yeah|yep|yup|yea|ya|sure|ok|okay|correct|right|exactly|absolutely|definitely|certainly|affirmative|indeed|alright|aye|totally|surely",
                    "do it|that", "^ all right",
                    "^ perfect|fine|great|wonderful|lovely|good|excellent $", "^ uh huh",
                    "^ mm hm|hmm",
                    "^ well|um|uh|oh yes|yeah|sure", "i do|would|will|think so|please $",
                    "confirm*",
                ],
                0.2: ["please $"],
            ]),
        Entry(
            .thanks,
            [
                0.62: ["thank|thanks|thankyou|cheers|appreciate*|grateful"],
                0.4: ["you are kind|great|very", "very|so kind|helpful"],
            ]),
        Entry(
            .greeting,
            [
                0.76: ["^ good morning|afternoon|evening|day"],
                0.51: ["^ hello|hi|hey|greetings|howdy|hiya|yo"],
                0.5: [
                    "hello", "how are you|things",
                    "nice to meet|talk|speak", "is this|that luna|the|a|your", "what is up",
                    "anybody there|home",
                ],
            ]),
    ]
}
