using TaalasSim.Training.Tokenizer;

namespace TaalasSim.Training.Model;

/// <summary>
/// Continues text with the most likely tokens. Runs the complete sequence again for each token: slow, simple, and the training's own
/// forward pass.
/// </summary>
public sealed class Generator(ParameterLayout layout, float[] parameters, BpeTokenizer tokenizer)
{
    /// <summary>Continues a prompt until the end token or <paramref name="count"/> new tokens.</summary>
    /// <returns>Prompt and continuation, and whether the end token came.</returns>
    public (string Text, bool Ended) Continue(string prompt, int count)
    {
        List<int> tokens = [tokenizer.Vocabulary.Begin, .. tokenizer.Encode(prompt)];
        var length = Math.Min(tokens.Count + count, layout.Shape.Context);
        var model = new Transformer<float>(layout, 1, length);
        var padded = new int[length];
        while (tokens.Count < length)
        {
            tokens.CopyTo(padded);
            var logits = model.Forward(parameters, padded).Slice((tokens.Count - 1) * layout.Shape.Vocabulary, layout.Shape.Vocabulary);
            var next = IndexOfLargest(logits);
            if (next == tokenizer.Vocabulary.End)
                return (tokenizer.Decode(tokens), true);
            tokens.Add(next);
        }
        return (tokenizer.Decode(tokens), false);
    }

    private static int IndexOfLargest(ReadOnlySpan<float> values)
    {
        var best = 0;
        for (var i = 1; i < values.Length; i++)
            if (values[i] > values[best])
                best = i;
        return best;
    }
}
