extension SentimentCues {
    static let english = SentimentCues(
        entries: [
            Entry(
                .angry, negated: .nothing,
                [
                    "idiot|idiots|moron*|bastard*|liar|liars|thieves|crooks|incompetent",
                    "stupid machine|robot|bot|system|company|people|thing|service|computer|idiot*",
                    "you are ... stupid|useless", "shut up", "go to hell",
                    "fuck*|shit|bullshit|damn|goddamn", "furious|outraged|livid|enraged|pissed",
                    "going|will|gonna ... sue", "my|a lawyer|attorney", "lawsuit", "legal action",
                    "such|total|complete a? scam|ripoff", "this is ... a? scam|ripoff",
                ]),
            Entry(
                .frustrated, negated: .nothing,
                [
                    "frustrat*|annoyed|annoying|angry|upset|irritat*|infuriat*", "fed up",
                    "sick of", "sick and tired", "tired of", "had enough",
                    "ridiculous|unacceptable|terrible|awful|horrible|horrendous|appalling|pathetic",
                    "outrageous|disgraceful|disgrace|disgusting|disgusted|nightmare|useless|absurd",
                    "disappoint*", "worst", "garbage|rubbish|crap",
                    "bad|poor|terrible service|experience|attitude|customer",
                    "very|so|really|too|pretty|is|was|been bad", "is|was|are ... a? joke",
                    "waste|wasting|wasted ... time",
                    "make|file|want|like|need|have ... complaint|complain",
                ]),
            Entry(
                .frustrated, negated: .itself,
                [
                    "not ... working|work|works|worked", "not acceptable|fair|listening|enough",
                    "not good enough",
                    "you do|are not ... understand|understanding|listen|listening|help|helping|hear",
                    "still not|no|waiting|broken", "still have|has not",
                    "never works|worked|works|answer*|call*",
                    "nobody|noone ... answer*|help*|call*|care*|respond*|listen*|pick*|know*",
                    "no one ... answer*|help*|call*|care*|respond*|listen*|picks|knows",
                    "how many times", "told|said|asked|called|explained|repeated|tried ... times",
                    "for the second|third|fourth|fifth|2nd|3rd|4th|5th|umpteenth time",
                    "again and again", "over and over",
                    "keep|keeps ... asking|saying|repeating|getting|hanging|telling|making|sending|transferring",
                    "been waiting", "waiting for ... hours|weeks|days|ages|minutes|hour",
                    "been|kept|keep ... on hold", "thank|thanks you? for nothing",
                    "can not ... take|stand|believe ... anymore|this|longer", "no use|point",
                ]),
            Entry(
                .confused, negated: .itself,
                [
                    "i|we ... not ... understand|follow|understood", "i do not get",
                    "what do|does|did you|that|it|this mean", "not sure what you|that|this|to",
                    "makes|make no sense", "not ... make sense", "no idea what|how|why|where",
                    "not clear", "do not know what|how to|you|that",
                ]),
            Entry(
                .confused, negated: .nothing,
                [
                    "confus*", "lost me", "am|got ... lost", "unclear|puzzled|baffled",
                ]),
            Entry(
                .positive, negated: .complaint,
                [
                    "happy|satisfied|pleased|impressed|helpful", "good service|job|work",
                    "worth it",
                ]),
            Entry(
                .positive, negated: .nothing,
                [
                    "great|excellent|perfect|perfectly|wonderful|amazing|awesome|fantastic|brilliant",
                    "lovely|superb|terrific|delighted|thrilled|glad", "well done",
                    "thank you so|very", "thanks a|so|very lot|much|million",
                    "really|much|so appreciate*|appreciated", "appreciate it|that|your|this|you",
                    "very|really|so|most|been kind|nice|good", "the best",
                    "love it|this|that|your|the", "works|working|worked great|well|fine|perfectly",
                ]),
            Entry(
                .positive, negated: .itself,
                ["not bad at all", "not ... be happier|better", "no|not complaints|complain"]),
        ],
        negators: ["not", "no", "never", "nothing", "without", "neither", "nor", "hardly"],
        barriers: ["am", "is", "are", "was", "were", "i"],
        turns: ["but", "although", "though", "however", "now"])
}
