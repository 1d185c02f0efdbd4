using TaalasSim.ChipModel.Cost;
using TaalasSim.ChipModel.Fabric;
using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Reports.Compare;

namespace TaalasSim.Reports.Sweeps;

/// <summary>Reads a sweep's YAML and refuses what cannot be swept, with the line at fault.</summary>
public static class SweepFile
{
    /// <summary>Most points of one sweep on one machine.</summary>
    public const int MaximumPoints = 1_000_000;

    /// <summary>Fields of the service.</summary>
    internal static readonly string[] ServiceFields = ["service.input_tokens", "service.output_tokens", "service.users"];

    /// <summary>Reads and checks a file.</summary>
    /// <param name="path">File.</param>
    /// <param name="library">Descriptions, for formulas over fields that do not vary; null where there are none.</param>
    /// <exception cref="InputException">Malformed, or a field, value, range or formula that cannot be swept.</exception>
    public static SweepSpec Read(string path, DesignLibrary? library = null)
    {
        var file = ParsedYaml.Load(path);
        var spec = file.Bind<SweepSpec>();
        for (var i = 0; i < spec.Vary.Count; i++)
        {
            var axis = spec.Vary[i];
            if (axis.Range is { } range)
                spec.Vary[i] = axis with { Range = Whole(axis.Field, range, Place(file, "vary", i)) };
            else if (axis.Field is "fabric" or "model")
                spec.Vary[i] = axis with { Values = [.. axis.Values.Select(v => Beside(path, v))] };
        }

        spec = spec with { Fabric = Beside(path, spec.Fabric), Model = Beside(path, spec.Model), Quality = Beside(path, spec.Quality) };
        SweepCheck.Fields(spec, (list, i) => Place(file, list, i));
        SweepCheck.Shown(spec, (list, i) => Place(file, list, i));
        spec = spec with { Names = new SweepNames(spec, library) };
        SweepCheck.Formulas(spec, (list, i) => Place(file, list, i));
        if (SweepGrid.Count(spec) > MaximumPoints)
            throw new InputException($"{path}: more than {MaximumPoints} points; use fewer values");
        return spec;
    }

    /// <summary>Place of each varied field in its file, as <c>file:line</c>.</summary>
    public static IReadOnlyList<string> Places(string path, int fields)
    {
        var file = ParsedYaml.Load(path);
        return [.. Enumerable.Range(0, fields).Select(i => Place(file, "vary", i))];
    }

    /// <summary>Checks that every varied field of fabric, technology and prices is there. A value that does not suit its field makes an
    /// invalid row, not an invalid sweep.</summary>
    /// <param name="spec">Sweep.</param>
    /// <param name="path">File of the sweep, for messages.</param>
    /// <param name="library">Descriptions.</param>
    /// <exception cref="InputException">A field is not in the file it belongs to.</exception>
    public static void CheckFields(SweepSpec spec, string path, DesignLibrary library)
    {
        var places = Places(path, spec.Vary.Count);
        for (var i = 0; i < spec.Vary.Count; i++)
        {
            try
            {
                CheckField(spec, spec.Vary[i].Field, library);
            }
            catch (InputException e)
            {
                throw new InputException($"{places[i]}: cannot vary '{spec.Vary[i].Field}': {e.Message}", e);
            }
        }
    }

    /// <summary>Whether a field takes whole numbers alone.</summary>
    internal static bool IsWhole(string axis)
    {
        var (kind, field) = DesignPoint.Split(axis);
        return kind == "service" || (field.Length > 0 && Root(kind) is { } root && DescriptionField.Find(root, field) is { IsWhole: true });
    }

    /// <summary>How a number of a description is replaced in memory; null where its file must be bound again.</summary>
    internal static FieldReplacement? Replacement(string axis)
    {
        var (kind, field) = DesignPoint.Split(axis);
        return field.Length > 0 && Root(kind) is { } root ? FieldReplacement.Find(root, field) : null;
    }

    private static Type? Root(string kind) =>
        kind switch
        {
            "fabric" => typeof(FabricSpec),
            "technology" => typeof(TechnologySpec),
            "prices" => typeof(PriceBook),
            _ => null,
        };

    // A field that the file leaves out can be replaced when it is a number with a standard value.
    private static void CheckField(SweepSpec spec, string axis, DesignLibrary library)
    {
        var (kind, field) = DesignPoint.Split(axis);
        if (field.Length == 0)
            return;
        try
        {
            if (kind == "fabric")
                library.CheckFabricField(spec.Fabric, field);
            else if (kind == "technology")
                library.CheckTechnologyField(library.Fabric(spec.Fabric).Technology, field);
            else if (kind == "prices")
                library.CheckPriceField(field);
        }
        catch (InputException)
        {
            object description = kind switch
            {
                "fabric" => library.Fabric(spec.Fabric),
                "technology" => library.Technology(library.Fabric(spec.Fabric).Technology),
                _ => library.Prices(),
            };
            if (Replacement(axis)?.With(description, "1") is null)
                throw;
        }
    }

    // A file is looked for from where the program runs, then from where the sweep lies.
    private static string Beside(string sweep, string name)
    {
        if (Path.GetExtension(name) is not (".yaml" or ".gguf" or ".csv") || File.Exists(name))
            return name;
        var beside = Path.Combine(Path.GetDirectoryName(sweep) ?? ".", name);
        return File.Exists(beside) ? beside : name;
    }

    // A range over whole numbers is rounded, one over what is no number is refused; a field that is unknown is refused later.
    private static SweepRange Whole(string axis, SweepRange range, string place)
    {
        var (kind, field) = DesignPoint.Split(axis);
        if (kind == "service")
            return range with { Whole = true };
        if (field.Length > 0 && Root(kind) is { } root)
        {
            if (DescriptionField.Find(root, field) is not { } known)
                return range;
            if (known.IsNumber || known.IsInterval)
                return known.IsWhole ? range with { Whole = true } : range;
        }

        throw new InputException($"{place}: '{axis}' is no number, so it has no range; list its values");
    }

    private static string Place(ParsedYaml file, string list, int item)
    {
        var (path, line) = file.PlaceOf($"{list}[{item}]");
        return $"{path}:{line}";
    }
}
