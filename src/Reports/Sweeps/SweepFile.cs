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

    private static readonly string[] ServiceFields = ["service.input_tokens", "service.output_tokens", "service.users"];

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="InputException">Malformed, or a field, value or range that cannot be swept.</exception>
    public static SweepSpec Read(string path)
    {
        var file = ParsedYaml.Load(path);
        var spec = file.Bind<SweepSpec>();
        for (var i = 0; i < spec.Vary.Count; i++)
        {
            var (at, line) = file.PlaceOf($"vary[{i}]");
            if (spec.Vary[i] is { Range: { } range } axis)
                spec.Vary[i] = axis with { Range = Whole(axis.Field, range, $"{at}:{line}") };
        }

        Check(spec, file);
        return spec with { Fabric = Beside(path, spec.Fabric), Model = Beside(path, spec.Model) };
    }

    /// <summary>Place of each varied field in its file, as <c>file:line</c>.</summary>
    public static IReadOnlyList<string> Places(string path, int fields)
    {
        var file = ParsedYaml.Load(path);
        return [.. Enumerable.Range(0, fields).Select(i => Place(file, i))];
    }

    // A file is looked for from where the program runs, then from where the sweep lies.
    private static string Beside(string sweep, string name)
    {
        if (!name.EndsWith(".yaml", StringComparison.Ordinal) && !name.EndsWith(".gguf", StringComparison.Ordinal) || File.Exists(name))
            return name;
        var beside = Path.Combine(Path.GetDirectoryName(sweep) ?? ".", name);
        return File.Exists(beside) ? beside : name;
    }

    // A range over whole numbers is rounded, one over what is no number is refused; a field that is unknown is refused later.
    private static SweepRange Whole(string axis, SweepRange range, string place)
    {
        var (kind, field) = DesignPoint.Split(axis);
        if (kind is not ("fabric" or "technology"))
            return kind == "service" ? range with { Whole = true } : range;
        if (DescriptionField.Find(kind == "fabric" ? typeof(FabricSpec) : typeof(TechnologySpec), field) is not { } known)
            return range;
        if (!known.IsNumber && !known.IsInterval)
            throw new InputException($"{place}: '{axis}' is no number, so it has no range; list its values");
        return known.IsWhole ? range with { Whole = true } : range;
    }

    /// <summary>Checks that every varied field of fabric and technology is there. A value that does not suit its field makes an invalid
    /// row, not an invalid sweep.</summary>
    /// <param name="spec">Sweep.</param>
    /// <param name="path">File of the sweep, for messages.</param>
    /// <param name="library">Descriptions.</param>
    /// <exception cref="InputException">A field is not in the file it belongs to.</exception>
    public static void CheckFields(SweepSpec spec, string path, DesignLibrary library)
    {
        var places = Places(path, spec.Vary.Count);
        for (var i = 0; i < spec.Vary.Count; i++)
        {
            var (kind, field) = DesignPoint.Split(spec.Vary[i].Field);
            try
            {
                if (kind == "fabric")
                    library.CheckFabricField(spec.Fabric, field);
                else if (kind == "technology")
                    library.CheckTechnologyField(library.Fabric(spec.Fabric).Technology, field);
            }
            catch (InputException e)
            {
                throw new InputException($"{places[i]}: cannot vary '{spec.Vary[i].Field}': {e.Message}", e);
            }
        }
    }

    private static void Check(SweepSpec spec, ParsedYaml file)
    {
        if (spec.Vary.Count == 0)
            throw new InputException($"{file.Path}: 'vary' is empty; name at least one field");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        long points = 1;
        for (var i = 0; i < spec.Vary.Count; i++)
        {
            if (Fault(spec.Vary[i], seen) is { } fault)
                throw new InputException($"{Place(file, i)}: {fault}");
            points *= SweepGrid.Values(spec.Vary[i]).Count;
            if (points > MaximumPoints)
                throw new InputException($"{Place(file, i)}: more than {MaximumPoints} points; use fewer values");
        }
    }

    private static string? Fault(SweepAxis axis, HashSet<string> seen)
    {
        var (kind, rest) = DesignPoint.Split(axis.Field);
        if (axis.Field != "weights" && kind is not ("fabric" or "technology" or "service") || (rest.Length == 0 && axis.Field != "weights"))
            return $"cannot vary '{axis.Field}'; fields begin with fabric., technology. or service., or are 'weights'";
        if (kind == "service" && !ServiceFields.Contains(axis.Field, StringComparer.Ordinal))
            return $"cannot vary '{axis.Field}'; use one of {string.Join(", ", ServiceFields)}";
        if (!seen.Add(axis.Field))
            return $"'{axis.Field}' is varied twice";
        if (axis.Range is null && axis.Values.Count == 0)
            return $"'{axis.Field}' has no values; give 'values: [ … ]' or 'range: {{ from, to, steps }}'";
        if (axis.Range is not null && axis.Values.Count > 0)
            return $"'{axis.Field}' has both values and a range; give one";
        if (axis.Values.Distinct(StringComparer.Ordinal).Count() != axis.Values.Count)
            return $"'{axis.Field}' has a value twice";
        return axis.Range is { } range ? RangeFault(axis.Field, range) : null;
    }

    private static string? RangeFault(string field, SweepRange range)
    {
        if (range.From == range.To)
            return $"'{field}': from and to must be two numbers that differ";
        return range.Log && (range.From <= 0 || range.To <= 0) ? $"'{field}': a logarithmic range needs from and to above 0" : null;
    }

    private static string Place(ParsedYaml file, int item)
    {
        var (path, line) = file.PlaceOf($"vary[{item}]");
        return $"{path}:{line}";
    }
}
