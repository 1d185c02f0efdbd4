using System.Runtime.InteropServices;
using NUnit.Framework;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels;
using TaalasSim.Runtime.Kernels.Simd;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>The panel kernels against the scalar products, bit for bit.</summary>
[TestFixture]
[Category("Kernels")]
public sealed class MatMulTests
{
    public static IEnumerable<string> Formats => CodeFormats.All.Where(f => f.Name != "f64").Select(f => f.Name);

    private static IEnumerable<SimdLevel> Levels => Enum.GetValues<SimdLevel>().Where(level => level <= SimdLevels.Best);

    [Test]
    public void Panels_equal_the_scalar_products([ValueSource(nameof(Formats))] string name)
    {
        var format = CodeFormats.Named(name);
        var inputs = format.BlockWeights switch { 1 => 172, 256 => 768, var w => 5 * w };
        if (name == "nvfp4" || name == "q1_0")
            inputs = 8 * format.BlockWeights;
        using var matrix = new PanelMatrix(format, inputs, outputs: 37, segments: 1, seed: 11);
        var x = Vectors(9, inputs, 5);
        var expected = matrix.Oracle(x, 9);
        foreach (var level in Levels)
        foreach (var rows in (int[])[1, 5, 9])
            Assert.That(Product(matrix, x, rows, 1, level), Is.EqualTo(Bits(expected.AsSpan(0, rows * 37))), $"{level}, {rows} rows");
    }

    [Test]
    public void Cutting_rows_into_banks_changes_no_bit([ValueSource(nameof(Formats))] string name)
    {
        var format = CodeFormats.Named(name);
        var inputs = format.BlockWeights == 1 ? 100 : format.BlockWeights * 6;
        using var whole = new PanelMatrix(format, inputs, outputs: 20, segments: 1, seed: 3);
        using var cut = new PanelMatrix(format, inputs, outputs: 20, segments: 3, seed: 3);
        var x = Vectors(3, inputs, 6);
        foreach (var level in Levels)
            Assert.That(Product(cut, x, 3, 1, level), Is.EqualTo(Product(whole, x, 3, 1, level)), level.ToString());
    }

    [Test]
    public void The_number_of_threads_changes_no_bit([Values("q8_0", "q4_k", "f16", "iq2_xs")] string name, [Values(2, 3)] int threads)
    {
        using var matrix = new PanelMatrix(CodeFormats.Named(name), 512, outputs: 100, segments: 2, seed: 8);
        var x = Vectors(5, 512, 9);
        var expected = Product(matrix, x, 5, 1, SimdLevels.Best);
        for (var again = 0; again < 20; again++)
            Assert.That(Product(matrix, x, 5, threads, SimdLevels.Best), Is.EqualTo(expected));
    }

    [Test]
    public void Quantisers_of_all_levels_agree([Values("q8_0", "q4_1", "q4_k", "f16", "bf16")] string name)
    {
        // Halves in every block: products with the scale that lie exactly between two codes.
        var x = Vectors(64, 768, 21);
        for (var i = 0; i < x.Length; i += 32)
            x[i] = 127;
        for (var i = 0; i < x.Length; i += 7)
            x[i] = MathF.Round(x[i] * 40) + (i % 2 == 0 ? 0.5f : -0.5f);
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
        to.Shape(ActivationKinds.Of(CodeFormats.Named(name)), x.Length / rows, rows);
        fixed (float* values = x)
            new QuantizeWork(level) { To = to, X = values }.Run(0, 0, 1);
        using var all = new MemoryStream();
        for (var row = 0; row < rows; row++)
            all.Write(ScalarProductTests.Serialise(to, row));
        return Convert.ToHexString(all.ToArray());
    }

    private static int[] Product(PanelMatrix matrix, float[] x, int rows, int threads, SimdLevel level)
    {
        using var kernels = new SimdKernels(Numerics.Reference, null, threads, level);
        using var w = kernels.Bind(matrix.Banked);
        using var input = kernels.Allocate(x.Length);
        using var output = kernels.Allocate(rows * matrix.Banked.Outputs);
        input.Write(x);
        kernels.MatMul(w, input, rows, output);
        var y = new float[rows * matrix.Banked.Outputs];
        output.Read(0, y);
        return Bits(y);
    }
}
