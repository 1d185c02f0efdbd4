using System.Runtime.InteropServices;
using TaalasSim.ChipModel.MaskLayers;

namespace TaalasSim.Runtime.Kernels.Simd;

/// <summary>The panels of one product, split over the workers in equal runs.</summary>
internal sealed unsafe class ProductWork(int workers) : IParallelWork, IDisposable
{
    /// <summary>Not below the state of any kernel's group.</summary>
    private const int StateBytes = 16 * 1024;

    private byte* states = (byte*)NativeMemory.AlignedAlloc((nuint)(workers * StateBytes), 64);

    public SimdMatrix? Matrix { get; set; }

    public Activations? X { get; set; }

    public float* Y { get; set; }

    public void Run(int worker, int part, int parts)
    {
        var matrix = Matrix!.Source;
        int from = (int)((long)matrix.PanelCount * part / parts), to = (int)((long)matrix.PanelCount * (part + 1) / parts);
        for (var panel = from; panel < to; panel++)
            Panel(panel, states + (worker * StateBytes));
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(states);
        states = null;
    }

    private void Panel(int panel, byte* state)
    {
        var (matrix, kernel, x) = (Matrix!.Source, Matrix.Kernel, X!);
        var columns = Math.Min(16, matrix.Outputs - (panel * 16));
        var scales = matrix.ColumnScales == 0 ? null : (float*)matrix.ColumnScales + (panel * 16);
        var outputs = stackalloc float[16];
        for (var row = 0; row < x.Rows; row += kernel.GroupSize)
        {
            var rows = Math.Min(kernel.GroupSize, x.Rows - row);
            NativeMemory.Clear(state, (nuint)(rows * kernel.StateBytes));
            for (var s = 0; s < matrix.Segments; s++)
            {
                ref readonly var segment = ref matrix.Panels[(panel * matrix.Segments) + s];
                kernel.Add((byte*)segment.Address, PanelLayout.Blocks(matrix.Format, segment.Rows), scales, columns, x, row, rows, segment.InputStart, state);
            }

            for (var t = 0; t < rows; t++)
            {
                kernel.Finish(state + (t * kernel.StateBytes), scales, columns, x, row + t, outputs);
                new ReadOnlySpan<float>(outputs, columns).CopyTo(new Span<float>(Y + ((nint)(row + t) * matrix.Outputs) + (panel * 16), columns));
            }
        }
    }
}
