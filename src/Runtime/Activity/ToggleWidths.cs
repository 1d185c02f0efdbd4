using System.Numerics;
using TaalasSim.ChipModel.Fabric;

namespace TaalasSim.Runtime.Activity;

/// <summary>Widths of the nets whose toggles are counted, in bits, and the rows after which a column's block sum starts again.</summary>
/// <param name="Activation">An activation.</param>
/// <param name="Product">Product of an activation and a code.</param>
/// <param name="Sum">Sum of a block of products.</param>
/// <param name="BlockRows">Rows of a block.</param>
internal readonly record struct ToggleWidths(int Activation, int Product, int Sum, int BlockRows)
{
    /// <summary>Widths of a fabric's banks for codes of a format, which may be wider than a column takes at once.</summary>
    /// <param name="fabric">Fabric.</param>
    /// <param name="codeBits">Bits of a code.</param>
    public static ToggleWidths Of(FabricSpec fabric, int codeBits)
    {
        var activation = fabric.Numerics.ActivationBits;
        var product = activation + codeBits - 1;
        var rows = Math.Min(fabric.Bank.ScaleBlockRows, fabric.Bank.Rows);
        return new(activation, product, product + BitOperations.Log2((uint)rows), rows);
    }
}
