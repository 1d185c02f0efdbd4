namespace TaalasSim.ChipModel.Timing;

/// <summary>Keys, values and state of one user: what is held, and what one token reads.</summary>
/// <param name="BitsPerPosition">Bits that one position leaves in layers that see everything.</param>
/// <param name="WindowedBitsPerPosition">Bits per position of windowed layers, which keep the window alone.</param>
/// <param name="Window">Sliding window in tokens; 0 for none.</param>
/// <param name="StateBits">Bits that layers with a state keep, whatever the positions.</param>
public readonly record struct KvFootprint(double BitsPerPosition, double WindowedBitsPerPosition, int Window, double StateBits = 0)
{
    /// <summary>Bytes of this number of positions.</summary>
    public double Bytes(double positions) =>
        (StateBits + (BitsPerPosition * positions) + (WindowedBitsPerPosition * Math.Min(positions, Window > 0 ? Window : positions))) / 8;
}
