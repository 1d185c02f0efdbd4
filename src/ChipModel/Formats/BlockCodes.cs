using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace TaalasSim.ChipModel.Formats;

/// <summary>
/// One block of an <see cref="IntegerFormat"/>, unpacked. Weight i of sub-block s is scale · step[s] · code[i] − minimum scale · minimum
/// step[s], times <see cref="IntegerFormat.OutputScale"/>.
/// </summary>
public unsafe struct BlockCodes
{
    /// <summary>Most weights of a block.</summary>
    public const int MaximumWeights = 256;

    /// <summary>Most sub-blocks of a block.</summary>
    public const int MaximumSubBlocks = 16;

    private fixed sbyte codes[MaximumWeights];
    private fixed int steps[MaximumSubBlocks];
    private fixed int minimumSteps[MaximumSubBlocks];

    /// <summary>Scale of the block.</summary>
    public float Scale { get; set; }

    /// <summary>Scale of the minima; formats with a minimum.</summary>
    public float MinimumScale { get; set; }

    /// <summary>Codes in the order of the inputs.</summary>
    [UnscopedRef]
    public Span<sbyte> Codes => MemoryMarshal.CreateSpan(ref codes[0], MaximumWeights);

    /// <summary>Integer scale of each sub-block.</summary>
    [UnscopedRef]
    public Span<int> Steps => MemoryMarshal.CreateSpan(ref steps[0], MaximumSubBlocks);

    /// <summary>Integer minimum of each sub-block, which is subtracted; −1 in formats that add a minimum. Formats with a minimum.</summary>
    [UnscopedRef]
    public Span<int> MinimumSteps => MemoryMarshal.CreateSpan(ref minimumSteps[0], MaximumSubBlocks);

    /// <summary>Sets the scale of a block that is its only sub-block.</summary>
    public void SetScale(float scale)
    {
        Scale = scale;
        Steps[0] = 1;
    }

    /// <summary>Sets the minimum that is added to the weights of a block that is its only sub-block.</summary>
    public void SetMinimum(float minimum)
    {
        MinimumScale = minimum;
        MinimumSteps[0] = -1;
    }
}
