using System.Runtime.InteropServices;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Quality;

/// <summary>A matrix in a fabric format, encoded into memory as the compiler would encode it into banks: one panel segment over all
/// inputs.</summary>
internal sealed unsafe class RomMatrix : IDisposable
{
    private byte* _codes;
    private float* _scales;

    public RomMatrix(ImportedModel model, MatrixUse matrix, CodeFormat format, float[]? power)
    {
        var tensor = model.Tensor(matrix.Tensor);
        var panelBytes = PanelLayout.PanelBytes(format, matrix.Inputs);
        var panels = PanelLayout.Panels(matrix.Outputs);
        _codes = (byte*)NativeMemory.AlignedAlloc(checked((nuint)(panelBytes * panels)), 64);
        NativeMemory.Clear(_codes, (nuint)(panelBytes * panels));
        _scales = (float*)NativeMemory.AllocZeroed((nuint)(panels * PanelLayout.Columns), sizeof(float));
        Parallel.For(0, panels, panel =>
        {
            var weights = new float[matrix.Inputs];
            var blocks = new byte[PanelLayout.Blocks(format, matrix.Inputs) * format.BlockBytes];
            for (var c = 0; c < PanelLayout.Columns && (panel * PanelLayout.Columns) + c < matrix.Outputs; c++)
            {
                var output = (panel * PanelLayout.Columns) + c;
                model.DecodeRow(tensor, matrix.Row(output), weights);
                _scales[output] = power is null
                    ? ((RomFormat)format).EncodeColumn(weights, blocks)
                    : ((RomFormat)format).EncodeColumn(weights, power, blocks);
                PanelLayout.Scatter(format, blocks, new Span<byte>(_codes + (panel * panelBytes), checked((int)panelBytes)), c);
            }
        });
        View = new BankedMatrix
        {
            Format = format,
            Inputs = matrix.Inputs,
            Outputs = matrix.Outputs,
            Segments = 1,
            Panels = [.. Enumerable.Range(0, panels).Select(p => new PanelSegment((nint)(_codes + (p * panelBytes)), 0, matrix.Inputs))],
            ColumnScales = (nint)_scales,
        };
    }

    /// <summary>The matrix; good until this object is disposed.</summary>
    public BankedMatrix View { get; }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_codes);
        NativeMemory.Free(_scales);
        _codes = null;
        _scales = null;
    }
}
