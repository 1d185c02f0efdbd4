using System.Numerics;

namespace TaalasSim.Training.Numerics;

/// <summary>Mean over tokens of −log softmax(logits)[target], in nats.</summary>
public static class CrossEntropy
{
    /// <summary>Target of a token that does not count.</summary>
    public const int Ignored = -1;

    /// <summary>The loss; replaces the logits by their derivatives, (softmax − one-hot(target)) / counted tokens.</summary>
    /// <param name="logits">Tokens × vocabulary.</param>
    /// <param name="targets">The right next token of each token, or <see cref="Ignored"/>.</param>
    /// <returns>The mean over counted tokens, or 0 when none counts.</returns>
    public static double LossAndGradient<T>(Span<T> logits, ReadOnlySpan<int> targets)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var vocabulary = logits.Length / targets.Length;
        var counted = targets.Length - targets.Count(Ignored);
        var scale = T.One / T.CreateChecked(Math.Max(counted, 1));
        var loss = 0.0;
        for (var token = 0; token < targets.Length; token++)
        {
            var row = logits.Slice(token * vocabulary, vocabulary);
            if (targets[token] == Ignored)
            {
                row.Clear();
                continue;
            }
            var right = row[targets[token]];
            loss += double.CreateTruncating(Softmax.InPlace(row) - right);
            row[targets[token]] -= T.One;
            for (var i = 0; i < row.Length; i++)
                row[i] *= scale;
        }
        return loss / Math.Max(counted, 1);
    }
}
