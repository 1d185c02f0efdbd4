using System.Runtime.CompilerServices;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;

namespace TaalasSim.ChipModel.Gpu;

/// <summary><c>chips/gpus/calibration.yaml</c>: parameters fitted by <see cref="FitGpu"/>, and how far predictions lie from measurements
/// that the fit did not see.</summary>
public sealed record GpuCalibration
{
    /// <summary>Values by <c>engine.name</c> or <c>shared.name</c>.</summary>
    [FieldRange(0, 1e6, "*")]
    public required Dictionary<string, Constant> Parameters { get; init; }

    /// <summary>Half widths of the 90 % interval (log ratio) by kind of figure (<see cref="FitGpu.Kind"/>) and by what was left out of the
    /// fit: <c>kind.known</c> (nothing), <c>kind.model</c> (the model), <c>kind.card</c> (the card).</summary>
    [FieldRange(0, 10, "1")]
    public required Dictionary<string, Constant> Intervals { get; init; }

    /// <summary>Models in the calibration set, by name.</summary>
    public required List<string> Models { get; init; }

    /// <summary>Cards in the calibration set, by name.</summary>
    public required List<string> Cards { get; init; }

    private static readonly ConditionalWeakTable<Dictionary<string, Constant>, GpuParameters> Resolved = [];

    /// <summary>Best estimates.</summary>
    public GpuParameters Values() =>
        Resolved.GetValue(Parameters, table => new GpuParameters(table.Select(p => KeyValuePair.Create(p.Key, p.Value.Value))));

    /// <summary>Whether the fit saw a card.</summary>
    public bool Knows(GpuCard card) => Cards.Contains(card.Name, StringComparer.Ordinal);

    /// <summary>Whether the fit saw a model.</summary>
    public bool Knows(Chip.ModelShape model) => Models.Contains(model.Name, StringComparer.Ordinal);

    /// <summary>Half width of the 90 % interval of a figure, log ratio.</summary>
    /// <param name="kind">Kind of figure, for mixtures of experts with <c>mixture_</c> before it.</param>
    /// <param name="card">Whether the fit saw the card.</param>
    /// <param name="model">Whether the fit saw the model.</param>
    public double HalfWidth(string kind, bool card, bool model)
    {
        var (known, otherModel, otherCard) = (Find(kind, "known"), Find(kind, "model"), Find(kind, "card"));
        return (card, model) switch
        {
            (true, true) => known,
            (true, false) => Math.Max(known, otherModel),
            (false, true) => Math.Max(known, otherCard),
            // Errors of card and model add as independent ones; what both contain counts once.
            _ => Math.Sqrt(Math.Max(known * known, (otherModel * otherModel) + (otherCard * otherCard) - (known * known))),
        };
    }

    // Kinds without measurements of mixtures take the dense width and half of it more.
    private double Find(string kind, string unseen)
    {
        const string mixture = "mixture_";
        const double unmeasured = 0.3;
        return Intervals.TryGetValue(kind + "." + unseen, out var width) ? width.Value
            : kind.StartsWith(mixture, StringComparison.Ordinal) ? 1.5 * Find(kind[mixture.Length..], unseen)
            : unmeasured;
    }
}
