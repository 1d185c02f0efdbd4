using TaalasSim.ChipModel.Files;
using TaalasSim.Reports.Compare;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

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
        var spec = YamlReader.Read<SweepSpec>(path);
        Check(spec, path, Lines(path));
        return spec;
    }

    /// <summary>Checks that every varied field of fabric and technology is there. A value that does not suit its field makes an invalid
    /// row, not an invalid sweep.</summary>
    /// <param name="spec">Sweep.</param>
    /// <param name="path">File of the sweep, for messages.</param>
    /// <param name="library">Descriptions.</param>
    /// <exception cref="InputException">A field is not in the file it belongs to.</exception>
    public static void CheckFields(SweepSpec spec, string path, DesignLibrary library)
    {
        var lines = Lines(path);
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
                throw new InputException($"{path}:{Line(lines, i)}: cannot vary '{spec.Vary[i].Field}': {e.Message}", e);
            }
        }
    }

    private static void Check(SweepSpec spec, string path, IReadOnlyList<int> lines)
    {
        if (spec.Vary.Count == 0)
            throw new InputException($"{path}: 'vary' is empty; name at least one field");
        if (spec.Service.InputTokens < 1 || spec.Service.OutputTokens < 1 || spec.Service.Users < 1)
            throw new InputException($"{path}: service: input_tokens, output_tokens and users must be at least 1");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        long points = 1;
        for (var i = 0; i < spec.Vary.Count; i++)
        {
            if (Fault(spec.Vary[i], seen) is { } fault)
                throw new InputException($"{path}:{Line(lines, i)}: {fault}");
            points *= SweepGrid.Values(spec.Vary[i]).Count;
            if (points > MaximumPoints)
                throw new InputException($"{path}:{Line(lines, i)}: more than {MaximumPoints} points; use fewer values");
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
        if (range.Steps is < 2 or > SweepRange.MaximumSteps)
            return $"'{field}': steps must be 2…{SweepRange.MaximumSteps}";
        if (!double.IsFinite(range.From) || !double.IsFinite(range.To) || range.From == range.To)
            return $"'{field}': from and to must be two finite numbers that differ";
        return range.Log && (range.From <= 0 || range.To <= 0) ? $"'{field}': a logarithmic range needs from and to above 0" : null;
    }

    // Line of each item of 'vary'; a list that comes from a base file has none here.
    private static IReadOnlyList<int> Lines(string path)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(File.ReadAllText(path)));
            return
                yaml.Documents is [{ RootNode: YamlMappingNode root }]
                && root.Children.TryGetValue("vary", out var vary)
                && vary is YamlSequenceNode list
                ? [.. list.Children.Select(c => (int)c.Start.Line)]
                : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or YamlException)
        {
            throw new InputException($"{path}: cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static int Line(IReadOnlyList<int> lines, int item) => item < lines.Count ? lines[item] : 1;
}
