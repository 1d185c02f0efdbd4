using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Cpu;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>The fabric's arithmetic, worked out beside the tests from its definition.</summary>
[TestFixture]
[Category("Kernels")]
public sealed unsafe class HardwareNumericsTests
{
    private static HardwareNumerics Widths(
        int activations = 8,
        int accumulator = 32,
        int kv = 16,
        VectorPrecision precision = VectorPrecision.Fp32
    ) =>
        new()
        {
            ActivationBits = activations,
            AccumulatorBits = accumulator,
            KvBits = kv,
            VectorPrecision = precision,
        };

    [Test]
    public void Banks_add_scaled_blocks_and_saturate(
        [Values("rom2", "rom3", "rom4", "rom5", "rom6", "rom8")] string name,
        [Values(8, 5, 12)] int bits,
        [Values(32, 18, 14)] int accumulator
    )
    {
        var format = CodeFormats.Named(name);
        using var matrix = new PanelMatrix(format, 32 * 9, outputs: 21, segments: 3, seed: 4);
        var x = MatMulTests.Vectors(10, 32 * 9, 7);
        var expected = new float[10 * 21];
        var saturated = 0;
        for (var t = 0; t < 10; t++)
        {
            var vector = x.AsSpan(t * 288, 288);
            int limit = (1 << (bits - 1)) - 1;
            var s = Largest(vector) / limit;
            var a = Array.ConvertAll(vector.ToArray(), v => (long)Math.Clamp(MathF.Round(v / s, MidpointRounding.ToEven), -limit, limit));
            for (var o = 0; o < 21; o++)
            {
                long total = 0;
                for (var bank = 0; bank < 3; bank++)
                {
                    long sum = 0;
                    for (var b = bank * 3; b < (bank + 1) * 3; b++)
                    {
                        var block = matrix.Rows[o].AsSpan(b * format.BlockBytes, format.BlockBytes);
                        long products = 0;
                        for (var i = 0; i < 32; i++)
                            products += SlowCode(block, format.CodeBits, i) * a[(b * 32) + i];
                        long bound = 1L << (accumulator - 1),
                            exact = sum + (block[0] * products);
                        sum = Math.Min(Math.Max(exact, -bound), bound - 1);
                        saturated += sum != exact ? 1 : 0;
                    }

                    total += sum;
                }

                expected[(t * 21) + o] = total * (matrix.Scales[o] * s);
            }
        }

        Assert.Multiple(() =>
        {
            Assert.That(Product(matrix, x, 10, Widths(bits, accumulator)), Is.EqualTo(MatMulTests.Bits(expected)));
            if (accumulator != 18) // at 18 bits it depends on the codes
                Assert.That(saturated > 0, Is.EqualTo(accumulator == 14), "only the narrow accumulator saturates");
        });
    }

    [Test]
    public void Partial_sums_of_banks_saturate_at_32_bits()
    {
        var format = CodeFormats.Named("rom8");
        var row = new byte[format.BlockBytes * 96];
        for (var i = 0; i < row.Length; i++)
            row[i] = i % format.BlockBytes == 0 ? (byte)255 : (byte)127;
        using var matrix = new PanelMatrix(format, 32 * 96, [row], segments: 2);
        var x = new float[32 * 96];
        Array.Fill(x, 1);
        var y = Product(matrix, x, 1, Widths(activations: 16));
        var scale = 1f / 32767;
        Assert.That(y, Is.EqualTo(MatMulTests.Bits([int.MaxValue * (matrix.Scales[0] * scale)])));
    }

    [Test]
    public void Partial_sums_saturate_in_the_order_of_the_reduction_tree()
    {
        // Four banks at +, +, −, − saturation: the tree adds (0 + 1) + (2 + 3) = max + min = −1; one after the other it would be the least
        // number.
        var format = CodeFormats.Named("rom8");
        var row = new byte[format.BlockBytes * 192];
        for (var i = 0; i < row.Length; i++)
            row[i] =
                i % format.BlockBytes == 0 ? (byte)255
                : i < row.Length / 2 ? (byte)127
                : (byte)129;
        using var matrix = new PanelMatrix(format, 32 * 192, [row], segments: 4);
        var x = new float[32 * 192];
        Array.Fill(x, 1);
        var y = Product(matrix, x, 1, Widths(activations: 16));
        Assert.That(y, Is.EqualTo(MatMulTests.Bits([-1 * (matrix.Scales[0] * (1f / 32767))])));
    }

