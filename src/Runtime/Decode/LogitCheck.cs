namespace TaalasSim.Runtime.Decode;

/// <summary>Whether probabilities follow from logits.</summary>
public static class LogitCheck
{
    /// <summary>True when no logit is NaN and the largest is finite, so that a softmax has a value. Single tokens may be ruled out with
    /// −∞.</summary>
    /// <param name="logits">One value per token of the vocabulary.</param>
    public static bool HaveSoftmax(ReadOnlySpan<float> logits)
    {
        var most = float.NegativeInfinity;
        foreach (var logit in logits)
        {
            if (float.IsNaN(logit))
                return false;
            most = MathF.Max(most, logit);
        }

        return float.IsFinite(most);
    }
}
