using NUnit.Framework;
using TaalasSim.Runtime.Functional;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>Alternating updates and sparse activations against their formulas, on numbers that binary32 holds exactly.</summary>
[Category("Kernels")]
public sealed class StreamArithmeticTests
{
    [Test]
    public void Every_stream_gets_a_mix_of_all()
    {
        // c[j, k] = Σ_r w[j, k, r] · r: [[3, 1], [0, −2]].
        float[] y = new float[4];
        StreamArithmetic.Predict(2, [1, 2, 10, 20], [1, 2], [1, 1, 1, 0, 2, -1, 0, -1], y);
        Assert.That(y, Is.EqualTo((float[])[1 + 3 + 10, 2 + 6 + 20, 10 - 20, 20 - 40]));
    }

    [Test]
    public void What_a_layer_found_beyond_the_first_stream_is_shared_out()
    {
        // Shares 1 + 0.5 and 1 − 1 of (5 − 1, 7 − 2).
        float[] y = new float[4];
        StreamArithmetic.Correct(2, [1, 2, 10, 20], [5, 7], [1, 2], [0.5f, 0, 1, -1], y);
        Assert.That(y, Is.EqualTo((float[])[1 + 6, 2 + 7.5f, 10, 20]));
    }

    [Test]
    public void Parts_get_the_length_of_another_vector()
    {
        float[] x = [3, 4, 0, -2];
        StreamArithmetic.MatchLength(x, [6, 8]);
        Assert.That(x, Is.EqualTo((float[])[6, 8, 0, -10]));
    }

    [Test]
    public void Only_what_is_far_above_the_mean_is_kept()
    {
        // Mean 2, squares 5 · 4 + 36 + 2 · 4 = 64 over 7: what is half a deviation above the mean stays.
        float[] x = [0, 0, 0, 0, 8, 4, 4, 0];
        var least = 2 + (0.5f * MathF.Sqrt(64f / 7));
        StreamArithmetic.Cut(x, 0.5f);
        Assert.That(x, Is.EqualTo((float[])[0, 0, 0, 0, 8 - least, 4 - least, 4 - least, 0]).Within(1e-6));
        Assert.That(x.Count(value => value > 0), Is.EqualTo(3));
    }
}
