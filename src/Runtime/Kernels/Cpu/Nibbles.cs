using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Nibbles that pick from a table of sixteen.</summary>
internal static class Nibbles
{
    /// <summary>The table as <see cref="Put"/> wants it.</summary>
    public static Vector256<byte> Table(ReadOnlySpan<sbyte> values)
    {
        var table = Vector128.Create(values).AsByte();
        return Vector256.Create(table, table);
    }

    /// <summary>Low nibbles to <paramref name="unit"/>, high ones to the unit <paramref name="step"/> behind it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put<TDot>(Vector256<uint> nibbles, Vector256<byte> table, int unit, int step, SumColumns<TDot> to)
        where TDot : struct, IByteDot
    {
        to.Put(unit, Avx2.Shuffle(table, PanelWords.Bits(nibbles, 0, 15)));
        to.Put(unit + step, Avx2.Shuffle(table, PanelWords.Bits(nibbles, 4, 15)));
    }
}
