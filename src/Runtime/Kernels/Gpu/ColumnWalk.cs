using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>Where a thread works: its token, its output, and the first word of the output's panel.</summary>
internal readonly struct ColumnWalk
{
    private readonly int panel;
    private readonly int segmentCount;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ColumnWalk(int index, in DeviceMatrix w)
    {
        Row = index / w.Outputs;
        Output = index - (Row * w.Outputs);
        panel = Output / 16;
        segmentCount = w.SegmentCount;
        At = panel * w.PanelWords;
    }

    public int Row { get; }

    public int Output { get; }

    public int Column => Output % 16;

    /// <summary>First word of the panel.</summary>
    public long At { get; }

    /// <summary>First block of inputs of a segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int First(in DeviceMatrix w, int segment) => w.Segments[2 * ((panel * segmentCount) + segment)];

    /// <summary>Blocks of a segment.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Blocks(in DeviceMatrix w, int segment) => w.Segments[(2 * ((panel * segmentCount) + segment)) + 1];
}
