using System.Diagnostics;
using System.Globalization;
using TaalasSim.Bench.Kernels;
using TaalasSim.Bench.Models;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Bench.Gpu;

/// <summary>Decode and prompt speed of Llama-shaped models of random codes on a device, with the share of its bandwidth.</summary>
internal static class GpuSpeed
{
    private const int Batch = 512,
        Context = 64;

    /// <summary>Prints a row per model and format.</summary>
    /// <param name="shapes">Models.</param>
    /// <param name="formats">Formats by name.</param>
    public static void Run(IReadOnlyList<LlamaShape> shapes, IReadOnlyList<string> formats)
    {
        using var kernels = KernelBackends.Create(KernelBackends.IlgpuCuda, Numerics.Reference, null, 2);
        var bandwidth = GpuCopy.ReadBytesPerSecond();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kernels.Name}: reads {bandwidth / 1e9:F0} GB/s"));
        Console.WriteLine("| model | format | weights MB | decode tokens/s | of bandwidth | products alone | prompt tokens/s |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|");
        foreach (var shape in shapes)
        foreach (var name in formats)
        {
            using var model = new SyntheticModel(
                kernels,
                CodeFormats.Named(name),
                shape.Layers,
                shape.Width,
                shape.FeedForward,
                shape.Heads,
                shape.Width / shape.Heads,
                shape.Vocabulary,
                Batch
            );
            var decode = Seconds(model, 20, () => model.Forward(1, Context));
            var products = Seconds(model, 20, () => model.Products(1));
            var prompt = Seconds(model, 1, () => model.Forward(Batch, 0)) / Batch;
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {shape.Name} | {name} | {model.WeightBytes / 1e6:F0} | {1 / decode:F0} | "
                        + $"{model.WeightBytes / decode / bandwidth:P0} | {model.WeightBytes / products / bandwidth:P0} | {1 / prompt:F0} |"
                )
            );
        }
    }

    /// <summary>Median seconds of an action, of several runs of <paramref name="times"/> each that end with the device idle.</summary>
    private static double Seconds(SyntheticModel model, int times, Action action)
    {
        action();
        model.Finish();
        var runs = new List<double>();
        for (var start = Stopwatch.GetTimestamp(); runs.Count < 5 || Stopwatch.GetElapsedTime(start).TotalSeconds < 0.5; )
        {
            var from = Stopwatch.GetTimestamp();
            for (var i = 0; i < times; i++)
                action();
            model.Finish();
            runs.Add(Stopwatch.GetElapsedTime(from).TotalSeconds / times);
        }

        runs.Sort();
        return runs[runs.Count / 2];
    }
}
