namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// The codebooks of the IQ1, IQ2 and IQ3 block formats: a code in a block picks a group of 8 (IQ3: 4) values at once.
/// All tables are laid out entry by entry, so group <c>k</c> begins at <c>k * 8</c> (IQ3: <c>k * 4</c>).
/// </summary>
public static class CodebookGrids
{
    private static readonly sbyte[] Iq2XxsGrid = Unpack(CodebookTables.Iq2Xxs, 4, 8, [8, 25, 43]);
    private static readonly sbyte[] Iq2XsGrid = Unpack(CodebookTables.Iq2Xs, 4, 8, [8, 25, 43]);
    private static readonly sbyte[] Iq2SGrid = Unpack(CodebookTables.Iq2S, 4, 8, [8, 25, 43]);
    private static readonly sbyte[] Iq3XxsGrid = Unpack(CodebookTables.Iq3Xxs, 3, 4, [4, 12, 20, 28, 36, 44, 52, 62]);
    private static readonly sbyte[] Iq3SGrid = Unpack(CodebookTables.Iq3S, 3, 4, [1, 3, 5, 7, 9, 11, 13, 15]);
    private static readonly sbyte[] Iq1Grid = Unpack(CodebookTables.Iq1, 4, 8, [-1, 0, 1]);

    /// <summary>IQ2_XXS: 256 groups of 8 magnitudes from {8, 25, 43}.</summary>
    public static ReadOnlySpan<sbyte> Iq2Xxs => Iq2XxsGrid;

    /// <summary>IQ2_XS: 512 groups of 8 magnitudes from {8, 25, 43}.</summary>
    public static ReadOnlySpan<sbyte> Iq2Xs => Iq2XsGrid;

    /// <summary>IQ2_S: 1,024 groups of 8 magnitudes from {8, 25, 43}.</summary>
    public static ReadOnlySpan<sbyte> Iq2S => Iq2SGrid;

    /// <summary>IQ3_XXS: 256 groups of 4 magnitudes from {4, 12, 20, 28, 36, 44, 52, 62}.</summary>
    public static ReadOnlySpan<sbyte> Iq3Xxs => Iq3XxsGrid;

    /// <summary>IQ3_S: 512 groups of 4 odd magnitudes from 1 to 15.</summary>
    public static ReadOnlySpan<sbyte> Iq3S => Iq3SGrid;

    /// <summary>IQ1_S and IQ1_M: 2,048 groups of 8 values from {-1, 0, 1}.</summary>
    public static ReadOnlySpan<sbyte> Iq1 => Iq1Grid;

    /// <summary>
    /// The 8 sign bits (bit j set: value j is negative) that a 7-bit code stands for: the eighth makes the number of minus signs even.
    /// </summary>
    public static byte Signs(uint code) => (byte)((code & 127) | ((uint.PopCount(code & 127) & 1) << 7));

    private static sbyte[] Unpack(string digits, int width, int group, ReadOnlySpan<sbyte> levels)
    {
        var bits = width * 4 / group;
        var mask = (1 << bits) - 1;
        var grid = new sbyte[digits.Length / width * group];
        for (var i = 0; i < grid.Length; i++)
        {
            var entry = int.Parse(digits.AsSpan(i / group * width, width), System.Globalization.NumberStyles.AllowHexSpecifier);
            grid[i] = levels[(entry >> (bits * (i % group))) & mask];
        }
        return grid;
    }
}
