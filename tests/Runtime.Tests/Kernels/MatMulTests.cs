using System.Runtime.InteropServices;
using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Cpu;
using TaalasSim.Runtime.Kernels.FabricNumerics;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>Products on every backend against the scalar products of the reference.</summary>
[TestFixture]
[Category("Kernels")]
public sealed class MatMulTests
{
    public static IEnumerable<string> Formats => CodeFormats.All.Where(f => f.Name != "f64").Select(f => f.Name);

    /// <summary>Of a backend that does not keep the order of sums, as a part of the largest result: one activation code may round the other
    /// way.</summary>
    private const double Tolerance = 2e-3;

    [Test]
    public void States_of_a_group_fit_the_workers_memory([ValueSource(nameof(Formats))] string name) =>
        Assert.Multiple(() =>
        {
            var format = CodeFormats.Named(name);
            foreach (var level in Enum.GetValues<SimdLevel>())
            foreach (
                var kernel in (PanelKernel[])
                    [
                        PanelKernels.For(format, level),
                        FabricKernels.For(
                            format,
                            new HardwareNumerics
                            {
                                ActivationBits = 8,
                                AccumulatorBits = 32,
                                KvBits = 16,
                                VectorPrecision = VectorPrecision.Fp32,
                            },
                            level
                        ),
                    ]
            )
                Assert.That(kernel.GroupSize * kernel.StateBytes, Is.LessThanOrEqualTo(ProductWork.StateBytes), $"{kernel.GetType()}");
        });

    [Test]
    public void Panels_equal_the_scalar_products(
        [ValueSource(nameof(Formats))] string name,
        [ValueSource(typeof(TestBackend), nameof(TestBackend.All))] TestBackend backend
    )
    {
        var format = CodeFormats.Named(name);
        var inputs = format.BlockWeights switch
        {
            1 => 172,
            256 => 768,
            var w => 5 * w,
        };
        if (name == "nvfp4" || name == "q1_0")
            inputs = 8 * format.BlockWeights;
        using var kernels = backend.Create(Numerics.Reference, null);
        using var matrix = new PanelMatrix(format, inputs, outputs: 37, segments: 1, seed: 11);
        var x = Vectors(9, inputs, 5);
        var expected = matrix.Oracle(x, 9);
        foreach (var rows in (int[])[1, 2, 4, 5, 9])
            Results.AreEqual(kernels, Product(kernels, matrix, x, rows), expected[..(rows * 37)], Tolerance, $"{rows} rows");
    }

    [Test]
    public void Many_vectors_through_long_rows_equal_the_scalar_products(
        [Values(
            "q8_0",
            "q4_1",
            "q5_0",
            "mxfp4",
            "q4_k",
            "q6_k",
            "f16",
            "bf16",
            "f32",
            "q2_k",
            "iq2_xs",
            "iq3_s",
            "iq1_m",
            "iq4_xs",
            "tq1_0",
            "nvfp4",
            "q1_0"
        )]
            string name
    )
    {
        // More vectors and more blocks than kernels take at once, and neither a multiple of what they take.
        var format = CodeFormats.Named(name);
        var inputs = format.BlockWeights switch
        {
            256 => 768,
            128 => 9 * 128,
            64 => 17 * 64,
            _ => 35 * 32,
        };
        using var matrix = new PanelMatrix(format, inputs, outputs: 21, segments: 1, seed: 12);
        var x = Vectors(261, inputs, 5);
        var expected = Bits(matrix.Oracle(x, 261));
        foreach (var level in SimdLevels.Available)
        {
            using var kernels = new SimdKernels(Numerics.Reference, null, threads: 2, level);
            using var w = kernels.Bind(matrix.Banked);
            using var input = Results.Upload(kernels, x);
            using var output = kernels.Allocate(261 * 21);
            kernels.MatMul(w, input, 261, output);
            Assert.That(Bits(Results.Read(output, 261 * 21)), Is.EqualTo(expected), level.ToString());
        }
    }