    [Test]
    public void Integer_sub_blocks_equal_the_decoded_weights([ValueSource(typeof(MatMulTests), nameof(MatMulTests.Formats))] string name)
    {
        var format = CodeFormats.Named(name);
        if (format is not IntegerFormat integer)
        {
            Assert.Pass("no integer codes");
            return;
        }

        var bytes = RandomBlocks.Row(format, 1, new Random(12));
        var expected = new float[format.BlockWeights];
        format.Decode(bytes, expected);
        var w = default(BlockCodes);
        integer.Unpack(bytes, ref w);
        var actual = new float[expected.Length];
        for (var i = 0; i < actual.Length; i++)
        {
            var s = i / integer.SubBlock;
            actual[i] = (integer.OutputScale * (w.Scale * w.Steps[s]) * w.Codes[i]) - (w.MinimumScale * w.MinimumSteps[s]);
        }

        Assert.That(actual, Is.EqualTo(expected));
    }

    [Test]
    public void Fast_decoders_give_the_bits_of_the_portable_ones(
        [ValueSource(typeof(MatMulTests), nameof(MatMulTests.Formats))] string name,
        [Values(1, 6)] int rows,
        [Values(8, 16)] int bits
    )
    {
        var format = CodeFormats.Named(name);
        if (format.GgmlType < 0)
            Assert.Pass("the fabric's formats have one kernel");
        var inputs = Math.Max(format.BlockWeights, 64) * 3;
        using var matrix = new PanelMatrix(format, inputs, outputs: 37, segments: 2, seed: 3);
        var x = MatMulTests.Vectors(rows, inputs, 5);
        Assert.That(
            Product(matrix, x, rows, Widths(activations: bits), SimdLevels.Best),
            Is.EqualTo(Product(matrix, x, rows, Widths(activations: bits), SimdLevel.Portable))
        );
    }

    [Test]
    public void Wide_activations_come_close_to_the_exact_product(
        [ValueSource(typeof(MatMulTests), nameof(MatMulTests.Formats))] string name
    )
    {
        var format = CodeFormats.Named(name);
        if (format.GgmlType < 0)
            Assert.Pass("the fabric's formats have tests of their own");
        var inputs = Math.Max(format.BlockWeights, 64) * 2;
        using var matrix = new PanelMatrix(format, inputs, outputs: 5, segments: 2, seed: 1);
        var x = MatMulTests.Vectors(1, inputs, 2);
        var weights = new float[inputs];
        var y = Product(matrix, x, 1, Widths(activations: 16));
        for (var o = 0; o < 5; o++)
        {
            format.Decode(matrix.Rows[o], weights);
            double exact = 0,
                size = 0;
            for (var i = 0; i < inputs; i++)
            {
                exact += (double)weights[i] * x[i];
                size += Math.Abs((double)weights[i] * x[i]);
            }

            // A 16-bit activation errs by half a step of max|x|/32767 at most; the rest is binary32 rounding.
            var bound = (Largest(x) / 65534 * weights.Sum(w => Math.Abs((double)w))) + (size * 2e-5);
            Assert.That(BitConverter.Int32BitsToSingle(y[o]), Is.EqualTo(exact).Within(bound));
        }
    }

    [Test]
    public void Stored_keys_keep_their_bits([Values(4, 8, 16)] int bits)
    {
        // One position: the softmax is 1 and the output is the stored value.
        using var kernels = new SimdKernels(Numerics.Hardware, Widths(kv: bits), 1);
        using var cache = kernels.AllocateCache(1, 8, 8, 1, 4);
        IKernelBuffer k = kernels.Allocate(8),
            v = kernels.Allocate(8),
            q = kernels.Allocate(8),
            y = kernels.Allocate(8);
        float[] values = [0.7f, -0.31f, 0.02f, 0, 0.11f, -0.7f, 0.35f, 0.5f];
        v.Write(values);
        kernels.StoreKv(cache, 0, 0, 1, k, v);
        kernels.Attention(
            cache,
            new AttentionShape
            {
                Heads = 1,
                KvHeads = 1,
                HeadSize = 8,
                ValueHeadSize = 8,
                Scale = 1,
            },
            0,
            0,
            1,
            q,
            y
        );
        var actual = new float[8];
        y.Read(0, actual);
        var limit = (1 << (bits - 1)) - 1;
        var expected = Array.ConvertAll(values, x =>
            bits == 16 ? (float)(Half)x : 0.7f / limit * MathF.Round(x / (0.7f / limit), MidpointRounding.ToEven)
        );
        Assert.That(actual, Is.EqualTo(expected));
    }

