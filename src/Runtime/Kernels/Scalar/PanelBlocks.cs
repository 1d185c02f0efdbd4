namespace TaalasSim.Runtime.Kernels.Scalar;

/// <summary>Single blocks of a panel.</summary>
internal static unsafe class PanelBlocks
{
    /// <summary>Reads column <paramref name="column"/>'s block out of a block row.</summary>
    public static void Gather(int[] units, byte* row, int column, byte* block)
    {
        foreach (var unit in units)
        {
            Buffer.MemoryCopy(row + (column * unit), block, unit, unit);
            block += unit;
            row += 16 * unit;
        }
    }
}
