using System.Text;

namespace TaalasSim.Training.Corpus;

/// <summary>Documents made of stories: most hold one, some hold several with an empty line between, as in a book.</summary>
public sealed class Documents(SeededRandom random)
{
    private readonly StoryGenerator _stories = new(random);

    /// <summary>The next document, without a final newline.</summary>
    public string Next()
    {
        var text = new StringBuilder(_stories.Next());
        while (random.Below(8) == 0)
            text.Append("\n\n").Append(_stories.Next());
        return text.ToString();
    }

    /// <summary>Stories with empty lines between, to at least <paramref name="length"/> characters; ends in a newline.</summary>
    public string Book(int length)
    {
        var text = new StringBuilder(_stories.Next());
        while (text.Length + 1 < length)
            text.Append("\n\n").Append(_stories.Next());
        return text.Append('\n').ToString();
    }
}
