using System.Diagnostics;
using System.Globalization;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Bench.Kernels;

/// <summary>
/// Weight bandwidth of matrix times vector, and tokens per second of the products of a Llama-shaped model (12 layers, 768 wide, FFN 2,048,
/// 12 heads of 64, vocabulary 32,000): decode with all other operations at a context of 64, prompt in batches of 128 with logits for the
/// last token only.
/// </summary>
internal static class KernelSpeed
{
    private const int Layers = 12,
        Width = 768,
        Ffn = 2048,
        Heads = 12,
        HeadSize = 64,
        Vocabulary = 32000,
        Batch = 128;

    /// <summary>What follows the name of a format that is computed in the fabric's arithmetic.</summary>
    private const string Hardware = "@hardware";

    private static readonly HardwareNumerics Widths = new()
    {
        ActivationBits = 8,
        AccumulatorBits = 32,
        KvBits = 16,
        VectorPrecision = VectorPrecision.Fp32,
    };

    /// <summary>Measures the formats on the fastest instruction set, or on <paramref name="simd"/>.</summary>
    public static void Run(int threads, IEnumerable<string> formats, string? simd)
    {
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"stream read, {threads} threads: {StreamBandwidth.Measure(threads) / 1e9:F1} GB/s")
        );
        foreach (var way in ByteDotPeak.Ways())
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"byte dot products, one core, {way.Name}: {way.PerSecond / 1e9:F0} G multiply-adds/s"
                )
            );
        Console.WriteLine(
            $"instruction sets: {string.Join(", ", KernelBackends.InstructionSets)}; in use: {simd ?? KernelBackends.InstructionSets[^1]}"
        );
        foreach (var name in formats)
        {
            var inHardware = name.EndsWith(Hardware, StringComparison.Ordinal);
            var format = CodeFormats.Named(inHardware ? name[..^Hardware.Length] : name);
            using var kernels = (SimdKernels)
                KernelBackends.Create(
                    KernelBackends.Simd,
                    inHardware ? Numerics.Hardware : Numerics.Reference,
                    inHardware ? Widths : null,
                    threads,
                    simd
                );
            using var model = new SyntheticModel(kernels, format, Layers, Width, Ffn, Heads, HeadSize, Vocabulary, Batch);
            var decode = Seconds(() => model.Forward(1, 64));
            var before = GC.GetAllocatedBytesForCurrentThread();
            model.Forward(1, 64);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            var products = Seconds(() => model.Products(1));
            var cachedBytes = model.CachedProducts(20);
            var cached = Seconds(() => model.CachedProducts(20));
            var prompt = Seconds(() => model.Forward(Batch, 0)) / Batch;
            var cpu = CpuSeconds(() => model.Forward(Batch, 0)) / Batch;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{name, -6} {kernels.Name}: decode {1 / decode:F0} tok/s, products alone {model.WeightBytes / products / 1e9:F1} "
                        + $"GB/s ({cachedBytes / cached / 1e9:F1} in cache), prompt {1 / prompt:F0} tok/s ({1 / cpu:F0} per CPU "
                        + $"second), {allocated} bytes allocated per token"
                )
            );
        }
    }

    /// <summary>Processor time of the best run; less sensitive to what else the machine does.</summary>
    private static double CpuSeconds(Action action)
    {
        var best = double.PositiveInfinity;
        for (var i = 0; i < 5; i++)
        {
            var from = Environment.CpuUsage.TotalTime;
            action();
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - from).TotalSeconds);
        }

        return best;
    }

    /// <summary>Best of repeated runs: what the machine gives when nobody else has it.</summary>
    private static double Seconds(Action action)
    {
        for (var i = 0; i < 3; i++)
            action();
        var times = new List<double>();
        for (var start = Stopwatch.GetTimestamp(); times.Count < 5 || Stopwatch.GetElapsedTime(start).TotalSeconds < 2; )
        {
            var from = Stopwatch.GetTimestamp();
            action();
            times.Add(Stopwatch.GetElapsedTime(from).TotalSeconds);
        }

        return times.Min();
    }
}
