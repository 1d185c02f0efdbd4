using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Timing;
using TaalasSim.ChipModel.Units;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Figures of points on a reference GPU, as <c>compare</c> has them. Area and sites are not known of it. Safe to use from several
/// threads.</summary>
internal sealed class GpuPoints(DesignLibrary library)
{
    private const int MostKept = 512;

    private readonly BoundedCache<(string, ModelShape, ServiceShape), GpuViews> _views = new(MostKept);

    /// <summary>Figures of a card under a service.</summary>
    /// <param name="name"><c>CARD[:ENGINE[:WEIGHTS[:CARDS]]]</c>.</param>
    /// <param name="model">Model.</param>
    /// <param name="service">Lengths and users.</param>
    /// <param name="prices">Prices; a rented card is paid for by the hour, loaded or not.</param>
    /// <param name="bestEstimate">Whether intervals are left out.</param>
    public SweepFigures Figures(string name, ModelShape model, ServiceShape service, PriceBook prices, bool bestEstimate)
    {
        var views = _views.Get((name, model, service), _ =>
            GpuViews.Of(library.Gpus, model, name, service.InputTokens, service.OutputTokens, service.Users)
        );
        if (views.FullBatch is not { } full)
            return new SweepFigures { DoesNotFit = views.Unavailable };
        if (service.Users > full.Batch)
            return new SweepFigures
            {
                DoesNotFit =
                    $"{service.Users} users of {service.InputTokens} + {service.OutputTokens} tokens; "
                    + $"{NumberText.Significant(full.Batch)} fit the memory of {name}",
            };
        UncertaintyRange Of(UncertaintyRange range) => bestEstimate ? UncertaintyRange.Exact(range.Value) : range;
        return new SweepFigures
        {
            TokensPerSecondUser = Of(full.TokensPerSecondUser),
            TokensPerSecondTotal = Of(full.TokensPerSecondTotal),
            TimeToFirstTokenUs = Of(full.TimeToFirstTokenSeconds * 1e6),
            Watts = Of(full.Watts),
            JoulesPerToken = Of(full.JoulesPerToken),
            UsdPerMillionTokens = Of(full.UsdPerMillionTokens * (1 / prices.Service.Utilisation)),
            KvUsers = Math.Floor(full.Admitted),
            IsBestEstimate = bestEstimate,
        };
    }
}
