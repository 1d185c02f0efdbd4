using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>The places of eight columns in a <see cref="SumBlock"/>.</summary>
internal readonly unsafe struct SumColumns<TDot>(SumBlock* block, int half)
    where TDot : struct, IByteDot
{
    /// <summary>Four signed weights of each column, beginning at weight 4·unit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Put(int unit, Vector256<byte> weights) => TDot.Prepare(weights).Store(block->Codes + (64 * unit) + (32 * half));

    /// <summary>Integer scales of a part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutScale(int part, Vector256<uint> scales) => scales.Store((uint*)block->Scales + (16 * part) + (8 * half));

    /// <summary>Float scales of a part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutScale(int part, Vector256<float> scales) => scales.Store((float*)block->Scales + (16 * part) + (8 * half));

    /// <summary>Minima of two parts of 16, as 16-bit pairs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutMinima(int pair, Vector256<uint> minima) => minima.Store((uint*)block->Minima + (16 * pair) + (8 * half));

    /// <summary>The columns' own scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutScale(Vector256<float> scales) => scales.Store(block->Scale + (8 * half));

    /// <summary>What the columns' minima are scaled with.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutMinimum(Vector256<float> scales) => scales.Store(block->Minimum + (8 * half));
}
