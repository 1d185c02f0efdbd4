using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Bench.Kernels;

/// <summary>A matrix of random codes in panel layout, in memory of its own; every value is finite.</summary>
internal sealed unsafe class RandomMatrix : IDisposable
{
    private readonly nint codes;
    private readonly nint scales;

    /// <param name="format">Format of the codes.</param>
    /// <param name="inputs">Inputs; whole blocks.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="random">Source of the codes.</param>
    /// <param name="segments">Banks along the inputs, at most as many as there are blocks.</param>
    public RandomMatrix(CodeFormat format, int inputs, int outputs, Random random, int segments = 1)
    {
        Bytes = PanelLayout.BankBytes(format, inputs, outputs);
        codes = (nint)NativeMemory.AlignedAlloc((nuint)Bytes + 64, 64);
        Fill(format, random);
        scales = Scales(format, outputs);
        var blocks = inputs / format.BlockWeights;
        var panels = new List<PanelSegment>();
        var at = codes;
        for (var p = 0; p < PanelLayout.Panels(outputs); p++)
        for (var s = 0; s < segments; s++)
        {
            int from = blocks * s / segments * format.BlockWeights,
                to = blocks * (s + 1) / segments * format.BlockWeights;
            panels.Add(new PanelSegment(at, from, to - from));
            at += (nint)PanelLayout.PanelBytes(format, to - from);
        }

        Banked = new BankedMatrix
        {
            Format = format,
            Inputs = inputs,
            Outputs = outputs,
            Segments = segments,
            Panels = [.. panels],
            ColumnScales = scales,
        };
    }

    /// <summary>The matrix as kernel sets take it.</summary>
    public BankedMatrix Banked { get; }

    /// <summary>Bytes of codes.</summary>
    public long Bytes { get; }

    public void Dispose()
    {
        NativeMemory.AlignedFree((void*)codes);
        NativeMemory.AlignedFree((void*)scales);
    }

    private void Fill(CodeFormat format, Random random)
    {
        var bytes = (byte*)codes;
        for (long at = 0; at < Bytes; at += 1 << 20)
            random.NextBytes(new Span<byte>(bytes + at, (int)Math.Min(1 << 20, Bytes - at)));
        for (long at = 1; at < Bytes; at += 2)
            bytes[at] &= 0xBB; // keeps every binary16 finite wherever it lies
        for (long at = 0; format.Name == "nvfp4" && at < Bytes; at += PanelLayout.BlockRowBytes(format))
        for (var i = 0; i < 4 * PanelLayout.Columns; i++)
            bytes[at + i] &= 0x37; // scales below one, so that keys and values are finite in binary16
    }

    /// <summary>Scales of the columns, for the fabric's formats.</summary>
    private static nint Scales(CodeFormat format, int outputs)
    {
        if (format.GgmlType >= 0)
            return 0;
        var count = PanelLayout.Panels(outputs) * PanelLayout.Columns;
        var columns = (float*)NativeMemory.AlignedAlloc((nuint)count * sizeof(float), 64);
        new Span<float>(columns, count).Fill(1e-5f);
        return (nint)columns;
    }
}
