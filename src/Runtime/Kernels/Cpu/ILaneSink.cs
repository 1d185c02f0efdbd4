namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>What takes decoded codes: <see cref="StoredLanes"/> keeps them for several vectors, <see cref="MultipliedLanes{TFormat,TDot}"/>
/// multiplies them with one at once.</summary>
internal interface ILaneSink
{
    /// <summary>Sub-block <paramref name="sub"/> (of 32 weights) of the eight columns and four lanes that are being decoded.</summary>
    void Take(int sub, in LaneDecode.Columns codes);
}
