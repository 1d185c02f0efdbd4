using NUnit.Framework;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>Attention over a binary16 cache against the reference's rules written out: float products summed in double, position after
/// position.</summary>
[TestFixture]
[Category("Kernels")]
public sealed class HalfAttentionTests
{
    private static readonly float[] SinkLogits = [0.5f, -1, 2, 0, 3, -0.25f, 1, 1.5f, 0.1f, -3, 0.7f, 4];

    /// <summary>Heads, KV heads, key size, value size, window, in chunks, soft cap, sinks, scale on Q, position, rows.</summary>
    private static IEnumerable<TestCaseData> Shapes =>
        [
            new TestCaseData(12, 4, 64, 64, 0, false, 0f, false, false, 0, 70),
            new TestCaseData(12, 4, 64, 64, 0, false, 0f, false, false, 129, 1),
            new TestCaseData(4, 4, 24, 40, 0, false, 0f, false, true, 5, 67),
            new TestCaseData(10, 2, 8, 6, 7, false, 0f, true, false, 3, 30),
            new TestCaseData(12, 1, 80, 33, 16, false, 4f, true, true, 40, 9),
            new TestCaseData(12, 12, 16, 16, 1, false, 6f, false, false, 17, 3),
            new TestCaseData(8, 2, 7, 5, 20, true, 0f, false, false, 0, 50),
            new TestCaseData(12, 4, 64, 64, 48, true, 0f, false, false, 100, 45),
            new TestCaseData(8, 2, 7, 5, 20, false, 0f, false, false, 0, 50),
        ];

    [TestCaseSource(nameof(Shapes))]
    public void Attention_has_the_bits_of_the_reference(
        int heads,
        int kvHeads,
        int size,
        int valueSize,
        int window,
        bool chunked,
        float cap,
        bool sinks,
        bool scaleQuery,
        int position,
        int rows
    )
    {
        using var kernels = new SimdKernels(Numerics.Reference, null, threads: 2);
        var shape = new AttentionShape
        {
            Heads = heads,
            KvHeads = kvHeads,
            HeadSize = size,
            ValueHeadSize = valueSize,
            Scale = 0.3f,
            ScaleQuery = scaleQuery,
            SoftCap = cap,
            Window = window,
            ChunkedWindow = chunked,
        };
        var total = position + rows;
        float[] q = MatMulTests.Vectors(rows, heads * size, 1),
            k = MatMulTests.Vectors(total, kvHeads * size, 2),
            v = MatMulTests.Vectors(total, kvHeads * valueSize, 3);
        using var sink = Results.Upload(kernels, SinkLogits);
        using var cache = kernels.AllocateCache(2, kvHeads * size, kvHeads * valueSize, kvHeads, total);
        using var keys = Results.Upload(kernels, k);
        using var values = Results.Upload(kernels, v);
        using var queries = Results.Upload(kernels, q);
        using var y = kernels.Allocate(rows * heads * valueSize);
        kernels.StoreKv(cache, 1, 0, total, keys, values);
        kernels.Attention(cache, sinks ? shape with { Sinks = sink } : shape, 1, position, rows, queries, y);
        Assert.That(
            MatMulTests.Bits(Results.Read(y, rows * heads * valueSize)),
            Is.EqualTo(MatMulTests.Bits(Oracle(shape, sinks, q, k, v, position, rows)))
        );
    }

    [Test]
    public void A_value_too_large_for_binary16_is_infinite_as_in_the_reference()
    {
        using var kernels = new SimdKernels(Numerics.Reference, null, threads: 1);
        var shape = new AttentionShape
        {
            Heads = 1,
            KvHeads = 1,
            HeadSize = 16,
            ValueHeadSize = 16,
            Scale = 1,
        };
        using var cache = kernels.AllocateCache(1, 16, 16, 1, 4);
        using var one = Results.Upload(kernels, [.. Enumerable.Repeat(0.1f, 16)]);
        using var large = Results.Upload(kernels, [1e5f, -1e5f, 65504, .. Enumerable.Repeat(6e-6f, 13)]);
        using var y = kernels.Allocate(16);
        kernels.StoreKv(cache, 0, 0, 1, one, large);
        kernels.Attention(cache, shape, 0, 0, 1, one, y);
        var result = Results.Read(y, 16);
        Assert.Multiple(() =>
        {
            Assert.That(result[0], Is.EqualTo(float.PositiveInfinity));
            Assert.That(result[1], Is.EqualTo(float.NegativeInfinity));
            Assert.That(result[2], Is.EqualTo(65504));
            Assert.That(result[3], Is.EqualTo((float)(Half)6e-6f));
        });
    }

    private static float[] Oracle(AttentionShape shape, bool sinks, float[] q, float[] k, float[] v, int position, int rows)
    {
        int group = shape.Heads / shape.KvHeads,
            size = shape.HeadSize,
            valueSize = shape.ValueHeadSize;
        var y = new float[rows * shape.Heads * valueSize];
        for (var row = 0; row < rows; row++)
        for (var head = 0; head < shape.Heads; head++)
        {
            int last = position + row,
                first = shape.Window <= 0 ? 0
                : shape.ChunkedWindow ? last / shape.Window * shape.Window
                : Math.Max(0, last - shape.Window + 1);
            var p = new float[last + 1];
            var largest = sinks ? SinkLogits[head] : float.NegativeInfinity;
            for (var j = first; j <= last; j++)
            {
                var sum = 0.0;
                for (var e = 0; e < size; e++)
                {
                    var x = q[(((row * shape.Heads) + head) * size) + e];
                    sum +=
                        (float)(Half)(shape.ScaleQuery ? x * shape.Scale : x)
                        * (float)(Half)k[(((j * shape.KvHeads) + (head / group)) * size) + e];
                }

                p[j] = (float)sum;
                if (shape.SoftCap != 0)
                    p[j] = MathF.Tanh(p[j] * (1 / shape.SoftCap)) * shape.SoftCap;
                if (!shape.ScaleQuery)
                    p[j] *= shape.Scale;
                largest = MathF.Max(largest, p[j]);
            }

            var total = 0.0;
            for (var j = first; j <= last; j++)
                total += p[j] = MathF.Exp(p[j] - largest);
            if (sinks)
                total += MathF.Exp(SinkLogits[head] - largest);
            var inverse = (float)(1 / total);
            for (var e = 0; e < valueSize; e++)
            {
                var sum = 0.0;
                for (var j = first; j <= last; j++)
                    sum += (float)(Half)(p[j] * inverse) * (float)(Half)v[(((j * shape.KvHeads) + (head / group)) * valueSize) + e];
                y[(((row * shape.Heads) + head) * valueSize) + e] = (float)sum;
            }
        }

        return y;
    }
}
