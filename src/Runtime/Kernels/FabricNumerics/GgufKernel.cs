using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Cpu;

namespace TaalasSim.Runtime.Kernels.FabricNumerics;

/// <summary>
/// GGUF types in the fabric's arithmetic. Integer codes: Σ code·a in integers per sub-block, times the sub-block's scale (less minimum · Σ
/// a) in binary32, added in order; the result is that sum times s. Weights without integer codes: weight · (s·a) in binary32, added in
/// order. State: sixteen floats per vector.
/// </summary>
internal sealed unsafe class GgufKernel(CodeFormat format, RowSpreader spreader) : PanelKernel
{
    private readonly bool integer = format.HasIntegerCodes;
    private readonly bool minima = format is IntegerFormat { HasMinimum: true };
    private readonly int size = format is IntegerFormat codes ? codes.SubBlock : format.BlockWeights;

    public override int StateBytes => 16 * sizeof(float);

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
        var memory = stackalloc byte[sizeof(SpreadRow) + 64];
        var spread = (SpreadRow*)(((nint)memory + 63) & ~63);
        if (columns < 16)
            *spread = default;
        var rowBytes = 16 * format.BlockBytes;
        for (var b = 0; b < blocks; b++, codes += rowBytes, input += format.BlockWeights)
        {
            if (rows == 1)
                CodeFetch.Fetch(codes + CodeFetch.Ahead, rowBytes);
            spreader.Spread(codes, columns, spread);
            var at = ((nint)row * x.Inputs) + input;
            if (!integer)
            {
                FloatSums.Add<F32>((byte*)spread->Codes, format.BlockWeights, x.Values + at, x.Inputs, rows, (float*)state);
                continue;
            }

            var sums = (float*)state;
            for (var t = 0; t < rows; t++, sums += 16, at += x.Inputs)
                AddIntegers(Vector512.Load(sums), spread, x.Wide + at).Store(sums);
        }
    }

    public override void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs)
    {
        for (var c = 0; c < columns; c++)
            outputs[c] = integer ? ((float*)state)[c] * x.Scales[row] : ((float*)state)[c];
    }

    private Vector512<float> AddIntegers(Vector512<float> sum, SpreadRow* w, short* a)
    {
        for (var s = 0; s < format.BlockWeights / size; s++, a += size)
        {
            var term = Vector512.Load(w->Scales + (16 * s)) * Vector512.ConvertToSingle(WordPairs.Sum(w->Codes + (8 * s * size), a, size));
            if (minima)
                term -= Vector512.Load(w->Minima + (16 * s)) * Vector512.Create((float)WordPairs.Sum(a, size));
            sum += term;
        }

        return sum;
    }
}
