namespace TaalasSim.Training.Corpus;

/// <summary>Writes short stories in plain English from the project's own grammar: an opening and the sentences of one plot.</summary>
/// <param name="random">Source of every choice; equal seeds give equal stories.</param>
public sealed class StoryGenerator(SeededRandom random)
{
    /// <summary>The next story: one paragraph of ASCII text without a final newline.</summary>
    public string Next()
    {
        var words = Cast.Draw(random);
        List<string> sentences = [Template.Expand(random.Pick(Plots.Openings), words, random)];
        foreach (var sentence in random.Pick(Plots.Bodies))
        {
            var text = Template.Expand(sentence, words, random);
            if (text.Length > 0)
                sentences.Add(text);
        }
        return string.Join(' ', sentences);
    }
}
