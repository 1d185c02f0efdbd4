using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Runtime.Kernels.Simd;

namespace TaalasSim.Runtime.Kernels.Hardware;

/// <summary>
/// GGUF types in the fabric's arithmetic. Integer codes: Σ code·a in integers per sub-block, times the sub-block's scale (less minimum · Σ a) in binary32, added in
/// order; the result is that sum times s. Weights without integer codes: weight · (s·a) in binary32, added in order. State: sixteen floats per vector.
/// </summary>
internal sealed unsafe class GgufKernel(CodeFormat format) : PanelKernel
{
    private readonly int[] units = [.. format.Units];
    private readonly bool integer = SubBlocks.Holds(format.GgmlType);

    public override int StateBytes => 16 * sizeof(float);

    public override int GroupSize => 64;

    [SkipLocalsInit]
    public override void Add(byte* codes, int blocks, float* columnScales, int columns, Activations x, int row, int rows, int input, byte* state)
    {
        var memory = stackalloc byte[sizeof(Spread) + 64];
        var spread = (Spread*)(((nint)memory + 63) & ~63);
        if (columns < 16)
            *spread = default;
        for (var b = 0; b < blocks; b++, codes += 16 * format.BlockBytes, input += format.BlockWeights)
        {
            var size = integer ? SpreadIntegers(codes, columns, spread) : SpreadFloats(codes, columns, spread);
            for (var t = 0; t < rows; t++)
            {
                var at = ((nint)(row + t) * x.Inputs) + input;
                var sums = (float*)state + (16 * t);
                var sum = Vector512.Load(sums);
                sum = integer ? AddIntegers(sum, spread, size, x.Wide + at) : AddFloats(sum, (float*)spread->Codes, x.Values + at);
                sum.Store(sums);
            }
        }
    }

    public override void Finish(byte* state, float* columnScales, int columns, Activations x, int row, float* outputs)
    {
        for (var c = 0; c < columns; c++)
            outputs[c] = integer ? ((float*)state)[c] * x.Scales[row] : ((float*)state)[c];
    }

    /// <summary>Decodes a block row; returns the weights per sub-block.</summary>
    [SkipLocalsInit]
    private int SpreadIntegers(byte* codes, int columns, Spread* to)
    {
        var block = stackalloc byte[256];
        Unsafe.SkipInit(out SubBlocks sub);
        for (var c = 0; c < columns; c++)
        {
            PanelBlocks.Gather(units, codes, c, block);
            sub.Decode(format.GgmlType, block);
            for (var i = 0; i < format.BlockWeights; i++)
                to->Codes[(16 * i) + c] = sub.Codes[i];
            for (var s = 0; s < format.BlockWeights / sub.Size; s++)
                (to->Scales[(16 * s) + c], to->Minima[(16 * s) + c]) = (sub.Scales[s], sub.Minima[s]);
        }

        WordPairs.Pack(to->Codes, format.BlockWeights);
        return sub.Size;
    }

    [SkipLocalsInit]
    private int SpreadFloats(byte* codes, int columns, Spread* to)
    {
        var block = stackalloc byte[256];
        var weights = stackalloc float[256];
        for (var c = 0; c < columns; c++)
        {
            PanelBlocks.Gather(units, codes, c, block);
            BlockDecoder.Decode((GgmlType)format.GgmlType, new ReadOnlySpan<byte>(block, format.BlockBytes), new Span<float>(weights, format.BlockWeights));
            for (var i = 0; i < format.BlockWeights; i++)
                ((float*)to->Codes)[(16 * i) + c] = weights[i];
        }

        return format.BlockWeights;
    }

    private Vector512<float> AddIntegers(Vector512<float> sum, Spread* w, int size, short* a)
    {
        for (var s = 0; s < format.BlockWeights / size; s++, a += size)
        {
            var activations = 0;
            for (var i = 0; i < size; i++)
                activations += a[i];
            var products = Vector512.ConvertToSingle(WordPairs.Sum(w->Codes + (8 * s * size), a, size));
            sum += (Vector512.Load(w->Scales + (16 * s)) * products) - (Vector512.Load(w->Minima + (16 * s)) * Vector512.Create((float)activations));
        }

        return sum;
    }

    private Vector512<float> AddFloats(Vector512<float> sum, float* w, float* x)
    {
        for (var i = 0; i < format.BlockWeights; i++)
            sum += Vector512.Load(w + (16 * i)) * Vector512.Create(x[i]);
        return sum;
    }

    /// <summary>A block row of sixteen columns, decoded.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Spread
    {
        /// <summary>[input][16], as word pairs [input / 2][16], or floats [input][16].</summary>
        public fixed int Codes[4096];

        /// <summary>[sub-block][16].</summary>
        public fixed float Scales[256];

        /// <summary>[sub-block][16].</summary>
        public fixed float Minima[256];
    }
}
