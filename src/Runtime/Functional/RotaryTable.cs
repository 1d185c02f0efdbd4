using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Runtime.Functional;

/// <summary>
/// Cosines and sines of the rotary embedding, in llama.cpp's order of rounding: the angle of pair j is the position multiplied j times by
/// base^(−2/n), each product rounded to float; then divided by the pair's factor, scaled (or interpolated by YaRN), and the magnitude
/// multiplies cosine and sine.
/// </summary>
public sealed class RotaryTable
{
    private readonly int _pairs;
    private readonly float _step;
    private readonly float _scale;
    private readonly float _magnitude;
    private readonly float[]? _factors;
    private readonly float[]? _ramp;
    private readonly bool[] _still;

    /// <summary>Angles for one kind of layer.</summary>
    /// <param name="traits">Traits of the model.</param>
    /// <param name="windowed">Whether for windowed layers, which may have a different rope.</param>
    /// <param name="factors">Divisors per pair, or null.</param>
    public RotaryTable(ModelTraits traits, bool windowed, ReadOnlySpan<float> factors)
    {
        var rope = windowed && traits.RopeBaseWindowed > 0 ? traits.RopeBaseWindowed : traits.RopeBase;
        var plain = windowed && traits.WindowedRope == WindowedRope.Plain;
        var rotary = traits.RotaryLengthOf(windowed);
        _pairs = rotary / 2;
        _step = MathF.Pow(rope, -2.0f / rotary);
        _scale = windowed && traits.WindowedRope != WindowedRope.Scaled ? 1 : 1 / traits.RopeScalingFactor;
        _factors = factors.IsEmpty || (windowed && traits.UnwindowedRopeFactors) ? null : factors.ToArray();
        var yarn = traits.Yarn && !plain;
        _ramp = yarn ? Ramp(traits, rope, rotary) : null;
        _still = new bool[_pairs];
        foreach (var pair in traits.StillPairs.Where(pair => pair < _pairs))
            _still[pair] = true;
        _magnitude =
            yarn ? traits.AttentionFactor * (1.0f + (0.1f * MathF.Log(1.0f / _scale)))
            : plain ? 1
            : traits.RopeMagnitude;
    }

    /// <summary>Floats of one position: cosine and sine of each pair.</summary>
    public int RowLength => 2 * _pairs;

    /// <summary>Writes the row of a position.</summary>
    public void Fill(int position, Span<float> row)
    {
        float theta = position;
        for (var j = 0; j < _pairs; j++)
        {
            var turned = _still[j] ? 0 : theta;
            var extrapolated = _factors is null ? turned : turned / _factors[j];
            var angle = _scale * extrapolated;
            if (_ramp is not null)
                angle = (angle * (1 - _ramp[j])) + (extrapolated * _ramp[j]);
            row[2 * j] = MathF.Cos(angle) * _magnitude;
            row[(2 * j) + 1] = MathF.Sin(angle) * _magnitude;
            theta *= _step;
        }
    }

    // Pairs below the fast bound keep their angle, those above the slow bound are interpolated (YaRN, Peng et al. 2023, §3.2).
    private static float[] Ramp(ModelTraits traits, float rope, int n)
    {
        float Corrected(float rotations) =>
            n * MathF.Log(traits.OriginalContextLength / (rotations * 2 * MathF.PI)) / (2 * MathF.Log(rope));
        var low = MathF.Max(0, MathF.Floor(Corrected(traits.YarnBetaFast)));
        var high = MathF.Min(n - 1, MathF.Ceiling(Corrected(traits.YarnBetaSlow)));
        var ramp = new float[n / 2];
        for (var j = 0; j < ramp.Length; j++)
            ramp[j] = 1 - MathF.Min(1, MathF.Max(0, (j - low) / MathF.Max(0.001f, high - low)));
        return ramp;
    }
}
