using System.Runtime.CompilerServices;

namespace TaalasSim.Runtime.Kernels.Gpu;

/// <summary>TQ1_0: five ternary digits a byte.</summary>
internal readonly struct Tq1 : IIntegerFormat
{
    public int Weights => 256;

    public int Bytes => 54;

    public int SubBlock => 256;

    public int Offset => 1;

    public bool HasMinimum => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Quad(PanelBlock block, int q)
    {
        int digit = q < 40 ? q / 8
            : q < 60 ? (q - 40) / 4
            : q - 60,
            unit = q < 40 ? q % 8
            : q < 60 ? 8 + ((q - 40) % 4)
            : 12;
        var power =
            digit == 0 ? 1u
            : digit == 1 ? 3u
            : digit == 2 ? 9u
            : digit == 3 ? 27u
            : 81u;
        var word = block.Word(0, unit);
        uint codes = 0;
        for (var i = 0; i < 32; i += 8)
            codes |= ((((((word >> i) & 255) * power) & 255) * 3) >> 8) << i;
        return codes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float Scale(PanelBlock block) => block.Half(52);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float MinimumScale(PanelBlock block) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(PanelBlock block, int s) => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int MinimumStep(PanelBlock block, int s) => 0;
}
