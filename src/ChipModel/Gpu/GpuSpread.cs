using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>How far a figure moves with the constants of its card that no datasheet states exactly.</summary>
public static class GpuSpread
{
    /// <summary>Sum of squared log ratios of a figure with one constant after the other at the end of its interval that is farther
    /// away.</summary>
    /// <param name="card">The card.</param>
    /// <param name="figure">The figure by the card's rates.</param>
    /// <param name="best">The figure at the best estimates.</param>
    public static double Squared(GpuCard card, Func<GpuSpeeds, double> figure, double best)
    {
        var sum = 0.0;
        foreach (var constant in Open(card))
        {
            var end = End(constant);
            var moved = Math.Log(figure(GpuSpeeds.Of(card, c => ReferenceEquals(c, constant) ? end : c.Value)) / best);
            sum += moved * moved;
        }

        return sum;
    }

    /// <summary>The rates of a card with one constant after the other at the end of its interval that is farther away.</summary>
    public static IEnumerable<GpuSpeeds> Ends(GpuCard card) =>
        Open(card).Select(constant => GpuSpeeds.Of(card, c => ReferenceEquals(c, constant) ? End(constant) : c.Value));

    private static IEnumerable<Constant> Open(GpuCard card) =>
        new[] { card.MemoryTbPerS, card.StreamingFraction, card.MatrixFraction, card.KernelStart, card.TdpW, card.LinkGbPerS }
            .OfType<Constant>()
            .Where(c => c.High > c.Low);

    private static double End(Constant c) => c.High / c.Value > c.Value / c.Low ? c.High : c.Low;
}