    [Test]
    public void Devices_take_long_rows_in_chunks_and_many_vectors_in_tiles(
        [Values("q8_0", "q4_k", "f16")] string name,
        [ValueSource(typeof(TestBackend), nameof(TestBackend.OnIlgpu))] TestBackend backend
    )
    {
        // Rows of more blocks than shared memory has terms of, and one token more than two tiles.
        var format = CodeFormats.Named(name);
        var inputs =
            format.BlockWeights
            * (
                name == "f16" ? 1100
                : name == "q4_k" ? 60
                : 520
            );
        using var matrix = new PanelMatrix(format, inputs, outputs: 17, segments: 3, seed: 3);
        using var kernels = backend.Create(Numerics.Reference, null);
        var x = Vectors(33, inputs, 5);
        var expected = matrix.Oracle(x, 33);
        foreach (var rows in (int[])[1, 33])
            Results.AreEqual(kernels, Product(kernels, matrix, x, rows), expected[..(rows * 17)], Tolerance, $"{rows} rows");
    }

    [Test]
    public void Products_that_leave_the_range_of_binary32_equal_the_scalar_products()
    {
        // Weights and activations of about 2^-70: products are subnormal in binary32, where they are not exact.
        var format = CodeFormats.Named("bf16");
        var random = new Random(31);
        var rows = Enumerable
            .Range(0, 20)
            .Select(_ => MemoryMarshal.AsBytes<ushort>(Enumerable.Range(0, 200).Select(_ => Bfloat16(random)).ToArray()).ToArray())
            .ToArray();
        using var matrix = new PanelMatrix(format, 200, rows, segments: 1);
        var x = new float[16 * 200];
        for (var i = 0; i < x.Length; i++)
            x[i] = i < 8 * 200 ? BitConverter.UInt32BitsToSingle((uint)Bfloat16(random) << 16) : random.NextSingle() - 0.5f;
        var expected = Bits(matrix.Oracle(x, 16));
        Assert.That(expected.Distinct().Count(), Is.GreaterThan(50));
        foreach (var level in SimdLevels.Available)
        {
            using var kernels = new SimdKernels(Numerics.Reference, null, threads: 1, level);
            Assert.That(Bits(Product(kernels, matrix, x, 16)), Is.EqualTo(expected), level.ToString());
        }
    }

    [Test]
    public void Cutting_rows_into_banks_changes_no_bit(
        [ValueSource(nameof(Formats))] string name,
        [ValueSource(typeof(TestBackend), nameof(TestBackend.All))] TestBackend backend
    )
    {
        var format = CodeFormats.Named(name);
        var inputs = format.BlockWeights == 1 ? 100 : format.BlockWeights * 6;
        using var kernels = backend.Create(Numerics.Reference, null);
        using var whole = new PanelMatrix(format, inputs, outputs: 20, segments: 1, seed: 3);
        using var cut = new PanelMatrix(format, inputs, outputs: 20, segments: 3, seed: 3);
        var x = Vectors(3, inputs, 6);
        Assert.That(Bits(Product(kernels, cut, x, 3)), Is.EqualTo(Bits(Product(kernels, whole, x, 3))));
    }

    [Test]
    public void Products_in_the_fabrics_numerics_agree(
        [ValueSource(nameof(Formats))] string name,
        [ValueSource(typeof(TestBackend), nameof(TestBackend.OnIlgpu))] TestBackend backend,
        [Values(8, 16)] int activationBits
    )
    {
        var format = CodeFormats.Named(name);
        var inputs = format.BlockWeights == 1 ? 100 : format.BlockWeights * 6;

        // An accumulator so narrow that it saturates within a bank.
        var numerics = new HardwareNumerics
        {
            ActivationBits = activationBits,
            AccumulatorBits = 18,
            KvBits = 16,
            VectorPrecision = VectorPrecision.Fp32,
        };
        using var kernels = backend.Create(Numerics.Hardware, numerics);
        using var reference = new SimdKernels(Numerics.Hardware, numerics, threads: 1);
        using var matrix = new PanelMatrix(format, inputs, outputs: 37, segments: 3, seed: 4);
        var x = Vectors(3, inputs, 7);
        if (!IsInFabricNumerics(format))
        {
            Assert.That(() => kernels.Bind(matrix.Banked), Throws.TypeOf<InputException>().With.Message.Contains(name));
            return;
        }

        Results.AreEqual(kernels, Product(kernels, matrix, x, 3), Product(reference, matrix, x, 3), Tolerance, name);
    }

