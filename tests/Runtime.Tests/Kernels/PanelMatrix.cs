using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Scalar;

namespace TaalasSim.Runtime.Tests.Kernels;

/// <summary>A small matrix in panel layout, cut in banks, with its rows in GGUF order for the oracle.</summary>
internal sealed unsafe class PanelMatrix : IDisposable
{
    private readonly List<nint> memory = [];

    /// <summary>A matrix of random codes.</summary>
    public PanelMatrix(CodeFormat format, int inputs, int outputs, int segments, int seed)
        : this(format, inputs, RandomRows(format, inputs, outputs, seed), segments) { }

    /// <param name="format">Code format.</param>
    /// <param name="inputs">Inputs; whole blocks.</param>
    /// <param name="rows">One row of blocks per output.</param>
    /// <param name="segments">Banks along the inputs; blocks are dealt as evenly as they go.</param>
    public PanelMatrix(CodeFormat format, int inputs, byte[][] rows, int segments)
    {
        int blocks = inputs / format.BlockWeights,
            outputs = rows.Length;
        Rows = rows;
        var panels = new List<PanelSegment>();
        for (var panel = 0; panel < PanelLayout.Panels(outputs); panel++)
        {
            for (var s = 0; s < segments; s++)
            {
                int from = blocks * s / segments,
                    to = blocks * (s + 1) / segments;
                var bytes = new byte[(to - from) * PanelLayout.BlockRowBytes(format)];
                for (var c = 0; c < 16 && (panel * 16) + c < outputs; c++)
                    PanelLayout.Scatter(
                        format,
                        Rows[(panel * 16) + c].AsSpan(from * format.BlockBytes, (to - from) * format.BlockBytes),
                        bytes,
                        c
                    );
                panels.Add(new PanelSegment(Copy(bytes), from * format.BlockWeights, (to - from) * format.BlockWeights));
            }
        }

        Scales = [.. Enumerable.Range(1, outputs).Select(o => 0.0001f * (1 + (o * 0.37f % 1)))];
        Banked = new BankedMatrix
        {
            Format = format,
            Inputs = inputs,
            Outputs = outputs,
            Segments = segments,
            Panels = [.. panels],
            ColumnScales = format.GgmlType < 0 ? Copy(MemoryMarshal.AsBytes<float>(Scales)) : 0,
        };
    }

    /// <summary>Rows of weights in GGUF order.</summary>
    public byte[][] Rows { get; }

    /// <summary>Column scales of the fabric's formats.</summary>
    public float[] Scales { get; }

    public BankedMatrix Banked { get; }

    /// <summary>The scalar product of every row with every input vector: [token][output].</summary>
    public float[] Oracle(ReadOnlySpan<float> x, int tokens)
    {
        using var quantised = new Activations();
        quantised.Shape(Banked.Format.Activations, Banked.Inputs, tokens);
        var y = new float[tokens * Banked.Outputs];
        for (var t = 0; t < tokens; t++)
        {
            fixed (float* values = x.Slice(t * Banked.Inputs, Banked.Inputs))
                ScalarQuantizer.Quantize(values, quantised, t);
            for (var o = 0; o < Banked.Outputs; o++)
            {
                var sum = default(ScalarSum);
                fixed (byte* row = Rows[o])
                    ScalarProduct.Add(Banked.Format, row, Banked.Inputs / Banked.Format.BlockWeights, quantised, t, 0, Scales[o], &sum);
                y[(t * Banked.Outputs) + o] = ScalarProduct.Finish(Banked.Format, &sum);
            }
        }

        return y;
    }

    public void Dispose()
    {
        foreach (var block in memory)
            NativeMemory.AlignedFree((void*)block);
    }

    private static byte[][] RandomRows(CodeFormat format, int inputs, int outputs, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, outputs).Select(_ => RandomBlocks.Row(format, inputs / format.BlockWeights, random))];
    }

    private nint Copy(ReadOnlySpan<byte> bytes)
    {
        var copy = (nint)NativeMemory.AlignedAlloc((nuint)bytes.Length + 64, 64);
        memory.Add(copy);
        bytes.CopyTo(new Span<byte>((void*)copy, bytes.Length));
        return copy;
    }
}
