namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>What takes decoded codes: <see cref="StoringSink"/> keeps them for several vectors, <see cref="MultiplyingSink{TFormat,TDot}"/>
/// multiplies them with one at once.</summary>
internal interface ICodeSink
{
    /// <summary>Sub-block <paramref name="sub"/> (of 32 weights) of the eight columns and four lanes that are being decoded.</summary>
    void Take(int sub, in KQuantDecode.Columns codes);
}
