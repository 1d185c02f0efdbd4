using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Evaluation;

/// <summary>One Monte Carlo draw of the constants of a process, of prices and of a fabric.</summary>
public sealed class ConstantDraw
{
    private readonly ConstantSlots _fabric;
    private readonly double[] _values;
    private readonly double? _clockGhz;

    internal ConstantDraw(TechnologySpec technology, PriceBook prices, ConstantSlots fabric, double[] values, double? clockGhz) =>
        (Technology, Prices, _fabric, _values, _clockGhz) = (technology, prices, fabric, values, clockGhz);

    /// <summary>Process constants, calibrated on the anchor within the draw.</summary>
    public TechnologySpec Technology { get; }

    /// <summary>Prices.</summary>
    public PriceBook Prices { get; }

    /// <summary>The fabric with the drawn constants.</summary>
    /// <param name="fabric">A fabric with the constants that were drawn; its sizes may differ.</param>
    public FabricSpec Of(FabricSpec fabric)
    {
        var drawn = _fabric.With(fabric, _values);
        return _clockGhz is { } clock ? drawn with { ClockGhz = drawn.ClockGhz with { Value = clock } } : drawn;
    }
}
