using System.Runtime.InteropServices;
using TaalasSim.Bench.Kernels;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Bench.Gpu;

/// <summary>Every kernel of a device against the vector units of this machine, bit for bit: products of every format in both numerics, by
/// one vector and by many, and every other operation.</summary>
internal sealed class GpuCheck
{
    private const int Outputs = 75,
        Heads = 6,
        KvHeads = 2,
        HeadSize = 64,
        Positions = 300;

    private static readonly HardwareNumerics Fabric = new()
    {
        ActivationBits = 8,
        AccumulatorBits = 32,
        KvBits = 16,
        VectorPrecision = VectorPrecision.Fp32,
    };

    private readonly string backend;
    private int cases,
        failures;

    private GpuCheck(string backend) => this.backend = backend;

    /// <summary>Runs all cases and prints those that differ.</summary>
    /// <returns>0 when none differs, otherwise 1.</returns>
    public static int Run(string backend)
    {
        var check = new GpuCheck(backend);
        foreach (
            var numerics in (HardwareNumerics?[])
                [null, Fabric, Fabric with { KvBits = 8, VectorPrecision = VectorPrecision.Fp16 }, Fabric with { KvBits = 4 }]
        )
            check.All(numerics);
        Console.WriteLine($"{check.cases} cases on {backend}: {check.failures} differ from the vector units");
        return check.failures == 0 ? 0 : 1;
    }

    private static IEnumerable<GpuCase> Products(HardwareNumerics? numerics) =>
        from format in CodeFormats.All
        where format.Name != "f64" && (numerics is null || format.GgmlType < 0 || format.HasIntegerCodes || format.BlockWeights == 1)
        from rows in (int[])[1, 3, 21, 100]
        from segments in (int[])[1, 3]
        select new GpuCase($"product of {format.Name}, {rows} vectors, {segments} banks", kernels =>
            Product(kernels, format, rows, segments)
        );

    private static float[] Product(IKernelSet kernels, CodeFormat format, int rows, int segments)
    {
        var inputs = Math.Max(9 * format.BlockWeights, 1536);
        using var matrix = new RandomMatrix(format, inputs, Outputs, new Random(7), segments);
        using var w = kernels.Bind(matrix.Banked);
        using var x = Vectors(kernels, rows * inputs, 1);
        using var y = kernels.Allocate(rows * Outputs);
        kernels.MatMul(w, x, rows, y);
        return Read(y);
    }

    private static IEnumerable<GpuCase> Operations()
    {
        foreach (var width in (int[])[1, 7, 64, 2048, 5000])
        {
            yield return new GpuCase($"RMS norm of {width}", kernels =>
            {
                using var x = Vectors(kernels, 3 * width, 1);
                using var weight = Vectors(kernels, width, 2);
                using var y = kernels.Allocate(3 * width);
                kernels.RmsNorm(x, weight, 1e-5f, 3, width, y);
                return Read(y);
            });
        }

        foreach (var activation in Enum.GetValues<GateActivation>())
        {
            yield return new GpuCase($"gate {activation}", kernels =>
            {
                // Exponents from −60 to 60 and their limits.
                using var gate = kernels.Allocate(200_003);
                gate.Write([.. Enumerable.Range(0, 200_000).Select(i => (i - 100_000) * 0.0011f), -200, 200, 0]);
                using var up = Vectors(kernels, 200_003, 4);
                kernels.Gate(activation, gate, up, 200_003);
                return Read(gate);
            });
        }

        foreach (var neox in (bool[])[false, true])
        {
            yield return new GpuCase(neox ? "rotation of halves" : "rotation of neighbours", kernels =>
            {
                using var x = Vectors(kernels, 5 * Heads * HeadSize, 1);
                using var angles = Vectors(kernels, 5 * HeadSize, 2);
                kernels.Rope(x, angles, 5, Heads, HeadSize, HeadSize, neox);
                return Read(x);
            });
        }

        yield return new GpuCase("sums, biases, factors, soft caps", kernels =>
        {
            using var x = Vectors(kernels, 7 * 1001, 3);
            using var y = Vectors(kernels, 7 * 1001, 4);
            using var bias = Vectors(kernels, 1001, 5);
            kernels.Add(x, y, 7 * 1001);
            kernels.AddBias(x, bias, 7, 1001);
            kernels.ScaleRows(x, [0.3f, 1, -1.7f, 9, 1e-3f, 0, 30], 1001);
            kernels.SoftCap(x, 6, 7 * 1001);
            return Read(x);
        });
    }

