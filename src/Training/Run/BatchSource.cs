using TaalasSim.Training.Corpus;
using TaalasSim.Training.Tokenizer;

namespace TaalasSim.Training.Run;

/// <summary>Makes the batch of any step from the seed and the step's number alone, so that training can stop and resume anywhere.</summary>
public sealed class BatchSource(BpeTokenizer tokenizer, ulong seed, int sequences, int length)
{
    /// <summary>Inputs and targets of a step: rows of begin token, document, end token, begin token, ….</summary>
    /// <returns>Two arrays of sequences × length ids; a target is the input one place further on.</returns>
    public (int[] Inputs, int[] Targets) At(int step)
    {
        var random = SeededRandom.ForItem(seed, (ulong)step);
        var documents = new Documents(random);
        var (inputs, targets) = (new int[sequences * length], new int[sequences * length]);
        for (var row = 0; row < sequences; row++)
        {
            var tokens = Row(documents, random);
            tokens.CopyTo(0, inputs, row * length, length);
            tokens.CopyTo(1, targets, row * length, length);
        }
        return (inputs, targets);
    }

    private List<int> Row(Documents documents, SeededRandom random)
    {
        // One row in four starts inside a story, as the windows of a perplexity run do.
        var first = tokenizer.Encode(documents.Next());
        List<int> tokens = [tokenizer.Vocabulary.Begin, .. first.Skip(random.Below(4) == 0 ? random.Below(first.Count) : 0)];
        while (tokens.Count <= length)
            tokens.AddRange([tokenizer.Vocabulary.End, tokenizer.Vocabulary.Begin, .. tokenizer.Encode(documents.Next())]);
        return tokens;
    }
}
