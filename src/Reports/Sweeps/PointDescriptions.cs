using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Fabric, process and prices of a sweep's points: each file parsed once, varied numbers replaced in memory, equal descriptions
/// made once. Safe to use from several threads.</summary>
internal sealed class PointDescriptions
{
    private const int MostFabrics = 4096,
        MostOthers = 512;

    private readonly DesignLibrary _library;
    private readonly SweepSpec _spec;
    private readonly IReadOnlyList<string> _places;
    private readonly FieldReplacement?[] _replacements;
    private readonly BoundedCache<string, FabricSpec> _fabrics = new(MostFabrics);
    private readonly BoundedCache<string, TechnologySpec> _processes = new(MostOthers);
    private readonly BoundedCache<string, PriceBook> _prices = new(MostOthers);

    public PointDescriptions(DesignLibrary library, SweepSpec spec, IReadOnlyList<string> places)
    {
        (_library, _spec, _places) = (library, spec, places);
        _replacements = [.. spec.Vary.Select(axis => SweepFile.Replacement(axis.Field))];
        (IsFabric, IsTechnology, IsPrice) = (OfKind("fabric"), OfKind("technology"), OfKind("prices"));
        // Links between packages have latencies in cycles of the clock, so there a constant may move the timetable.
        var links = Fabrics(spec).Any(name => library.Fabric(name).System.Link is not null);
        Shapes =
        [
            .. spec.Vary.Select(
                (axis, i) => axis.Field is "weights" or "model" || (IsFabric[i] && (links || _replacements[i] is not { IsConstant: true }))
            ),
        ];
    }

    /// <summary>Varied fields of the fabric, and the fabric itself.</summary>
    public bool[] IsFabric { get; }

    /// <summary>Varied fields of the process.</summary>
    public bool[] IsTechnology { get; }

    /// <summary>Varied fields of the price list.</summary>
    public bool[] IsPrice { get; }

    /// <summary>Varied fields that change what is placed or when it is used, rather than constants alone.</summary>
    public bool[] Shapes { get; }

    /// <summary>All fabrics of a sweep.</summary>
    public static IReadOnlyList<string> Fabrics(SweepSpec spec) =>
        spec.Vary.Find(a => a.Field == "fabric") is { } axis
            ? [.. SweepGrid.Values(axis).Prepend(spec.Fabric).Distinct(StringComparer.Ordinal)]
            : [spec.Fabric];

    /// <summary>Values of some of the varied fields as one text; empty where none of them varies.</summary>
    public static string Key(DesignPoint point, bool[] counts)
    {
        var key = "";
        for (var i = 0; i < counts.Length; i++)
            if (counts[i])
                key += point.Values[i] + "\n";
        return key;
    }

    public FabricSpec Fabric(DesignPoint point, string key) =>
        key.Length == 0 ? _library.Fabric(_spec.Fabric) : _fabrics.Get(key, _ => point.FabricOverrides is { Count: > 0 } overrides
                    // A changed fabric is not the chip that something was published about.
                    ? Changed(point, IsFabric, _library.Fabric(point.Fabric) with { Published = null }, field =>
                        _library.CheckFabricField(point.Fabric, field)
                    ) ?? Replaced("fabric", () => _library.Fabric(point.Fabric, overrides))
                    : _library.Fabric(point.Fabric));

    public TechnologySpec Technology(FabricSpec fabric, DesignPoint point, string key) =>
        key.Length == 0
            ? _library.Technology(fabric.Technology)
            : _processes.Get(fabric.Technology + "\n" + key, _ =>
                Changed(point, IsTechnology, _library.Technology(fabric.Technology), field =>
                    _library.CheckTechnologyField(fabric.Technology, field)
                ) ?? Replaced("technology", () => _library.Technology(fabric.Technology, point.TechnologyOverrides))
            );

    public PriceBook Prices(DesignPoint point, string key) =>
        key.Length == 0
            ? _library.Prices()
            : _prices.Get(key, _ =>
                Changed(point, IsPrice, _library.Prices(), _library.CheckPriceField)
                ?? Replaced("prices", () => _library.Prices(point.PriceOverrides))
            );

    private bool[] OfKind(string kind) => [.. _spec.Vary.Select(axis => DesignPoint.Split(axis.Field).Kind == kind)];

    // A description with numbers replaced in memory, if that is all that varies and it passes the check of files. What does not is bound
    // again from its file, which says what is wrong; of a field that the file leaves out, only this method can.
    private T? Changed<T>(DesignPoint point, bool[] varied, T description, Action<string> check)
        where T : class
    {
        var unchanged = description;
        var absent = -1;
        for (var i = 0; i < point.Values.Count; i++)
        {
            if (!varied[i] || point.Values[i] is not { } value || DesignPoint.Split(_spec.Vary[i].Field).Field is not { Length: > 0 } field)
                continue;
            if (absent < 0 && !IsThere(field, check))
                absent = i;
            if (_replacements[i]?.With(description, value) is T changed)
                description = changed;
            else if (absent == i && _replacements[i] is { } replacement)
                throw new InputException(
                    $"{_places[i]}: {_spec.Vary[i].Field}: '{value}' is not a {(replacement.IsWhole ? "whole number" : "number")}"
                );
            else
                return null;
        }

        if (ReferenceEquals(description, unchanged))
            return description;
        var faults = DescriptionCheck.Faults(description);
        return faults.Count == 0 ? description
            : absent < 0 ? null
            : throw new InputException(
                $"{_places[absent]}: {DesignPoint.Split(_spec.Vary[absent].Field).Kind}.{DescriptionCheck.Told(faults)}"
            );
    }

    private static bool IsThere(string field, Action<string> check)
    {
        try
        {
            check(field);
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }

    // A value of the sweep that does not suit its field is a fault of the sweep's file, not of the description's.
    private T Replaced<T>(string kind, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InputException e) when (e.Replaced is var (field, fault))
        {
            var at = _spec.Vary.FindIndex(a => DesignPoint.Canonical(a.Field) == $"{kind}.{field}");
            // A fault of an interval's end names the interval.
            var named = field.EndsWith(".low", StringComparison.Ordinal) || field.EndsWith(".high", StringComparison.Ordinal);
            var start = named ? field[..field.LastIndexOf('.')] : field;
            throw new InputException(
                $"{(at < 0 ? kind : _places[at])}: {(fault.StartsWith(start, StringComparison.Ordinal) ? kind + "." : "")}{fault}",
                e
            );
        }
    }
}
