using TaalasSim.ChipModel.Evaluation;

namespace TaalasSim.Reports.Provenance;

/// <summary>Fields of machine-readable reports that are named, given or counted rather than estimated: what they mean. Every other field
/// has a formula.</summary>
public static class ReportFields
{
    private static readonly Dictionary<string, string> Meanings = new(StringComparer.Ordinal)
    {
        ["schema_version"] = "version of the document's keys; it grows when a key changes its meaning or goes",
        ["clock_ghz"] = "clock of the fabric",
        ["clock_source"] = "where the clock comes from",
        ["cycles_per_token"] = "structural cycles of one token of one user",
        ["latency_factor"] = "calibration.latency of the process: time of a pass by its cycles over the clock",
        ["latency_factor_source"] = "where that factor comes from",
        ["supply_volts"] = "supply voltage of the dies at that clock",
        ["utilisation"] = "share of its time that a system works, --utilisation",
        ["shape"] = "how draws between low and high are distributed",
        ["basis"] = "calibrated: fitted on published figures of this very chip; predicted: not",
        ["model"] = "name of the model, from its shape or file",
        ["fabric"] = "name of the fabric",
        ["prices"] = "price list, the newest of chips/prices",
        ["prices_date"] = "day on which the prices held",
        ["name"] = "name of the system, resource or alternative",
        ["key"] = "key of the figure",
        ["unit"] = "unit of the figure",
        ["formula"] = "formula of the figure, in the words of the inputs",
        ["kind"] = "hourly (USD per card and hour), card (USD per card) or api (USD per million answer tokens)",
        ["detail"] = "what is served on what: code formats, or engine, weight format and cards",
        ["unavailable"] = "why there are no figures; empty when there are",
        ["verdict"] = "at most three sentences; each ratio is taken inside one view",
        ["limit"] = "what bounds the speed: of a chip slots and memory, of a GPU the largest part of a step",
        ["users"] = "requests in flight: one, or as many as slots and memory hold (--users bounds it); a count",
        ["input_tokens"] = "prompt tokens per request, --input",
        ["output_tokens"] = "answer tokens per request, --output",
        ["assumptions"] = "assumptions of this project that the figures rest on",
        ["die_area_mm2"] = "area of one die with its interval",
        ["yield_model"] = "formula of the yield with its parameters",
        ["volumes_million"] = "volumes of the table by month, million tokens",
        ["utilisations"] = "shares of the time under load of the table by utilisation",
        ["write_off_months"] = "months of the table by write-off",
        ["id"] = "row of chips/gpus/measurements/reference_bars.csv",
        ["source"] = "where the figure was published",
        ["speed_up"] =
            "speed of block decoding over token by token on this chip: tokens_per_step × token cycles over the cycles of a step, with "
            + "one more step a block",
        ["positions_per_token"] = "positions computed for one answer token: block × (block / tokens_per_step + 1) / block",
        ["published_speed_up"] = "as published, with source, in chips/measurements/decoding.yaml",
        ["tokens_per_step"] = "tokens that a step of block decoding reveals, in chips/measurements/decoding.yaml",
        ["block"] = "positions of a block, in chips/measurements/decoding.yaml",
        ["headline"] = "products of speed-ups that circulate, in chips/measurements/decoding.yaml",
        ["description"] = "what the method is",
        ["confidence"] = "how sure the source of a constant is",
        ["group"] = "constants that err together",
        ["cross_over_million_per_month"] =
            "smallest volume, million tokens a month, at which once + fixed × max(1, V / capacity) + each × V of the chip is no more "
            + "than that of the alternative; infinite when never",
        ["own_model_cross_over_million_per_month"] = "the same with all one-time costs of the model on the chip's side",
        ["fits"] = "whether used ≤ available for every resource",
        ["binding"] = "the resource with the largest share",
        ["used"] = "what the model needs of a resource; --explain RESOURCE says how it is counted",
        ["available"] = "what the fabric has of a resource",
        ["share"] = "used / available",
        ["left"] = "available − used",
        ["rule"] = "how used and available are counted",
        ["changes"] = "changes of bits, context, users, banks or dies; each was tried and makes the model fit by itself",
        ["head_room"] = "what there is still room for, each taken alone",
    };

    /// <summary>Names that are known here.</summary>
    public static IEnumerable<string> Names => Meanings.Keys;

    /// <summary>The meaning of a field as an explanation without constants; null when it is not one of these.</summary>
    public static Explanation? Find(string field) =>
        Meanings.TryGetValue(field, out var meaning) ? new Explanation(field, "", meaning, double.NaN, [], []) : null;
}
