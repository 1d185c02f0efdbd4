using TaalasSim.ChipModel.Figures;
using TaalasSim.ChipModel.Units;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Fields of descriptions and figures of tables in words, with their units.</summary>
public static class FieldWords
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["fabric.clock_ghz"] = "clock (GHz)",
        ["fabric.vector.lanes"] = "vector lanes",
        ["fabric.vector.clusters"] = "vector clusters",
        ["fabric.bank.rows"] = "rows of a bank",
        ["fabric.bank.columns"] = "columns of a bank",
        ["fabric.bank.style"] = "kind of bank",
        ["fabric.sites.rows"] = "rows of bank sites",
        ["fabric.sites.columns"] = "columns of bank sites",
        ["fabric.kv_sram.capacity_mb"] = "memory for keys and values (MB)",
        ["fabric.numerics.kv_bits"] = "bits of keys and values",
        ["fabric.numerics.activation_bits"] = "bits of activations",
        ["fabric.technology"] = "process",
        ["fabric.dies"] = "dies",
        ["chips"] = "dies",
        ["service.users"] = "users",
        ["service.input_tokens"] = "prompt tokens",
        ["service.output_tokens"] = "answer tokens",
        ["weights"] = "weights",
        ["model"] = "model",
        ["fabric"] = "fabric",
        ["system"] = "system",
        ["area_mm2"] = "silicon of all dies (mm²)",
        ["sites_used_fraction"] = "share of the bank sites in use",
        ["site_rows"] = "rows of bank sites",
        ["kv_users"] = "users whose keys and values fit",
        ["perplexity"] = "perplexity",
        ["kl_divergence_nats"] = "KL divergence (nats)",
        ["same_top_share"] = "share of positions with the same most likely token",
    };

    // Ends of names that state a unit, and the unit as people write it.
    private static readonly (string End, string Unit)[] Units =
    [
        ("_pj_per_bit", "pJ/bit"),
        ("_pj_per_mm", "pJ/mm"),
        ("_pj", "pJ"),
        ("_usd_per_kwh", "USD/kWh"),
        ("_usd_per_kw_year", "USD/kW/year"),
        ("_usd", "USD"),
        ("_ghz", "GHz"),
        ("_watts", "W"),
        ("_volts", "V"),
        ("_mm2", "mm²"),
        ("_um2", "µm²"),
        ("_mb", "MB"),
        ("_gb_per_second", "GB/s"),
        ("_ns", "ns"),
        ("_us", "µs"),
        ("_years", "years"),
        ("_weeks", "weeks"),
        ("_per_cm2", "per cm²"),
    ];

    private static readonly Dictionary<string, FigureDefinition> Figures = FigureCatalog.All.ToDictionary(
        f => f.Key,
        StringComparer.Ordinal
    );

    /// <summary>A field or figure in words.</summary>
    /// <param name="name">Dotted path of a field, e.g. <c>fabric.clock_ghz</c>, or key of a figure.</param>
    public static string Of(string name)
    {
        if (Known.TryGetValue(name, out var words))
            return words;
        if (Figures.TryGetValue(name, out var figure))
            return MeasureText.Unit(figure.Unit) is { Length: > 0 } unit ? $"{figure.Label} ({unit})" : figure.Label;
        var parts = name.Split('.');
        // The part before the last tells like names apart: 'wafer price', 'card package'.
        var last = parts[^1];
        var before = parts.Length > 2 ? Plain(parts[^2]) + ": " : "";
        foreach (var (end, unit) in Units)
            if (last.EndsWith(end, StringComparison.Ordinal) && last.Length > end.Length)
                return $"{before}{Plain(last[..^end.Length])} ({unit})";
        return before + Plain(last);
    }

    private static string Plain(string text) => text.Replace('_', ' ');
}
