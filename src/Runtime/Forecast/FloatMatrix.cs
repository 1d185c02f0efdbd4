using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.TimesFm;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Forecast;

/// <summary>A matrix of a checkpoint in memory as binary32, in the order of banks, so that the kernels of chips multiply it.</summary>
internal sealed unsafe class FloatMatrix : IDisposable
{
    private byte* _codes;

    public FloatMatrix(TimesFmCheckpoint checkpoint, TimesFmTensor tensor)
    {
        var format = CodeFormats.Named("f32");
        var panels = PanelLayout.Panels(tensor.Outputs);
        var panelBytes = PanelLayout.PanelBytes(format, tensor.Inputs);
        _codes = (byte*)NativeMemory.AlignedAlloc(checked((nuint)(panels * panelBytes)), 64);
        NativeMemory.Clear(_codes, (nuint)(panels * panelBytes));
        try
        {
            Parallel.For(0, panels, panel =>
            {
                var row = new float[tensor.Inputs];
                var target = (float*)(_codes + (panel * panelBytes));
                for (var c = 0; c < PanelLayout.Columns && (panel * PanelLayout.Columns) + c < tensor.Outputs; c++)
                {
                    checkpoint.Read(tensor.Name, ((panel * (long)PanelLayout.Columns) + c) * tensor.Inputs, row);
                    // A block is one weight: sixteen columns lie side by side for each input.
                    for (var i = 0; i < row.Length; i++)
                        target[(i * PanelLayout.Columns) + c] = row[i];
                }
            });
        }
        catch
        {
            Dispose();
            throw;
        }

        View = new BankedMatrix
        {
            Format = format,
            Inputs = tensor.Inputs,
            Outputs = tensor.Outputs,
            Segments = 1,
            Panels = [.. Enumerable.Range(0, panels).Select(p => new PanelSegment((nint)(_codes + (p * panelBytes)), 0, tensor.Inputs))],
        };
    }

    /// <summary>The matrix; good until this object is disposed.</summary>
    public BankedMatrix View { get; }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_codes);
        _codes = null;
    }
}