    private static IEnumerable<GpuCase> Attentions() =>
        from window in (int[])[0, 50]
        from softCap in (float[])[0, 30]
        from scaleQuery in (bool[])[false, true]
        from sinks in (bool[])[false, true]
        select new GpuCase($"attention, window {window}, cap {softCap}, query scaled {scaleQuery}, sinks {sinks}", kernels =>
            Attend(kernels, window, softCap, scaleQuery, sinks)
        );

    private static float[] Attend(IKernelSet kernels, int window, float softCap, bool scaleQuery, bool hasSinks)
    {
        using var cache = kernels.AllocateCache(2, KvHeads * HeadSize, KvHeads * HeadSize, KvHeads, Positions);
        using var q = Vectors(kernels, Positions * Heads * HeadSize, 1);
        using var k = Vectors(kernels, Positions * KvHeads * HeadSize, 2);
        using var v = Vectors(kernels, Positions * KvHeads * HeadSize, 3);
        using var sinks = Vectors(kernels, Heads, 4);
        using var y = kernels.Allocate(Positions * Heads * HeadSize);
        var shape = new AttentionShape
        {
            Heads = Heads,
            KvHeads = KvHeads,
            HeadSize = HeadSize,
            ValueHeadSize = HeadSize,
            Scale = 0.125f,
            ScaleQuery = scaleQuery,
            SoftCap = softCap,
            Window = window,
            Sinks = hasSinks ? sinks : null,
        };
        kernels.StoreKv(cache, 1, 0, Positions - 1, k, v);
        kernels.Attention(cache, shape, 1, 0, Positions - 1, q, y);
        var prompt = Read(y);
        kernels.StoreKv(cache, 1, Positions - 1, 1, k, v);
        kernels.Attention(cache, shape, 1, Positions - 1, 1, q, y);
        return [.. prompt, .. Read(y)];
    }

    private static IKernelBuffer Vectors(IKernelSet kernels, int count, int seed)
    {
        var random = new Random(seed);
        var buffer = kernels.Allocate(count);
        buffer.Write([.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() - 0.5f) * 4)]);
        return buffer;
    }

    private static float[] Read(IKernelBuffer buffer)
    {
        var values = new float[buffer.Count];
        buffer.Read(0, values);
        return values;
    }

    private void All(HardwareNumerics? hardware)
    {
        var numerics = hardware is null ? Numerics.Reference : Numerics.Hardware;
        using var expected = KernelBackends.Create(KernelBackends.Simd, numerics, hardware, Environment.ProcessorCount);
        using var device = KernelBackends.Create(backend, numerics, hardware, 2);
        foreach (var test in Products(hardware).Concat(Operations()).Concat(Attentions()))
        {
            cases++;
            try
            {
                var difference = Difference(test.Run(expected), test.Run(device));
                if (difference is not null)
                    Report(hardware, test, difference);
            }
            catch (InputException e)
            {
                Report(hardware, test, e.Message);
            }
        }
    }

    private void Report(HardwareNumerics? hardware, GpuCase test, string what)
    {
        failures++;
        var numerics = hardware is null ? "reference" : $"{hardware.KvBits}-bit KV, {hardware.VectorPrecision}";
        Console.WriteLine($"{numerics}: {test.Name}: {what}");
    }

    private static string? Difference(float[] expected, float[] actual)
    {
        var left = MemoryMarshal.Cast<float, uint>(expected);
        var right = MemoryMarshal.Cast<float, uint>(actual);
        int count = 0,
            first = -1;
        for (var i = 0; i < left.Length; i++)
            if (left[i] != right[i] && !(float.IsNaN(expected[i]) && float.IsNaN(actual[i])) && count++ == 0)
                first = i;
        return count == 0 ? null : $"{count} of {left.Length} values, first {actual[first]:R} instead of {expected[first]:R}";
    }
}
