namespace TaalasSim.Runtime.Decode;

/// <summary>
/// Chooses in each step which masked positions of a block get their token (CDLM, arXiv:2511.19269): the most confident one, and all whose
/// confidence reaches the threshold. A token that was given stays; the mask token is never chosen. Confidence is the probability of the
/// chosen token in the softmax over the vocabulary, in double.
/// </summary>
/// <param name="mask">Token of a masked position.</param>
/// <param name="seed">Seed of the draws at a temperature above 0: one draw for each masked position of a step, from left to right.</param>
public sealed class BlockUnmasker(int mask, uint seed)
{
    private readonly MersenneTwister _random = new(seed);

    /// <summary>Gives tokens to masked positions.</summary>
    /// <param name="block">Tokens of the block; changed.</param>
    /// <param name="rows">Logits that belong to the positions of the block, [position][vocabulary].</param>
    /// <param name="settings">How to choose.</param>
    /// <returns>What was revealed, from left to right; null when a logit of a masked position is NaN.</returns>
    public IReadOnlyList<Reveal>? Step(Span<int> block, ReadOnlySpan<float> rows, in BlockSettings settings)
    {
        var vocabulary = rows.Length / block.Length;
        var choices = new List<Reveal>();
        var best = -1;
        for (var i = 0; i < block.Length; i++)
        {
            if (block[i] != mask)
                continue;
            if (Choose(rows.Slice(i * vocabulary, vocabulary), settings.Temperature) is not (var id, var confidence))
                return null;
            if (best < 0 || confidence > choices[best].Confidence)
                best = choices.Count;
            choices.Add(new Reveal(i, id, confidence));
        }

        var threshold = settings.Threshold;
        var revealed = choices.Where((c, at) => at == best || c.Confidence >= threshold).ToArray();
        foreach (var reveal in revealed)
            block[reveal.Position] = reveal.Id;
        return revealed;
    }

    private (int Id, float Confidence)? Choose(ReadOnlySpan<float> logits, float temperature)
    {
        if (!LogitCheck.HaveSoftmax(logits))
            return null;
        double divisor = temperature > 0 ? temperature : 1,
            most = double.NegativeInfinity;
        var first = -1;
        for (var id = 0; id < logits.Length; id++)
        {
            most = Math.Max(most, logits[id]);
            if (id != mask && (first < 0 || logits[id] > logits[first]))
                first = id;
        }

        double sum = 0,
            candidates = 0;
        for (var id = 0; id < logits.Length; id++)
        {
            var weight = Weight(logits[id]);
            sum += weight;
            candidates += id != mask ? weight : 0;
        }

        if (temperature > 0)
            first = Draw(logits, candidates * _random.NextDouble(), first, Weight);
        return (first, (float)(Weight(logits[first]) / sum));

        double Weight(float logit) => Math.Exp((logit - most) / divisor);
    }

    private int Draw(ReadOnlySpan<float> logits, double target, int fallback, Func<float, double> weight)
    {
        double running = 0;
        for (var id = 0; id < logits.Length; id++)
        {
            var w = id == mask ? 0 : weight(logits[id]);
            running += w;
            if (w > 0 && running >= target)
                return id;
        }

        return fallback;
    }
}
