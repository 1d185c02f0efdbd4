using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>Widths of the fabric's own arithmetic, as the fabric file gives them; see <see cref="Numerics.Hardware"/>.</summary>
/// <remarks>
/// A matrix port quantises its whole input vector with one symmetric scale s = max|x| / (2^(b−1) − 1): a = clamp(round_half_even(x / s),
/// ±(2^(b−1) − 1)). A bank adds, block after block, scale · Σ code·a to the column's accumulator, which saturates at
/// <see cref="AccumulatorBits"/>; the sums of the banks are added in the order of the reduction and saturate at
/// <see cref="PartialSumBits"/>. The result is float(sum) · (g · s), g the column's scale.
/// </remarks>
public sealed record HardwareNumerics
{
    /// <summary>Bits of a sum that travels between banks.</summary>
    public const int PartialSumBits = 32;

    /// <summary>Bits of one quantised activation, 2…16.</summary>
    public required int ActivationBits { get; init; }

    /// <summary>Bits of a column's accumulator, 8…32.</summary>
    public required int AccumulatorBits { get; init; }

    /// <summary>Bits of a stored key or value element: 16 (F16), or 8 or 4 (symmetric integers with one float scale for each KV head of a
    /// token).</summary>
    public required int KvBits { get; init; }

    /// <summary>Format that the vector lanes round every result to.</summary>
    public required VectorPrecision VectorPrecision { get; init; }

    /// <summary>Largest activation code, 2^(b−1) − 1.</summary>
    public int ActivationLimit => (1 << (ActivationBits - 1)) - 1;

    /// <summary>The widths of a fabric.</summary>
    public static HardwareNumerics Of(FabricSpec fabric) =>
        new()
        {
            ActivationBits = fabric.Numerics.ActivationBits,
            AccumulatorBits = fabric.Bank.AccumulatorBits,
            KvBits = fabric.Numerics.KvBits,
            VectorPrecision = fabric.Numerics.VectorPrecision == "fp16" ? VectorPrecision.Fp16 : VectorPrecision.Fp32,
        };

    /// <summary>Checks the widths.</summary>
    /// <exception cref="InputException">A width that the arithmetic is not defined for.</exception>
    public void Validate()
    {
        if (ActivationBits is < 2 or > 16)
            throw new InputException($"activation_bits is {ActivationBits}; use 2 to 16");
        if (AccumulatorBits is < 8 or > 32)
            throw new InputException($"accumulator_bits is {AccumulatorBits}; use 8 to 32");
        if (KvBits is not (4 or 8 or 16))
            throw new InputException($"kv_bits is {KvBits}; use 4, 8 or 16");
    }
}
