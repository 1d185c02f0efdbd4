namespace TaalasSim.Training.Corpus;

/// <summary>Draws who and what a story is about, and binds the words that must agree: names, pronouns, objects, places.</summary>
internal static class Cast
{
    /// <summary>Words for every blank that <see cref="Plots"/> uses; names and animals of one story differ from each other.</summary>
    public static Dictionary<string, string> Draw(SeededRandom random)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        AddHero(words, random);
        AddFriend(words, random);
        var parent = random.Pick(Words.Parents);
        words["parent"] = parent;
        AddPronouns(words, "p.", parent is "mom" or "grandma");
        words["animal"] = PickOther(Words.Animals, words["kind"], random);
        words["size"] = random.Pick(Words.Sizes);
        words["toy"] = random.Pick(Words.Toys);
        words["colour"] = random.Pick(Words.Colours);
        words["place"] = random.Pick(Words.Places);
        words["character"] = random.Pick(Words.Characters);
        words["food"] = random.Pick(Words.Foods);
        words["fruit"] = random.Pick(Words.Fruits);
        words["skill"] = random.Pick(Words.Skills);
        words["seat"] = random.Pick(Words.Seats);
        words["spot"] = random.Pick(Words.Spots);
        words["spot2"] = PickOther(Words.Spots, words["spot"], random);
        return words;
    }

    private static void AddHero(Dictionary<string, string> words, SeededRandom random)
    {
        var isAnimal = random.Below(5) == 0;
        var isFemale = random.Below(2) == 0;
        words["hero"] = random.Pick(
            isAnimal ? Words.AnimalNames
            : isFemale ? Words.Girls
            : Words.Boys
        );
        words["kind"] =
            isAnimal ? random.Pick(Words.AnimalHeroes)
            : isFemale ? "girl"
            : "boy";
        AddPronouns(words, "", isFemale);
    }

    private static void AddFriend(Dictionary<string, string> words, SeededRandom random)
    {
        var isFemale = random.Below(2) == 0;
        words["friend"] = PickOther(isFemale ? Words.Girls : Words.Boys, words["hero"], random);
        words["f.kind"] = isFemale ? "girl" : "boy";
        AddPronouns(words, "f.", isFemale);
    }

    private static void AddPronouns(Dictionary<string, string> words, string prefix, bool isFemale)
    {
        words[prefix + "he"] = isFemale ? "she" : "he";
        words[prefix + "He"] = isFemale ? "She" : "He";
        words[prefix + "him"] = isFemale ? "her" : "him";
        words[prefix + "his"] = isFemale ? "her" : "his";
        words[prefix + "His"] = isFemale ? "Her" : "His";
    }

    private static string PickOther(string[] items, string taken, SeededRandom random)
    {
        string item;
        do item = random.Pick(items);
        while (string.Equals(item, taken, StringComparison.Ordinal));
        return item;
    }
}