    [Test]
    public void Every_KV_head_has_a_scale_of_its_own([Values(4, 8)] int bits)
    {
        using var kernels = new SimdKernels(Numerics.Hardware, Widths(kv: bits), 1);
        using var cache = kernels.AllocateCache(1, 8, 8, kvHeads: 2, capacity: 4);
        IKernelBuffer k = kernels.Allocate(8),
            v = kernels.Allocate(8),
            y = kernels.Allocate(8);
        // With one scale for both the second head would be all zeros.
        float[] values = [100, -40, 7, 0, 0.001f, -0.0004f, 0.00007f, 0];
        v.Write(values);
        kernels.StoreKv(cache, 0, 0, 1, k, v);
        var shape = new AttentionShape
        {
            Heads = 2,
            KvHeads = 2,
            HeadSize = 4,
            ValueHeadSize = 4,
            Scale = 1,
        };
        kernels.Attention(cache, shape, 0, 0, 1, k, y);
        var actual = new float[8];
        y.Read(0, actual);
        var limit = (1 << (bits - 1)) - 1;
        float Stored(float x, float largest) => largest / limit * MathF.Round(x / (largest / limit), MidpointRounding.ToEven);
        Assert.That(actual, Is.EqualTo(values.Select((x, i) => Stored(x, i < 4 ? 100 : 0.001f))));
    }

    [Test]
    public void Half_precision_lanes_round_every_result()
    {
        using var kernels = new SimdKernels(Numerics.Hardware, Widths(precision: VectorPrecision.Fp16), 1);
        IKernelBuffer x = kernels.Allocate(1),
            y = kernels.Allocate(1);
        x.Write([1]);
        y.Write([0.0004f]); // below half a step of binary16 at 1
        kernels.Add(x, y, 1);
        var sum = new float[1];
        x.Read(0, sum);
        Assert.That(sum[0], Is.EqualTo(1f));
    }

    [TestCase(1, 32, 16)]
    [TestCase(17, 32, 16)]
    [TestCase(8, 7, 16)]
    [TestCase(8, 32, 5)]
    public void Undefined_widths_are_refused(int activations, int accumulator, int kv) =>
        Assert.That(() => new SimdKernels(Numerics.Hardware, Widths(activations, accumulator, kv), 1), Throws.TypeOf<InputException>());

    private static float Largest(ReadOnlySpan<float> x)
    {
        var largest = 0f;
        foreach (var v in x)
            largest = MathF.Max(largest, MathF.Abs(v));
        return largest;
    }

    /// <summary>The code bit by bit: two's complement, little-endian stream behind the scale byte.</summary>
    private static long SlowCode(ReadOnlySpan<byte> block, int bits, int index)
    {
        long code = 0;
        for (var i = 0; i < bits; i++)
        {
            var bit = (index * bits) + i;
            long value = (block[1 + (bit / 8)] >> (bit % 8)) & 1;
            code += i == bits - 1 ? -(value << i) : value << i;
        }

        return code;
    }

    private static int[] Product(PanelMatrix matrix, float[] x, int rows, HardwareNumerics numerics) =>
        Product(matrix, x, rows, numerics, SimdLevels.Best);

    private static int[] Product(PanelMatrix matrix, float[] x, int rows, HardwareNumerics numerics, SimdLevel level)
    {
        using var kernels = new SimdKernels(Numerics.Hardware, numerics, 2, level);
        using var w = kernels.Bind(matrix.Banked);
        using var input = kernels.Allocate(x.Length);
        using var output = kernels.Allocate(rows * matrix.Banked.Outputs);
        input.Write(x);
        kernels.MatMul(w, input, rows, output);
        var y = new float[rows * matrix.Banked.Outputs];
        output.Read(0, y);
        return MatMulTests.Bits(y);
    }
}
