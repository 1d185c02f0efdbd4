using CsCheck;
using NUnit.Framework;
using TaalasSim.Training.Numerics;
using static TaalasSim.Training.Tests.Numerics.FiniteDifferences;

namespace TaalasSim.Training.Tests.Numerics;

[TestFixture]
[Category("Kernels")]
public class OperatorTests
{
    [Test]
    public void Matrix_product_equals_the_sum_of_products_for_any_shape_and_storage() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 70], Gen.Int[1, 300], Gen.Bool, Gen.Bool, Gen.Bool)
            .Sample(
                (m, n, k, turnA, turnB, accumulate) =>
                {
                    var (a, b, c) = (Normal(m * k, 1), Normal(k * n, 2), Normal(m * n, 3));
                    var expected = new double[m * n];
                    for (var i = 0; i < m; i++)
                    for (var j = 0; j < n; j++)
                        expected[(i * n) + j] =
                            (accumulate ? c[(i * n) + j] : 0)
                            + Enumerable.Range(0, k).Sum(l => a[turnA ? (l * m) + i : (i * k) + l] * b[turnB ? (j * k) + l : (l * n) + j]);
                    var matrixA = turnA ? new Matrix<double>(a, k, m).Transposed : new Matrix<double>(a, m, k);
                    var matrixB = turnB ? new Matrix<double>(b, n, k).Transposed : new Matrix<double>(b, k, n);
                    Gemm.Multiply(matrixA, matrixB, new Matrix<double>(c, m, n), accumulate);
                    Assert.That(c, Is.EqualTo(expected).Within(1e-10));
                },
                iter: 60,
                threads: 1
            );

    [Test]
    public void Matrix_product_refuses_shapes_that_do_not_fit() =>
        Assert.That(
            () =>
                Gemm.Multiply(
                    new Matrix<float>(new float[6], 2, 3),
                    new Matrix<float>(new float[8], 2, 4),
                    new Matrix<float>(new float[8], 2, 4)
                ),
            Throws.ArgumentException
        );

    [Test]
    public void Matrix_refuses_more_elements_than_there_are() =>
        Assert.That(() => new Matrix<float>(new float[5], 2, 3).Rows, Throws.InstanceOf<ArgumentOutOfRangeException>());

    [Test]
    public void Rope_turns_neighbouring_elements_by_their_position()
    {
        // Head size 4, base 100: pair 0 turns by the position, pair 1 by position/10 radians.
        double[] x = [0, 0, 0, 0, 1, 0, 0, 1];
        new Rope<double>(4, 2, 100).Forward(x, 4, 2);
        Assert.That(x[4..], Is.EqualTo((double[])[Math.Cos(1), Math.Sin(1), -Math.Sin(0.1), Math.Cos(0.1)]).Within(1e-15));
    }

    [Test]
    public void Attention_never_looks_ahead()
    {
        const int Length = 80,
            Width = 4;
        var attention = new CausalAttention(1, 1, Width, Length);
        var (q, k, v) = (Normal(Length * Width, 1), Normal(Length * Width, 2), Normal(Length * Width, 3));
        var (p, before, after) = (new double[Length * Length], new double[q.Length], new double[q.Length]);
        attention.Forward<double>(q, k, v, p, before);
        k[^1] += 5;
        v[^1] += 5;
        attention.Forward<double>(q, k, v, p, after);
        Assert.Multiple(() =>
        {
            Assert.That(after[..^Width], Is.EqualTo(before[..^Width]));
            Assert.That(after[^Width..], Is.Not.EqualTo(before[^Width..]));
        });
    }

    [Test]
    public void Cross_entropy_of_equal_logits_is_the_logarithm_of_the_vocabulary() =>
        Assert.That(CrossEntropy.LossAndGradient<float>(new float[3 * 32], [1, 2, 31]), Is.EqualTo(Math.Log(32)).Within(1e-6));
}
