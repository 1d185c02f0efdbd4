using TaalasSim.Training.Numerics;
using TaalasSim.Training.Tokenizer;

namespace TaalasSim.Training.Model;

/// <summary>Loss of a model on a text it was not trained on.</summary>
public static class TextLoss
{
    /// <summary>
    /// Mean cross entropy in nats per token: the text is cut into windows, each after a begin token, and the second half of each window is
    /// scored, as llama.cpp's perplexity program does.
    /// </summary>
    /// <exception cref="ArgumentException">The text does not fill one window.</exception>
    public static double Mean(ParameterLayout layout, float[] parameters, BpeTokenizer tokenizer, string text)
    {
        var window = layout.Shape.Context;
        var tokens = tokenizer.Encode(text);
        if (tokens.Count < window)
            throw new ArgumentException($"The text has {tokens.Count} tokens; one window takes {window}.", nameof(text));
        var model = new Transformer<float>(layout, 1, window);
        var (sum, count) = (0.0, 0);
        for (var start = 0; start + window <= tokens.Count; start += window)
        {
            int[] inputs = [tokenizer.Vocabulary.Begin, .. tokens.Skip(start + 1).Take(window - 1)];
            var logits = model.Forward(parameters, inputs);
            for (var i = window / 2; i < window - 1; i++, count++)
            {
                var row = logits.Slice(i * layout.Shape.Vocabulary, layout.Shape.Vocabulary).ToArray();
                var right = row[inputs[i + 1]];
                sum += Softmax.InPlace<float>(row) - right;
            }
        }
        return sum / count;
    }
}
