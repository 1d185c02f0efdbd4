using System.Globalization;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Gpu;

namespace TaalasSim.Reports.Compare;

/// <summary>A rate for one user on a GPU as someone has published it, shown beside the modelled one.</summary>
/// <param name="Id">Row of <c>chips/gpus/measurements/reference_bars.csv</c>.</param>
/// <param name="TokensPerSecondUser">Answer tokens per second of one user.</param>
/// <param name="Source">Where it was published.</param>
public sealed record PublishedBar(string Id, double TokensPerSecondUser, string Source)
{
    /// <summary>Bars of a card with that model and those lengths.</summary>
    public static IReadOnlyList<PublishedBar> Of(
        GpuLibrary library,
        IEnumerable<GpuMeasurement> rows,
        GpuCard card,
        ModelShape model,
        int input,
        int output
    ) =>
        [
            .. rows.Where(r =>
                    r is { Metric: "tok_s_per_user", Cards: 1 }
                    && r.Batch.Split(' ')[0] == "1"
                    && Is(r.Input, input)
                    && Is(r.Output, output)
                    && library.FindCard(r.Gpu)?.Name == card.Name
                    && library.FindModel(r.Model)?.Name == model.Name
                )
                .Select(r => new PublishedBar(r.Id, r.Value, r.Source)),
        ];

    private static bool Is(string text, int tokens) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n == tokens;
}
