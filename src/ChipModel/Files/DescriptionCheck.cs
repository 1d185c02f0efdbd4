using System.Collections;
using System.Globalization;

namespace TaalasSim.ChipModel.Files;

/// <summary>The one check of descriptions, whichever way they come in: every number in its range (<see cref="FieldRangeAttribute"/>), every
/// interval around its value, and what records say of their own fields (<see cref="ICheckedDescription"/>).</summary>
public static class DescriptionCheck
{
    /// <summary>Faults that one message tells.</summary>
    public const int MostTold = 12;

    /// <summary>Everything that is wrong with a description; empty for a sound one.</summary>
    public static IReadOnlyList<FieldFault> Faults(object root)
    {
        var faults = new List<FieldFault>();
        Visit(root, "", faults);
        return faults;
    }

    /// <summary>The faults in one line; no more than a reader takes in.</summary>
    public static string Told(IReadOnlyList<FieldFault> faults) =>
        string.Join("; ", faults.Take(MostTold).Select(f => f.Text))
        + (faults.Count > MostTold ? string.Create(CultureInfo.InvariantCulture, $"; and {faults.Count - MostTold} more") : "");

    private static void Visit(object node, string prefix, List<FieldFault> faults)
    {
        var before = faults.Count;
        foreach (var field in DescriptionField.Of(node.GetType()))
            if (field.Property.GetValue(node) is { } value && !IsSound(value, field.Range))
                VisitValue(value, prefix + field.Name, field, faults);
        if (node is not ICheckedDescription own)
            return;
        // What a field does to others says nothing new when it is out of its own range.
        HashSet<string>? wild = null;
        List<FieldFault>? mine = null;
        foreach (var fault in own.Faults())
        {
            wild ??= faults.Skip(before).SelectMany(f => f.Fields).Select(Whole).ToHashSet(StringComparer.Ordinal);
            string[] fields = [.. fault.Fields.Select(name => prefix + name)];
            if (!fields.Any(wild.Contains))
                (mine ??= []).Add(fault with { Fields = fields });
        }

        if (mine is not null)
            faults.AddRange(mine);
    }

    // Nearly every field of nearly every description: nothing to say and no path to make.
    private static bool IsSound(object value, FieldRangeAttribute? range) =>
        value switch
        {
            string or bool or Enum => true,
            int whole => IsSound((double)whole, range),
            double real => IsSound(real, range),
            IInterval i => IsSound(i.Value, range)
                && (i.Low == i.Value || IsSound(i.Low, range))
                && (i.High == i.Value || IsSound(i.High, range))
                && i.Low <= i.Value
                && i.Value <= i.High
                && (range is null || range.Takes(i.Unit))
                && !string.IsNullOrWhiteSpace(i.Source)
                && i.Confidence is ("exact" or "high" or "medium" or "low"),
            _ => false,
        };

    private static bool IsSound(double value, FieldRangeAttribute? range) =>
        range is null ? double.IsFinite(value) : value >= range.Low && value <= range.High;

    // A constant by the path of any of its numbers.
    private static string Whole(string field) =>
        field.Split('.')[^1] is "value" or "low" or "high" ? field[..field.LastIndexOf('.')] : field;

    private static void VisitValue(object value, string path, DescriptionField field, List<FieldFault> faults)
    {
        switch (value)
        {
            case string:
                break;
            case IInterval interval:
                VisitInterval(interval, path, field.Range, faults);
                break;
            case int or long or float or double:
                Number(Convert.ToDouble(value, CultureInfo.InvariantCulture), path, field.Range, faults);
                break;
            case IDictionary map:
                foreach (DictionaryEntry entry in map)
                    VisitValue(entry.Value!, $"{path}.{entry.Key}", field, faults);
                break;
            case IEnumerable list:
                var at = 0;
                foreach (var item in list)
                    VisitValue(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{at++}]"), field, faults);
                break;
            default:
                if (DescriptionField.IsRecord(value.GetType()))
                    Visit(value, path + ".", faults);
                break;
        }
    }

    private static void Number(double value, string path, FieldRangeAttribute? range, List<FieldFault> faults, string? place = null)
    {
        if (!IsSound(value, range))
            faults.Add(
                new(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{path} {value:0.######} must {(range is null ? "be a finite number" : "lie in " + range.Text)}"
                    ),
                    place ?? path
                )
            );
    }

    private static void VisitInterval(IInterval interval, string path, FieldRangeAttribute? range, List<FieldFault> faults)
    {
        var before = faults.Count;
        Number(interval.Value, path, range, faults, path + ".value");
        if (interval.Low != interval.Value || faults.Count == before)
            Number(interval.Low, path + ".low", range, faults);
        if (interval.High != interval.Value || faults.Count == before)
            Number(interval.High, path + ".high", range, faults);
        if (faults.Count == before && !(interval.Low <= interval.Value && interval.Value <= interval.High))
            faults.Add(
                new(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{path} {interval.Value:G6} is outside its interval {interval.Low:G6} … {interval.High:G6}; "
                            + $"write low <= value <= high"
                    ),
                    path + ".value",
                    path + ".low",
                    path + ".high"
                )
            );
        if (range is not null && !range.Takes(interval.Unit))
            faults.Add(new($"{path}: the unit is '{interval.Unit}'; give the figures in {range.Unit}", path + ".unit"));
        if (string.IsNullOrWhiteSpace(interval.Source))
            faults.Add(new($"{path}: no source; an estimate names its estimator and method", path + ".source"));
        if (interval.Confidence is not ("exact" or "high" or "medium" or "low"))
            faults.Add(new($"{path}: confidence '{interval.Confidence}'; use exact, high, medium or low", path + ".confidence"));
    }
}
