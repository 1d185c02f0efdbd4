namespace TaalasSim.Runtime.Decode;

/// <summary>
/// Fills a canvas as llama.cpp's diffusion runner does (examples/diffusion): every step evaluates the whole canvas, samples masked
/// positions and keeps some of them. The same seed gives the same tokens as there, its peculiarities included: at temperature 0 tokens are
/// still drawn, entropy counts the wrong way round, the margin is that of the first two candidates in their order, blocks are counted over
/// the whole canvas but begin behind the prompt, and noise strikes the first row only.
/// </summary>
public sealed class DiffusionDecoder
{
    private readonly DiffusionSettings _settings;
    private readonly int _mask;
    private readonly bool _shift;
    private readonly Func<int[], Func<int, float[]>> _evaluate;
    private readonly MersenneTwister _random;
    private readonly MersenneTwister _tokens;
    private readonly MersenneTwister _positions;
    private readonly CandidateSet _set = new();
    private readonly CandidateSet _choice = new();

    /// <summary>A decoder of one canvas.</summary>
    /// <param name="settings">How to fill it.</param>
    /// <param name="mask">Token of a masked position.</param>
    /// <param name="shift">The logits of a position are those of the row before it.</param>
    /// <param name="evaluate">Evaluates a canvas; gives the logits of a row, which may be changed, until the next canvas.</param>
    public DiffusionDecoder(DiffusionSettings settings, int mask, bool shift, Func<int[], Func<int, float[]>> evaluate)
    {
        (_settings, _mask, _shift, _evaluate) = (settings, mask, shift, evaluate);
        _random = new MersenneTwister(settings.Seed);
        _tokens = new MersenneTwister(settings.Seed);
        _positions = new MersenneTwister(settings.Seed);
    }

    /// <summary>Evaluations so far; guidance takes two a step.</summary>
    public int Forwards { get; private set; }

    /// <summary>Steps so far.</summary>
    public int Steps { get; private set; }

    /// <summary>Fills the canvas behind a prompt.</summary>
    /// <param name="prompt">Token ids; shorter than the canvas.</param>
    /// <param name="progress">Called before each step with the canvas.</param>
    /// <returns>The canvas, prompt included; masks may be left.</returns>
    public int[] Run(IReadOnlyList<int> prompt, Action<int[]>? progress = null)
    {
        var s = _settings;
        var canvas = new int[s.MaximumLength];
        Array.Fill(canvas, _mask);
        for (var i = 0; i < prompt.Count; i++)
            canvas[i] = prompt[i];
        var blocks = s.BlockLength > 0 ? s.MaximumLength / s.BlockLength : 1;
        var steps = s.Steps / blocks;
        for (var block = 0; block < blocks; block++)
        {
            var from = s.BlockLength > 0 ? prompt.Count + (block * s.BlockLength) : 0;
            var to = s.BlockLength > 0 ? Math.Min(from + s.BlockLength, canvas.Length) : canvas.Length;
            var plan = s.BlockLength > 0 ? Shares(Masked(canvas, from, to).Count, steps) : null;
            for (var step = 0; step < steps; step++)
            {
                progress?.Invoke(canvas);
                var masked = Masked(canvas, from, to);
                var rows = Rows(canvas, prompt.Count, masked);
                Steps++;
                if (masked.Count == 0)
                    break;
                var count = plan is not null ? plan[step] : OfTimestep(step, steps, masked.Count, s.Epsilon);
                if (s.Algorithm == DiffusionAlgorithm.Origin)
                    FillAtRandom(canvas, masked, rows, (float)count / masked.Count);
                else
                    FillBest(canvas, masked, rows, count);
            }
        }

        return canvas;
    }

    /// <summary>Positions that a timestep reveals: floor(masked · (1 − s/t)), all in the last.</summary>
    internal static int OfTimestep(int step, int steps, int masked, float epsilon)
    {
        var t = 1f - ((float)step / steps * (1f - epsilon));
        var s = 1f - ((float)(step + 1) / steps * (1f - epsilon));
        var share = step < steps - 1 ? 1f - (s / t) : 1f;
        return (int)(masked * share);
    }

    /// <summary>Positions that each step of a block reveals: equal shares, the remainder in the first steps.</summary>
    internal static int[] Shares(int masked, int steps) =>
        [.. Enumerable.Range(0, steps).Select(i => (masked / steps) + (i < masked % steps ? 1 : 0))];

