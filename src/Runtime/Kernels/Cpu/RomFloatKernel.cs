using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>The fabric's formats in reference numerics: weights at their value in float, then as
/// <see cref="FloatKernel{TFormat}"/>.</summary>
internal sealed unsafe class RomFloatKernel(CodeFormat format) : PanelKernel
{
    public override int StateBytes => 16 * sizeof(double);

    public override int GroupSize => 64;

    [SkipLocalsInit]
    public override void Add(
        byte* codes,
        int blocks,
        float* columnScales,
        int columns,
        Activations x,
        int row,
        int rows,
        int input,
        byte* state
    )
    {
        var memory = stackalloc byte[(RomColumns.Codes * 64) + 64];
        var weights = (float*)(((nint)memory + 63) & ~63);
        var scales = Load(columnScales, columns);
        var rowBytes = PanelLayout.BlockRowBytes(format);
        for (var b = 0; b < blocks; b++, codes += rowBytes, input += RomColumns.Codes)
        {
            if (rows == 1)
                CodeFetch.Fetch(codes + (4 * rowBytes), rowBytes);
            RomColumns.Decode(format.CodeBits, codes, (int*)weights);
            var scale = scales * Vector512.ConvertToSingle(RomColumns.Scales(codes));
            for (var i = 0; i < 16 * RomColumns.Codes; i += 16)
                (scale * Vector512.ConvertToSingle(Vector512.Load((int*)weights + i))).Store(weights + i);
            FloatKernel<F32>.AddRows((byte*)weights, RomColumns.Codes, x, row, rows, input, (double*)state);
        }
    }

    public override void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs) =>
        FloatKernel<F32>.Finish((double*)state, outputs);

    /// <summary>Scales of the columns in use, zeros behind them.</summary>
    private static Vector512<float> Load(float* columnScales, int columns)
    {
        if (columns == PanelLayout.Columns)
            return Vector512.Load(columnScales);
        var scales = Vector512<float>.Zero;
        for (var c = 0; c < columns; c++)
            scales = scales.WithElement(c, columnScales[c]);
        return scales;
    }
}