    [Test]
    public void The_number_of_threads_changes_no_bit([Values("q8_0", "q4_k", "f16", "iq2_xs")] string name, [Values(2, 3)] int threads)
    {
        using var matrix = new PanelMatrix(CodeFormats.Named(name), 512, outputs: 100, segments: 2, seed: 8);
        var x = Vectors(5, 512, 9);
        var expected = Product(matrix, x, 1);
        for (var again = 0; again < 20; again++)
            Assert.That(Product(matrix, x, threads), Is.EqualTo(expected));
    }

    [Test]
    public void Quantisers_of_all_levels_agree([Values("q8_0", "q4_1", "q4_k", "f16", "bf16")] string name)
    {
        // With a largest value of 127 codes are the rounded values themselves: ties, and the float just below a half, which must not become
        // one.
        var x = Vectors(64, 768, 21);
        for (var i = 0; i < x.Length; i += 7)
            x[i] = Math.Clamp(MathF.Round(x[i] * 40), -120, 120) + (i % 2 == 0 ? 0.5f : -0.5f);
        for (var i = 0; i < x.Length; i += 32)
        {
            x[i] = i % 256 == 0 ? -127 : 127;
            x[i + 1] = MathF.BitDecrement(0.5f);
            x[i + 2] = -x[i + 1];
        }

        x.AsSpan(0, 768).Clear();
        Assert.That(Quantised(name, x, 64, SimdLevels.Best), Is.EqualTo(Quantised(name, x, 64, SimdLevel.Portable)));
    }

    internal static float[] Vectors(int count, int width, int seed)
    {
        var random = new Random(seed);
        var x = new float[count * width];
        for (var i = 0; i < x.Length; i++)
            x[i] = (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f) * (i % 97 == 0 ? 20 : 1);
        return x;
    }

    internal static int[] Bits(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, int>(values).ToArray();

    private static unsafe string Quantised(string name, float[] x, int rows, SimdLevel level)
    {
        using var to = new Activations();
        to.Shape(CodeFormats.Named(name).Activations, x.Length / rows, rows);
        fixed (float* values = x)
            new QuantizeWork(level) { To = to, X = values }.Run(0, 0, 1);
        using var all = new MemoryStream();
        for (var row = 0; row < rows; row++)
            all.Write(ScalarProductTests.Serialise(to, row));
        return Convert.ToHexString(all.ToArray());
    }

    private static ushort Bfloat16(Random random) =>
        (ushort)((random.Next(2) << 15) | (random.Next(127 - 75, 127 - 66) << 7) | random.Next(128));

    /// <summary>The one to three bit code books have no product in the fabric's numerics outside SIMD.</summary>
    private static bool IsInFabricNumerics(CodeFormat format) =>
        format.Name is not ("iq1_s" or "iq1_m" or "iq2_xxs" or "iq2_xs" or "iq2_s" or "iq3_xxs" or "iq3_s");

    private static int[] Product(PanelMatrix matrix, float[] x, int threads)
    {
        using var kernels = new SimdKernels(Numerics.Reference, null, threads);
        return Bits(Product(kernels, matrix, x, 5));
    }

    private static float[] Product(IKernelSet kernels, PanelMatrix matrix, float[] x, int rows)
    {
        using var w = kernels.Bind(matrix.Banked);
        using var input = Results.Upload(kernels, x);
        using var output = kernels.Allocate(rows * matrix.Banked.Outputs);
        kernels.MatMul(w, input, rows, output);
        return Results.Read(output, rows * matrix.Banked.Outputs);
    }
}
