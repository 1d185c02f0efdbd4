using System.Diagnostics;
using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Select;

/// <summary>Times one product on several backends.</summary>
internal static unsafe class BackendProbe
{
    /// <summary>Inputs and outputs of the product: a layer of a model with some billion weights, 17 MiB of Q8_0.</summary>
    private const int Size = 4096;

    /// <summary>The backend with the shortest matrix-vector product; the only one without measuring.</summary>
    public static string Fastest(IReadOnlyList<string> backends, int threads)
    {
        if (backends.Count == 1)
            return backends[0];
        var format = CodeFormats.Named("q8_0");
        var panelBytes = PanelLayout.PanelBytes(format, Size);
        var memory = (byte*)NativeMemory.AlignedAlloc((nuint)(panelBytes * PanelLayout.Panels(Size)), 64);
        try
        {
            NativeMemory.Fill(memory, (nuint)(panelBytes * PanelLayout.Panels(Size)), 0x11);
            var matrix = new BankedMatrix
            {
                Format = format,
                Inputs = Size,
                Outputs = Size,
                Segments = 1,
                Panels =
                [
                    .. Enumerable
                        .Range(0, PanelLayout.Panels(Size))
                        .Select(p => new PanelSegment((nint)(memory + (p * panelBytes)), 0, Size)),
                ],
            };
            return backends.MinBy(name => Seconds(name, matrix, threads))!;
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    /// <summary>
    /// The best run, once none has been better by a tenth for a second: by then the just-in-time compilers have done with the code. The
    /// result is read back each time, as a token's logits are.
    /// </summary>
    private static double Seconds(string name, BankedMatrix matrix, int threads)
    {
        using var kernels = KernelBackends.Create(name, Numerics.Reference, null, threads);
        using var w = kernels.Bind(matrix);
        using var x = kernels.Allocate(Size);
        using var y = kernels.Allocate(Size);
        var result = new float[Size];
        var best = double.PositiveInfinity;
        var improved = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(improved).TotalSeconds < 1)
        {
            var start = Stopwatch.GetTimestamp();
            kernels.MatMul(w, x, 1, y);
            y.Read(0, result);
            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (seconds < 0.9 * best)
                improved = Stopwatch.GetTimestamp();
            best = Math.Min(best, seconds);
        }

        return best;
    }
}
