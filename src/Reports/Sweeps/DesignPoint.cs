using System.Globalization;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Reports.Sweeps;

/// <summary>One point of a sweep: which fields take which values.</summary>
public sealed record DesignPoint
{
    /// <summary>The value of <c>system</c> that is no GPU.</summary>
    public const string ChipSystem = "chip";

    // Dies that share the model, by the word of the command line.
    private const string Chips = "chips",
        Dies = "fabric.dies";

    /// <summary>Place in the sweep's order, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The sweep.</summary>
    public required SweepSpec Spec { get; init; }

    /// <summary>Value of each item of <see cref="SweepSpec.Vary"/>, in its order; null for a field that keeps what its file says.</summary>
    public required IReadOnlyList<string?> Values { get; init; }

    /// <summary>Why a computed field has no value; null when all have one.</summary>
    public string? Fault { get; init; }

    /// <summary>Model: a shape or a file.</summary>
    public string Model => Value("model") ?? Spec.Model;

    /// <summary>Fabric: a name or a file.</summary>
    public string Fabric => Value("fabric") ?? Spec.Fabric;

    /// <summary>Reference GPU that serves the model; null for a chip.</summary>
    public string? Gpu => Value("system") is { } system && system != ChipSystem ? system : null;

    /// <summary>Code format of the weights; empty for the fabric's default.</summary>
    public string Weights => Value("weights") ?? Spec.Weights;

    /// <summary>Service shape of the point.</summary>
    /// <exception cref="InputException">A varied value is not a whole number of at least 1.</exception>
    public SweepService Service =>
        new()
        {
            InputTokens = Whole("service.input_tokens", Spec.Service.InputTokens),
            OutputTokens = Whole("service.output_tokens", Spec.Service.OutputTokens),
            Users = Whole("service.users", Spec.Service.Users),
        };

    /// <summary>Dotted fields of the fabric and the values that replace what its file says.</summary>
    public IReadOnlyDictionary<string, string> FabricOverrides => Overrides("fabric");

    /// <summary>Dotted fields of the technology and the values that replace what its file says.</summary>
    public IReadOnlyDictionary<string, string> TechnologyOverrides => Overrides("technology");

    /// <summary>Dotted fields of the price list and the values that replace what its file says.</summary>
    public IReadOnlyDictionary<string, string> PriceOverrides => Overrides("prices");

    /// <summary>The one path of a field that has two.</summary>
    internal static string Canonical(string field) => field == Chips ? Dies : field;

    /// <summary>First word of a field and the rest of its path.</summary>
    internal static (string Kind, string Field) Split(string name)
    {
        var field = Canonical(name);
        var dot = field.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 ? (field, "") : (field[..dot], field[(dot + 1)..]);
    }

    private Dictionary<string, string> Overrides(string kind)
    {
        var overrides = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < Values.Count; i++)
            if (Values[i] is { } value && Split(Spec.Vary[i].Field) is var (k, field) && k == kind && field.Length > 0)
                overrides[field] = value;
        return overrides;
    }

    private string? Value(string field)
    {
        var i = Spec.Vary.FindIndex(a => a.Field == field);
        return i < 0 ? null : Values[i];
    }

    private int Whole(string field, int otherwise)
    {
        if (Value(field) is not { } text)
            return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1
            ? value
            : throw new InputException($"{field}: '{text}' is not a whole number of at least 1");
    }
}
