namespace TaalasSim.Runtime.Quality;

/// <summary>A width of the fabric's arithmetic that quality depends on.</summary>
public enum QualityAxis
{
    /// <summary>Bits of a quantised activation, 2…16.</summary>
    ActivationBits,

    /// <summary>Bits of a stored key or value, 4, 8 or 16.</summary>
    KvBits,

    /// <summary>Bits of a column's accumulator, 8…32.</summary>
    AccumulatorBits,

    /// <summary>Bits of a weight's code, 2…6 or 8 (<c>rom2</c>…<c>rom8</c>).</summary>
    WeightBits,
}
