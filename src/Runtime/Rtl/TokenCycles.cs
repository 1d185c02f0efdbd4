namespace TaalasSim.Runtime.Rtl;

/// <summary>Cycles of a token.</summary>
/// <param name="Position">Its position.</param>
/// <param name="Engine">By the event engine.</param>
/// <param name="Rtl">Of the Verilog.</param>
public sealed record TokenCycles(int Position, long Engine, long Rtl)
{
    /// <summary>Verilog over engine, less one.</summary>
    public double Difference => ((double)Rtl / Engine) - 1;
}
