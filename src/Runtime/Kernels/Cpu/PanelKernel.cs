using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>
/// The product of one panel of sixteen outputs with a few input vectors. The state of each vector (running sums of the sixteen outputs) is
/// carried from bank segment to bank segment, so that cutting a row in segments does not change a bit.
/// </summary>
internal abstract unsafe class PanelKernel
{
    /// <summary>Bytes of running sums per vector; a multiple of 64. All zero at the start.</summary>
    public abstract int StateBytes { get; }

    /// <summary>Vectors that are best handled together while the panel's codes are in the nearest cache; their states fit
    /// <see cref="ProductWork.StateBytes"/>.</summary>
    public abstract int GroupSize { get; }

    /// <summary>What every code is too large by in the integer sums; see <see cref="Activations.Starts"/>.</summary>
    public virtual int CodeExcess => 0;

    /// <summary>Adds the blocks of one segment.</summary>
    /// <param name="codes">First block row.</param>
    /// <param name="blocks">Block rows.</param>
    /// <param name="columnScales">Scales of the panel's columns (fabric formats), or null.</param>
    /// <param name="columns">Columns in use, 1…16.</param>
    /// <param name="x">Quantised activations.</param>
    /// <param name="row">First vector.</param>
    /// <param name="rows">Vectors, at most <see cref="GroupSize"/>.</param>
    /// <param name="input">Input that the segment begins at.</param>
    /// <param name="state">Running sums of each vector, 64-byte aligned; there is room for a multiple of eight vectors.</param>
    public abstract void Add(
        byte* codes,
        int blocks,
        float* columnScales,
        int columns,
        Activations x,
        int row,
        int rows,
        int input,
        byte* state
    );

    /// <summary>The sixteen outputs of one vector.</summary>
    public abstract void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs);

    /// <summary>Adds one segment of each of a run of panels, for few vectors.</summary>
    /// <param name="matrix">The matrix.</param>
    /// <param name="segment">Which of a panel's segments.</param>
    /// <param name="panel">First panel.</param>
    /// <param name="panels">Panels.</param>
    /// <param name="x">Quantised activations; all their vectors.</param>
    /// <param name="states">[panel of the run][vector] running sums.</param>
    public virtual void AddRun(BankedMatrix matrix, int segment, int panel, int panels, Activations x, byte* states)
    {
        for (var p = panel; p < panel + panels; p++, states += x.Rows * StateBytes)
        {
            ref readonly var at = ref matrix.Panels[(p * matrix.Segments) + segment];
            Add(
                (byte*)at.Address,
                PanelLayout.Blocks(matrix.Format, at.Rows),
                matrix.ScalesOf(p),
                matrix.ColumnsOf(p),
                x,
                0,
                x.Rows,
                at.InputStart,
                states
            );
        }
    }
}