    private List<int> Masked(int[] canvas, int from, int to)
    {
        var masked = new List<int>();
        for (var i = from; i < to; i++)
            if (canvas[i] == _mask)
                masked.Add(i);
        return masked;
    }

    // The logits of each masked position, after guidance and noise; positions may share a row.
    private float[][] Rows(int[] canvas, int prompt, List<int> masked)
    {
        var needed = masked.Select(RowOf).Distinct().ToArray();
        var read = Evaluate(canvas);
        var rows = needed.ToDictionary(row => row, row => read(row));
        if (_settings.GuidanceScale > 0)
        {
            var unconditional = (int[])canvas.Clone();
            unconditional.AsSpan(0, prompt).Fill(_mask);
            var other = Evaluate(unconditional);
            foreach (var (row, logits) in rows)
            {
                var u = other(row);
                for (var id = 0; id < u.Length; id++)
                    logits[id] = u[id] + ((_settings.GuidanceScale + 1f) * (logits[id] - u[id]));
            }
        }

        if (_settings is { AddGumbelNoise: true, Temperature: > 0 } && masked.Count > 0)
            AddNoise(rows.GetValueOrDefault(0), rows[needed[0]].Length);
        return [.. masked.Select(position => rows[RowOf(position)])];
    }

    private Func<int, float[]> Evaluate(int[] canvas)
    {
        Forwards++;
        return _evaluate(canvas);
    }

    private int RowOf(int position) => _shift ? Math.Max(0, position - 1) : position;

    // The draws are made whether the row is needed or not.
    private void AddNoise(float[]? logits, int vocabulary)
    {
        for (var id = 0; id < vocabulary; id++)
        {
            var noise = Math.Max(_random.NextDouble(), 1e-20);
            if (logits is not null)
                logits[id] = (float)(MathF.Exp(logits[id]) / Math.Pow(-Math.Log(noise), _settings.Temperature));
        }
    }

    private void FillAtRandom(int[] canvas, List<int> masked, float[][] rows, float share)
    {
        for (var i = 0; i < masked.Count; i++)
            if (_random.NextSingle() < share)
                canvas[masked[i]] = Sample(rows[i]).Id;
    }

    private void FillBest(int[] canvas, List<int> masked, float[][] rows, int count)
    {
        var ids = new int[masked.Count];
        var confidences = new float[masked.Count];
        for (var i = 0; i < masked.Count; i++)
        {
            (ids[i], var selected) = Sample(rows[i]);
            confidences[i] = Confidence(selected);
        }

        count = Math.Min(count, masked.Count);
        if (count <= 0)
            return;
        if (_settings.AlgorithmTemperature == 0)
        {
            var order = Enumerable.Range(0, masked.Count).ToArray();
            Array.Sort(order, (a, b) => confidences[a] != confidences[b] ? confidences[b].CompareTo(confidences[a]) : a.CompareTo(b));
            foreach (var i in order.Take(count))
                canvas[masked[i]] = ids[i];
            return;
        }

        // A position may be drawn twice: its place among the candidates stays.
        for (var i = 0; i < confidences.Length; i++)
            confidences[i] /= _settings.AlgorithmTemperature;
        _choice.Fill(confidences);
        for (var i = 0; i < count; i++)
        {
            var at = _choice.Items[_choice.Draw(_positions)].Id;
            canvas[masked[at]] = ids[at];
        }
    }

    private (int Id, Candidate Selected) Sample(float[] logits)
    {
        _set.Fill(logits);
        TruncationSamplers.TopK(_set, _settings.TopK);
        TruncationSamplers.TopP(_set, _settings.TopP, minimum: 1);
        if (_settings.Temperature > 0)
            TemperatureSampler.Apply(_set, _settings.Temperature, range: 0, exponent: 1);
        var selected = _set.Items[_set.Draw(_tokens)];
        return (selected.Id, selected);
    }

    private float Confidence(Candidate selected)
    {
        var items = _set.Items;
        switch (_settings.Algorithm)
        {
            case DiffusionAlgorithm.Entropy:
                float sum = 0;
                foreach (ref readonly var item in items)
                    sum += item.P * MathF.Log(item.P + 1e-10f);
                return -sum;
            case DiffusionAlgorithm.Margin:
                return items.Length > 1 ? items[0].P - items[1].P : items[0].P;
            case DiffusionAlgorithm.Random:
                return _random.NextSingle();
            default:
                return selected.P;
        }
    }
}
