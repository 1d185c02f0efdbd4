using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>The panels of one product, split over the workers in equal runs.</summary>
internal sealed unsafe class ProductWork(int workers) : IParallelWork, IDisposable
{
    /// <summary>Fewer vectors go through the matrix bank by bank, more panel by panel.</summary>
    private const int FewestByPanel = 4;

    /// <summary>Running sums of a worker; the most that a kernel's group may need.</summary>
    public const int StateBytes = 64 * 1024;

    private byte* states = (byte*)NativeMemory.AlignedAlloc((nuint)(workers * StateBytes), 64);

    public SimdMatrix? Matrix { get; set; }

    public Activations? X { get; set; }

    public float* Y { get; set; }

    public void Run(int worker, int part, int parts)
    {
        var matrix = Matrix!.Source;
        int from = (int)((long)matrix.PanelCount * part / parts),
            to = (int)((long)matrix.PanelCount * (part + 1) / parts);
        var state = states + (worker * StateBytes);
        if (X!.Rows < FewestByPanel)
        {
            var run = StateBytes / (X.Rows * Matrix.Kernel.StateBytes);
            for (; from < to; from += run)
                Panels(from, Math.Min(run, to - from), state);
            return;
        }

        for (var panel = from; panel < to; panel++)
            Panel(panel, state);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(states);
        states = null;
    }

    /// <summary>A run of panels bank after bank, so that codes are read from end to end of each.</summary>
    private void Panels(int panel, int panels, byte* state)
    {
        var (matrix, kernel, x) = (Matrix!.Source, Matrix.Kernel, X!);
        NativeMemory.Clear(state, (nuint)(panels * x.Rows * kernel.StateBytes));
        for (var s = 0; s < matrix.Segments; s++)
            kernel.AddRun(matrix, s, panel, panels, x, state);
        for (var p = panel; p < panel + panels; p++)
        for (var t = 0; t < x.Rows; t++, state += kernel.StateBytes)
            Finish(kernel, p, t, state);
    }

    /// <summary>One panel, all vectors group by group.</summary>
    private void Panel(int panel, byte* state)
    {
        var (matrix, kernel, x) = (Matrix!.Source, Matrix.Kernel, X!);
        for (var row = 0; row < x.Rows; row += kernel.GroupSize)
        {
            var rows = Math.Min(kernel.GroupSize, x.Rows - row);
            NativeMemory.Clear(state, (nuint)(rows * kernel.StateBytes));
            for (var s = 0; s < matrix.Segments; s++)
            {
                ref readonly var segment = ref matrix.Panels[(panel * matrix.Segments) + s];
                kernel.Add(
                    (byte*)segment.Address,
                    PanelLayout.Blocks(matrix.Format, segment.Rows),
                    matrix.ScalesOf(panel),
                    matrix.ColumnsOf(panel),
                    x,
                    row,
                    rows,
                    segment.InputStart,
                    state
                );
            }

            for (var t = 0; t < rows; t++)
                Finish(kernel, panel, row + t, state + (t * kernel.StateBytes));
        }
    }

    [SkipLocalsInit]
    private void Finish(PanelKernel kernel, int panel, int row, byte* state)
    {
        var matrix = Matrix!.Source;
        var columns = matrix.ColumnsOf(panel);
        var y = Y + ((nint)row * matrix.Outputs) + (panel * PanelLayout.Columns);
        if (columns == PanelLayout.Columns)
        {
            kernel.Finish(state, matrix.ScalesOf(panel), columns, X!, row, y);
            return;
        }

        var outputs = stackalloc float[PanelLayout.Columns];
        kernel.Finish(state, matrix.ScalesOf(panel), columns, X!, row, outputs);
        new ReadOnlySpan<float>(outputs, columns).CopyTo(new Span<float>(y, columns));
    }
}
