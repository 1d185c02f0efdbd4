using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>
/// A matrix port as the dataflow layer wires it: for every panel of sixteen outputs its bank segments in the order of the reduction. A
/// view; owns no memory.
/// </summary>
public sealed class BankedMatrix
{
    /// <summary>Code format of the weights.</summary>
    public required CodeFormat Format { get; init; }

    /// <summary>Inputs (length of one GGUF row).</summary>
    public required int Inputs { get; init; }

    /// <summary>Outputs; the last panel may be partly empty.</summary>
    public required int Outputs { get; init; }

    /// <summary>Segments of each panel.</summary>
    public required int Segments { get; init; }

    /// <summary>[panel × <see cref="Segments"/> + segment], panels in output order; segments in the order in which their sums are
    /// added.</summary>
    public required PanelSegment[] Panels { get; init; }

    /// <summary>One float scale per output for the fabric's formats (vector ROM); 0 for GGUF types.</summary>
    public nint ColumnScales { get; init; }

    /// <summary>The mapped file, for a table of which single rows are taken; null otherwise.</summary>
    public MappedWeights? Rows { get; init; }

    /// <summary>Panels of sixteen outputs.</summary>
    public int PanelCount => PanelLayout.Panels(Outputs);

    /// <summary>Columns of a panel in use, 1…16.</summary>
    internal int ColumnsOf(int panel) => Math.Min(PanelLayout.Columns, Outputs - (panel * PanelLayout.Columns));

    /// <summary>Column scales of a panel, or null.</summary>
    internal unsafe float* ScalesOf(int panel) => ColumnScales == 0 ? null : (float*)ColumnScales + (panel * PanelLayout.Columns);
}
