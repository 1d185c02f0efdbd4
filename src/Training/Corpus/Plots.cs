namespace TaalasSim.Training.Corpus;

/// <summary>The stories' sentences. A story is one opening, which names the hero, and then the sentences of one plot in order.</summary>
internal static class Plots
{
    /// <summary>First sentences; each fits before every plot.</summary>
    public static readonly string[] Openings =
    [
        "Once upon a time, there was a {character} {kind} named {hero}.",
        "Once upon a time, there was a {kind} named {hero} who lived [near the {place}|in a small house|in a little town|by the "
            + "sea|on a farm].",
        "Once upon a time, a {character} {kind} named {hero} [went to|lived near|played in] the {place}.",
        "One day, a {kind} named {hero} [went to|walked to|ran to|was in] the {place}.",
        "One [sunny|warm|cold|bright|quiet] [day|morning|afternoon], {hero} [went to|walked to|was in] the {place} with {his} {parent}.",
        "{hero} was a {character} {kind} who [lived near the {place}|loved to play in the {place}|liked to sing|liked to help people].",
        "In a [small|white|little|warm] house near the {place}, there lived a {character} {kind} named {hero}.",
        "It was a [sunny|warm|bright|cool] [day|morning|afternoon], and {hero} [was in the {place}|wanted to play|was very happy].",
        "The little {kind} was named {hero}, and {he} lived near the {place}.",
    ];

    /// <summary>The bodies of the stories, one array of sentences each.</summary>
    public static readonly string[][] Bodies =
    [
        [ // A toy is lost, and an animal finds it.
            "{He} had a~ {colour} {toy} that {he} [loved very much|took everywhere|liked to play with].",
            "But [then|one morning|after lunch] the {toy} was gone, and {hero} [was|felt] very sad.",
            "{He} looked {spot} and {spot2}, but the {toy} was not there.",
            "Then a~ {size} {animal} came to {hero} with the {colour} {toy}.",
            "\"Thank you, {animal}!\" said {hero}, and {he} hugged the {toy}.",
            "[From that day on, {hero} and the {animal} were friends.|{hero} took {his} {toy} home and smiled.|After that, {he} "
                + "never lost the {toy} again.]",
        ],
        [ // A toy is shared.
            "{He} had a new {colour} {toy}, and {he} [played with it all day|was very proud of it].",
            "{His} friend {friend} asked, \"Can I play with your {toy}?\"",
            "[\"No, it is mine!\" said {hero}, and {friend} was sad.|But {hero} did not want to share, so {friend} sat down and cried.]",
            "{hero} saw {his} friend and felt sorry, so {he} said, \"Come, {friend}, we can share the {toy}.\"",
            "[{friend} smiled, and they played together until dinner.|{friend} was happy, and the two friends played with the "
                + "{colour} {toy}.]",
            "[{hero} learned that it is good to share.|{hero} learned that sharing is fun.|]",
        ],
        [ // An animal is stuck.
            "{He} heard a [soft|small|strange|sad] sound {spot}.",
            "It was a~ {size} {animal} that was stuck in a [hole|bush|net].",
            "\"Do not be afraid, I will help you,\" said {hero}.",
            "{He} [pulled and pulled|pulled very hard|called {his} friend {friend}, and they pulled together], and at last the "
                + "{animal} was free.",
            "The {animal} [jumped up and down|was so happy that it danced|looked at {hero} and smiled].",
            "[From that day on, the {animal} came to see {hero} every day.|{hero} and the {animal} played together in the {place}.|]",
        ],
        [ // An animal has lost its mother.
            "[Near the pond|Under a tree|On the way home], {he} saw a baby {animal} that was [all alone|crying|very sad].",
            "\"Why are you sad, little {animal}?\" asked {hero}.",
            "\"I cannot find my mother,\" said the {animal}.",
            "{hero} and the baby {animal} looked {spot} and {spot2}.",
            "At last they found the mother, who was [looking for her baby too|sleeping under a tree].",
            "[The baby {animal} was happy, and {hero} went home with a smile.|\"Thank you, {hero},\" said the mother, and they "
                + "all had a picnic.]",
        ],
        [ // A skill is learned.
            "{He} wanted to learn how to {skill}.",
            "{He} tried and tried, but [it was too hard|{he} could not do it|it did not work].",
            "[{hero} was sad and wanted to stop.|{hero} sat down and cried.|\"I cannot do it,\" said {hero}.]",
            "\"Do not give up, I will help you,\" said {his} {parent}.",
            "{hero} tried again [every day|the next day|and again], and at last {he} could {skill}.",
            "{His} {parent} clapped, and {hero} was very proud.",
        ],
        [ // Food is made for someone.
            "{He} wanted to make a~ {food} for {his} {parent}.",
            "{His} friend {friend} came to help, and they [mixed everything in a big bowl|washed their hands and began to "
                + "work|worked in the kitchen all morning].",
            "Soon the {food} was ready, and it smelled [very good|sweet|wonderful].",
            "[\"This is a surprise for you!\" said {hero}.|\"We made this {food} for you,\" said {friend}.]",
            "{His} {parent} [ate the {food} and smiled|tried the {food} and said, \"It is so good!\"].",
            "[They all ate together and were happy.|{hero} and {friend} were very proud.]",
        ],
        [ // A storm passes.
            "[Soon|Suddenly] the sky turned dark, and it began to rain.",
            "{hero} was afraid of the [thunder|storm|loud noise], so {he} ran [home|to {his} {parent}|into the house].",
            "\"Do not be afraid,\" said {his} {parent}, and {p.he} gave {him} [a warm blanket|a cup of milk|a big hug|some hot soup].",
            "After the rain, they saw a [big|bright|beautiful] rainbow in the sky.",
            "[\"The rain made the rainbow,\" said {hero}, and {he} smiled.|{hero} was not afraid any more.|{hero} ran outside "
                + "and jumped in the water.]",
        ],
        [ // A seed grows.
            "{His} {parent} gave {him} a [tiny|small|round|brown] seed.",
            "{hero} put the seed in the ground and gave it water every day.",
            "For many days nothing grew, but {hero} [did not give up|waited and waited|was patient].",
            "Then, one morning, there was a~ {colour} flower in the {place}.",
            "[\"Look, my seed is a flower!\" said {hero}.|{hero} ran to {his} {parent} and said, \"Come and see my {colour} flower!\"]",
            "[{He} gave the flower to {his} {parent}, and {p.he} was very happy.|{His} {parent} smiled and said, \"You took good "
                + "care of it.\"]",
        ],
        [ // A new friend.
            "{He} saw a {f.kind} who was sitting alone {seat}.",
            "\"Hello, I am {hero},\" {he} said. \"What is your name?\"",
            "\"My name is {friend},\" said the {f.kind}. \"I have no one to play with.\"",
            "\"You can play with me,\" said {hero}, and {he} gave {f.him} a~ {colour} {toy}.",
            "{friend} smiled, and [they played with the {toy} all day|they played until the sun went down].",
            "[Now {hero} and {friend} are best friends.|The next day, {friend} came to play again.|{hero} was happy to have a new friend.]",
        ],
        [ // A found thing goes back to its owner.
            "{He} found a~ {colour} {toy} {spot}.",
            "\"Whose {toy} is this?\" asked {hero}.",
            "{He} asked {his} {parent}, but {p.he} did not know.",
            "Then {he} saw a {f.kind} named {friend} who was looking for something.",
            "\"Is this your {toy}?\" asked {hero}, and {friend} said, \"Yes, thank you!\"",
            "[{friend} was so happy that {f.he} hugged {hero}.|{hero} was happy because {he} did the right thing.|Then they "
                + "played with the {colour} {toy} together.]",
        ],
        [ // A birthday.
            "It was {his} birthday, and {he} wanted a~ {colour} {toy}.",
            "{His} {parent} gave {him} a [big|small] box and said, \"Happy birthday, {hero}!\"",
            "{hero} opened the box, and inside was a~ {colour} {toy}.",
            "\"[Thank you|I love it|It is so nice]!\" said {hero}, and {he} [jumped up and down|gave {his} {parent} a big hug].",
            "Then {his} friend {friend} came, and they ate a~ {food} [and played with the {toy}|and sang a song].",
        ],
        [ // Something is eaten that should wait.
            "At home, {he} saw a~ {food} on the table, and it looked very good.",
            "\"Do not eat the {food} before dinner,\" said {his} {parent}.",
            "But {hero} was hungry, so {he} ate [all of it|a big piece].",
            "Soon {his} tummy hurt, and {he} felt [bad|sick|very sorry].",
            "\"I am sorry, I ate the {food},\" said {hero}.",
            "{His} {parent} hugged {him} and said, \"[Thank you for telling the truth|Next time, please wait|I am glad that you "
                + "told me].\"",
        ],
        [ // Something breaks, and the truth is told.
            "At home, {he} threw {his} {colour} ball and broke a [cup|lamp|plate|window].",
            "{hero} was afraid that {his} {parent} would be angry.",
            "{He} wanted to hide, but then {he} told {his} {parent} the truth.",
            "\"I am not angry,\" said {his} {parent}. \"Thank you for telling me.\"",
            "They cleaned the room together, and {hero} [felt much better|went outside to play|never threw a ball in the house again].",
        ],
        [ // A noise at night.
            "That night, {he} could not sleep because {he} heard a [strange|loud|soft] noise.",
            "\"Is it a monster?\" asked {hero}.",
            "{His} {parent} took a light, and they looked [under the bed|behind the door|outside] together.",
            "It was only a~ {size} {animal} that wanted [some food|to come in|a warm place].",
            "{hero} laughed and gave the {animal} some [milk|bread|water].",
            "Then {he} went back to bed and slept well.",
        ],
        [ // A race.
            "{hero} and {his} friend {friend} wanted to race to the big tree.",
            "{hero} ran very fast, but {friend} fell down and hurt {f.his} [knee|foot|hand].",
            "{hero} stopped and went back to help {f.him}.",
            "\"[Are you okay|Does it hurt], {friend}?\" asked {hero}.",
            "{friend} held {his} hand, and they walked to the big tree together.",
            "[\"We both won!\" said {friend}.|{friend} said, \"You are a good friend, {hero}.\"|{hero} did not win, but {he} was happy.]",
        ],
        [ // Snow.
            "In the night it snowed, and the {place} was all white.",
            "{hero} and {his} {parent} went outside to make a [big|funny|round] snowman.",
            "They gave the snowman a~ {colour} [hat|scarf] and a~ [orange carrot|long carrot] for a nose.",
            "A~ {size} {animal} came and [ate the carrot|sat on the snowman], and they all laughed.",
            "[Then they went home to get warm.|\"This is the best day,\" said {hero}.]",
        ],
        [ // Food is shared with a hungry animal.
            "{He} had a~ {fruit} and sat down {seat} to eat it.",
            "A~ {size} {animal} came and looked at the {fruit}.",
            "\"Are you hungry?\" asked {hero}.",
            "{He} gave half of the {fruit} to the {animal}, and it ate very fast.",
            "[The {animal} was happy and sat next to {hero}.|\"Now we are friends,\" said {hero}.]",
            "[The next day, {hero} came back with a~ {fruit} for the {animal}.|Then they played in the {place} until it was dark.|]",
        ],
        [ // The way home is lost.
            "{He} walked too far and did not know the way home.",
            "{hero} was afraid, so {he} sat down {seat} and called for help.",
            "A~ {size} {animal} heard {him} and said, \"I know the way.\"",
            "{hero} and the {animal} walked [for a long time|over the bridge|past the pond], and at last {he} saw {his} house.",
            "{His} {parent} ran to {him} and gave {him} a big hug.",
            "[\"This {animal} helped me,\" said {hero}.|\"Thank you, kind {animal},\" said {his} {parent}.|After that, {hero} "
                + "always stayed near the house.]",
        ],
        [ // A picture is painted twice.
            "{He} wanted to paint a picture of a~ {size} {animal} for {his} {parent}.",
            "{hero} took some {colour} paint and worked all morning.",
            "But then {his} friend {friend} dropped water on the picture, and {f.he} was very sorry.",
            "\"It is okay, {friend},\" said {hero}. \"We can paint a new picture together.\"",
            "The new picture was [even better|very beautiful], and {his} {parent} put it on the wall.",
        ],
    ];
}
